"""What `init` does: plan, show, ask, write; never touch what exists."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from ctxdebug import __version__
from ctxdebug.errors import UsageError
from ctxdebug.files import write_whole
from ctxdebug.text.printable import clean, clean_line

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Plan:
    """One file. `state`: `new` is written; `there` has what it needs; `other` holds something else and is left alone."""

    path: Path
    text: str
    state: str


def initialise(folder: str, *, write: bool, quiet: bool) -> int:
    """Plan, show and write; 0 unless the folder is none."""
    root = Path(folder)
    if not root.is_dir():
        raise UsageError(f"{folder} is not a folder")
    plans = planned(root)
    for plan in plans:
        _show(plan, root, quiet=quiet)
    new = [plan for plan in plans if plan.state == "new"]
    if not new:
        _say("nothing to write")
        return 0
    if not write and not _agreed(len(new)):
        return 0
    for plan in new:
        _make(plan.path.parent, root)
        write_whole(str(plan.path), plan.text)
        _say(f"{plan.path.relative_to(root)}: written")
    _say("next: put captures into captures/, then run ctxdebug gate; pre-commit install switches the hooks on")
    return 0


def planned(root: Path) -> list[Plan]:
    """The files that a repository gets: GitLab's job where GitLab is used, GitHub's otherwise."""
    plans = [
        _plan(root / "ctxdebug.toml", "ctxdebug.toml", ()),
        _plan(root / ".pre-commit-config.yaml", "pre-commit.yaml", ("ctxdebug",)),
    ]
    pyproject = root / "pyproject.toml"
    if plans[0].state == "new" and "[tool.ctxdebug" in _text(pyproject):
        plans[0] = Plan(pyproject, "", "there")
    if (root / ".gitlab-ci.yml").exists() and not (root / ".github").exists():
        return [*plans, _plan(root / ".gitlab-ci.yml", "gitlab.yml", ("ctxdebug",))]
    return [*plans, _plan(root / ".github" / "workflows" / "ctxdebug.yml", "workflow.yml", ())]


def _plan(path: Path, template: str, marks: tuple[str, ...]) -> Plan:
    text = (_TEMPLATES / template).read_text(encoding="utf-8").replace("@VERSION@", __version__)
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
    _say(f"{name}: {words[plan.state]}")
    if plan.state != "there" and not quiet:
        sys.stdout.write("\n" + "".join(f"    {clean(line)}\n" for line in plan.text.splitlines()) + "\n")


def _agreed(count: int) -> bool:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        _say("nothing was written; --yes writes it")
        return False
    sys.stdout.write(f"write {count} file{'' if count == 1 else 's'}? [y/N] ")
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


def _say(words: str) -> None:
    sys.stdout.write(clean_line(words) + "\n")
