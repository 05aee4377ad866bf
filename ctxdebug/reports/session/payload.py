"""What the session's page knows: every text once, and each turn as what it keeps of the turn before and what it adds.

It is compressed, and read by the page's own script only. Secrets are masked and hidden characters shown before that.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.runs.tool_calls import title
from ctxdebug.analysis.turns.differences import Change, compare
from ctxdebug.model import Kind, Role, Segment
from ctxdebug.redaction.output import for_output
from ctxdebug.reports.page.blocks import role_of
from ctxdebug.text.printable import clean, clean_line, excerpt

if TYPE_CHECKING:
    from ctxdebug.engine.session.assembly import Session
    from ctxdebug.engine.session.turn import Turn

_LINE = 76
"""Characters of a line of the packed data."""
_LONGEST = 200_000
"""Characters of one text that the page holds; the rest is counted."""
_MOST_COMPARED = 60
"""Blocks that entered or left at one turn and are compared with each other."""


class Blocks:
    """The distinct texts of a session, by number."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, Kind], int] = {}
        self.rows: list[list[Any]] = []
        """For each text: its lane of colour, who said it, its tokens, itself."""

    def number(self, segment: Segment, tokens: int, names: dict[str, str]) -> int:
        """Return the number of a segment's text."""
        role = role_of(segment)
        key = (segment.text, role, segment.kind)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = len(self.rows)
            text = segment.text
            if len(text) > _LONGEST:
                text = f"{text[:_LONGEST]}\n… {len(text) - _LONGEST:,} more characters"
            self.rows.append([role, _who(segment, names), tokens, text])
        return found


def _who(segment: Segment, names: dict[str, str]) -> str:
    if segment.call is not None:
        return f"call {title(segment.call)}"
    if segment.kind is Kind.THINKING:
        return "reasoning"
    if segment.kind is Kind.TOOL_RESULT or segment.role is Role.TOOL:
        return names.get(segment.call_id or "", segment.tool or "result")
    if segment.document is not None:
        return segment.document.title or segment.document.id or "document"
    return segment.role.value


def payload(session: Session) -> str:
    """Return the page's data: gzip of JSON, in base64, in short lines."""
    text = json.dumps(_values(session), ensure_ascii=False, separators=(",", ":"))
    packed = base64.b64encode(gzip.compress(text.encode("utf-8", "backslashreplace"), 6, mtime=0)).decode("ascii")
    return "\n".join(packed[at : at + _LINE] for at in range(0, len(packed), _LINE))


def _values(session: Session) -> dict[str, Any]:
    blocks = Blocks()
    numbers = {id(finding): number for number, (finding, _) in enumerate(session.findings)}
    names = {
        s.call.id: title(s.call)
        for stretch in session.stretches
        for turn in stretch.turns[-1:]
        for m in turn.examined.snapshot.messages
        for s in m.segments
        if s.call is not None and s.call.id
    }
    before: dict[str, tuple[Turn, list[int], list[Segment]]] = {}
    turns = []
    for turn in session.turns:
        row, context, segments = _turn(turn, before.get(turn.lane), blocks, names)
        row["f"] = [numbers[id(finding)] for finding in turn.findings if id(finding) in numbers]
        turns.append(row)
        before[turn.lane] = turn, context, segments
    return {"blocks": [_shown(row) for row in blocks.rows], "turns": turns}


def _shown(row: Sequence[Any]) -> list[Any]:
    role, who, tokens, text = row
    return [role, clean_line(for_output(who)), tokens, clean(for_output(text))]


def _turn(
    turn: Turn, last: tuple[Turn, list[int], list[Segment]] | None, blocks: Blocks, names: dict[str, str]
) -> tuple[dict[str, Any], list[int], list[Segment]]:
    prompt = turn.examined.analysis.prompt
    old: list[int] = last[1] if last is not None else []
    if last is not None and last[0].examined is turn.examined:
        new = turn.examined.snapshot.messages[last[0].call.read : turn.call.read]
        added = [s for m in new for s in m.segments if s.text.strip()]
        context = old + [blocks.number(s, prompt.segments[s.id].value, names) for s in added]
        segments = last[2] + added
        shared = len(old)
    else:
        segments = [s for m in turn.context() for s in m.segments if s.text.strip()]
        context = [blocks.number(s, prompt.segments[s.id].value, names) for s in segments]
        shared = next(
            (n for n, (a, b) in enumerate(zip(old, context, strict=False)) if a != b), min(len(old), len(context))
        )
    answer = turn.call.answer
    said = [blocks.number(s, 0, names) for s in answer.segments if s.text.strip()] if answer is not None else []
    usage = turn.call.usage
    row: dict[str, Any] = {
        "n": turn.number, "l": brief(turn.lane, 60), "p": shared, "a": context[shared:], "y": said, "s": turn.call.sent,
        "r": int(turn.call.recorded), "u": round(turn.fill, 4) if turn.fill is not None else None,
        "c": usage.cache_read if usage is not None else None, "m": clean_line(turn.model_name or ""), "t": clean_line(turn.call.time or ""),
        "k": round(turn.cost, 6) if turn.cost is not None else None,
    }  # fmt: skip
    if turn.first and turn.stretch.began is not None:
        row["b"] = turn.stretch.began.value
    if last is not None and shared < len(old) and (pairs := _changed(last, old, shared, segments, context)):
        row["x"] = pairs
    return row, context, segments


def _changed(
    last: tuple[Turn, list[int], list[Segment]],
    old: list[int],
    shared: int,
    segments: list[Segment],
    context: list[int],
) -> list[list[int]]:
    """Return the blocks that are there in other words: [before, after] by their numbers."""
    kept, now = set(context), set(old)
    gone = [(n, s) for n, s in zip(old[shared:], last[2][shared:], strict=True) if n not in kept][:_MOST_COMPARED]
    new = [(n, s) for n, s in zip(context[shared:], segments[shared:], strict=True) if n not in now][:_MOST_COMPARED]
    numbers = {id(s): n for n, s in (*gone, *new)}
    return [
        [numbers[id(one.before)], numbers[id(one.after)]]
        for one in compare([s for _, s in gone], [s for _, s in new])
        if one.change in {Change.CHANGED, Change.CUT} and one.before is not None and one.after is not None
    ]


def brief(text: str, limit: int = 160) -> str:
    """Return a text as a line of the page that is there without its script: masked, and short."""
    return excerpt(for_output(text), limit)
