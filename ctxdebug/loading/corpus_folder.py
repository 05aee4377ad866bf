"""The files from which an application retrieves, read from a folder or a glob: what was there to be found."""

from __future__ import annotations

import os
from collections.abc import Iterator
from glob import glob, has_magic
from pathlib import Path

from ctxdebug.errors import UsageError
from ctxdebug.loading.corpus_texts import CorpusText, UnreadableError, is_known, texts_of
from ctxdebug.records import record

MOST_FILES = 20_000
MOST_BYTES = 64_000_000
"""Of all files together; of what is more, the names are told."""
LARGEST = 16_000_000
"""Bytes of one file."""
_SKIPPED = frozenset({"node_modules", "__pycache__", "venv"})


@record(frozen=True, slots=True)
class CorpusFolder:
    """What a corpus holds: its texts, and the files that could not be read, each with the reason."""

    given: str
    texts: tuple[CorpusText, ...]
    files: int
    """Files that were read."""
    unread: tuple[tuple[str, str], ...] = ()

    @property
    def size(self) -> str:
        """How much was read, for a message: `12 files of docs`."""
        return f"{self.files:,} file{'' if self.files == 1 else 's'} of {self.given}"

    @property
    def left_out(self) -> str:
        """What was not read, for a message; empty where all was."""
        if not self.unread:
            return ""
        name, reason = self.unread[0]
        more = f" and {len(self.unread) - 1:,} more" if len(self.unread) > 1 else ""
        return f"{name}{more} not read: {reason}"


def read_corpus(given: str) -> CorpusFolder:
    """Read a folder, a file or a glob; raises `UsageError` where it names nothing, or nothing that is read."""
    base = Path(given)
    if base.is_dir():
        names = sorted(_below(base))
    elif has_magic(given):
        names = sorted(glob(given, recursive=True))  # noqa: PTH207 - a pattern may begin at any folder
    else:
        names = [given]
    names = [name for name in names if Path(name).is_file()]
    if not names:
        raise UsageError(f"the corpus {given} {'has no files' if base.is_dir() else 'does not exist'}")
    texts: list[CorpusText] = []
    unread: list[tuple[str, str]] = []
    files = size = 0
    for name in names:
        shown = os.path.relpath(name, given) if base.is_dir() else name
        if not is_known(name) and len(names) > 1:
            continue  # pictures and the like beside the texts
        try:
            content = _content(name, size, files)
            texts += texts_of(shown, content)
        except UnreadableError as reason:
            unread.append((shown, str(reason)))
            continue
        size += len(content)
        files += 1
    if not texts:
        raise UsageError(
            f"the corpus {given} has no text: {CorpusFolder(given, (), 0, tuple(unread)).left_out or 'all files are empty or of other kinds'}"
        )
    return CorpusFolder(given, tuple(texts), files, tuple(unread))


def _content(name: str, size: int, files: int) -> bytes:
    try:
        own = Path(name).stat().st_size
        if own > LARGEST:
            raise UnreadableError(f"{own:,} bytes; {LARGEST:,} are read of a file")
        if size + own > MOST_BYTES or files >= MOST_FILES:
            raise UnreadableError(f"{MOST_FILES:,} files and {MOST_BYTES:,} bytes of a corpus are read")
        return Path(name).read_bytes()
    except OSError as error:
        raise UnreadableError((error.strerror or type(error).__name__).lower()) from None


def _below(folder: Path) -> Iterator[str]:
    for path, inner, names in os.walk(folder):
        inner[:] = [name for name in inner if name not in _SKIPPED and not name.startswith(".")]
        yield from (str(Path(path, name)) for name in names if not name.startswith("."))
