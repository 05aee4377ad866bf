"""tiktoken's encodings, built from the vocabularies in this package: the network and its caches are never asked.

tiktoken fetches its rank files at run time, which fails in sandboxes and behind proxies. Loading takes about half
a second of CPU, so nothing here runs before a text has to be counted for the first time.
"""

from __future__ import annotations

import functools
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctxdebug.errors import CtxdebugError

if TYPE_CHECKING:
    import tiktoken

FOLDER = Path(__file__).parent / "vocabularies"


@functools.cache
def encoding(name: str) -> tiktoken.Encoding:
    """Build the encoding of that name; `ValueError` for one that is not carried, `CtxdebugError` for a damaged file."""
    import tiktoken

    table = encodings()
    if name not in table:
        raise ValueError(f"no vocabulary {name!r}; there are {', '.join(sorted(table))}")
    row = table[name]
    merges = ranks(row["file"], row["sha256"], row["tokens"])
    return tiktoken.Encoding(name, pat_str=row["pattern"], mergeable_ranks=merges, special_tokens=special_tokens(row))


@functools.cache
def encodings() -> dict[str, Any]:
    """Read the table of encodings that are carried, as `scripts/vocabularies.py` wrote it."""
    import json

    table: dict[str, Any] = json.loads((FOLDER / "encodings.json").read_text(encoding="utf-8"))
    return table


def special_tokens(row: dict[str, Any]) -> dict[str, int]:
    """List the special tokens of a row of the table, the reserved ones written out."""
    reserved = range(*row.get("reserved", (0, 0)))
    return {**row["special"], **{f"<|reserved_{rank}|>": rank for rank in reserved}}


@functools.cache
def ranks(file: str, sha256: str, tokens: int) -> dict[bytes, int]:
    """Unpack a vocabulary as tiktoken wants it, after a check that it is the file it should be."""
    import hashlib
    import zlib

    try:
        content = zlib.decompress((FOLDER / file).read_bytes())
    except (OSError, zlib.error) as error:
        raise CtxdebugError(f"the vocabulary {file} cannot be read ({error}); reinstall ctxdebug") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise CtxdebugError(f"the vocabulary {file} is damaged (its sha256 differs); reinstall ctxdebug")
    return _unpacked(content, tokens)


def _unpacked(content: bytes, size: int) -> dict[bytes, int]:
    """`size` tokens from `size` one-byte lengths and the bytes that follow; a token's rank is its position."""
    ends = list(accumulate(content[:size], initial=size))
    return dict(zip(map(content.__getitem__, map(slice, ends, ends[1:])), range(size), strict=False))
