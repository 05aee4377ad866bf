"""The one function that engines call: a batch of rows in, a batch of results out, and nothing else touched.

Every session of the batch must be whole in it. The result depends on the rows alone, not on their order, on how they
were divided into batches, or on what was examined before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from ctxdebug.decoding.source import Source
from ctxdebug.engine.one_file import Telling, examine_source
from ctxdebug.engine.report import Examined, Report
from ctxdebug.engine.run import Engine, RunOptions
from ctxdebug.errors import CtxdebugError
from ctxdebug.gate.agreements import Agreements
from ctxdebug.gate.policy import Ignore, Override
from ctxdebug.lake.results import Group, Results
from ctxdebug.lake.schemas import RESULTS, ROWS
from ctxdebug.model import Problem, Snapshot
from ctxdebug.records import field, record, replace


@record(frozen=True, slots=True)
class BatchOptions:
    """How the rows of a batch are examined. Picklable: an engine sends it to its workers."""

    run: RunOptions = field(default_factory=lambda: RunOptions(steps=False))
    ignores: tuple[Ignore, ...] = ()
    overrides: tuple[Override, ...] = ()


def check_batch(rows: pa.RecordBatch, options: BatchOptions | None = None) -> pa.RecordBatch:
    """Return what is found in rows of `schemas.ROWS`, as `schemas.RESULTS`.

    A row that cannot be read, and a session that breaks a reader or a rule, is a problem among the results; only what is
    wrong with the options is raised, as `UsageError`.
    """
    options = options or BatchOptions()
    agreements = Agreements(options.ignores, options.overrides, own_rules=options.run.own_rules)
    results = Results(agreements)
    for group in groups(rows):
        for problem in group.unreadable():
            results.problem(group, problem)
        for part in group.parts():
            _examine(part, options.run, results)
    return pa.RecordBatch.from_pylist(results.rows, schema=RESULTS)


def groups(rows: pa.RecordBatch) -> Iterator[Group]:
    """Yield the rows that are examined together, one group after the other; only one group's documents are copied at a time."""
    names: list[str] = rows.column("group").to_pylist()
    members: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        members.setdefault(name, []).append(at)
    for name in sorted(members):
        taken = pa.array(members[name], type=pa.int64())
        columns: dict[str, list[Any]] = {key: rows.column(key).take(taken).to_pylist() for key in ROWS.names}
        yield Group.of(name, [dict(zip(ROWS.names, row, strict=True)) for row in zip(*columns.values(), strict=True)])


def _examine(group: Group, options: RunOptions, results: Results) -> None:
    """Examine the rows of one group as one capture."""
    engine = Engine(options)
    report = Report(checked=())
    document = group.document()
    source = Source(
        group.path, max(options.load.max_bytes, len(document)), held=document
    )  # each row was held to the limit

    def examine(snapshot: Snapshot, read: Source) -> Examined:
        named = snapshot.session if snapshot.session is not None else group.session
        examined = engine.examine(snapshot if named == snapshot.session else replace(snapshot, session=named), read)
        results.examined(group, examined, named)
        return examined

    def told(result: Examined | Problem) -> None:
        if isinstance(result, Problem):
            results.problem(group, result)

    try:
        examine_source(source, examine, options.load, Telling(report, told, keep=False), None, expected=group.expected)
    except CtxdebugError:
        raise
    except Exception as error:  # noqa: BLE001 - one session must not end a job over millions
        message = f"could not be examined ({type(error).__name__}: {str(error)[:200]}); please report it"
        results.problem(group, Problem(group.path, message, ours=True))
    for kind in report.passed_over:
        results.problem(group, Problem(group.path, f"passed over: {kind}", fatal=False, kind=kind))
