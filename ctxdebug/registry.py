"""Import a package and collect what its modules registered, so that there is no list to forget."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

T = TypeVar("T")
Function = TypeVar("Function", bound=Callable[..., Any])


class Registry(Generic[T]):
    """Entries that the modules of one package add when they are imported, in the order of their keys.

    A key given twice is a programming error and raises `ValueError`.
    """

    def __init__(self, package: str, key: Callable[[T], str]) -> None:
        self._package = package
        self._key = key
        self._entries: dict[str, T] = {}
        self._walked = False

    def add(self, entry: T) -> T:
        """Register an entry, and return it."""
        key = self._key(entry)
        if key in self._entries:
            raise ValueError(f"{key} is registered twice in {self._package}")
        self._entries[key] = entry
        return entry

    def register(self, make: Callable[[Function], T]) -> Callable[[Function], Function]:
        """Return a decorator: what `make` makes of a function is registered, and the function stays as it is."""

        def decorate(function: Function) -> Function:
            self.add(make(function))
            return function

        return decorate

    def all(self) -> dict[str, T]:
        """Return every entry of the package by key; the first call imports the whole package."""
        if not self._walked:
            for name in _modules(self._package):
                importlib.import_module(name)
            self._entries = dict(sorted(self._entries.items()))
            self._walked = True
        return self._entries


def _modules(package: str) -> Iterator[str]:
    root = importlib.import_module(package)
    for module in pkgutil.walk_packages(root.__path__, f"{package}."):
        yield module.name
