"""The functions of `import ctxdebug`: what is given in, a result out, and nothing remembered in between."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Unpack

from ctxdebug.api.difference import Difference
from ctxdebug.api.frozen import FrozenCase
from ctxdebug.api.given import (
    examined_object,
    examined_paths,
    examined_rows,
    is_path,
    path_text,
    paths_or_rows,
    source_of_object,
)
from ctxdebug.api.options import Options, configured, settlement
from ctxdebug.api.results import Case, Report
from ctxdebug.decoding.source import Source
from ctxdebug.engine import report as engine
from ctxdebug.engine.choice import choose
from ctxdebug.errors import LoadError, UsageError
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.loading.walk import PassedOver, walk
from ctxdebug.model import Problem, Snapshot
from ctxdebug.records import replace
from ctxdebug.redaction.shown import Mask, quoted_values


def inspect(
    given: object,
    response: object = None,
    *,
    exchange: int | None = None,
    session: str | None = None,
    name: str = "",
    **options: Unpack[Options],
) -> Case:
    """Return one exchange, examined.

    `given` is a path, the bytes of a capture, or an object: a request or an exchange as a dict, a list of messages, a
    model of an SDK (whatever has `model_dump`). `response` is the answer to it, where that is another object. Of several
    exchanges the failing one is taken, else the last, unless `exchange` (from 1) or `session` says which. `name` is what an
    object is called in findings. Whatever cannot be read is in the case's `problems`, and never raised. Raises `UsageError`
    on an option or an exchange that does not exist.
    """
    config, run = configured(options)
    run = replace(run, repeats=True)
    settled = settlement(config, run, None)
    if response is None and is_path(given):
        report = examined_paths([given], run, settled, keep=True)
    else:
        report = examined_object(given, response, name, run, settled)
    if not report.examined:
        return Case(report, run)
    chosen, number = choose(report.examined, exchange, session)
    return Case(report.only(chosen), run, number)


def check(
    given: object, *, name: str = "", fail_on: str = "error", cases: bool = True, **options: Unpack[Options]
) -> Report:
    """Return many exchanges, examined: their turns are told apart by session, as `ctxdebug check` does.

    `given` is a path or a list of paths (files, folders), or rows: a table of pandas, polars or pyarrow, or any iterable of
    dicts, models and JSON texts, each of which is an exchange in whatever shape files have it, or a line of a log. What a
    row could not be read for is in `problems` and never raised; pointers begin with the number of the row, from 0.
    `fail_on` is the least severity that `failing` has: note, warning, error or never. Without `cases` only findings and
    counts are kept. Raises `UsageError` on an option that does not exist, and where folders have no capture at all.
    """
    from ctxdebug.gate.agreements import severity_of

    config, run = configured(options)
    least = None if fail_on == "never" else severity_of(fail_on, "fail_on")
    settled = settlement(config, run, config.baseline)
    paths, rows = paths_or_rows(given)
    report: engine.Report
    mask = None if cases else Mask()
    watch = None if mask is None else _learning(mask)
    if paths is not None:
        report = examined_paths(paths, run, settled, keep=cases, exclude=config.exclude, watch=watch)
    else:
        report = examined_rows(rows, name, run, settled, keep=cases, watch=watch)
    report.fail_on = least
    return Report(report, run, _known=mask)


def _learning(mask: Mask) -> Callable[[engine.Examined | Problem], None]:
    """Return what learns the secrets that findings quote, of exchanges that are not kept."""

    def watch(result: engine.Examined | Problem) -> None:
        if not isinstance(result, Problem) and result.findings:
            mask.learn(quoted_values(result.snapshot, result.findings))

    return watch


def read(
    given: object,
    response: object = None,
    *,
    name: str = "",
    on_problem: Callable[[Problem], None] | None = None,
    **options: Unpack[Options],
) -> Iterator[Snapshot]:
    """Yield the exchanges of a capture, or of a folder of them, one at a time, without examining them.

    `given` is what `inspect` takes. `on_problem` is called with whatever could not be read; without it, the first problem
    that stopped us looking raises `LoadError`, after what was readable before it. Raises `UsageError` as `inspect` does.
    """
    _, run = configured(options)
    return _snapshots(given, response, name, run.load, on_problem)


def _snapshots(
    given: object, response: object, name: str, options: LoadOptions, on_problem: Callable[[Problem], None] | None
) -> Iterator[Snapshot]:
    for loaded in _loaded(given, response, name, options):
        if isinstance(loaded, Snapshot):
            yield loaded
        elif on_problem is not None:
            on_problem(loaded)
        elif loaded.fatal:
            raise LoadError(f"{loaded.path}: {loaded.message}", loaded.pointer)


def _loaded(given: object, response: object, name: str, options: LoadOptions) -> Iterator[Snapshot | Problem]:
    if response is not None or not is_path(given):
        try:
            source = source_of_object(given, response, name, options.max_bytes)
        except LoadError as error:
            yield Problem(name or "object", error.message, error.pointer)
            return
        yield from load(source, options)
        return
    for met in walk([path_text(given)]):
        if isinstance(met, Problem):
            yield met
        elif not isinstance(met, PassedOver):
            known = options if met.expected else replace(options, guess=False)
            for loaded in load(Source(met.path, options.max_bytes), known):
                if met.expected or isinstance(loaded, Snapshot) or not loaded.unknown:
                    yield loaded


def diff(before: object, after: object, **options: Unpack[Options]) -> Difference:
    """Return what differs between two contexts.

    Each is a `Case`, a `Snapshot`, or what `inspect` takes; of several exchanges the last one. Raises `LoadError` where one
    cannot be read in whole.
    """
    from ctxdebug.analysis.turns.differences import contrast

    _, run = configured(options)
    old, new = (_context(one, run.load) for one in (before, after))
    return Difference(old, new, contrast(old, new))


def _context(given: object, options: LoadOptions) -> Snapshot:
    if isinstance(given, Snapshot):
        return given
    if isinstance(given, Case):
        if given.snapshot is None:
            raise LoadError(f"the case has no exchange: {given!r}")
        return given.snapshot
    return deque(_snapshots(given, None, "", options, None), maxlen=1)[0]


def freeze(
    given: object,
    response: object = None,
    *,
    expect: Sequence[str] = (),
    forbid: Sequence[str] = (),
    accept: bool = False,
    good: str | None = None,
    id: str | None = None,  # noqa: A002 - what a case's file calls it
    title: str | None = None,
    tags: Sequence[str] = (),
    exchange: int | None = None,
    allow_change: bool = False,
    **options: Unpack[Options],
) -> FrozenCase:
    """Return an eval case of a failing exchange: redacted, and proven on the recorded answer. Nothing is written.

    `given` is a `Case`, or what `inspect` takes. `expect` and `forbid` are demands as `ctxdebug freeze` takes them
    (`contains:5 days`, `tool-not-called:send_mail`, or bare words); with `accept`, or with no demand, what the findings
    propose. `good` is an answer that must pass. Raises `UsageError` where the case would prove nothing, `LoadError` where
    there is no exchange.
    """
    from ctxdebug.cases.demands import demand, prohibition
    from ctxdebug.cases.freeze import FreezeOptions
    from ctxdebug.cases.freeze import freeze as frozen

    config, run = configured(options)
    if isinstance(given, Case):
        if options:
            raise UsageError("a case was examined with its own options; give them to inspect")
        case, run = given, given._options  # noqa: SLF001 - what it was examined with
    else:
        case = inspect(given, response, exchange=exchange, **options)
    if not case._report.examined:  # noqa: SLF001 - the examined exchange
        raise LoadError(f"there is no exchange to freeze: {case!r}")
    parts = (*map(demand, _listed(expect)), *map(prohibition, _listed(forbid)))
    wanted = FreezeOptions(
        id, title, tuple(_listed(tags)), parts, accept, (good, ()) if good is not None else None,
        patterns=config.redact.named(), allow_change=allow_change,
    )  # fmt: skip
    return FrozenCase(frozen(case._report.examined[0], wanted, run))  # noqa: SLF001 - as above


def _listed(given: Sequence[str]) -> Sequence[str]:
    return (given,) if isinstance(given, str) else given
