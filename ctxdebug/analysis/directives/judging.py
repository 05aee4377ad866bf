"""Directives in a conversation: every untrusted segment read, and each directive judged by what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ctxdebug.analysis.directives.action import action, content_words, groups, literals, plain
from ctxdebug.analysis.directives.cues import Frame, marks
from ctxdebug.analysis.directives.directive import Action, Addressee, Directive, Found, Grade, Obedience, Passage
from ctxdebug.analysis.directives.envelope import delimiters, strays
from ctxdebug.analysis.directives.obedience import (
    Ground,
    Reading,
    answer_obeys,
    call_obeys,
    follows_up,
    normal,
    only_looks,
    reading,
)
from ctxdebug.analysis.directives.reading import STRONG, is_order, passages
from ctxdebug.analysis.directives.scorer import Channel
from ctxdebug.analysis.directives.units import units
from ctxdebug.model import Authority, Kind, Provenance, Role, Segment, Snapshot, Trust

_READ = frozenset({Kind.TEXT, Kind.DOCUMENT, Kind.TOOL_RESULT})
_DELEGATED = re.compile(
    r"\b(?:follow|do|complete|execute|carry out|act on|handle|apply|perform|implement|work through|take care of|process|obey|use)\b[^.!?\n]{0,40}?"
    r"\b(?:instructions?|steps|tasks?|to-?dos?|action items|requests?|guidelines|directions|actions|whatever|what(?:ever)? (?:it|they|he|she|the \w+) (?:says?|asks?|wants?|tells?))\b"
    r"[^.!?\n]{0,60}?\b(?:in|from|of|on|at|there|it says|attached|below|listed|given|described|sent|wrote|asks?|says?)\b",
    re.IGNORECASE,
)
_HUMAN = re.compile(
    r"\b(?:dear|hi|hello|hey)\s+(?!ai\b|assistant|model|claude|chatgpt)[A-Z]\w+|\b(?:all|team|everyone|folks|colleagues),",
    re.IGNORECASE,
)
_PLEASANTRY = frozenset({"before-task", "claimed-author", "addressee"})
AFTER = 160
"""Characters after a passage that still belong to what it asks for."""
SAME_TOPIC = 0.34
"""The share of a directive's words that the rest of its segment must share for it to be on the topic."""
TURNS = re.compile(r"(?:^|\n)(?:Human|User): [^\n]*[\s\S]*\n(?:Assistant|AI): ?")


@dataclass(frozen=True, slots=True)
class Order:
    """A segment with its place in the reading order of the exchange."""

    place: int
    message: int
    segment: Segment


def directives(snapshot: Snapshot) -> tuple[Directive, ...]:
    """Every directive in text that has no authority, in reading order, with the verdict of the conversation."""
    row = [Order(place, index, segment) for place, (index, segment) in enumerate(_in_order(snapshot))]
    untrusted = [order for order in row if is_untrusted(order.segment)]
    if not untrusted:
        return ()
    broken = tuple(_broken_out(snapshot))
    found = [
        (order, passage)
        for order in untrusted
        for passage in passages(order.segment.text, Channel.DATA, *_envelope(snapshot, order.segment))
    ]
    readings = Readings(row, found)
    return (*broken, *(_judged(order, passage, snapshot, row, readings) for order, passage in found))


def _broken_out(snapshot: Snapshot) -> Iterator[Directive]:
    """Where a message closes the envelope of its document once too often: the text in between was the document's."""
    for message in snapshot.messages:
        inside = [segment for segment in message.segments if is_untrusted(segment)]
        if not inside or message.role is Role.TOOL:
            continue
        text = "".join(
            segment.text if segment.authority > Authority.NONE else " " * len(segment.text)
            for segment in message.segments
        )
        for start, end, name in strays(text):
            at = 0
            for segment in message.segments:
                inside_it = at <= start < at + len(segment.text) and end <= at + len(segment.text)
                if inside_it and is_order(segment.text[start - at : end - at], Channel.DATA):
                    passage = Passage(
                        start - at,
                        end - at,
                        start - at,
                        end - at,
                        Found.BREAKOUT,
                        0.0,
                        (),
                        (Frame.BREAKOUT,),
                        how=f"the closing </{name}> of the envelope around it",
                    )
                    yield Directive(
                        segment, passage, Addressee.MODEL, action(segment.text[start - at : end - at]), Grade.FRAMED
                    )
                at += len(segment.text)


def overrides(snapshot: Snapshot) -> tuple[Directive, ...]:
    """Passages in what the user says with the user's own authority that try to lift the orders above it."""
    if not any(segment.authority >= Authority.DEVELOPER for segment in snapshot.segments()):
        return ()
    found: list[Directive] = []
    for segment in snapshot.segments():
        if segment.authority is Authority.USER and segment.kind is Kind.TEXT and segment.role is Role.USER:
            for passage in passages(segment.text, Channel.USER):
                grade = (
                    Grade.DOWNGRADED
                    if passage.reason
                    else Grade.FRAMED
                    if STRONG.intersection(passage.frames)
                    else Grade.BARE
                )
                found.append(
                    Directive(
                        segment,
                        passage,
                        Addressee.MODEL,
                        action(segment.text[passage.start : passage.end]),
                        grade,
                        passage.reason,
                    )
                )
    return tuple(found)


def is_untrusted(segment: Segment) -> bool:
    """Whether a segment's words have no authority, nobody vouches for them, and the model did not write them."""
    return (
        segment.authority is Authority.NONE
        and segment.trust is Trust.UNTRUSTED
        and segment.kind in _READ
        and segment.provenance is not Provenance.MODEL_OUTPUT
        and segment.role is not Role.ASSISTANT
        and len(segment.text) > 3
    )


def _in_order(snapshot: Snapshot) -> Iterator[tuple[int, Segment]]:
    count = 0
    for message in (*snapshot.messages, *snapshot.answer):
        for segment in message.segments:
            yield count, segment
        count += 1


def _envelope(snapshot: Snapshot, segment: Segment) -> tuple[tuple[str, ...], bool]:
    """What would close the envelope around a segment, and whether the request is laid out as turns in one text."""
    for message in snapshot.messages:
        if segment in message.segments:
            at = message.segments.index(segment)
            before = "".join(one.text for one in message.segments[:at])[-400:]
            after = "".join(one.text for one in message.segments[at + 1 :])[:400]
            return (*delimiters(before, after), *_own_envelope(segment.text)), bool(
                TURNS.search(message.text[:20_000])
            ) and len(message.segments) > 1
    return (), False


def _own_envelope(text: str) -> tuple[str, ...]:
    """The tag that a segment begins and ends with itself: a document whose tags belong to it."""
    opening = re.match(r"\s*<([A-Za-z][\w:-]{1,40})(?:\s[^<>]{0,300})?>", text)
    if opening and re.search(rf"</{re.escape(opening[1])}\s?>\s*$", text):
        return ()
    return ()


def _judged(order: Order, passage: Passage, snapshot: Snapshot, row: list[Order], readings: Readings) -> Directive:
    segment = order.segment
    words = passage.decoded or segment.text[passage.start : passage.end]
    tools = _tool_names(snapshot, row)
    after = "" if passage.decoded else segment.text[passage.end : passage.end + AFTER]
    requests = _requests(words, after)
    asked = action("\n".join(requests), tools)
    known = readings.before(order)
    raised = _raised(passage, asked, known, segment)
    obeyed = tuple(
        _obedience(order, [action(one, tools) for one in requests], known, row, readings, framed=_framed(passage))
    )
    authorised = _asked_by(asked, row, order)
    addressee = _addressee(words, segment, passage)
    grade, reason = _grade(passage, addressee, authorised, segment, row)
    if obeyed and grade is Grade.DOWNGRADED and authorised is None:
        reason = f"{reason}, and obeyed all the same"
    return Directive(
        segment, passage, addressee, asked, grade, reason, authorised, raised, obeyed if authorised is None else ()
    )


def _framed(passage: Passage) -> bool:
    return passage.found is not Found.READING or bool(STRONG.intersection(passage.frames))


def _requests(words: str, after: str) -> list[str]:
    """The parts of a directive that ask for something: without greetings, signatures and words about itself.

    A sentence comes with the next one ("I need a lamp. Please order it."), also with the first one after the passage.
    """
    pieces = _pieces(plain(words))
    following = _pieces(plain(after))[:1]
    row = [*pieces, *following]
    return [" ".join(row[index : index + 2]) for index in range(len(pieces))] or [words]


def _pieces(words: str) -> list[str]:
    kept = []
    for unit in units(words):
        piece = words[unit.start : unit.end]
        about_itself = _PLEASANTRY.intersection(mark.cue.name for mark in marks(piece)) and not literals(piece)
        if not about_itself and content_words(piece):
            kept.append(piece)
    return kept


def _tool_names(snapshot: Snapshot, row: list[Order]) -> list[str]:
    return [*(tool.name for tool in snapshot.tools), *(order.segment.call.name for order in row if order.segment.call)]


class Readings:
    """Every segment made comparable once; the directives are cut out of what they stand in."""

    def __init__(self, row: list[Order], found: list[tuple[Order, Passage]]) -> None:
        self._row = row
        self._found = found
        self._known: dict[int, Reading] = {}

    def of(self, order: Order) -> Reading:
        """One segment's text, without its directives where it has no authority."""
        if order.place not in self._known:
            text = order.segment.text
            if order.segment.authority is Authority.NONE:
                text = _without(text, [passage for other, passage in self._found if other.place == order.place])
            self._known[order.place] = reading(text)
        return self._known[order.place]

    def add(self, ground: Ground, order: Order) -> None:
        """Let the ground know what a segment says; the model's own words add nothing."""
        if order.segment.authority > Authority.NONE:
            ground.authority.append(self.of(order))
        elif order.segment.provenance is not Provenance.MODEL_OUTPUT and order.segment.role is not Role.ASSISTANT:
            ground.elsewhere.append(self.of(order))

    def before(self, order: Order) -> Ground:
        """What the model had read when it came to a segment, and in it besides its directives."""
        ground = Ground()
        for one in self._row[: order.place + 1]:
            self.add(ground, one)
        return ground


def _without(text: str, cut: list[Passage]) -> str:
    for passage in sorted(cut, key=lambda one: one.start, reverse=True):
        text = text[: passage.start] + " " + text[passage.end :]
    return text


def _obedience(
    order: Order, requests: list[Action], known: Ground, row: list[Order], readings: Readings, *, framed: bool
) -> Iterator[Obedience]:
    seen: set[tuple[str, str]] = {
        (one.segment.call.name, one.segment.call.arguments) for one in row[: order.place] if one.segment.call
    }
    lookups: dict[str | None, Action] = {}
    brought: dict[str, Action] = {}
    for one in row[order.place + 1 :]:
        segment = one.segment
        if segment.call_id in lookups:
            asked = lookups[segment.call_id]
            brought |= {
                normal(value): asked for value in literals(plain(segment.text)) if not known.read(normal(value))
            }
        readings.add(known, one)
        if one.message <= order.message:
            continue
        if segment.call is not None:
            key = (segment.call.name, segment.call.arguments)
            if key in seen:
                continue
            seen.add(key)
            for asked in requests:
                shown = call_obeys(segment, asked, known, framed=framed)
                if shown and only_looks(segment.call, asked):
                    lookups[segment.call.id] = asked
                    continue
                if shown := shown or follows_up(segment, asked, frozenset(brought)):
                    yield shown
                    break
        elif framed and segment.role is Role.ASSISTANT and segment.kind is Kind.TEXT:
            if shown := next(filter(None, (answer_obeys(segment, asked, known) for asked in requests)), None):
                yield shown


def _asked_by(asked: Action, row: list[Order], order: Order) -> str | None:
    """The segment in which somebody with authority asked for this very action: the same values, or the same deed on the same thing."""
    for one in row:
        if one.segment.authority is Authority.NONE or one.place == order.place:
            continue
        lowered = one.segment.text.lower()
        if asked.literals:
            if all(literal.lower() in lowered for literal in asked.literals[:3]):
                return one.segment.id
            continue
        said = set(content_words(one.segment.text))
        deeds = frozenset[int]().union(*(groups(word) for word in said)) if said else frozenset[int]()
        if (
            asked.objects
            and any(groups(verb) & deeds for verb in asked.verbs)
            and sum(word in said for word in asked.objects) > 0.6 * len(asked.objects)
        ):
            return one.segment.id
    return None


def _addressee(words: str, segment: Segment, passage: Passage) -> Addressee:
    names = {mark.cue.name for mark in passage.marks}
    if (
        {"addressee", "role-tag", "reveal-prompt", "persona", "before-task"} & names
        or Frame.OVERRIDE in passage.frames
        or Frame.BREAKOUT in passage.frames
    ):
        return Addressee.MODEL
    if passage.found is not Found.READING or Frame.STEERING in passage.frames:
        return Addressee.MODEL
    if _HUMAN.search(segment.text[max(0, passage.start - 300) : passage.end]):
        return Addressee.PERSON
    return Addressee.UNKNOWN


def _grade(
    passage: Passage, addressee: Addressee, authorised: str | None, segment: Segment, row: list[Order]
) -> tuple[Grade, str | None]:
    if passage.reason:
        return Grade.DOWNGRADED, passage.reason
    if authorised is not None:
        return Grade.DOWNGRADED, f"asked for in {authorised}"
    framed = _framed(passage)
    hard = {Frame.OVERRIDE, Frame.AUTHORITY, Frame.BREAKOUT, Frame.SECRECY, Frame.HIDDEN, Frame.ENCODED} & set(
        passage.frames
    )
    if not hard and (where := _delegated(row)) is not None:
        return Grade.DOWNGRADED, f"delegated in {where}"
    if addressee is Addressee.PERSON and not hard:
        return Grade.DOWNGRADED, "meant for a person"
    return (Grade.FRAMED if framed else Grade.BARE), None


def _delegated(row: list[Order]) -> str | None:
    for one in row:
        if one.segment.authority > Authority.NONE and _DELEGATED.search(one.segment.text):
            return one.segment.id
    return None


def _raised(passage: Passage, asked: Action, known: Ground, segment: Segment) -> tuple[str, ...]:
    reasons = [f"names the tool {name}, which exists here" for name in asked.tools]
    for address in (*asked.recipients, *asked.urls):
        wanted = normal(address).rstrip("/")
        if not known.said(wanted) and not known.read(wanted):
            reasons.append(f"names {address}, which nobody else mentioned")
    words = set(content_words(segment.text[passage.start : passage.end]))
    rest = set(content_words(segment.text[: passage.start] + " " + segment.text[passage.end :]))
    if len(words) > 4 and len(rest) > 12 and len(words & rest) < SAME_TOPIC * len(words):
        reasons.append("leaves the topic of the text around it")
    return tuple(reasons)


def undelimited(snapshot: Snapshot, found: tuple[Directive, ...]) -> tuple[Directive, ...]:
    """Directives in text that stands in a system or user message with nothing to mark where it ends."""
    bare = []
    for one in found:
        if (
            one.passage.found is Found.READING
            and one.segment.role in (Role.SYSTEM, Role.DEVELOPER, Role.USER)
            and one.grade is not Grade.DOWNGRADED
        ):
            closing, _ = _envelope(snapshot, one.segment)
            if not closing:
                bare.append(replace(one))
    return tuple(bare)
