"""Import a package and collect what its modules registered, so that there is no list to forget."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
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
            for name in modules(self._package):
                importlib.import_module(name)
            self._entries = dict(sorted(self._entries.items()))
            self._walked = True
        return self._entries


def modules(package: str) -> Iterator[str]:
    """Yield the modules of a package and of the packages in it."""
    for folder in importlib.import_module(package).__path__:
        if Path(folder).is_dir():
            yield from (f"{package}.{name}" for name in _names(folder))
        else:  # in an archive
            import pkgutil

            yield from (module.name for module in pkgutil.walk_packages([folder], f"{package}."))


def _names(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        listed = sorted(entries, key=lambda entry: entry.name)
    for entry in listed:
        if entry.is_dir():
            if Path(entry.path, "__init__.py").is_file():
                yield entry.name
                yield from (f"{entry.name}.{name}" for name in _names(entry.path))
        elif entry.name.endswith(".py") and entry.name != "__init__.py":
            yield entry.name.removesuffix(".py")
