"""What `doctor` does: look at this installation and tell, part by part, what works and what is missing."""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from ctxdebug import __version__
from ctxdebug.commands.run_options import report_formats
from ctxdebug.commands.terminal import is_terminal, terminal_width, wants_color, write
from ctxdebug.errors import UsageError
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.plural import plural
from ctxdebug.text.printable import clean_line

_FOR_DEVELOPERS = frozenset({"dev", "slow"})
"""Extras that only the tests need."""
_REQUIREMENT = lazy(r"(?P<name>[\w.-]+)[^;]*(?:;.*extra\s*==\s*['\"](?P<extra>[\w-]+)['\"])?")


@record(frozen=True, slots=True)
class Item:
    """One thing that was looked at. `state`: `ok`, `missing` (an optional part) or `problem`."""

    part: str
    name: str
    state: str
    found: str


def diagnose(form: str, config_file: str | None) -> int:
    """Look and tell; 2 when something keeps ctxdebug from working."""
    (chosen,) = report_formats([form], ("text", "json"))
    items = list(_items(config_file))
    if chosen == "json":
        values = [
            {"part": item.part, "name": item.name, "state": item.state, "found": item.found} for item in items
        ]  # fmt: skip
        sys.stdout.write(json.dumps({"version": 1, "items": values}, ensure_ascii=False, indent=1) + "\n")
    else:
        write(_text(items))
    return 2 if any(item.state == "problem" for item in items) else 0


def _text(items: list[Item]) -> str:
    lines, part = [], ""
    for item in items:
        if item.part != part:
            lines += ([""] if part else []) + [item.part]
            part = item.part
        mark = {"ok": "✓", "missing": "–", "problem": "✗"}[item.state]
        lines.append(clean_line(f"  {mark} {item.name:<16} {item.found}").rstrip())
    return "\n".join(lines) + "\n"


def _items(config_file: str | None) -> Iterator[Item]:
    yield Item("program", "ctxdebug", "ok", f"{__version__} in {_short(Path(__file__).resolve().parent.parent)}")
    yield Item("program", "python", "ok", f"{platform.python_version()} ({platform.python_implementation()})")
    yield Item("program", "system", "ok", f"{platform.system()} {platform.machine()}")
    yield from _packages()
    yield Item("optional parts", "git", "ok" if shutil.which("git") else "missing", "for check --since")
    yield _cache()
    yield from _configuration(config_file)
    yield from _terminal()


def _packages() -> Iterator[Item]:
    """Yield the packages that this one is declared to need, those of its extras last."""
    try:
        declared = [match for text in requires("ctxdebug") or () if (match := _REQUIREMENT.match(text)) is not None]
    except PackageNotFoundError:
        yield Item("packages", "ctxdebug", "missing", "is not installed as a package: it runs from its source")
        return
    for match in sorted(declared, key=lambda match: match["extra"] or ""):
        name, extra, found = match["name"], match["extra"], _version(match["name"])
        if extra is None:
            yield Item("packages", name, "ok" if found else "problem", found or "is not installed")
        elif extra not in _FOR_DEVELOPERS:
            hint = f"is not installed: pip install 'ctxdebug[{extra}]'"
            yield Item("optional parts", name, "ok" if found else "missing", found or hint)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _cache() -> Item:
    """Return whether the cache of token counts can be written, and how large it is."""
    from ctxdebug.tokens.memo import FORMAT, shards
    from ctxdebug.tokens.user_folders import cache_folder

    base = cache_folder()
    if base is None:
        return Item("cache", "token counts", "missing", "there is no home folder; CTXDEBUG_CACHE_DIR sets one")
    folder = base / FORMAT
    nearest = next((place for place in (folder, *folder.parents) if place.exists()), folder)
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        return Item("cache", "token counts", "problem", f"{_short(nearest)} cannot be written; CTXDEBUG_CACHE_DIR sets another")  # fmt: skip
    size = sum(file.stat().st_size for file in shards(base))
    return Item("cache", "token counts", "ok", f"{size / 1e6:.1f} MB in {_short(folder)}")


def _configuration(config_file: str | None) -> Iterator[Item]:
    from ctxdebug.config import load_config
    from ctxdebug.own_rules.project import project_rules

    try:
        config = load_config(config_file)
    except UsageError as error:
        yield Item("configuration", "file", "problem", str(error))
        return
    yield Item("configuration", "file", "ok", _short(Path(config.path)) if config.path else "none; the defaults apply")
    try:
        own = project_rules(config.rules, config.path)
    except UsageError as error:
        yield Item("configuration", "own rules", "problem", str(error))
        return
    if own:
        yield Item("configuration", "own rules", "ok", f"{plural(len(own), 'rule')} in {', '.join(config.rules)}")


def _terminal() -> Iterator[Item]:
    encoding = getattr(sys.stdout, "encoding", None) or "unknown"
    try:
        "├▇✓".encode(encoding)
        boxes = ""
    except (LookupError, UnicodeEncodeError):
        boxes = ", without box characters: ASCII is shown"
    kind = "a terminal" if is_terminal() else "no terminal"
    yield Item(
        "terminal", "output", "ok", f"{kind}, {terminal_width()} columns, {'colour' if wants_color() else 'no colour'}"
    )
    yield Item("terminal", "encoding", "ok", f"{encoding}{boxes}")
    names = (
        "TERM",
        "NO_COLOR",
        "FORCE_COLOR",
        "CLICOLOR_FORCE",
        "GITHUB_ACTIONS",
        "GITLAB_CI",
        "LANG",
        "PYTHONIOENCODING",
    )
    said = ", ".join(f"{name}={os.environ[name]}" for name in names if name in os.environ)
    yield Item("terminal", "environment", "ok", said or "nothing of note")


def _short(path: Path) -> str:
    """Return a path with `~` for the home folder."""
    try:
        return f"~/{path.relative_to(Path.home()).as_posix()}"
    except (ValueError, RuntimeError):
        return str(path)
