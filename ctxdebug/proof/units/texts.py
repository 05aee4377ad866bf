"""Documents, sections and sentences as units: stretches of the strings of a body. What is asked stays."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from ctxdebug.cases.body_edits import Stretch, documents, question, stretch_of, string_at
from ctxdebug.model import Kind, Provenance
from ctxdebug.proof.units.messages import asking_message
from ctxdebug.proof.units.unit import Cut, Unit, UnitKind
from ctxdebug.text.patterns import lazy
from ctxdebug.text.printable import excerpt
from ctxdebug.text.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.model import Snapshot

_SHOWN = 90
_WORDS = (Kind.TEXT, Kind.DOCUMENT, Kind.TOOL_RESULT)
_BLANK_LINE = lazy(r"\n[ \t]*\n\s*")
_HEADING = lazy(r"#{1,6} ")
_SPACE_AFTER = lazy(r"[ \t]*\n{0,2}")
_COMMA_AFTER = lazy(r"\s{0,20},\s{0,20}")
_COMMA_BEFORE = lazy(r",\s{0,20}\Z")
_TAG = lazy(r"</?[A-Za-z][^<>]{0,500}>")
_LETTER = lazy(r"[^\W\d_]")
_NEAR_END = 3
"""Sentences from the end within which a question is what the whole text leads to."""


def block_units(snapshot: Snapshot, body: dict[str, Any]) -> Iterator[Unit]:
    """Yield the documents of a request, and the sections of its other texts."""
    found = documents(snapshot, body)
    names = [
        segment.document.id or segment.document.title or ""
        for segment in snapshot.segments()
        if segment.kind is Kind.DOCUMENT
        and segment.document is not None
        and segment.provenance is not Provenance.AUTHORED
        and stretch_of(segment) is not None
    ]
    for number, (stretch, name) in enumerate(zip_longest(found, names[: len(found)], fillvalue="")):
        assert isinstance(stretch, Stretch)
        shown = excerpt(_TAG.sub(" ", stretch.text).strip() or stretch.text, _SHOWN)
        label = f"document {name}: {shown}" if name else shown
        cut = Cut(stretch.path, _with_separator(string_at(body, stretch.path), stretch))
        yield Unit(f"d{number}", UnitKind.DOCUMENT, label, (cut,))
    yield from _cut_texts(snapshot, UnitKind.SECTION, _sections, (Kind.TEXT, Kind.TOOL_RESULT))


def sentence_units(snapshot: Snapshot) -> Iterator[Unit]:
    """Yield the sentences of a request."""
    return _cut_texts(snapshot, UnitKind.SENTENCE, _sentences, _WORDS)


def asked_words(snapshot: Snapshot) -> str:
    """Return the words of a request that ask, and are no unit; empty where there are none."""
    message, asked = asking_message(snapshot), _asked(snapshot)
    if message is None or asked is None:
        return message.text.strip() if message is not None else ""
    for segment in message.segments:
        stretch = stretch_of(segment)
        if stretch is not None:
            parts = _sentences(segment.text)
            if asking := sorted(_asking(segment.text, parts, asked, stretch)):
                return "".join(segment.text[parts[number][0] : parts[number][1]] for number in asking).strip()
    return message.text.strip()


def _asked(snapshot: Snapshot) -> Stretch | None:
    """Return the last words of the user, where they are in the message that asks."""
    message, asked = asking_message(snapshot), question(snapshot)
    if message is None or asked is None:
        return None
    held = [stretch_of(segment) for segment in message.segments]
    return asked if any(one is not None and one.path == asked.path for one in held) else None


def _cut_texts(snapshot: Snapshot, kind: UnitKind, split: Any, kinds: tuple[Kind, ...]) -> Iterator[Unit]:
    asked = _asked(snapshot)
    for segment in snapshot.segments():
        stretch = stretch_of(segment)
        if segment.kind not in kinds or stretch is None:
            continue
        parts = split(segment.text)
        kept = _asking(segment.text, parts, asked, stretch) if asked is not None else frozenset()
        if len(parts) < 2 and kind is UnitKind.SECTION:
            continue
        for number, (start, end) in enumerate(parts):
            if number not in kept and _LETTER.search(_TAG.sub("", segment.text[start:end])):
                cut = Cut(stretch.path, (stretch.start + start, stretch.start + end))
                label = excerpt(segment.text[start:end], _SHOWN)
                yield Unit(f"{segment.id}.{number}", kind, label, (cut,))


def _asking(text: str, parts: list[tuple[int, int]], asked: Stretch, stretch: Stretch) -> frozenset[int]:
    """Return which parts of a text ask: the question near its end and what follows, else the question alone, else the last."""
    if asked.path != stretch.path or not stretch.start <= asked.start < stretch.end:
        return frozenset()
    lettered = [number for number, (start, end) in enumerate(parts) if _LETTER.search(_TAG.sub("", text[start:end]))]
    asking = [number for number in lettered if "?" in text[parts[number][0] : parts[number][1]]]
    if not asking:
        return frozenset(lettered[-1:])
    last = asking[-1]
    return frozenset(range(last, len(parts))) if last in lettered[-_NEAR_END:] else frozenset({last})


def _sentences(text: str) -> list[tuple[int, int]]:
    """Return the sentences of a text, each up to where the next begins."""
    starts = [start for start, _ in sentence_spans(text)]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def _sections(text: str) -> list[tuple[int, int]]:
    """Return the paragraphs of a text; under headings, each heading with what follows it."""
    starts = [0, *(match.end() for match in _BLANK_LINE.finditer(text))]
    headed = [start for start in starts if _HEADING.match(text, start)]
    if len(headed) > 1:
        starts = [0, *headed] if headed[0] else headed
    starts = [start for start in starts if start < len(text)]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def _with_separator(whole: str, stretch: Stretch) -> tuple[int, int]:
    """Return a document's characters with what sets it off from the next: a comma of a list, the line ends after it."""
    start, end = stretch.start, stretch.end
    if stretch.text[:1] in '{"[':
        comma: re.Match[str] | None = _COMMA_AFTER.match(whole, end)
        if comma is not None:
            return start, comma.end()
        before = _COMMA_BEFORE.search(whole, max(0, start - 21), start)
        return (before.start() if before is not None else start), end
    space = _SPACE_AFTER.match(whole, end)
    return start, space.end() if space is not None else end
