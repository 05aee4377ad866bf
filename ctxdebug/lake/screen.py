"""The figures of a lake as text: one screen, wider than it is long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ctxdebug.lake.drift import Drift
from ctxdebug.lake.figures import Cause, Figures, Rate
from ctxdebug.lake.survey import Surveyed
from ctxdebug.model import Severity
from ctxdebug.reports.verdict_marks import SEVERITY_MARKS
from ctxdebug.text.plural import plural
from ctxdebug.text.printable import clean_line, excerpt

_RULES, _GROUPS, _CAUSES, _SESSIONS = 15, 6, 6, 5
_NAMES = {"model": "model", "day": "day", "prompt_version": "prompt version"}


def screen(
    found: Figures, drift: Drift | None, failed: Sequence[str], width: int, surveyed: Surveyed | None = None
) -> str:
    """Return the report for a terminal of so many columns."""
    lines = [*_head(found), "", *_rules(found)]
    for dimension, groups in found.groups.items():
        if len(groups) > 1:
            lines += ["", *_table((_NAMES[dimension], "exchanges", "with an error", "with an error or a warning"), [
                (excerpt(one.value, 40), f"{one.error.of:,}", percent(one.error), percent(one.warning))
                for one in (groups[-_GROUPS:] if dimension == "day" else groups[:_GROUPS])
            ])]  # fmt: skip
            if len(groups) > _GROUPS:
                lines.append(f"   {len(groups) - _GROUPS} more (--html)")
    lines += _outliers(found)
    if drift is not None:
        lines += _drift(drift)
    elif found.new:
        lines += ["", f" new since {found.since}", *_causes(found.new)]
    lines += _sessions(found)
    if surveyed is not None:
        lines += _surveyed(surveyed)
    if found.problems:
        total = sum(count for _, count in found.problems)
        lines += ["", f" not read  {plural(total, 'row or file').replace('row or files', 'rows or files')}"]
        lines += [f"   {count:,} × {excerpt(message, 120)}" for message, count in found.problems[:4]]
    if failed:
        lines += ["", *(f" ✗ above its threshold  {line}" for line in failed)]
    return "\n".join(_cut(clean_line(line), width) for line in lines) + "\n"


def _cut(line: str, width: int) -> str:
    return line if len(line) <= max(width, 40) else line[: max(width, 40) - 1].rstrip() + "…"


def _head(found: Figures) -> Iterator[str]:
    days = (
        f" · {found.days[0]} to {found.days[-1]}"
        if len(found.days) > 1
        else f" · {found.days[0]}"
        if found.days
        else ""
    )
    yield f" {found.file}  {plural(found.exchanges, 'exchange')} · {plural(found.sessions, 'session')} · {plural(found.findings, 'finding')}{days}"


def _rules(found: Figures) -> list[str]:
    if not found.rules:
        return [f" no findings; {plural(len(found.silent), 'rule')} ran"]
    rows = [
        (f"{SEVERITY_MARKS[Severity[one.severity.upper()]]} {one.code} {one.name}", f"{one.rate.hits:,} of {one.rate.of:,}", percent(one.rate),
         f"{one.sessions:,}", f"{one.causes:,}")
        for one in found.rules[:_RULES]
    ]  # fmt: skip
    lines = _table(("rule", "exchanges", "rate (95 %)", "sessions", "causes"), rows)
    left = len(found.rules) - _RULES
    rest = [f"{left} more rules with findings (--html)"] if left > 0 else []
    rest += [f"{plural(len(found.silent), 'rule')} ran and found nothing"] if found.silent else []
    return [*lines, *(f"   {' · '.join(rest)}" for _ in range(bool(rest)))]


def percent(rate: Rate) -> str:
    """Return a rate and its interval: `3.1 % (2.8 to 3.5)`."""
    if not rate.of:
        return "–"
    bounds = rate.interval
    return f"{100 * rate.share:.1f} % ({100 * bounds.low:.1f} to {100 * bounds.high:.1f})"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    held = [tuple(head), *map(tuple, rows)]
    wide = [max(len(row[at]) for row in held) for at in range(len(head))]
    made = []
    for row in held:
        cells = [cell.ljust(wide[at]) if at == 0 else cell.rjust(wide[at]) for at, cell in enumerate(row)]
        made.append(" " + "  ".join(cells).rstrip())
    return made


def _outliers(found: Figures) -> list[str]:
    if not found.outliers:
        return []
    lines = [
        f"   {one.code} with {_NAMES[one.dimension]} {excerpt(one.value, 40)}: {100 * one.here.share:.0f} % of {one.here.of:,}, "
        f"elsewhere {100 * one.elsewhere.share:.0f} % of {one.elsewhere.of:,}"
        for one in found.outliers[:_CAUSES]
    ]
    return ["", " stands out", *lines]


def _causes(causes: Sequence[Cause]) -> list[str]:
    lines = [f"   {one.code} {plural(one.exchanges, 'exchange')}: {excerpt(one.text, 140)}" for one in causes[:_CAUSES]]
    left = len(causes) - _CAUSES
    return [*lines, f"   {left} more (--html)"] if left > 0 else lines


def _drift(drift: Drift) -> list[str]:
    lines = ["", f" against {drift.baseline}"]
    moved = [one for one in drift.shifts if one.worse or one.better]
    lines += [
        f"   {'✗ worse ' if one.worse else '✓ better'} {one.code} {one.name}: {100 * one.before.share:.1f} % → {100 * one.now.share:.1f} % "
        f"({100 * one.difference.low:+.1f} to {100 * one.difference.high:+.1f} points)"
        for one in sorted(moved, key=lambda one: (not one.worse, one.code))
    ]
    if not moved:
        lines.append("   no rate moved for certain")
    lines += [f"   {what}: {before} → {now}" for what, before, now in drift.traffic]
    if drift.new:
        lines += [f" new causes: {len(drift.new)}", *_causes(drift.new)]
    if drift.gone:
        lines += [f" causes that are gone: {len(drift.gone)}", *_causes(drift.gone)]
    return lines


def _sessions(found: Figures) -> list[str]:
    if not found.worst:
        return []
    lines = [
        f"   {excerpt(one.session, 60)}  {plural(one.errors, 'error')}, {plural(one.warnings, 'warning')} in {plural(one.exchanges, 'exchange')} "
        f"({', '.join(one.codes[:6])})  {one.capture}"
        for one in found.worst[:_SESSIONS]
    ]
    return ["", " worst sessions", *lines]


def _surveyed(found: Surveyed) -> list[str]:
    lines = ["", f" cases against the traffic  {found.basis}"]
    lines += [
        f"   {SEVERITY_MARKS[one.severity]} {one.code} {one.name}: {excerpt(one.message, 140)}  {one.path}"
        for one in found.findings
    ]
    lines += [] if found.findings else ["   no drift and no gap was found"]
    return lines + [f"   not read  {excerpt(line, 140)}" for line in found.unread]
