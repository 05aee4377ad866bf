"""What the tables of a scan say together: rates with intervals, clusters of one cause, the worst sessions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from ctxdebug.engine.intervals import Interval, wilson
from ctxdebug.lake.merge import about, beside
from ctxdebug.records import field, record

DIMENSIONS = ("model", "day", "prompt_version")
_MOST = 50
"""Values of a dimension, and causes, that a report lists."""
_SEVERITIES = ("note", "warning", "error")


@record(frozen=True, slots=True)
class Rate:
    """How many of how many exchanges."""

    hits: int
    of: int

    @property
    def share(self) -> float:
        """The rate, 0 to 1; 0 of nothing is 0."""
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> Interval:
        """Wilson's interval of the rate at 95 %."""
        return wilson(self.hits, max(self.of, self.hits))


@record(frozen=True, slots=True)
class RuleFigures:
    """One rule over the lake."""

    code: str
    name: str
    severity: str
    findings: int
    rate: Rate
    """Exchanges with a finding, of those in which the rule could look."""
    sessions: int
    causes: int


@record(frozen=True, slots=True)
class GroupFigures:
    """One model, day or prompt version: exchanges with an error, and with an error or a warning."""

    value: str
    error: Rate
    warning: Rate


@record(frozen=True, slots=True)
class Outlier:
    """A rule that finds more with one value of a dimension than with the others."""

    code: str
    dimension: str
    value: str
    here: Rate
    elsewhere: Rate


@record(frozen=True, slots=True)
class Cause:
    """Findings that share a message without its values."""

    code: str
    severity: str
    text: str
    exchanges: int
    sessions: int
    first: date | None
    last: date | None


@record(frozen=True, slots=True)
class WorstSession:
    """A session by what is wrong with it."""

    session: str
    exchanges: int
    errors: int
    warnings: int
    codes: tuple[str, ...]
    capture: str


@record(frozen=True, slots=True)
class Figures:
    """Everything that a report shows."""

    file: str
    exchanges: int
    sessions: int
    findings: int
    days: tuple[date, ...]
    affected: Mapping[str, Rate]
    """Severity → exchanges with a finding of it or above."""
    rules: tuple[RuleFigures, ...]
    silent: tuple[str, ...]
    """Rules that ran and found nothing."""
    groups: Mapping[str, tuple[GroupFigures, ...]]
    outliers: tuple[Outlier, ...]
    causes: tuple[Cause, ...]
    since: date | None
    new: tuple[Cause, ...]
    """Causes first seen on that day or later."""
    worst: tuple[WorstSession, ...]
    problems: tuple[tuple[str, int], ...]
    """What was not read, and how often."""
    examples: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    """Rule → findings of it, each of another fingerprint."""


@contextmanager
def opened(findings: Path) -> Iterator[Any]:
    """Open the three tables of a scan for queries: `f`, `e` and `p`. Raises `UsageError` where they are not there."""
    import duckdb
    from pyarrow.dataset import dataset

    from ctxdebug.errors import UsageError

    about(findings)
    with duckdb.connect(config={"enable_external_access": "false"}) as connection:
        connection.execute("set timezone = 'UTC'")
        for name, path in zip(("f", "e", "p"), beside(findings).values(), strict=True):
            if not path.is_file():
                raise UsageError(f"{path} is missing: a report needs the three files of a scan side by side")
            connection.register(name, dataset(path, format="parquet"))
        yield connection


def figures(findings: Path, *, since: date | None = None, examples: int = 20) -> Figures:
    """Return the figures of a scan; `since` is the first day of what counts as new (default: the last day there is)."""
    with opened(findings) as tables:
        ask = _Asking(tables)
        exchanges, sessions = ask("select count(*), count(distinct session) from e")[0]
        days = tuple(
            row[0] for row in ask("select distinct cast(time as date) from e where time is not null order by 1")
        )
        skipped = dict(ask("select code, count(*) from (select unnest(not_checked) as code from e) group by code"))
        rules = tuple(
            RuleFigures(
                code, name, severity, found, Rate(hits, max(hits, exchanges - skipped.get(code, 0))), within, causes
            )
            for code, name, severity, found, hits, within, causes in ask(
                f"select code, any_value(name), {_worst()}, count(*), count(distinct capture), count(distinct session), "
                f"count(distinct cause) from f group by code order by max({_rank()}) desc, 5 desc, 1"
            )
        )
        if since is None and len(days) > 1:
            since = days[-1]
        causes = tuple(ask.causes())
        found = {rule.code for rule in rules}
        return Figures(
            file=str(findings),
            exchanges=exchanges,
            sessions=sessions,
            findings=sum(rule.findings for rule in rules),
            days=days,
            affected={word: Rate(ask.affected(rank), exchanges) for rank, word in enumerate(_SEVERITIES)},
            rules=rules,
            silent=tuple(code for code in about(findings).get("checked", ()) if code not in found),
            groups={dimension: tuple(ask.groups(dimension)) for dimension in DIMENSIONS},
            outliers=tuple(outlier for dimension in DIMENSIONS for outlier in ask.outliers(dimension, skipped)),
            causes=causes,
            since=since,
            new=tuple(one for one in causes if since is not None and one.first is not None and one.first >= since),
            worst=tuple(ask.worst()),
            problems=tuple(ask("select message, count(*) from p where fatal group by 1 order by 2 desc, 1 limit 20")),
            examples=ask.examples(examples) if examples else {},
        )


def _rank() -> str:
    return "case severity when 'error' then 2 when 'warning' then 1 else 0 end"


def _worst() -> str:
    return f"['note', 'warning', 'error'][1 + max({_rank()})]"


_COLUMN = {"model": "model", "day": "strftime(cast(time as date), '%Y-%m-%d')", "prompt_version": "prompt_version"}
_ENOUGH, _HITS, _SURE = 20, 5, 0.999
"""Exchanges and hits below which a value is no outlier, and the confidence of its interval: a report compares hundreds of pairs."""


class _Asking:
    """The queries of a report."""

    def __init__(self, tables: Any) -> None:
        self._tables = tables

    def __call__(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        return list(self._tables.execute(query, list(values)).fetchall())

    def affected(self, rank: int) -> int:
        """Return the exchanges with a finding of a severity or above."""
        return int(self(f"select count(distinct capture) from f where {_rank()} >= ?", [rank])[0][0])

    def groups(self, dimension: str) -> Iterator[GroupFigures]:
        """Yield the values of a dimension, the most frequent first; days in their order."""
        column = _COLUMN[dimension]
        found = self(
            f"with hit as (select capture, max({_rank()}) as worst from f group by 1) "
            f"select coalesce({column}, '(none)'), count(*), count(*) filter (worst = 2), count(*) filter (worst >= 1) "
            f"from e left join hit using (capture) group by 1 order by 2 desc, 1 limit {_MOST}"
        )
        for value, of, errors, warnings in sorted(found) if dimension == "day" else found:
            yield GroupFigures(value, Rate(errors, of), Rate(warnings, of))

    def outliers(self, dimension: str, skipped: Mapping[str, int]) -> Iterator[Outlier]:
        """Yield the rules whose rate with one value is surely above that with all the others."""
        column = _COLUMN[dimension]
        here = dict(self(f"select coalesce({column}, '(none)'), count(*) from e group by 1"))
        total = sum(here.values())
        unlooked = {
            (value, code): count
            for value, code, count in self(
                f"select coalesce({column}, '(none)'), code, count(*) from (select *, unnest(not_checked) as code from e) group by 1, 2"
            )
        }
        hits = self(
            f"select code, coalesce({column}, '(none)'), count(distinct capture) from f group by 1, 2 order by 1, 2"
        )
        every: dict[str, int] = {}
        for code, _, count in hits:
            every[code] = every.get(code, 0) + count
        for code, value, count in hits:
            of = here.get(value, 0) - unlooked.get((value, code), 0)
            rest = total - skipped.get(code, 0) - of
            one, other = Rate(count, max(of, count)), Rate(every[code] - count, max(rest, every[code] - count))
            if one.of < _ENOUGH or other.of < _ENOUGH or one.hits < _HITS:
                continue
            if wilson(one.hits, one.of, _SURE).low > wilson(other.hits, other.of, _SURE).high:
                yield Outlier(code, dimension, value, one, other)

    def causes(self) -> Iterator[Cause]:
        """Yield the clusters of one cause, the most severe and frequent first."""
        for row in self(
            f"select code, {_worst()}, cause, count(distinct capture), count(distinct session), min(cast(time as date)), max(cast(time as date)) "
            f"from f group by code, cause order by max({_rank()}) desc, 4 desc, 1, 3"
        ):
            yield Cause(*row)

    def worst(self) -> Iterator[WorstSession]:
        """Yield the sessions with the most errors, then warnings."""
        for session, errors, warnings, codes, capture, exchanges in self(
            "with sizes as (select session, count(*) as exchanges from e group by 1) "
            "select session, count(*) filter (severity = 'error'), count(*) filter (severity = 'warning'), "
            "list_sort(list(distinct code)), min(capture), any_value(exchanges) from f left join sizes using (session) "
            "where severity <> 'note' group by 1 order by 2 desc, 3 desc, 1 limit 20"
        ):
            yield WorstSession(session, exchanges or 0, errors, warnings, tuple(codes), capture)

    def examples(self, most: int) -> dict[str, tuple[Mapping[str, Any], ...]]:
        """Return findings of each rule: of every cause in turn, each of another fingerprint."""
        names = ("code", "capture", "session", "model", "severity", "message", "fix", "cause", "evidence")
        found: dict[str, list[Mapping[str, Any]]] = {}
        for row in self(
            "with once as (select *, row_number() over (partition by code, fingerprint order by capture, number) as same from f), "
            "turns as (select *, row_number() over (partition by code, cause order by capture, number) as turn from once where same = 1) "
            f"select {', '.join(names)} from turns qualify row_number() over (partition by code order by turn, capture, number) <= ? "
            "order by code, turn, capture, number",
            [most],
        ):
            found.setdefault(row[0], []).append(dict(zip(names, row, strict=True)))
        return {code: tuple(rows) for code, rows in found.items()}
