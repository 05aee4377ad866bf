"""What is remembered of a log between two looks at it: what its last compaction lost, and what was told of it.

One small file a log, in the user's cache folder, readable by the user alone; `ctxdebug cache clear` removes it.
"""

from __future__ import annotations

import json
import os
import zlib
from pathlib import Path
from typing import Any, NamedTuple

from ctxdebug.agents.log_tail import carefully
from ctxdebug.tokens.user_folders import cache_folder

_VERSION = 1
_MOST_BYTES = 64 * 1024


class Note(NamedTuple):
    """`upto` is the offset behind the last compaction that was examined; 0 where none was."""

    upto: int = 0
    lost: tuple[str, ...] = ()
    """Standing instructions that it lost and that nobody has said again, shortened, their secrets masked."""
    auto_at: int | None = None
    """Prompt tokens at which the agent began the last compaction by itself."""
    why_not: str = ""
    """Why the log could not be examined."""
    told: tuple[str, ...] = ()
    """What a hook has said already."""


def notes_folder() -> Path | None:
    """Return where notes are kept; None where the user has no home."""
    base = cache_folder()
    return None if base is None else base / "agent-notes"


def note_path(log: str) -> Path | None:
    """Return where the note of a log is."""
    folder = notes_folder()
    if folder is None:
        return None
    stem = "".join(letter for letter in Path(log).stem if letter.isascii() and (letter.isalnum() or letter == "-"))[:60]
    return folder / f"{stem}-{zlib.crc32(os.fsencode(log)):08x}.json"


def read_note(log: str) -> Note:
    """Return the note of a log; an empty one where there is none, or none that can be understood."""
    path = note_path(log)
    try:
        if path is None:
            return Note()
        with open(path, "rb", opener=carefully) as stream:
            held: Any = json.loads(stream.read(_MOST_BYTES) or b"")
        if held["version"] != _VERSION:
            return Note()
        at = held["auto_at"]
        return Note(
            int(held["upto"]), tuple(map(str, held["lost"])), at if isinstance(at, int) else None, str(held["why_not"]),
            tuple(map(str, held["told"])),
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return Note()


def write_note(log: str, note: Note) -> None:
    """Keep a note; raises `UsageError` where it cannot be written."""
    from ctxdebug.files import write_whole

    path = note_path(log)
    if path is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(path, json.dumps({"version": _VERSION, **note._asdict()}, ensure_ascii=False) + "\n")
    path.chmod(0o600)


def clear_notes() -> int:
    """Remove all notes, and return how many there were."""
    folder = notes_folder()
    files = [path for path in folder.glob("*.json") if path.is_file()] if folder is not None and folder.is_dir() else []
    for path in files:
        path.unlink(missing_ok=True)
    return len(files)
