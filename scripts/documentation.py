"""Write the sources of the documentation site: what stands in `docs/`, and the reference pages, which are made from code.

python -m scripts.documentation FOLDER, then `mkdocs build --strict` (`make docs` does both), which takes a minute: the examples
are run. No network.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any

from scripts.documentation_examples import example_pages

ROOT = Path(__file__).parent.parent
REPOSITORY_FILES = ("CHANGELOG.md", "CONTRIBUTING.md")
MARK = ".made-by-scripts-documentation"
"""Lies in every folder that was written here, so that no other is emptied."""
SCHEMAS = (
    ("report.schema.json", "reports/report.schema.json", "`check`, `inspect` and `gate` with `--format json`"),
    ("report.v1.schema.json", "reports/report.v1.schema.json", "the same with `--json-version 1`"),
    ("session.schema.json", "reports/session/session.schema.json", "`session --format json`"),
    ("eval.schema.json", "evals/reports/schema.json", "`eval --format json`"),
    ("case.schema.json", "cases/schema.json", "an eval case, as `freeze` writes it"),
)
"""Name on the site, file in the package, what it describes."""


def write_site(target: Path) -> None:
    """Write every page below `target`, which is emptied first.

    Raises `ValueError` for a folder that holds anything but a site that was written here.
    """
    if target.exists() and any(target.iterdir()) and not (target / MARK).is_file():
        raise ValueError(f"{target} is not a folder for a site: it holds other files")
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(ROOT / "docs", target)
    (target / MARK).touch()
    for name in REPOSITORY_FILES:
        (target / name.lower()).write_text((ROOT / name).read_text("utf-8"), "utf-8")
    (target / "index.md").write_text(home_page(), "utf-8")
    pages = reference_pages()
    for path, text in example_pages().items():
        pages[path] = pages.get(path, "") + text
    for path, text in pages.items():
        page = target / path
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, "utf-8")


def home_page() -> str:
    """Return the README with its links turned to the site's pages; what the site does not have is named without a link."""

    def turned(found: re.Match[str]) -> str:
        label, address = found["label"], found["address"]
        if address.startswith(("https://", "http://", "#")):
            return found[0]
        if address.startswith("docs/"):
            return f"[{label}]({address.removeprefix('docs/')})"
        return f"[{label}]({address.lower()})" if address in REPOSITORY_FILES else label

    return re.sub(
        r"\[(?P<label>[^\]\n]{1,200})\]\((?P<address>[^)\s]{1,300})\)", turned, (ROOT / "README.md").read_text("utf-8")
    )


def reference_pages() -> dict[str, str]:
    """Return the pages that are made from code: path below the site's folder → Markdown."""
    made: dict[str, str] = {}
    for part in (rule_pages, format_pages, command_pages, schema_pages):
        made |= part()
    made["reference/configuration.md"] = configuration_page()
    return made


def rule_pages() -> dict[str, str]:
    """Return a page a rule, and the table of all by family."""
    from ctxdebug.reports.pages import PAGE_FORMATS
    from ctxdebug.rules import RULES, families

    rules, index = RULES.all(), ["# Rules", "", "`ctxdebug explain CODE` prints each of these pages.", ""]
    made: dict[str, str] = {}
    for family in families().values():
        index += [f"## {family.prefix}: {family.problem}", "", f"Today: {family.manifestation}. What helps: {family.answer}.", ""]  # fmt: skip
        index += ["| rule | name | severity | what it finds |", "|---|---|---|---|"]
        for rule in rules.values():
            if rule.family != family.folder:
                continue
            title = _cell(rule.page.title)
            index.append(f"| [{rule.code}]({rule.code}.md) | {rule.name} | {rule.severity.word} | {title} |")
            text = PAGE_FORMATS["markdown"]([rule]).strip().removeprefix("#")
            needs = ", ".join(sorted(need.value for need in rule.needs)) or "nothing beside the capture (offline)"
            answers = rule.question.statement if rule.question is not None else "what a suite of cases lacks"
            made[f"reference/rules/{rule.code}.md"] = f"{text}\n\nNeeds: {needs}. Answers: {answers}.\n"
        index.append("")
    made["reference/rules/index.md"] = "\n".join(index)
    return made


def format_pages() -> dict[str, str]:
    """Return a page a container and a wire format, and the two tables."""
    from ctxdebug.containers import CONTAINERS
    from ctxdebug.wire import WIRE_FORMATS, by_documentation

    untried = by_documentation()
    made: dict[str, str] = {}
    index = [
        "# Formats and containers",
        "",
        "A container is how exchanges are stored, a wire format the shape of one exchange. Both are known by",
        "their shape, never by a file's name. `ctxdebug formats` prints the same list.",
    ]
    for title, folder, entries in (
        ("Containers", "containers", [(e.name, e.evidence, e.exchanges) for e in CONTAINERS.all().values()]),
        ("Wire formats", "formats", [(e.name, e.evidence, e.read) for e in WIRE_FORMATS.all().values()]),
    ):
        index += ["", f"## {title}", "", "| name | known by | tried on |", "|---|---|---|"]
        for name, evidence, reader in entries:
            tried = "its documentation only" if name in untried else "real files"
            index.append(f"| [{name}]({folder}/{name}.md) | {_cell(evidence)} | {tried} |")
            about = inspect.getdoc(sys.modules[reader.__module__]) or ""
            made[f"reference/{folder}/{name}.md"] = f"# {name}\n\nKnown by: {evidence}\n\nTried on: {tried}.\n\n{_fence(about)}"  # fmt: skip
    made["reference/formats.md"] = "\n".join(index) + "\n"
    return made


def command_pages() -> dict[str, str]:
    """Return a page a command with the text of its `--help`, groups with those of their parts, and the table of all."""
    made: dict[str, str] = {}
    index = ["# Commands", "", "| command | for |", "|---|---|"]
    for name, command in commands().items():
        about = command.get_short_help_str(200)
        index.append(f"| [{name}]({name}.md) | {_cell(about)} |")
        page = [f"# ctxdebug {name}", "", about, ""]
        for words in _with_parts(name, command):
            page += [f"## ctxdebug {' '.join(words)} --help", "", _fence(help_text(words)), ""]
        made[f"reference/commands/{name}.md"] = "\n".join(page)
    made["reference/commands/index.md"] = "\n".join(index) + "\n"
    return made


def commands() -> Mapping[str, Any]:
    """Return every command that `ctxdebug --help` lists, by name."""
    import typer

    from ctxdebug.cli import command_line

    group: Any = typer.main.get_command(command_line())
    return {name: command for name, command in group.commands.items() if not command.hidden}


def _with_parts(name: str, command: Any) -> Iterator[tuple[str, ...]]:
    yield (name,)
    for part in getattr(command, "commands", {}):
        yield name, part


def help_text(words: tuple[str, ...]) -> str:
    """Return what `--help` prints of a command, 100 columns wide and without colour."""
    import typer
    from click.testing import CliRunner

    from ctxdebug.cli import command_line

    program: Any = typer.main.get_command(command_line())
    surroundings = {"COLUMNS": "100", "TERMINAL_WIDTH": "100", "NO_COLOR": "1", "TERM": "dumb", "FORCE_COLOR": None}
    result = CliRunner().invoke(program, [*words, "--help"], env=surroundings, prog_name="ctxdebug")
    if result.exit_code:
        raise RuntimeError(f"ctxdebug {' '.join(words)} --help: {result.output}")
    return "\n".join(line.rstrip() for line in result.output.splitlines()).strip("\n")


def configuration_page() -> str:
    """Return every key of `ctxdebug.toml` with its kind, its default and what it is for."""
    config = importlib.import_module("ctxdebug.config")
    from ctxdebug.models.catalogue import OVERRIDE_KEYS

    page = [
        "# Configuration",
        "",
        "`ctxdebug.toml`, or `[tool.ctxdebug]` in `pyproject.toml`; the nearest one above the working folder.",
        "An unknown key is an error that names the nearest known one.",
        "",
    ]
    page += _keys("top level", config.Config, {"path", "models", *config._TABLES, *config._LISTS})  # noqa: SLF001 # the tables that the reader of the file knows
    for name, kind in config._TABLES.items():  # noqa: SLF001 # as above
        page += _keys(f"[{name}]", kind, set())
    for name, kind in config._LISTS.items():  # noqa: SLF001 # as above
        page += _keys(f"[[{name}]]", kind, set())
    page += ['## [models."NAME"]', "", "What this project knows of a model, by its name or a pattern:", ""]
    page += [f"- `{key.replace('_', '-')}`" for key in sorted(OVERRIDE_KEYS)]
    return "\n".join(page) + "\n"


_KINDS = {
    "str": "string",
    "int": "whole number",
    "float": "number",
    "bool": "true or false",
    "tuple[str, ...]": "list of strings",
}
_KINDS |= {f"{kind} | None": word for kind, word in _KINDS.items()}
"""How a kind is called in TOML; what may be None has no default."""


def _default(value: object) -> str:
    """Return a default as TOML writes it."""
    if value is MISSING:
        return "required"
    return "none" if value is None else f"`{json.dumps(list(value) if isinstance(value, tuple) else value)}`"


def _keys(title: str, kind: type, without: set[str]) -> Iterator[str]:
    assert is_dataclass(kind)
    about = (inspect.getdoc(kind) or "").partition(": ")[2] or inspect.getdoc(kind) or ""
    notes = _notes(kind)
    yield from (f"## {title}", "", about, "", "| key | kind | default | |", "|---|---|---|---|")
    for item in fields(kind):
        if item.name in without:
            continue
        default = _default(item.default)
        yield f"| `{item.name.replace('_', '-')}` | {_KINDS.get(str(item.type), str(item.type))} | {default} | {_cell(notes.get(item.name, ''))} |"
    yield ""


def _notes(kind: type) -> dict[str, str]:
    """Return what stands under each field of a class."""
    import ast

    (declared,) = ast.parse(inspect.getsource(kind)).body
    assert isinstance(declared, ast.ClassDef)
    found: dict[str, str] = {}
    for before, after in zip(declared.body, declared.body[1:], strict=False):
        if not (isinstance(before, ast.AnnAssign) and isinstance(before.target, ast.Name)):
            continue
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and isinstance(after.value.value, str):
            found[before.target.id] = " ".join(after.value.value.split())
    return found


def schema_pages() -> dict[str, str]:
    """Return the JSON schemas as files, and a page that says what each describes."""
    page = ["# JSON schemas", "", "| schema | describes |", "|---|---|"]
    made: dict[str, str] = {}
    for name, path, about in SCHEMAS:
        page.append(f"| [{name}]({name}) | {about} |")
        made[f"reference/schemas/{name}"] = (ROOT / "ctxdebug" / path).read_text("utf-8")
    made["reference/schemas/index.md"] = "\n".join(page) + "\n"
    return made


def _cell(text: str) -> str:
    """Return text that does not end a cell of a table, nor is read as markup."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("[", "\\[")


def _fence(text: str) -> str:
    return f"```text\n{text}\n```\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    write_site(parser.parse_args().folder)
