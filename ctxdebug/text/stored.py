"""Values that follow from their key alone, and take long to make: taken from the run before, where somebody keeps them.

A value is made of numbers, texts, bytes and tuples, sets and mappings of them. Whoever asks puts into the key all that the
value follows from, its own source included where that may be edited.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

from ctxdebug.digests import blake2b

T = TypeVar("T")


class Store(Protocol):
    """Where values are kept."""

    def get(self, table: str, key: Any) -> Any:
        """Return the value that was kept under a key of a table; None where none was."""

    def put(self, table: str, key: Any, value: Any) -> None:
        """Keep a value."""


_stores: list[Store] = []


def keep_in(store: Store | None) -> None:
    """Take values from a store, and put new ones into it, from now on; None: make each anew."""
    _stores[:] = [] if store is None else [store]


def stored(table: str, key: Any, make: Callable[[], Any]) -> Any:
    """Return the value under a key, made where it is not kept; one that is None is not kept."""
    for store in _stores:
        found = store.get(table, key)
        if found is None:
            found = make()
            if found is not None:
                store.put(table, key, found)
        return found
    return make()


def unkept(make: Callable[..., T], *given: Any) -> T:
    """Make a value, and keep nothing of what it is made of: that is seldom asked for alone."""
    before = [*_stores]
    _stores.clear()
    try:
        return make(*given)
    finally:
        _stores[:] = before


@cache
def digest_of(*paths: Path) -> bytes:
    """Return a digest of files of the package, for the key of a value that follows from them."""
    held = blake2b(digest_size=16)
    for path in paths:
        data = path.read_bytes()
        held.update(f"{path.name} {len(data)} ".encode())
        held.update(data)
    return held.digest()


def keeps() -> bool:
    """Whether values are kept now."""
    return bool(_stores)
