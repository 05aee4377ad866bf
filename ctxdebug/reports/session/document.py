"""Sessions as JSON: a documented shape of its own; the schema is `session.schema.json` beside this file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.runs.cache_breaks import Cause
from ctxdebug.engine.session.figures import Figures, figures
from ctxdebug.engine.session.rates import Rate, failed_turns, rates
from ctxdebug.engine.session.survival import Fate, Survival, survival
from ctxdebug.reports.json_document import finding_value
from ctxdebug.reports.json_text import json_object
from ctxdebug.reports.session.words import NOT_EXAMINED, not_logged, tool_name
from ctxdebug.text.printable import excerpt

if TYPE_CHECKING:
    from ctxdebug.engine.report import Report
    from ctxdebug.engine.session.assembly import Session
    from ctxdebug.engine.session.turn import Stretch, Turn

VERSION = 1
_MOST_BLOCKS = 100


def session_json(found: Sequence[Session], report: Report) -> str:
    """Return the sessions, the rates over all of them, and what could not be read."""
    return json_object(session_document(found, report))


def session_document(found: Sequence[Session], report: Report) -> dict[str, Any]:
    """Return the same as plain values."""
    return {
        "version": VERSION,
        "sessions": [_session(session) for session in found],
        "rates": [
            {"by": table.by, "rows": [{"name": row.name, "failed": _rate(row.failed), "found": _rate(row.found)} for row in table.rows]}
            for table in rates(found)
        ],
        "not_checked": [NOT_EXAMINED],
        "problems": [{"path": one.path, "pointer": one.pointer, "message": one.message, "fatal": one.fatal} for one in report.problems],
    }  # fmt: skip


def _rate(rate: Rate) -> dict[str, Any]:
    interval = rate.interval
    return {
        "hits": rate.hits,
        "turns": rate.turns,
        "low": round(interval.low, 4),
        "high": round(interval.high, 4),
        "enough": rate.enough,
    }


def _session(session: Session) -> dict[str, Any]:
    found, kept, failed = figures(session), survival(session), failed_turns(session)
    return {
        "name": session.name,
        "paths": session.paths,
        "format": session.examined[0].snapshot.format,
        "tool": tool_name(session.examined[0].snapshot.format),
        "lanes": session.lanes,
        "left_messages": session.left,
        "turns": [_turn(turn, turn.number in failed) for turn in session.turns],
        "boundaries": [_boundary(stretch) for stretch in session.stretches if stretch.began is not None and stretch.turns],
        "figures": _figures(found),
        "cache_losses": [
            {"turn": one.turn.number, "tokens": one.tokens, "cause": _cause(one.cause), "seconds": one.seconds, "price": one.price}
            for one in found.lost
        ],
        "sent": [
            {"who": block.who, "title": block.title, "tokens": block.tokens, "times": block.times, "first": block.first}
            for block in found.blocks[:_MOST_BLOCKS]
        ],
        "survival": _survival(kept),
        "findings": [{"turn": turn.number, **finding_value(finding)} for finding, turn in session.findings],
        "not_logged": not_logged(session),
    }  # fmt: skip


def _turn(turn: Turn, failed: bool) -> dict[str, Any]:
    call, usage = turn.call, turn.call.usage
    return {
        "number": turn.number,
        "lane": turn.lane,
        "model": turn.model_name,
        "time": call.time,
        "messages": call.read,
        "prompt_tokens": call.sent,
        "recorded": call.recorded,
        "window": turn.window.tokens if turn.window is not None else None,
        "fill": round(turn.fill, 4) if turn.fill is not None else None,
        "cache_read": usage.cache_read if usage is not None else None,
        "cache_write": usage.cache_write if usage is not None else None,
        "output_tokens": usage.output if usage is not None else None,
        "cost": turn.cost,
        "answered": excerpt(call.answer.text, 200) if call.answer is not None else None,
        "failed": failed,
        "findings": [finding.code for finding in turn.findings],
    }


def _boundary(stretch: Stretch) -> dict[str, Any]:
    assert stretch.began is not None
    return {
        "turn": stretch.turns[0].number,
        "lane": stretch.lane,
        "kind": stretch.began.value,
        "recorded": stretch.by_record,
        "trigger": stretch.trigger,
        "tokens_before": stretch.tokens_before,
    }


def _figures(found: Figures) -> dict[str, Any]:
    return {
        "sent": found.sent, "unique": found.unique, "replay": round(found.replay, 2), "recorded_turns": found.recorded,
        "cache_read": found.cached, "not_in_capture": found.unseen, "tool_calls": found.uses, "failed_calls": found.failed,
        "stale_tokens": found.stale, "cost": found.cost, "priced_turns": found.priced, "seconds": found.seconds, "models": found.models,
        "rereads": [{"call": group.uses[0].title, "times": group.times} for group in found.rereads],
        "loops": [{"call": group.uses[0].title, "times": group.times, "failed": group.uses[0].failed} for group in found.loops],
    }  # fmt: skip


def _survival(kept: Survival) -> dict[str, Any]:
    return {
        "complete": kept.complete,
        "instructions": [
            {
                "text": excerpt(one.text, 400),
                "entered": one.entered.number,
                "last": one.last.number,
                "fate": _fate(one.fate),
                "compacted": one.at.number if one.at is not None else None,
                "broken": one.broken.number if one.broken is not None else None,
                "answers_checked": one.checked,
                "not_checked": one.why or None,
            }
            for one in kept.instructions
        ],
        "values": [
            {"what": one.what, "text": excerpt(one.text, 200), "lost": one.at.number, "used": one.used.number if one.used is not None else None}
            for one in kept.values
        ],
    }  # fmt: skip


def _fate(fate: Fate | None) -> str | None:
    return None if fate is None else fate.name.lower()


def _cause(cause: Cause) -> str:
    return cause.name.lower()
