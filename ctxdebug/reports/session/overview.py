"""Several sessions on one screen: the list of them, and the rates of failures and findings over all their turns."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctxdebug.engine.session.rates import Rate, Table, rates
from ctxdebug.model import Severity
from ctxdebug.reports.addresses import shown_path
from ctxdebug.reports.session.words import tool_name
from ctxdebug.text.plural import plural
from ctxdebug.text.printable import clean_line, excerpt

if TYPE_CHECKING:
    from ctxdebug.engine.session.assembly import Session

_MOST_SESSIONS = 12
_MOST_ROWS = 6
_NAME = 44
"""Columns of a path."""


def overview(found: Sequence[Session], width: int) -> str:
    """Return the screen as text: the sessions with the most findings first, then a table for each thing that parts them."""
    turns = sum(len(session.turns) for session in found)
    lines = [f" {plural(len(found), 'session')} · {plural(turns, 'turn')}", ""]
    ranked = sorted(found, key=lambda session: (-_weight(session), -len(session.turns)))
    lines += [_line(session, width) for session in ranked[:_MOST_SESSIONS]]
    if len(found) > _MOST_SESSIONS:
        lines.append(f"   and {plural(len(found) - _MOST_SESSIONS, 'more session')}: --format json")
    tables = rates(found)
    marked = any(row.failed.hits for table in tables for row in table.rows)
    for table in tables:
        if len(table.rows) > 1:
            lines += ["", *_table(table, marked=marked)]
    unknown = [table.by for table in tables if len(table.rows) == 1]
    if unknown:
        lines += ["", f" all turns have the same {', '.join(unknown)}, or the logs do not say"]
    if not marked:
        lines.append(" no log marks a call as failed: whether any did is not known")
    first = shlex.quote(clean_line(ranked[0].paths[0]))
    several = sum(session.paths[0] == ranked[0].paths[0] for session in found) > 1
    name = f" --session {shlex.quote(clean_line(ranked[0].name))}" if several else ""
    lines += ["", f" next        ctxdebug session {first}{name}"]
    return "\n".join(lines) + "\n"


def _weight(session: Session) -> int:
    return sum(10 * finding.severity + 1 for finding, _ in session.findings)


def _line(session: Session, width: int) -> str:
    counts = [(word, sum(f.severity is level for f, _ in session.findings)) for level, word in
              ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.NOTE, "note"))]  # fmt: skip
    told = ", ".join(plural(number, word) for word, number in counts if number) or "-"
    form = tool_name(session.examined[0].snapshot.format)
    return clean_line(
        f"   {_tail(shown_path(session.paths[0])):<44} {form:<16} {plural(len(session.turns), 'turn'):>11}  {told}"
    )[:width].rstrip()


def _tail(path: str) -> str:
    """Return the end of a path, where its name is."""
    return path if len(path) <= _NAME else f"…{path[1 - _NAME :]}"


def _table(table: Table, *, marked: bool) -> list[str]:
    lines = [f" {'by ' + table.by:<24} {'turns':>6}   {'failed (95 % interval)':<28} findings (95 % interval)"]
    lines += [
        f"   {excerpt(row.name, 22):<22} {row.failed.turns:>6}   {_rate(row.failed) if marked else 'not known':<28} {_rate(row.found)}"
        for row in table.rows[:_MOST_ROWS]
    ]
    if len(table.rows) > _MOST_ROWS:
        lines.append(f"   and {len(table.rows) - _MOST_ROWS} more: --format json")
    return lines


def _rate(rate: Rate) -> str:
    if not rate.enough:
        return f"not enough data ({rate.hits})"
    return f"{rate.hits / rate.turns:.1%} ({rate.interval.low:.1%} to {rate.interval.high:.1%})"
