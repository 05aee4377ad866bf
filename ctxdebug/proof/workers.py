"""Threads that ask several requests at a time, and keep their connections from one batch to the next."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING

from ctxdebug.errors import EndpointError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Job = Callable[[], None]


class Workers:
    """At most `width` threads, begun when they are needed."""

    def __init__(self, width: int) -> None:
        self._width = max(1, width)
        self._threads = 0
        self._todo: queue.SimpleQueue[tuple[int, Job] | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[int, BaseException | None]] = queue.SimpleQueue()

    def results(self, jobs: Sequence[Job]) -> list[EndpointError | None]:
        """Run jobs and return what each raised, in their order; any other error is raised at once.

        Waits in short turns, so that Ctrl-C is heard on every system.
        """
        while self._threads < min(self._width, len(jobs)):
            threading.Thread(target=self._serve, daemon=True).start()
            self._threads += 1
        for numbered in enumerate(jobs):
            self._todo.put(numbered)
        found: list[EndpointError | None] = [None] * len(jobs)
        left = len(jobs)
        while left:
            try:
                number, error = self._done.get(timeout=0.2)
            except queue.Empty:
                continue
            left -= 1
            if error is not None and not isinstance(error, EndpointError):
                raise error
            found[number] = error
        return found

    def close(self) -> None:
        """End the threads once they have done what they are at."""
        for _ in range(self._threads):
            self._todo.put(None)
        self._threads = 0

    def _serve(self) -> None:
        while (job := self._todo.get()) is not None:
            number, run = job
            try:
                run()
                self._done.put((number, None))
            except BaseException as error:  # noqa: BLE001  (it is raised again by the thread that waits)
                self._done.put((number, error))
