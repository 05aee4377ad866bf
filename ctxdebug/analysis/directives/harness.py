"""What an agent harness itself puts into a conversation, told from imitations by its place.

A reminder in the user turn comes from the harness; the same tag inside a fetched page was written by whoever wrote the page.
The tags and sentences are data (`harness.toml`), each with the harness that it was seen in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ctxdebug.analysis.directives.action import literals
from ctxdebug.analysis.directives.cues import Frame
from ctxdebug.analysis.directives.directive import Passage
from ctxdebug.analysis.directives.tracing import PlacedSegment
from ctxdebug.model import Message, Role, Segment
from ctxdebug.text.patterns import lazy
from ctxdebug.text.toml_data import toml_data

_REST = 1200
"""Characters; a result or an appended block that a harness writes itself is not longer."""
_REMINDING = frozenset({Frame.SECRECY, Frame.BREAKOUT, Frame.DEED, Frame.URGENCY})
"""Frames that the reminders of harnesses have: they are not to be talked about."""
_ELSEWHERE = lazy(
    r"web|url|http|fetch|page|site|mail|message|search|issue|ticket|review|comment|chat|retriev", re.IGNORECASE
)
"""Tools that bring what others wrote elsewhere: no harness appends its reminders to that alone."""
_AGENT_PATH = lazy(
    r"\b(?:AGENTS?|CLAUDE|GEMINI|SKILL|CONVENTIONS)\.md\b|\.(?:cursor|windsurf|cline|goose)(?:rules|hints)?\b|copilot-instructions",
    re.IGNORECASE,
)
_BLANK = lazy(r"\s*")


class Harness(NamedTuple):
    """The tags and sentences of `harness.toml`."""

    tags: frozenset[str]
    appended: tuple[tuple[str, str], ...]
    results: tuple[str, ...]
    turns: tuple[str, ...]
    closings: tuple[str, ...]


@cache
def harness() -> Harness:
    """Return the data, read once."""
    data = toml_data(Path(__file__).with_name("harness.toml"))
    return Harness(
        frozenset(row["tag"] for row in data["block"]),
        tuple((row["tag"], row["begins"]) for row in data["appended"]),
        tuple(row["begins"] for row in data["result"]),
        tuple(row["begins"] for row in data["turn"]),
        tuple(row["begins"] for row in data["closing"]),
    )


def harness_blocks(messages: Sequence[Message]) -> frozenset[str]:
    """Return the ids of the segments that are the inside of a harness block in a user turn."""
    found: set[str] = set()
    for message in messages:
        if message.role is not Role.USER:
            continue
        row = message.segments
        for place in range(1, len(row) - 1):
            before, inside, after = row[place - 1 : place + 2]
            if inside.quoted and (tag := _opens(before.text)) and after.text.startswith(f"</{tag}>"):
                rest = after.text[len(tag) + 3 :]
                if _begins_part(before, tag, found, row, place) or _ends_part(rest, row, place):
                    found.add(inside.id)
    return frozenset(found)


def _opens(text: str) -> str | None:
    """Return the harness tag with which a text ends."""
    at = text.rfind("<")
    if at < 0 or not text.endswith(">"):
        return None
    tag = text[at + 1 : -1].partition(" ")[0]
    return tag if tag in harness().tags else None


def _begins_part(before: Segment, tag: str, found: set[str], row: Sequence[Segment], place: int) -> bool:
    """Whether a block's tag stands at the start of its content part, or right after another harness block."""
    head = before.text[: before.text.rfind(f"<{tag}")]
    if place >= 2 and row[place - 2].id in found:
        head = head.partition(">")[2]
        return not head.strip()
    starts = before.pieces and before.pieces[0].offset == 0
    return bool(starts) and not head.strip()


def _ends_part(rest: str, row: Sequence[Segment], place: int) -> bool:
    """Whether nothing but another harness block follows in the same content part."""
    if rest.strip():
        return _opens(rest.rstrip()) is not None and rest.strip().startswith("<")
    following = row[place + 2] if place + 2 < len(row) else None
    return following is None or bool(following.pieces and following.pieces[0].offset == 0)


def harness_turn(text: str) -> bool:
    """Whether a user turn was written by the harness and not typed."""
    return text.lstrip()[:200].startswith(harness().turns)


def harness_closing(text: str) -> tuple[int, int] | None:
    """Return the characters of the sentences with which a harness ends a user turn of its own; what stands before is a summary."""
    if not harness_turn(text):
        return None
    starts = [at for begins in harness().closings if (at := text.rfind(begins)) >= 0 and len(text) - at <= _REST]
    return (min(starts), len(text)) if starts else None


def reminds(segment: Segment, passage: Passage) -> bool:
    """Whether a passage is in a harness's block at the very end of what a local tool brought, and asks for nothing outside."""
    plain = segment.text.rstrip()
    tag = plain[plain.rfind("</") + 2 : -1] if plain.endswith(">") else ""
    start = plain.rfind(f"<{tag}>") if tag in harness().tags else -1
    if start < 0 or passage.start < start or len(plain) - start > _REST or not _REMINDING.issuperset(passage.frames):
        return False
    inner = plain[start + len(tag) + 2 : -len(tag) - 3]
    return segment.tool is not None and not _ELSEWHERE.search(segment.tool) and not literals(inner)


def harness_stretch(text: str) -> tuple[int, int] | None:
    """Return the characters of a tool result that the harness wrote itself: the whole of it, or a block at its very end."""
    if len(text) <= _REST and text.startswith(harness().results):
        return 0, len(text)
    for tag, begins in harness().appended:
        closing = f"</{tag}>"
        if not text.rstrip().endswith(closing):
            continue
        start = text.rfind(f"<{tag}>")
        inner = _BLANK.match(text, start + len(tag) + 2)
        if start >= 0 and inner and len(text) - start <= _REST and text.startswith(begins, inner.end()):
            return start, len(text)
    return None


def instruction_file(segment: Segment, row: Sequence[PlacedSegment]) -> bool:
    """Whether a tool result is what a call for an agents' instruction file brought."""
    calls = (one.segment.call for one in row if segment.call_id is not None)
    return any(call is not None and call.id == segment.call_id and _AGENT_PATH.search(call.arguments) for call in calls)
