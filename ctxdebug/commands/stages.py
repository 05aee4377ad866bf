"""What a command of a few steps was doing when it was stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Self, TypeVar

from ctxdebug.errors import StoppedError

T = TypeVar("T")


class Stages:
    """A context that turns Ctrl-C into `StoppedError` with what was done, what was being done, and what is missing for it.

    with Stages("no table was written") as stages:
        stages.begin("reading log.jsonl")
        …
        stages.done("1 exchange read")
    """

    def __init__(self, lost: str) -> None:
        """Take `lost`: what a stopped run does not do; the command changes it once that is done."""
        self.lost = lost
        self._done: list[str] = []
        self._doing = ""

    def begin(self, doing: str) -> None:
        """Say what is being done from here on: `reading log.jsonl`."""
        self._doing = doing

    def each(self, doing: str, things: Sequence[T], name: Callable[[T], str] = str) -> Iterator[T]:
        """Yield the things, and say of each that it is being done, and how many are."""
        for number, thing in enumerate(things):
            self.begin(f"{doing} {name(thing)} ({number} of {len(things)} done)")
            yield thing
        self._doing = ""

    def done(self, what: str) -> None:
        """Say what has been done: `1 exchange read`."""
        self._done.append(what)
        self._doing = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None or not issubclass(kind, KeyboardInterrupt):
            return
        where = [f"stopped while {self._doing}"] if self._doing else []
        raise StoppedError("; ".join([*([", ".join(self._done)] if self._done else []), *where, self.lost])) from None
