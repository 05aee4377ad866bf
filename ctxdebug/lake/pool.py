"""Processes that may be killed: what one of them had in hand is done again, alone, and given up only when that fails too."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, TypeVar

T = TypeVar("T")


def run_all(
    tasks: Iterable[T],
    function: Callable[[T], Any],
    workers: int,
    *,
    done: Callable[[T], None],
    lost: Callable[[T], Iterable[T]],
) -> None:
    """Run a picklable function over tasks in so many processes; `done` is told each that finished.

    When a process dies, what was under way is run again one by one; a task whose process dies once more is handed to
    `lost`, which returns what to run in its stead. An exception of the function itself is raised. Without workers, the
    tasks run in this process.
    """
    if not workers:
        for task in tasks:
            function(task)
            done(task)
        return
    waiting = list(tasks)[::-1]
    suspects: list[T] = []
    while waiting or suspects:
        if suspects:
            task = suspects.pop()
            if _alone(task, function):
                done(task)
            else:
                suspects += lost(task)
            continue
        suspects += _together(waiting, function, workers, done)


def _alone(task: T, function: Callable[[T], Any]) -> bool:
    """Whether a process of its own survives a task."""
    with _executor(1) as executor:
        try:
            executor.submit(function, task).result()
        except BrokenProcessPool:
            return False
    return True


def _together(waiting: list[T], function: Callable[[T], Any], workers: int, done: Callable[[T], None]) -> list[T]:
    """Run tasks until there are none, or a process dies; returns those that were under way then."""
    running: dict[Future[Any], T] = {}
    with _executor(workers) as executor:
        try:
            while waiting or running:
                while waiting and len(running) < workers + 1:
                    running[executor.submit(function, waiting[-1])] = waiting[-1]
                    waiting.pop()
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    future.result()
                    done(running.pop(future))
        except BrokenProcessPool:
            return list(running.values())
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            raise
    return []


def _executor(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_begun)


def _begun() -> None:
    """Set up a worker as the command itself is: few collections of garbage, and Ctrl-C is the parent's business."""
    import gc
    import signal

    gc.set_threshold(50_000, 20, 20)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
