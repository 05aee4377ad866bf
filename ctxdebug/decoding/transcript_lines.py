"""The lines of transcript notation: who speaks, and what they say, each with its place in the text."""

from __future__ import annotations

import re

from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

NEXT_TURN = "=== next turn ==="
"""A line that ends one exchange of a conversation and begins the next."""

_OPENING = lazy(
    r"^(?:(?P<role>system|developer|user|assistant)|(?P<kind>tool|call|tools)\[(?P<name>[^\]\n]{1,80})\]"
    r"|%[ ](?P<setting>[a-z_]{1,40})):[ ]?",
    re.MULTILINE,
)


@record(frozen=True, slots=True)
class Turn:
    """One turn: a role (or `%` for a setting), a tool's or setting's name, the text, and where that begins."""

    role: str
    name: str
    text: str
    start: int


def looks_like_transcript(text: str) -> bool:
    """Whether a text opens with a turn."""
    return _OPENING.match(text.lstrip("\ufeff \t\r\n")) is not None


def exchanges(text: str) -> list[tuple[int, int]]:
    """For each exchange of a transcript: its first turn, and the turn after its last."""
    openings = [opening.start() for opening in _OPENING.finditer(text)]
    breaks = [mark.start() for mark in re.finditer(rf"^{NEXT_TURN}[ \t]*$", text, re.MULTILINE)]
    starts = [0, *(sum(opening < mark for opening in openings) for mark in breaks)]
    return list(zip(starts, [*starts[1:], len(openings)], strict=True))


def turns(text: str) -> list[Turn]:
    """Return the turns of a transcript; none when it does not open with one. The line end before a turn belongs to nobody."""
    openings = list(_OPENING.finditer(text))
    if not openings or text[: openings[0].start()].strip("\ufeff \t\r\n"):
        return []
    ends = [opening.start() for opening in openings[1:]] + [len(text)]
    found = []
    for opening, end in zip(openings, ends, strict=True):
        body = text[opening.end() : end].rstrip("\r\n").removesuffix(NEXT_TURN).rstrip("\r\n")
        role = opening["role"] or opening["kind"] or "%"
        found.append(Turn(role, opening["name"] or opening["setting"] or "", body, opening.end()))
    return found
