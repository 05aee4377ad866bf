"""Answers that a server did not parse: a tool call left as text, tags of a chat template, nothing but reasoning.

The signs are rows of `broken_answers.json`. In code, quotations and talk about models they are shown, not meant.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctxdebug.model import FinishReason, Kind, Segment
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from ctxdebug.model import Snapshot

_FENCE = lazy(r"```|~~~|`")
_EDGE = 60
"""Characters from the end of an answer within which a closing tag is a leak, and not talk about it."""


@record(frozen=True, slots=True)
class Broken:
    """A sign, at characters `start` to `end` of a segment; without a segment the answer is empty."""

    kind: str
    """`call`, `tag`, `empty` or `reasoning only`."""
    words: str
    segment: Segment | None = None
    start: int = 0
    end: int = 0


@cache
def _rows() -> tuple[tuple[re.Pattern[str], dict[str, Any]], ...]:
    held = json.loads(Path(__file__).with_name("broken_answers.json").read_bytes())["rows"]
    return tuple((lazy(row["pattern"]), row) for row in held)


def broken_answer(snapshot: Snapshot) -> Broken | None:
    """Return the first sign that the answer is not what the model meant to send; None where there is none."""
    segments = list(snapshot.answer_segments())
    if snapshot.error is not None or not snapshot.has_response or not snapshot.answer:
        return None
    called = any(segment.kind is Kind.TOOL_CALL for segment in segments)
    for segment in segments:
        if segment.kind is Kind.TEXT:
            found = next(_signs(snapshot, segment, called=called), None)
            if found is None and not called:
                found = _bare_call(snapshot, segment)
            if found is not None:
                return found
    return None if called else _nothing(snapshot, segments)


def _signs(snapshot: Snapshot, segment: Segment, *, called: bool) -> Iterator[Broken]:
    text = segment.text
    for pattern, row in _rows():
        if row["kind"] == "call" and (called or not snapshot.tools):
            continue
        found = pattern.search(text)
        if found is None or _shown(text, found.start()):
            continue
        if row.get("start") and text[: found.start()].rpartition("\n")[2].strip():
            continue
        inside = row["kind"] == "tag" and not row.get("anywhere")
        if inside and found.start() > 2 and found.end() < len(text.rstrip()) - _EDGE:
            continue
        yield Broken(row["kind"], f"{row['name']} ({row['family']})", segment, found.start(), found.end())


def _bare_call(snapshot: Snapshot, segment: Segment) -> Broken | None:
    """Return an answer that is nothing but the JSON of a call of a declared tool, as Llama 3 writes calls without any tag."""
    text = segment.text.strip()
    if (
        not snapshot.tools
        or snapshot.settings.response_format is not None
        or text[:1] != "{"
        or len(text) > _LONGEST_CALL
    ):
        return None
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        return None
    arguments = held.get("parameters", held.get("arguments"))
    if not isinstance(arguments, dict) or held.get("name") not in {tool.name for tool in snapshot.tools}:
        return None
    start = segment.text.index("{")
    return Broken(
        "call", f"JSON with the name of {held['name']} (Llama 3 and others)", segment, start, start + len(text)
    )


_LONGEST_CALL = 20_000
"""Characters."""


def _shown(text: str, at: int) -> bool:
    """Whether a place stands in code or quotation marks."""
    opened = sum(1 for _ in _FENCE.finditer(text, 0, at)) % 2
    return bool(opened) or text[at - 1 : at] in {'"', "'", "“", "‘"}


def _nothing(snapshot: Snapshot, segments: list[Segment]) -> Broken | None:
    """Return an answer that ended by itself and says nothing, or says it in the reasoning only."""
    finish = snapshot.finish
    if finish is None or finish.reason is not FinishReason.STOP:
        return None
    if any(segment.text.strip() for segment in segments if segment.kind is not Kind.THINKING):
        return None
    if any(segment.kind in {Kind.MEDIA, Kind.OPAQUE} for segment in segments):
        return None
    thought = next((segment for segment in segments if segment.kind is Kind.THINKING and segment.text.strip()), None)
    if thought is not None:
        return Broken("reasoning only", "the reasoning", thought, 0, len(thought.text))
    return Broken("empty", "nothing")
