"""The verdict table as text, Markdown and JSON values."""

from __future__ import annotations

from typing import Any

from ctxdebug.gate.verdict import GateVerdict
from ctxdebug.reports.markdown import code
from ctxdebug.text.printable import clean_line

_WIDEST = 46


def text(verdict: GateVerdict) -> str:
    """Return a row a line, the verdict last."""
    rows = verdict.rows
    demand = max(len(row.demand) for row in rows)
    wanted = min(_WIDEST, max(len(row.wanted) for row in rows))
    lines = [
        clean_line(f" {row.word:<11}  {row.demand:<{demand}}  {row.wanted:<{wanted}}  {row.found}").rstrip()
        for row in rows
    ]
    return "\n".join([*lines, "", f"gate: {verdict.word}"]) + "\n"


def markdown(verdict: GateVerdict) -> str:
    """Return a table for a comment or a job's summary."""
    lines = [f"### ctxdebug gate: {verdict.word}", "", "| verdict | demand | wanted | found |", "|---|---|---|---|"]
    lines += [
        f"| **{row.word}** | {row.demand} | {row.wanted} | {code(row.found, cell=True)} |" for row in verdict.rows
    ]
    return "\n".join(lines) + "\n\n"


def values(verdict: GateVerdict) -> dict[str, Any]:
    """Plain values, version 1."""
    return {
        "version": 1,
        "verdict": verdict.word,
        "exit_code": verdict.exit_code,
        "rows": [
            {"demand": row.demand, "wanted": row.wanted, "found": clean_line(row.found), "verdict": row.word}
            for row in verdict.rows
        ],
    }
