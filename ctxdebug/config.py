"""The project's configuration: `ctxdebug.toml`, or `[tool.ctxdebug]` in pyproject.toml, closed at every level."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ctxdebug.errors import UsageError
from ctxdebug.files import read_regular
from ctxdebug.gate.policy import GatePolicy, Ignore, Override
from ctxdebug.reads import asks_for
from ctxdebug.records import field, record
from ctxdebug.text.nearest import choices, did_you_mean

FILES = ("ctxdebug.toml", "pyproject.toml")
_OPEN_TABLES = frozenset({"models"})
_RANGES: Mapping[str, tuple[float, float]] = {
    "window": (1, 1e12), "threshold": (0, 1), "max_prompt_tokens": (0, 1e12), "max_cost": (0, 1e12), "max_latency": (0, 1e12),
    "max_fill": (0, 1), "max_replay": (1, 1e12), "max_lost_instructions": (0, 1e12),
    "min_pass_rate": (0, 1),
}  # fmt: skip
"""Least and largest value of a number, by its key."""
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "fail_on": ("note", "warning", "error", "never"), "confidence": ("low", "medium", "high"), "undecided": ("fail", "pass"),
}  # fmt: skip


@record(frozen=True, slots=True)
class Trust:
    """`[trust]`: whose words this project vouches for. Patterns are shell-like."""

    tools: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@record(frozen=True, slots=True)
class Redaction:
    """`[redact]`: what is hidden besides the built-in kinds: name → regular expression."""

    patterns: tuple[str, ...] = ()

    def named(self) -> Mapping[str, str]:
        """Return the project's own secrets: `name=pattern`, or a pattern alone, which gets a number for a name."""
        found: dict[str, str] = {}
        for number, text in enumerate(self.patterns, 1):
            name, equals, pattern = text.partition("=")
            fits = equals and name.replace("-", "").isalnum() and name == name.lower()
            found[name if fits else f"custom-{number}"] = pattern if fits else text
        return found


@record(frozen=True, slots=True)
class Injection:
    """`[injection]`: an optional guard model."""

    model: str | None = None
    threshold: float = 0.5


@record(frozen=True, slots=True)
class SourcesTable:
    """`[sources]`: an optional entailment model for claims that words alone do not decide."""

    nli: str | None = None
    """An ONNX classifier of pairs with `tokenizer.json` and `config.json` (its `id2label`) beside it; needs the extra `onnx`."""
    nli_threshold: float = 0.9


@record(frozen=True, slots=True)
class Config:
    """Everything that can be configured."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    """Folders with rules of the project's own, beside this file."""
    exclude: tuple[str, ...] = ()
    """Paths that are not examined when a folder is walked."""
    fail_on: str = "error"
    pedantic: bool = False
    baseline: str | None = None
    cases: str = "fixtures/cases"
    captures: tuple[str, ...] = ("captures",)
    model: str | None = None
    window: int | None = None
    trust: Trust = field(default_factory=Trust)
    ignores: tuple[Ignore, ...] = ()
    severities: tuple[Override, ...] = ()
    gate: GatePolicy = field(default_factory=GatePolicy)
    redact: Redaction = field(default_factory=Redaction)
    injection: Injection = field(default_factory=Injection)
    sources: SourcesTable = field(default_factory=SourcesTable)
    models: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Model name or pattern → window, max_output, tokenizer, prices."""
    path: str | None = None
    """The file that this came from."""


_TABLES: dict[str, type] = {
    "trust": Trust,
    "gate": GatePolicy,
    "redact": Redaction,
    "injection": Injection,
    "sources": SourcesTable,
}
_LISTS: dict[str, type] = {"ignores": Ignore, "severities": Override}


def load_config(path: str | None = None) -> Config:
    """Return the configuration at `path`, or the nearest one above the working directory, or the default.

    Raises `UsageError` on a file that cannot be read, and on an unknown key, naming the nearest known one.
    """
    if path is not None:
        return _read(Path(path))
    for folder in (Path.cwd(), *Path.cwd().parents):
        for name in FILES:
            candidate = folder / name
            asks_for(candidate)
            if candidate.is_file() and (name != "pyproject.toml" or "[tool.ctxdebug" in read_regular(candidate)):
                return _read(candidate)
        asks_for(folder / ".git")
        if (folder / ".git").exists():
            break
    return Config()


def _read(path: Path) -> Config:
    import tomllib

    try:
        document = tomllib.loads(read_regular(path))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"{path}: is not TOML: {error}") from error
    table: Any = document
    if path.name == "pyproject.toml":
        tool = document.get("tool", {})
        table = tool.get("ctxdebug", {}) if isinstance(tool, dict) else {}
    config: Config = _checked(Config, table, str(path), "", path=str(path))
    return config


def _checked(kind: type, table: Any, file: str, where: str, **extra: Any) -> Any:
    """Return an instance of a configuration class from a TOML table."""
    from dataclasses import fields

    if not isinstance(table, dict):
        raise UsageError(f"{file}: {where or 'the top level'} must be a table")
    known = {item.name.replace("_", "-"): item for item in fields(kind) if item.name != "path" or kind is Ignore}
    given: dict[str, Any] = {}
    for key, held in table.items():
        name = key.replace("_", "-")
        place = f"{where}.{key}" if where else key
        if name not in known:
            raise UsageError(f"{file}: unknown key {place!r}{did_you_mean(name, known, show=repr)}")
        given[name.replace("-", "_")] = _value(known[name], held, file, place)
    try:
        return kind(**given, **extra)
    except TypeError as error:
        missing = str(error).rpartition("argument")[2].strip(": s'")
        raise UsageError(f"{file}: {where} needs {missing}") from error


def _value(item: Any, held: Any, file: str, where: str) -> Any:
    if item.name in _TABLES:
        return _checked(_TABLES[item.name], held, file, where)
    if item.name in _LISTS:
        if not isinstance(held, list):
            raise UsageError(f"{file}: {where} must be a list of tables")
        return tuple(_checked(_LISTS[item.name], entry, file, f"{where}[{index}]") for index, entry in enumerate(held))
    if item.name in _OPEN_TABLES:
        return _models(held, file, where)
    annotation = str(item.type)
    if annotation.startswith("tuple[str"):
        if not isinstance(held, list) or not all(isinstance(entry, str) for entry in held):
            raise UsageError(f"{file}: {where} must be a list of strings")
        return tuple(held)
    wanted = {"str": str, "int": int, "float": (int, float), "bool": bool}[annotation.split(" |", maxsplit=1)[0]]
    if not isinstance(held, wanted) or (isinstance(held, bool) and wanted is not bool):  # type: ignore[arg-type]  # a tuple of types is one too
        raise UsageError(f"{file}: {where} must be {_KINDS[annotation.split(' |', maxsplit=1)[0]]}")
    _check_value(item.name, held, file, where)
    return held


_KINDS = {"str": "a string", "int": "a whole number", "float": "a number", "bool": "true or false"}


def _check_value(name: str, held: Any, file: str, where: str) -> None:
    """Raise `UsageError` on a number out of its range, and on a word that is none of its key's."""
    if name in _CHOICES and held not in _CHOICES[name]:
        raise UsageError(f"{file}: {where}: unknown value {held!r}; {choices(held, _CHOICES[name])}")
    if name in _RANGES:
        least, most = _RANGES[name]
        if not least <= held <= most:
            raise UsageError(f"{file}: {where} must be between {least:g} and {most:,g}")


def _models(held: Any, file: str, where: str) -> Mapping[str, Mapping[str, Any]]:
    from ctxdebug.models.catalogue import OVERRIDE_KEYS

    if not isinstance(held, dict) or not all(isinstance(entry, dict) for entry in held.values()):
        raise UsageError(f"{file}: {where} must be a table of tables, one a model")
    for name, entry in held.items():
        for key in entry:
            if key.replace("-", "_") not in OVERRIDE_KEYS:
                near = did_you_mean(key, OVERRIDE_KEYS, show=repr)
                raise UsageError(f"{file}: unknown key '{where}.{name}.{key}'{near}")
    return {name: {key.replace("-", "_"): value for key, value in entry.items()} for name, entry in held.items()}
