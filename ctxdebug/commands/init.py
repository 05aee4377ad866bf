"""What `init` does: plan, show, ask, write; never touch what exists."""

from __future__ import annotations

import sys
from pathlib import Path

from ctxdebug.commands.install_source import install_source
from ctxdebug.commands.terminal import say
from ctxdebug.errors import UsageError
from ctxdebug.files import write_whole
from ctxdebug.records import record
from ctxdebug.text.plural import plural
from ctxdebug.text.printable import clean

_TEMPLATES = Path(__file__).parent / "templates"


@record(frozen=True, slots=True)
class Plan:
    """One file. `state`: `new` is written; `there` has what it needs; `other` holds something else and is left alone."""

    path: Path
    text: str
    state: str


def initialise(folder: str, *, write: bool, quiet: bool, source: str | None = None) -> int:
    """Plan, show and write; `source` is where jobs install ctxdebug from. Raises `UsageError` where there is no folder."""
    root = Path(folder)
    if not root.is_dir():
        raise UsageError(f"{folder} is not a folder")
    origin = install_source(source)
    plans = planned(root, origin.requirement)
    for plan in plans:
        _show(plan, root, quiet=quiet)
    new = [plan for plan in plans if plan.state == "new"]
    if origin.note and any(plan.state != "there" for plan in plans):
        say(f"note: {origin.note}")
    if not new:
        say("nothing to write")
        return 0
    if not write and not _agreed(len(new)):
        return 0
    for plan in new:
        _make(plan.path.parent, root)
        write_whole(str(plan.path), plan.text)
        say(f"{plan.path.relative_to(root)}: written")
    say("next: put captures into captures/, then run ctxdebug gate; pre-commit install switches the hooks on")
    return 0


def planned(root: Path, source: str) -> list[Plan]:
    """Return the files that a repository gets: GitLab's job where GitLab is used, GitHub's otherwise."""
    plans = [
        _plan(root / "ctxdebug.toml", "ctxdebug.toml", (), source),
        _plan(root / ".pre-commit-config.yaml", "pre-commit.yaml", ("ctxdebug",), source),
    ]
    pyproject = root / "pyproject.toml"
    if plans[0].state == "new" and "[tool.ctxdebug" in _text(pyproject):
        plans[0] = Plan(pyproject, "", "there")
    if (root / ".gitlab-ci.yml").exists() and not (root / ".github").exists():
        return [*plans, _plan(root / ".gitlab-ci.yml", "gitlab.yml", ("ctxdebug",), source)]
    return [*plans, _plan(root / ".github" / "workflows" / "ctxdebug.yml", "workflow.yml", (), source)]


def _plan(path: Path, template: str, marks: tuple[str, ...], source: str) -> Plan:
    text = (_TEMPLATES / template).read_text(encoding="utf-8").replace("@SOURCE@", source)
    if not (path.exists() or path.is_symlink()):
        return Plan(path, text, "new")
    held = _text(path)
    return Plan(path, text, "there" if all(mark in held for mark in marks) else "other")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _show(plan: Plan, root: Path, *, quiet: bool) -> None:
    name = plan.path.relative_to(root)
    words = {
        "new": "would be written",
        "there": "exists; left as it is",
        "other": "exists and does not name ctxdebug; left as it is; to add by hand",
    }
    say(f"{name}: {words[plan.state]}")
    if plan.state != "there" and not quiet:
        sys.stdout.write("\n" + "".join(f"    {clean(line)}\n" for line in plan.text.splitlines()) + "\n")


def _agreed(count: int) -> bool:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        say("nothing was written; --yes writes it")
        return False
    sys.stdout.write(f"write {plural(count, 'file')}? [y/N] ")
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _make(folder: Path, root: Path) -> None:
    """Make a folder inside the repository, never through a link."""
    for part in (folder, *folder.parents):
        if part == root:
            break
        if part.is_symlink():
            raise UsageError(f"{part} is a symbolic link; nothing is written through it")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} cannot be made: {(error.strerror or str(error)).lower()}") from error
