"""Watching begins and ends here: libraries that are loaded are patched at once, others as soon as they are imported."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from threading import RLock
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ctxdebug.recording.in_process.active import Recording, begin, end

if TYPE_CHECKING:
    from ctxdebug.engine.run import RunOptions

_LIBRARIES = {
    "httpx": "httpx_calls",
    "httpx2": "httpx_calls",
    "requests": "requests_calls",
    "aiohttp": "aiohttp_calls",
    "botocore.httpsession": "botocore_calls",
}
"""The libraries, and the module here that watches each."""
_lock = RLock()
_undo: dict[str, Callable[[], None]] = {}
_users = 0
_installed: list[Recording] = []


def install(target: Path | str, *, everything: bool, options: Callable[[], RunOptions]) -> Recording:
    """Record the calls of this process until `uninstall`; called again, return the recording that is under way."""
    with _lock:
        if _installed:
            return _installed[0]
        recording = Recording(target, everything=everything, options=options)
        _installed.append(recording)
        _watch()
        begin(recording)
        return recording


def uninstall() -> None:
    """End what `install` began; the libraries are as they were."""
    with _lock:
        if _installed:
            _close(_installed.pop())


@contextmanager
def record(target: Path | str, *, everything: bool, options: Callable[[], RunOptions]) -> Iterator[Recording]:
    """Record the calls of this process, in every thread, until the end of the block."""
    recording = Recording(target, everything=everything, options=options)
    with _lock:
        _watch()
        begin(recording)
    try:
        yield recording
    finally:
        with _lock:
            _close(recording)


def _close(recording: Recording) -> None:
    global _users  # noqa: PLW0603 - how many use the patches is a fact of the process
    end(recording)
    recording.close()
    _users -= 1
    if not _users:
        if _finder in sys.meta_path:
            sys.meta_path.remove(_finder)
        while _undo:
            _undo.popitem()[1]()


def _watch() -> None:
    global _users  # noqa: PLW0603 - as above
    _users += 1
    if _users > 1:
        return
    for name in _LIBRARIES:
        if name in sys.modules:
            _patch(sys.modules[name], name)
    sys.meta_path.insert(0, _finder)


def _patch(module: ModuleType, name: str) -> None:
    """Watch a library; where it is not as we know it, say so and leave it alone."""
    with _lock:
        if name in _undo or not _users:
            return
        watcher = importlib.import_module(f"ctxdebug.recording.in_process.{_LIBRARIES[name]}")
        try:
            _undo[name] = watcher.patch(module)
        except Exception as error:  # noqa: BLE001 - a release that we do not know must not break the application
            import logging

            logging.getLogger("ctxdebug").warning(
                "calls of %s are not recorded: %s: %s", name, type(error).__name__, error
            )


class _Finder(MetaPathFinder):
    """Patches a library just after it has been loaded."""

    def __init__(self) -> None:
        self._looking: set[str] = set()

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:  # noqa: ARG002 - the signature is Python's
        """Return the library's own spec, with a loader that patches; None for every other module."""
        if name not in _LIBRARIES or name in self._looking:
            return None
        self._looking.add(name)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self._looking.discard(name)
        loader: Any = spec.loader if spec is not None else None
        if loader is None or not hasattr(loader, "exec_module"):
            return spec
        load = loader.exec_module

        def load_and_patch(module: ModuleType) -> None:
            load(module)
            _patch(module, name)

        loader.exec_module = load_and_patch
        return spec


_finder = _Finder()
