"""Places of a prompt where an application puts content, and those that were left empty."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

from ctxdebug.model import Kind, Role, Segment
from ctxdebug.records import record
from ctxdebug.text.abstention import is_empty
from ctxdebug.text.patterns import lazy

_ELEMENT = lazy(r"^[ \t]*<(?P<name>[A-Za-z][\w-]{1,30})>(?P<inner>[^<>]{0,200})</(?P=name)>[ \t]*$", re.MULTILINE)
LABEL = lazy(r"^[ \t#*]*(?P<name>[A-Za-z][\w ]{2,30}?)[ *]*:[ \t*]*(?P<inner>[^\n]{0,120})$", re.MULTILINE)
_HEADING = lazy(r"^(?P<level>#{1,6})[ \t]+(?P<name>[A-Za-z][A-Za-z ]{2,40}?)[ \t]*:?[ \t]*$", re.MULTILINE)
_LONGEST_REPORT = 120
"""Characters of a report that nothing was found."""
_BEFORE = 200
"""Characters before a heading in which the prompt may say that it shows a form."""
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
    loaded = json.loads(Path(__file__).with_name("slots.json").read_text("utf-8"))
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
        written = match["inner"].strip()
        if written:
            if written in phrases("literals"):
                continue  # what a language prints for nothing is a value that was not put in
            if is_empty(written) and (not _goes_on(after) or _label_first(after) or _ends_paragraph(after)):
                yield Slot(segment, *match.span(), match["name"].strip(), written)
        elif not _goes_on(after) or _label_first(after):
            yield Slot(segment, *match.span(), match["name"].strip())
        elif (report := _report(after)) is not None:
            yield Slot(segment, match.start(), match.end() + report[1], match["name"].strip(), report[0])
    if "#" in text:
        yield from _headed(segment, text)


def _headed(segment: Segment, text: str) -> Iterator[Slot]:
    """Headings for retrieved text under which there is nothing, or the report that nothing was found."""
    headings = list(_HEADING.finditer(text))
    for number, match in enumerate(headings):
        following = headings[number + 1] if number + 1 < len(headings) else None
        inner = text[match.end() : following.start() if following else len(text)]
        deeper = following is not None and len(following["level"]) > len(match["level"])
        if match["name"].lower() not in phrases("headings") or (deeper and not inner.strip()):
            continue
        if (not inner.strip() or (len(inner) < _LONGEST_REPORT and is_empty(inner))) and not shows_a_form(
            text[max(0, match.start() - _BEFORE) : match.start()]
        ):
            yield Slot(segment, match.start(), match.end(), match["name"], inner.strip())


def _report(after: str) -> tuple[str, int] | None:
    """Return the paragraph under a label and where it ends, where it says that nothing was found and another paragraph follows, or none."""
    paragraph = after.lstrip("\n").split("\n\n", 1)[0].rstrip()
    if not paragraph or len(paragraph) > _LONGEST_REPORT or after.startswith("\n\n\n") or not is_empty(paragraph):
        return None
    return paragraph.strip(), after.find(paragraph) + len(paragraph)


def _ends_paragraph(after: str) -> bool:
    """Whether a blank line follows."""
    return after.startswith(("\n\n", "\r\n\r\n"))


def shows_a_form(text: str) -> bool:
    """Whether words say that a form is shown (`use the format {name}: {value}`), which is no content that is missing."""
    low = text.lower()
    return any(phrase in low for phrase in phrases("shows_a_form"))


@cache
def phrases(kind: str) -> tuple[str, ...]:
    """Return a list of the table whose entries are split at bars."""
    loaded = json.loads(Path(__file__).with_name("slots.json").read_text("utf-8"))
    return tuple(str(loaded[kind]).split("|"))


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
