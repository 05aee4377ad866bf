"""Where the values of calls with side effects come from, and when that is a finding.

Every reply goes to a sender whom only the mail named, and every edit to a file that only a search found: provenance alone
proves nothing. It is a finding where nobody asked for anything but an answer, or where what was private leaves.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis.directives.action import literals
from ctxdebug.analysis.directives.commands import reaching_out, verbatim
from ctxdebug.analysis.directives.dictated import dictated
from ctxdebug.analysis.directives.layout import Shape, layout
from ctxdebug.analysis.directives.leaks import RUN, leaks
from ctxdebug.analysis.directives.notes import noted
from ctxdebug.analysis.directives.obedience import distinctive, leaves, normal, warns
from ctxdebug.analysis.directives.side_effects import deed, outward
from ctxdebug.analysis.directives.tracing import PlacedSegment
from ctxdebug.analysis.directives.what_was_read import TracedValue, WhatWasRead, place_of
from ctxdebug.model import Kind, Role, Segment, ToolCall
from ctxdebug.text.patterns import lazy

__all__ = ["TracedValue", "place_of", "traced"]

_UNASKED = "which only untrusted text named, and nobody asked for such a deed"

_CARRIES = frozenset({"send", "publish", "pay", "grant"})
"""Side effects that give something to the one whom a value names."""
_GIVES = frozenset({"pay", "grant", "publish"})
"""Side effects that no question needs, whoever they are for."""
_RECIPIENT = lazy(
    r"[\w.+-]{1,64}@[\w-]{1,60}\.[\w.-]{2,60}|(?:https?://|www\.)\S{4,300}|[A-Z]{2}\d{2}[A-Z0-9 ]{8,32}|[A-Z]{2}\d{8,30}|\+\d[\d ()-]{6,20}"
)
_SHORTEST_TITLE = 12
_RECORDS = frozenset({Shape.JSON, Shape.RECORD, Shape.TABLE})
"""Shapes of text in which a value is a fact about somebody, and not said by anybody."""
_WORD = lazy(r"[^\W_]+")
_IMAGE = lazy(
    r"!\[[^\]\n]{0,200}\]\((https?://[^\s)]{4,900})\)|<img[^<>]{0,200}?src\s*=\s*[\"']?(https?://[^\s\"'>]{4,900})"
)


def traced(row: list[PlacedSegment], *, every: bool = False) -> Iterator[TracedValue]:
    """Yield the values of calls with side effects that untrusted text named first, and private text that leaves.

    Only those that are a finding; with `every`, the harmless ones too.
    """
    read = WhatWasRead()
    for placed in row:
        segment = placed.segment
        read.reach(placed)
        kind = deed(segment.call) if segment.call is not None and not segment.call.server_side else None
        if segment.call is not None and kind is not None:
            unasked = read.is_unasked(segment.call) and not read.names(segment.call.name)
            found = list(_values(segment, segment.call, read, kind, unasked=unasked)) if unasked or every else []
            if not any(one.why for one in found):
                found += _further(segment, segment.call, read, kind, unasked=unasked)
            yield from (one for one in found if every or one.why is not None)
        elif segment.role is Role.ASSISTANT and segment.kind is Kind.TEXT:
            yield from _in_images(segment, read)
        read.waiting.append(placed)


def _further(segment: Segment, call: ToolCall, read: WhatWasRead, kind: str, *, unasked: bool) -> Iterator[TracedValue]:
    """Yield what a call does that no single value tells: a command, a deed that a sentence dictates, a note, words that leave."""
    if unasked:
        yield from verbatim(segment, call, read, kind, _UNASKED)
        yield from _dictated(segment, call, read, kind)
    yield from reaching_out(segment, call, read, kind)
    yield from noted(segment, call, read)
    if outward(kind):
        yield from leaks(segment, read)


def _values(segment: Segment, call: ToolCall, read: WhatWasRead, kind: str, *, unasked: bool) -> Iterator[TracedValue]:
    for leaf in leaves(call):
        whole = (leaf.strip(),) if _RECIPIENT.fullmatch(leaf.strip()) else ()
        for value in whole or literals(leaf):
            if not (whole or distinctive(value) or (unasked and _titled(kind, value))) or warns(leaf, value):
                continue
            source = read.first_named(normal(value).rstrip("/"))
            if source is None:
                continue
            told = unasked and _weighs(kind, value, source) and not read.is_own_address(value)
            why = f"the call of {call.name} carries {value}, {_UNASKED}" if told else None
            places = (*place_of(segment.text, value), value, source, *place_of(source.text, value))
            yield TracedValue(segment, *places, why)


def _weighs(kind: str, value: str, source: Segment) -> bool:
    """Whether a value is worth a word where nobody asked for more than an answer: it says to whom, or what is bought or granted."""
    if kind not in _CARRIES:
        return False
    if _RECIPIENT.fullmatch(value):
        told = kind in _GIVES or layout(source.text).shape not in _RECORDS
        return told or _sentence_around(source.text, value)
    if _titled(kind, value):
        return True
    return kind == "pay" and any(c.isdigit() for c in value) and any(c.isalpha() for c in value)


def _titled(kind: str, value: str) -> bool:
    """Whether a value is the title or the text of something that is published."""
    return kind == "publish" and len(value) >= _SHORTEST_TITLE and value.count(" ") > 1


def _sentence_around(text: str, value: str) -> bool:
    """Whether a value is in running text, inside a record too."""
    at = text.lower().find(value.lower())
    return at >= 0 and len(_WORD.findall(_STRING_EDGE.split(text[max(0, at - 120) : at])[-1])) >= RUN // 2


_STRING_EDGE = lazy(r"(?<!\\)\"|\n")


def _dictated(segment: Segment, call: ToolCall, read: WhatWasRead, kind: str) -> Iterator[TracedValue]:
    """Yield the value of a call that one sentence of untrusted text dictates."""
    one = dictated(call, kind, read.segments)
    if one is not None:
        why = f"the call of {call.name} does what a sentence of untrusted text says, and nobody asked for it"
        yield TracedValue(segment, *place_of(segment.text, one.value), one.value, one.source, one.start, one.end, why)


def _in_images(segment: Segment, read: WhatWasRead) -> Iterator[TracedValue]:
    """Yield images in an answer whose address carries data to a host that only untrusted text named."""
    for match in _IMAGE.finditer(segment.text):
        url = match[1] or match[2]
        base, _, query = url.partition("?")
        host = base.split("/")[2] if base.count("/") > 1 else base
        values = [part.partition("=")[2] for part in query.split("&")]
        if not any(len(value) >= RUN for value in values):
            continue
        source = read.first_named(normal(host))
        if source is None or url in source.text:
            continue
        at, stop = place_of(source.text, host)
        yield TracedValue(
            segment,
            *match.span(),
            url,
            source,
            at,
            stop,
            f"the answer shows an image whose address carries data to {host}",
        )
