"""Places of a prompt where an application puts content, and those that were left empty."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from itertools import pairwise

from ctxdebug.model import Kind, Role, Segment
from ctxdebug.records import record
from ctxdebug.text.abstention import is_empty
from ctxdebug.text.patterns import lazy

_ELEMENT = lazy(r"^[ \t]*<(?P<name>[A-Za-z][\w-]{1,30})>(?P<inner>[^<>]{0,200})</(?P=name)>[ \t]*$", re.MULTILINE)
LABEL = lazy(r"^[ \t#*]*(?P<name>[A-Za-z][\w ]{2,30}?)[ *]*:[ \t*]*(?P<inner>[^\n]{0,120})$", re.MULTILINE)
LONGEST = 200_000
"""Characters of a segment that are read."""
_TOLD = frozenset({Role.SYSTEM, Role.DEVELOPER, Role.USER})


@record(frozen=True, slots=True)
class Slot:
    """A place for content: its segment, its span there, its name, and what is written in it (empty: nothing)."""

    segment: Segment
    start: int
    end: int
    name: str
    written: str = ""


@cache
def names(kind: str) -> frozenset[str]:
    """Return the names of one kind of place (`result`, `other`, `must_hold`), in lower case; neighbours also as pairs of words."""
    loaded = json.loads((files("ctxdebug.analysis.sources") / "slots.json").read_text("utf-8"))
    words = str(loaded[kind]).split()
    pairs = {f"{a} {b}" for a, b in pairwise(words)}
    return frozenset(words) | pairs


def empty_slots(segments: Iterable[Segment]) -> tuple[Slot, ...]:
    """Places for retrieved text that hold nothing, or only the report that nothing was found."""
    return tuple(slot for segment in authored(segments) for slot in _empty(segment))


def authored(segments: Iterable[Segment]) -> Iterator[Segment]:
    """Return what the application wrote: the texts of system and user messages, and what stands in them as a document."""
    kinds = {Kind.TEXT, Kind.DOCUMENT}
    return (one for one in segments if one.role in _TOLD and one.kind in kinds and not one.quoted)


def _empty(segment: Segment) -> Iterator[Slot]:
    text = segment.text[:LONGEST] if segment.kind is Kind.TEXT else ""
    if "</" in text:
        for match in _ELEMENT.finditer(text):
            if plain(match["name"]) in names("result") and is_empty(match["inner"]):
                yield Slot(segment, *match.span(), match["name"])
    for match in LABEL.finditer(text):
        if plain(match["name"]) not in names("result"):
            continue
        after = text[match.end() :]
        if match["inner"].strip():
            if is_empty(match["inner"]) and not _goes_on(after):
                yield Slot(segment, *match.span(), match["name"].strip(), match["inner"].strip())
        elif not _goes_on(after) or _label_first(after):
            yield Slot(segment, *match.span(), match["name"].strip())


def _goes_on(after: str) -> bool:
    """Whether text follows in the same paragraph, or after one blank line."""
    return bool(after.strip())


def _label_first(after: str) -> bool:
    """Whether the next thing is another label (`Question: …`), with a blank line before it."""
    found = LABEL.match(after.lstrip("\n"))
    blank = len(after) - len(after.lstrip("\n"))
    return (
        bool(found) and blank > 1 and plain(found["name"]) in (names("other") | {"answer", "helpful answer"})
        if found
        else False
    )


def plain(name: str) -> str:
    """Return a label as the table writes it: lower case, and underscores unless the table has it with spaces."""
    low = name.lower().strip()
    return low if low in names("result") | names("other") else low.replace(" ", "_")
