"""A run shared out among processes, with the report of one.

Which session an exchange belongs to, and what stood before it, depends on every exchange before it in whatever file. So all
processes read all captures in the same order and place every exchange; a session is examined by the one that claims it first.
The process that runs the command only reads, and takes what was found in the order in which it stands in the captures.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from ctxdebug.decoding.source import STDIN, Source
from ctxdebug.engine.one_file import reading_of, within
from ctxdebug.engine.report import Examined, Found, found_in
from ctxdebug.errors import WorkerLostError
from ctxdebug.loading.load import load
from ctxdebug.loading.walk import Met, PassedOver
from ctxdebug.model import Problem, Snapshot, pointer_text
from ctxdebug.records import record, replace

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    from ctxdebug.analysis import Analysis
    from ctxdebug.engine.one_file import Examine
    from ctxdebug.engine.run import Engine, RunOptions

_PAYS = 250_000
"""Bytes of captures for which one more process pays: starting it costs about what examining so much does."""
_MOST_CLAIMS = 1 << 20
"""Sessions that are claimed; those beyond go round the processes in turn."""
_PATIENCE = 2.0
"""Seconds that a process has to end by itself."""


@contextmanager
def shared_out(
    engine: Engine,
    walked: Iterable[Met | PassedOver | Problem],
    jobs: int | None,
    chosen: Callable[[str], bool] | None,
    *,
    whole: bool,
) -> Iterator[tuple[Iterable[Met | PassedOver | Problem], Examine]]:
    """Give what a walk met and a function that examines an exchange: in this process, or with others where that pays."""
    if jobs == 1:
        yield walked, engine.examine
        return
    met_all = list(walked)
    files = {met.path: met for met in met_all if isinstance(met, Met) and (chosen is None or chosen(met.path))}
    number = worth(jobs, list(files), engine.options)
    if number == 1:
        yield met_all, engine.examine
        return
    with Workers(number, list(files.values()), engine.options, whole=whole) as workers:
        yield met_all, workers.examine_for(engine)


def worth(jobs: int | None, paths: Sequence[str], options: RunOptions) -> int:
    """Return how many processes examine: `jobs`, or with None as many as there are processors and bytes for.

    One where an LLM judge is asked, or standard input is read: neither can be done twice.
    """
    if options.analysis.judge is not None or STDIN in paths:
        return 1
    if jobs is not None:
        return jobs
    size = sum(os.path.getsize(path) for path in paths if os.path.isfile(path))  # noqa: PTH113, PTH202 - one call a path
    return max(1, min(processors(), size // _PAYS))


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@record(frozen=True, slots=True)
class _Work:
    """What a process is given."""

    number: int
    of: int
    files: tuple[Met, ...]
    options: RunOptions
    counts: bool
    """Whether token counts are kept between runs."""
    whole: bool
    """Whether what is known of an exchange is sent with what was found in it."""


_Told: TypeAlias = "tuple[str, str, Found | Problem, bytes]"
"""Of one exchange: its path, its pointer, what was found, and what is known of it where that was asked for."""


class Workers:
    """Processes that examine the exchanges of `files`; as a context, they end with it."""

    def __init__(self, number: int, files: Sequence[Met], options: RunOptions, *, whole: bool = False) -> None:
        """Start `number` processes; with `whole`, what they know of an exchange comes back too, for a report that looks again."""
        import multiprocessing

        method = multiprocessing.get_context("spawn")
        claims, lock = method.RawArray("b", _MOST_CLAIMS), method.Lock()
        bare = replace(options, analysis=replace(options.analysis, memo=None))
        counts = options.analysis.memo is not None
        self._shared = claims, lock  # held here as long as a process may still take them over
        self._processes: list[SpawnProcess] = []
        self._open: list[Connection] = []
        self._found: dict[int, _Told] = {}
        self._number = 0
        with _deaf_to_interrupts():  # what a process inherits: Ctrl-C is for the one that runs the command
            for one in range(number):
                ours, theirs = method.Pipe(duplex=False)
                work = _Work(one, number, tuple(files), bare, counts, whole)
                process = method.Process(target=_examine, args=(work, claims, lock, theirs), daemon=True)
                process.start()
                theirs.close()
                self._processes.append(process)
                self._open.append(ours)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self._open:
            connection.close()
        for process in self._processes:
            process.join(_PATIENCE if process.exitcode is not None else 0)
            if process.exitcode is None:
                process.terminate()
            process.join(_PATIENCE)

    def examine_for(self, engine: Engine) -> Examine:
        """Return a function that places an exchange in `engine`, and takes what the others found in it."""

        def examine(snapshot: Snapshot, source: Source) -> Examined | Problem:
            self._number += 1
            analysis = engine.placed(snapshot)
            found, known = self._take(self._number, snapshot)
            if isinstance(found, Problem):
                return found
            if known:
                from ctxdebug.engine.transfer import take

                take(analysis, known)
            return engine.examined_elsewhere(analysis, source, found)

        return examine

    def _take(self, number: int, snapshot: Snapshot) -> tuple[Found | Problem, bytes]:
        from multiprocessing.connection import wait

        while number not in self._found:
            if not self._open:
                raise self._lost()
            for ready in wait(self._open):
                self._receive(ready)
        path, at, found, known = self._found.pop(number)
        if (path, at) != (snapshot.path, pointer_text(snapshot.pointer)):
            raise WorkerLostError(f"{snapshot.path} changed while it was being read; run it again")
        return found, known

    def _receive(self, connection: Any) -> None:
        try:
            got = connection.recv()
        except (EOFError, OSError):
            self._open.remove(connection)
            raise self._lost() from None
        if got is None:
            self._open.remove(connection)
        elif isinstance(got, Exception):
            raise got
        else:
            number, told = got
            self._found[number] = told

    def _lost(self) -> WorkerLostError:
        """Return the error that says how a process ended."""
        for process in self._processes:
            process.join(_PATIENCE)
        codes = [process.exitcode for process in self._processes if process.exitcode]
        how = f" (signal {-codes[0]})" if codes and codes[0] < 0 else f" (exit code {codes[0]})" if codes else ""
        return WorkerLostError(
            f"a process of --jobs ended before its work was done{how}; run again with fewer, or without"
        )


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    import signal

    try:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    except ValueError:  # not the main thread, which alone is interrupted
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _examine(work: _Work, claims: Any, lock: Any, told: Connection) -> None:
    """Examine one's own sessions; the work of a process of its own."""
    import gc
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(50_000, 20, 20)
    try:
        _examine_all(work, claims, lock, told)
        told.send(None)
    except (BrokenPipeError, KeyboardInterrupt):
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 - said by the process that runs the command
        told.send(error)
    told.close()


def _examine_all(work: _Work, claims: Any, lock: Any, told: Connection) -> None:
    from ctxdebug.engine.run import Engine
    from ctxdebug.engine.transfer import sent
    from ctxdebug.tokens.memo import Memo

    memo = Memo() if work.counts else None
    engine = Engine(replace(work.options, analysis=replace(work.options.analysis, memo=memo)))
    mine: dict[str, bool] = {}
    number = 0
    for met in work.files:
        source = Source(met.path, work.options.load.max_bytes)
        for loaded in load(source, reading_of(work.options.load, expected=met.expected)):
            if isinstance(loaded, Problem):
                continue
            number += 1
            placed = within(loaded, partial(engine.placed, loaded))
            if isinstance(placed, Problem):
                continue
            session = placed.snapshot.session or ""
            if session not in mine:
                mine[session] = _claimed(len(mine), work, claims, lock)
            if mine[session]:
                found = within(loaded, partial(_found, engine, placed, source))
                known = b"" if isinstance(found, Problem) or not work.whole else sent(placed)
                told.send((number, (loaded.path, pointer_text(loaded.pointer), found, known)))
    if memo is not None:
        memo.flush()


def _found(engine: Engine, placed: Analysis, source: Source) -> Found:
    return found_in(engine.examine_placed(placed, source))


def _claimed(ordinal: int, work: _Work, claims: Any, lock: Any) -> bool:
    """Whether the session of this ordinal, the same in all processes, is ours now."""
    if ordinal >= _MOST_CLAIMS:
        return ordinal % work.of == work.number
    with lock:
        if claims[ordinal]:
            return False
        claims[ordinal] = 1
        return True
