"""Which program this is: a result of another version, or of sources that were edited since, is not its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import ctxdebug
from ctxdebug.digests import blake2b

_PACKAGE = os.path.dirname(os.path.abspath(ctxdebug.__file__))


def program_identity() -> str | None:
    """Return a digest of this program and of what it runs on; None where its own files cannot be read.

    An installed package is known by its list of files, a checkout by all of its files. What it runs on is the Python, and
    the names and versions of every installed distribution.
    """
    held = blake2b(digest_size=16)
    held.update(f"{ctxdebug.__version__}\0{sys.version}\0{sys.platform}\0".encode())
    for row in _distributions():
        held.update(f"{row}\0".encode("utf-8", "surrogateescape"))
    try:
        for data in _installed() or _sources(_PACKAGE):
            held.update(data)
    except OSError:
        return None
    return held.hexdigest()


def _distributions() -> list[str]:
    """Return the installed distributions as their folders name them: `rich-13.9.4.dist-info`."""
    found: set[str] = set()
    for folder in sys.path:
        if folder.endswith("-packages"):
            try:
                found.update(name for name in os.listdir(folder) if name.endswith((".dist-info", ".egg-info")))
            except OSError:
                continue
    return sorted(found)


def _installed() -> list[bytes] | None:
    """Return the list of files that an installer wrote, which has their hashes; None for a checkout."""
    name = f"ctxdebug-{ctxdebug.__version__}.dist-info"
    try:
        with open(os.path.join(os.path.dirname(_PACKAGE), name, "RECORD"), "rb") as file:
            record = file.read()
    except OSError:
        return None
    return [record] if b"ctxdebug/result_cache/program_identity.py," in record else None


def _sources(top: str) -> Iterator[bytes]:
    """Yield the path and the content of every file of a folder, in a stable order."""
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
        for entry in listed:
            if entry.is_dir():
                if entry.name != "__pycache__":
                    waiting.append(entry.path)
            else:
                with open(entry.path, "rb", buffering=0) as file:
                    data = file.read()
                yield f"\0{entry.path[len(top) :]}\0{len(data)}\0".encode("utf-8", "surrogateescape")
                yield data
