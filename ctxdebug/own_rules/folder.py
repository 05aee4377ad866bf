"""The files of a folder of rules; nothing outside of the configuration's own folder is ever read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ctxdebug.errors import UsageError
from ctxdebug.files import read_regular
from ctxdebug.reads import asks_for, reads_folder

KINDS = frozenset({".py", ".toml"})
MOST_BYTES = 1_000_000
"""The largest file of rules that is read; a page with its examples takes a few thousand."""
MOST_FILES = 1_000


def rule_files(folder: str, base: Path) -> Iterator[Path]:
    """Yield the rule files right in `folder`, which stands under `base`, by name.

    Raises `UsageError` where the folder is missing, or where it or one of its files leads out through `..` or a link.
    """
    root = base / folder
    asks_for(root)
    reads_folder(root)
    inside, top = root.resolve(), base.resolve()
    if not inside.is_relative_to(top):
        raise UsageError(f"rules: {folder} leads out of {base}, where the configuration stands; nothing was loaded")
    if not root.is_dir():
        raise UsageError(f"rules: {folder} is no folder in {base}")
    found = sorted(path for path in root.iterdir() if path.suffix in KINDS and not path.name.startswith((".", "_")))
    if not found:
        raise UsageError(f"rules: {folder} contains no rules: neither Python nor TOML files")
    if len(found) > MOST_FILES:
        raise UsageError(f"rules: {folder} contains {len(found):,} files; at most {MOST_FILES:,} are read")
    for path in found:
        asks_for(path)
        if not path.resolve().is_relative_to(inside):
            raise UsageError(f"{path}: leads out of {folder} through a link; nothing was loaded")
        yield path


def source_of(path: Path) -> str:
    """Return a rule file's text; raises `UsageError` on one that is no text, no regular file, or too large."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {(error.strerror or str(error)).lower()}") from None
    if size > MOST_BYTES:
        raise UsageError(f"{path}: has {size:,} bytes; a file of rules has at most {MOST_BYTES:,}")
    return read_regular(path)
