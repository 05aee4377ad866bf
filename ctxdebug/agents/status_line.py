"""One line for an agent's status line: fill, replay, and a warning when something was lost or soon will be."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import IO, Any

from ctxdebug.agents.fill import Fill, fill
from ctxdebug.agents.log_tail import tail
from ctxdebug.agents.notes import Note, read_note

_MOST_INPUT = 1_000_000
_WARN, _END = "\x1b[33m", "\x1b[0m"
_LONGEST_QUOTE = 48


def run(given: IO[bytes], out: IO[str]) -> int:
    """Read what the agent says of itself, and print the line; always 0, for an agent shows no line of a command that failed."""
    told = said(given)
    log = told.get("transcript_path")
    known = isinstance(log, str)
    note = read_note(log) if isinstance(log, str) else Note()
    found = fill(told, tail(log) if isinstance(log, str) else tail(""), note, os.environ)
    out.write(line(found, note, color="NO_COLOR" not in os.environ, log=known) + "\n")
    return 0


def said(given: IO[bytes]) -> Mapping[str, Any]:
    """Return the JSON object that an agent gives to its commands; an empty one where it is none."""
    try:
        held = json.loads(given.read(_MOST_INPUT))
    except (ValueError, OSError, RecursionError):
        return {}
    return held if isinstance(held, dict) else {}


def line(found: Fill, note: Note, *, color: bool = False, log: bool = True) -> str:
    """Return the line; what is not known is left out, and never guessed."""
    parts = [_size(found)] if found.prompt is not None else ["no call yet" if log else "no log was named"]
    if found.resent is not None:
        parts.append(f"{found.resent:.0%} resent")
    if found.cached is not None:
        parts.append(f"{found.cached:.0%} cached")
    if note.why_not and not note.lost:
        parts.append("? what the compaction lost is not known")
    warnings = warned(found, note)
    marked = [f"{_WARN}! {one}{_END}" if color else f"! {one}" for one in warnings]
    return " · ".join([*parts, *marked])


def warned(found: Fill, note: Note) -> list[str]:
    """Return the warnings, without what was captured but for the beginning of a lost instruction."""
    told = []
    if note.lost:
        count = len(note.lost)
        quote = "".join(letter if letter.isprintable() else "?" for letter in note.lost[0])
        short = quote if len(quote) <= _LONGEST_QUOTE else quote[:_LONGEST_QUOTE].rstrip() + "…"
        told.append(f"{count} standing instruction{'s' if count > 1 else ''} lost by the compaction: “{short}”")
    if found.near:
        told.append("a compaction is near")
    return told


def _size(found: Fill) -> str:
    assert found.prompt is not None
    return (
        f"{_short(found.prompt)} tokens"
        if found.window is None
        else f"{found.prompt / found.window:.0%} of {_short(found.window)}"
    )


def _short(number: int) -> str:
    return (
        f"{number / 1_000_000:g}M"
        if number >= 1_000_000 and number % 100_000 == 0
        else f"{number / 1000:.0f}k"
        if number >= 1000
        else str(number)
    )
