"""What `agent` does: show what an agent's settings would be, ask, write; take it out again."""

from __future__ import annotations

import difflib
import os
import shlex
import sys
from pathlib import Path

from ctxdebug.agents.settings import Edited, added, removed
from ctxdebug.commands.terminal import say
from ctxdebug.errors import UsageError
from ctxdebug.files import read_regular, write_whole
from ctxdebug.text.nearest import choices
from ctxdebug.text.printable import clean

AGENTS = ("claude-code",)


def set_up(agent: str, settings: str | None, *, remove: bool, write: bool) -> int:
    """Show, ask and write; raises `UsageError` where the settings cannot be edited without a doubt."""
    if agent not in AGENTS:
        raise UsageError(f"no status line is known for {agent!r}; {choices(agent, AGENTS)}")
    path = Path(settings) if settings is not None else _claude_settings()
    if path.is_symlink():
        raise UsageError(f"{path} is a symbolic link; name the file that it leads to with --settings")
    if not path.parent.is_dir():
        raise UsageError(f"{path.parent} is not there: start the agent once, or name its settings with --settings")
    before = read_regular(path) if path.exists() else ""
    try:
        edited = removed(before) if remove else added(before, program())
    except UsageError as error:
        raise UsageError(f"{path}: {error}; nothing was written") from None
    return _delivered(path, before, edited, write=write, remove=remove)


def program() -> str:
    """Return the command that runs this very ctxdebug from any folder, as a shell reads it."""
    return f"{shlex.quote(sys.executable)} -m ctxdebug"


def _claude_settings() -> Path:
    base = os.environ.get("CLAUDE_CONFIG_DIR")
    return (Path(base) if base else Path.home() / ".claude") / "settings.json"


def _delivered(path: Path, before: str, edited: Edited, *, write: bool, remove: bool) -> int:
    for one in edited.left:
        say(f"{path}: {one}")
    if edited.text == before or (remove and not before):
        say(f"{path}: nothing to {'remove' if remove else 'add'}")
        return 0
    shown = difflib.unified_diff(before.splitlines(), edited.text.splitlines(), str(path), f"{path} (new)", lineterm="")
    sys.stdout.write("".join(f"{clean(line)}\n" for line in shown))
    if not write and not _agreed(path):
        return 0
    write_whole(path, edited.text)
    say(
        f"{path}: written; {'nothing of ctxdebug is left in it' if remove else '`ctxdebug agent claude-code --remove` takes it out again'}"
    )
    return 0


def _agreed(path: Path) -> bool:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        say("nothing was written; --yes writes it")
        return False
    sys.stdout.write(f"write {path}? [y/N] ")
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}
