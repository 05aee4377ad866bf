"""Where the values of calls with side effects come from, and when that is a finding.

Every reply goes to a sender whom only the mail named, and every edit to a file that only a search found: provenance alone
proves nothing. It is a finding where nobody asked for anything but an answer, or where what was private leaves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from ctxdebug.analysis.directives.action import literals
from ctxdebug.analysis.directives.dictated import dictated
from ctxdebug.analysis.directives.known import ReadBefore, TracedValue, place_of
from ctxdebug.analysis.directives.layout import Shape, layout
from ctxdebug.analysis.directives.leaving import leaks, secrets_passed, shown_outside
from ctxdebug.analysis.directives.obedience import distinctive, leaves, normal, warns
from ctxdebug.analysis.directives.remembered import remembered
from ctxdebug.analysis.directives.side_effects import deed, outward
from ctxdebug.analysis.directives.tracing import PlacedSegment
from ctxdebug.analysis.directives.unneeded import added_recipient, given_away, statement_run
from ctxdebug.model import Kind, Role, Segment, ToolCall
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording

_CARRIES = frozenset({"send", "publish", "pay", "grant"})
"""Side effects that give something to the one whom a value names."""
_RECIPIENT = lazy(
    r"[\w.+-]{1,64}@[\w-]{1,60}\.[\w.-]{2,60}|(?:https?://|www\.)\S{4,300}|[A-Z]{2}\d{2}[A-Z0-9 ]{8,32}|[A-Z]{2}\d{8,30}|\+\d[\d ()-]{6,20}"
)
_CHANGES = frozenset({"change", "delete"})
"""Side effects that stay here, and may be harmless: what they put in must itself act or lead outside."""
_LIVE = lazy(r"^=.{0,400}\(|(?:https?://|www\.)\S{4,300}|[\w.+-]{1,64}@[\w-]{1,60}\.[\w.-]{2,60}", re.DOTALL)
_COMMAND = wording("injection_provenance", "command")
_SHORTEST_COMMAND = 12
"""Characters; a shorter command is the same by chance."""
_RECORDS = frozenset({Shape.JSON, Shape.RECORD, Shape.TABLE})
"""Shapes of text in which a value is a fact about somebody, and not said by anybody."""
_FEW = 4
"""Words before a value in running text."""
_WORD = lazy(r"[^\W_]+")
_INSTALLED = wording("injection_provenance", "installed")
_RUNNING = wording("injection_provenance", "about running")
_FETCHED = wording("injection_provenance", "fetched and run")
_PREPARING = wording("injection_provenance", "preparing")
_UPLOADED = wording("injection_provenance", "uploaded")
_COMMENTED = lazy(r"(?:^|\n)[ \t]*(?:\d{1,6}[ \t:]{1,4})?[ \t]*(?:#|//|/?\*|--|;|<!--)[^\n]{0,200}\Z")


def traced(row: list[PlacedSegment], *, every: bool = False) -> Iterator[TracedValue]:
    """Yield the values of calls with side effects that untrusted text named first, and private text that leaves.

    Only those that are a finding; with `every`, the harmless ones too.
    """
    read = ReadBefore()
    for placed in row:
        segment = placed.segment
        read.reach(placed)
        kind = deed(segment.call) if segment.call is not None and not segment.call.server_side else None
        if segment.call is not None and kind is not None:
            found = list(_unasked(segment, segment.call, read, kind, every=every))
            yield from (one for one in found if every or one.why is not None)
            if outward(kind) and not any(one.why for one in found):
                yield from leaks(segment, read)
        elif segment.call is not None and not segment.call.server_side:
            yield from secrets_passed(segment, segment.call, read)
            if read.requests.looking:
                yield from statement_run(segment, segment.call, read)
        elif segment.role is Role.ASSISTANT and segment.kind is Kind.TEXT:
            yield from shown_outside(segment, read)
        read.add(placed)


def _unasked(segment: Segment, call: ToolCall, read: ReadBefore, kind: str, *, every: bool) -> Iterator[TracedValue]:
    """Yield the values of a call; a finding where the requests leave no room for it."""
    named = read.names(call.name)
    unasked = read.requests.looking and not named
    found = list(_values(segment, call, read, kind, unasked=unasked)) if unasked or every else []
    yield from found
    if any(one.why for one in found):
        return
    if unasked:
        told = [*_verbatim(segment, call, read, kind), *_dictated(segment, call, read, kind, _ANSWER, bare=True)]
        yield from told or given_away(segment, call, read, kind)
    elif not named and read.requests.beyond(call, kind):
        yield from _dictated(segment, call, read, kind, _OTHER, bare=False)
    elif kind == "run":
        yield from _fetched(segment, call, read)
    if kind == "send":
        yield from added_recipient(segment, call, read)
    if kind == "change":
        yield from remembered(segment, call, read)


def _values(segment: Segment, call: ToolCall, read: ReadBefore, kind: str, *, unasked: bool) -> Iterator[TracedValue]:
    for leaf in leaves(call):
        uploads = kind == "run" and _UPLOADED.search(leaf) is not None
        for value in literals(leaf):
            if not (distinctive(value) or (unasked and _titled(kind, value))) or warns(leaf, value):
                continue
            source = read.first(normal(value).rstrip("/"))
            if source is None:
                continue
            told = unasked and (_weighs(kind, value, source) or (uploads and _RECIPIENT.fullmatch(value) is not None))
            why = f"the call of {call.name} carries {value}, {_UNASKED}" if told else None
            places = (*place_of(segment.text, value), value, source, *place_of(source.text, value))
            yield TracedValue(segment, *places, why)


_UNASKED = "which only untrusted text named, and nobody asked for more than an answer"


def _weighs(kind: str, value: str, source: Segment) -> bool:
    """Whether a value is worth a word where nobody asked for more than an answer: it says to whom, or what is bought or granted."""
    if kind not in _CARRIES:
        return False
    if _RECIPIENT.fullmatch(value):
        return layout(source.text).shape not in _RECORDS or _sentence_around(source.text, value)
    if _titled(kind, value):
        return True
    return kind == "pay" and any(c.isdigit() for c in value) and any(c.isalpha() for c in value)


def _titled(kind: str, value: str) -> bool:
    """Whether a value is the title or the text of something that is published."""
    return kind == "publish" and len(value) >= _SHORTEST_COMMAND and value.count(" ") > 1


def _sentence_around(text: str, value: str) -> bool:
    """Whether a value is in running text, inside a record too."""
    at = text.lower().find(value.lower())
    return at >= 0 and len(_WORD.findall(_STRING_EDGE.split(text[max(0, at - 120) : at])[-1])) >= _FEW


_STRING_EDGE = lazy(r"(?<!\\)\"|\n")


def _verbatim(segment: Segment, call: ToolCall, read: ReadBefore, kind: str) -> Iterator[TracedValue]:
    """Yield a command that is run as untrusted text has it, and what is put into something as it stands there and acts or leads outside."""
    if kind != "run" and kind not in _CHANGES:
        return
    for leaf in leaves(call):
        wanted = normal(leaf).strip(" .,;:!'\"")
        if len(wanted) < _SHORTEST_COMMAND or warns(leaf, leaf):
            continue
        if not (_needless(leaf, read) if kind == "run" else _LIVE.search(leaf)):
            continue
        source = read.first(wanted) or read.first(json.dumps(wanted, ensure_ascii=False)[1:-1])
        if source is None:
            continue
        what = f"runs {leaf[:120]}" if kind == "run" else f"puts in {leaf[:120]}"
        why = f"the call of {call.name} {what}, {_UNASKED}"
        yield TracedValue(segment, *place_of(segment.text, leaf), leaf, source, *place_of(source.text, leaf), why)
        return


def _needless(command: str, read: ReadBefore) -> bool:
    """Whether a question needs no such command; to learn whether something runs, what it needs is installed."""
    if _COMMAND.search(command):
        return True
    return _INSTALLED.search(command) is not None and not read.requests.say(_RUNNING)


_ANSWER = "nobody asked for more than an answer"
_OTHER = "nobody asked for such a thing"


def _dictated(
    segment: Segment, call: ToolCall, read: ReadBefore, kind: str, asked: str, *, bare: bool
) -> Iterator[TracedValue]:
    """Yield the value of a call that one sentence of untrusted text dictates."""
    one = dictated(call, kind, read.segments, bare=bare)
    if one is not None:
        why = f"the call of {call.name} does what a sentence of untrusted text says, and {asked}"
        yield TracedValue(segment, *place_of(segment.text, one.value), one.value, one.source, one.start, one.end, why)


def _fetched(segment: Segment, call: ToolCall, read: ReadBefore) -> Iterator[TracedValue]:
    """Yield a command that fetches a program and runs it as a comment in a file has it, where no set-up was asked for."""
    for leaf in leaves(call):
        match = _FETCHED.search(leaf)
        if match is None or read.requests.say(_PREPARING):
            continue
        source = read.first(normal(match[0]).strip(" .,;:!'\""))
        at, stop = place_of(source.text, match[0]) if source is not None else (0, 0)
        if source is not None and _COMMENTED.search(source.text, max(0, at - 200), at):
            why = f"the call of {call.name} runs {match[0][:120]}, which only a comment in untrusted text named"
            yield TracedValue(segment, *place_of(segment.text, match[0]), match[0], source, at, stop, why)
            return
