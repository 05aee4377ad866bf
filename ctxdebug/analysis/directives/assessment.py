"""Directives in a conversation: every untrusted segment read, and each directive judged by what stands around it."""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis.directives.action import action, content_words, literals, plain
from ctxdebug.analysis.directives.consequence import consequences
from ctxdebug.analysis.directives.cues import Frame, marks
from ctxdebug.analysis.directives.directive import Addressee, Directive, Found, Grade, Obedience, Passage
from ctxdebug.analysis.directives.envelope import Envelopes, strays
from ctxdebug.analysis.directives.examined import untrusted
from ctxdebug.analysis.directives.grading import addressee, asked_by, delegated, framed, grade, hard, raised
from ctxdebug.analysis.directives.harness import (
    harness_blocks,
    harness_closing,
    harness_stretch,
    instruction_file,
    reminds,
)
from ctxdebug.analysis.directives.known import TracedValue
from ctxdebug.analysis.directives.passages import invisible, is_order, passages
from ctxdebug.analysis.directives.pasted import pasted_orders
from ctxdebug.analysis.directives.plausible import settled, told_to_machines, wish_before
from ctxdebug.analysis.directives.provenance import traced
from ctxdebug.analysis.directives.scorer import Channel
from ctxdebug.analysis.directives.side_effects import deed, deeds_asked
from ctxdebug.analysis.directives.tracing import PlacedSegment, Readings, obedience
from ctxdebug.analysis.directives.units import units
from ctxdebug.model import Authority, Kind, Role, Segment, Snapshot
from ctxdebug.records import replace
from ctxdebug.text.recall import by_text

_READ = frozenset({Kind.TEXT, Kind.DOCUMENT, Kind.TOOL_RESULT})
_PLEASANTRY = frozenset({"before-task", "claimed-author", "addressee"})
GUARDED = 0.5
"""The share at which a guard model's word is taken."""
AFTER = 160
"""Characters after a passage that still belong to what it asks for."""


def directives(
    snapshot: Snapshot, guard_model: str | None = None, guard_threshold: float = GUARDED
) -> tuple[Directive, ...]:
    """Every directive in text that has no authority, in reading order, with the verdict of the conversation.

    `guard_model` is the path of a model of the user's own that reads the same text; raises `UsageError` when it cannot run.
    """
    row = [PlacedSegment(place, index, segment) for place, (index, segment) in enumerate(_in_order(snapshot))]
    own = harness_blocks(snapshot.messages)
    read = [placed for placed in row if is_untrusted(placed.segment) and placed.segment.id not in own]
    pasted = tuple(_pasted(placed.segment) for placed in row if placed.segment.authority is Authority.USER)
    unseen = tuple(one for found in pasted for one in found)
    if not read:
        return unseen
    broken = (*unseen, *_broken_out(snapshot))
    envelopes = Envelopes(snapshot)
    found = [
        (placed, passage) for placed in read for passage in _passages(placed.segment, *envelopes.around(placed.segment))
    ]
    if guard_model is not None:
        found += _guarded(guard_model, guard_threshold, read, found)
        found.sort(key=lambda pair: (pair[0].place, pair[1].start))
    readings = Readings(row, found)
    return (*broken, *(_judged(placed, passage, snapshot, row, readings) for placed, passage in found))


def _passages(segment: Segment, closing: tuple[str, ...], turns: bool) -> Iterator[Passage]:
    """Yield the passages of a segment; what the harness wrote itself, into a tool's result or a turn, counts less."""
    reader = harness_stretch if segment.kind is Kind.TOOL_RESULT else harness_closing
    own = reader(segment.text)
    for one in passages(segment.text, Channel.DATA, closing, turns):
        inside = own is not None and own[0] <= one.start and one.end <= own[1]
        inside = inside or reminds(segment, one)
        yield replace(one, reason="written by the agent harness itself") if inside and one.reason is None else one


def provenance(snapshot: Snapshot, *, every: bool = False) -> tuple[TracedValue, ...]:
    """Return the values of calls with side effects that untrusted text named first, and the private text that leaves.

    Only those that are a finding; with `every`, the harmless ones too.
    """
    row = [PlacedSegment(place, index, segment) for place, (index, segment) in enumerate(_in_order(snapshot))]
    return tuple(traced(row, every=every))


def _guarded(
    model: str, threshold: float, read: list[PlacedSegment], found: list[tuple[PlacedSegment, Passage]]
) -> list[tuple[PlacedSegment, Passage]]:
    """Return what the guard model flags besides."""
    from ctxdebug.analysis.directives.guard import guard

    added: list[tuple[PlacedSegment, Passage]] = []
    for placed in read:
        taken = [passage for other, passage in found if other.place == placed.place]
        added += [
            (placed, one)
            for one in guard(model).passages(placed.segment.text, threshold)
            if not any(passage.start < one.end and one.start < passage.end for passage in taken)
        ]
    return added


def _pasted(segment: Segment) -> list[Directive]:
    """Return what the user has hardly typed: what is invisible in the user's own words, and orders to whichever machine reads them."""
    found = [*invisible(segment.text), *pasted_orders(segment.text)]
    return [
        Directive(
            segment,
            passage,
            Addressee.UNKNOWN if passage.decoded is not None else Addressee.MODEL,
            action(passage.decoded or segment.text[passage.start : passage.end]),
            Grade.FRAMED,
        )
        for passage in found
    ]


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


def is_untrusted(segment: Segment) -> bool:
    """Whether a segment's words have no authority, nobody vouches for them, and the model did not write them."""
    return segment.kind in _READ and len(segment.text) > 3 and untrusted(segment)


def _in_order(snapshot: Snapshot) -> Iterator[tuple[int, Segment]]:
    for count, message in enumerate((*snapshot.messages, *snapshot.answer)):
        for segment in message.segments:
            yield count, segment


def _judged(
    placed: PlacedSegment, passage: Passage, snapshot: Snapshot, row: list[PlacedSegment], readings: Readings
) -> Directive:
    segment = placed.segment
    words = passage.decoded or segment.text[passage.start : passage.end]
    tools = _tool_names(snapshot, row)
    after = "" if passage.decoded else segment.text[passage.end : passage.end + AFTER]
    requests = _requests(words, after)
    asked = action("\n".join(requests), tools)
    known = readings.before(placed)
    worse = raised(passage, asked, known, segment)
    obeyed = tuple(
        obedience(placed, [action(one, tools) for one in requests], known, row, readings, framed=framed(passage))
    )
    wanted = wish_before(row, placed.message)
    asked_in, delegated_in = asked_by(asked, row, placed, readings), delegated(passage, row)
    if delegated_in is None and not told_to_machines(passage) and framed(passage):
        delegated_in = wanted.segment if any(map(wanted.may_want, deeds_asked(words))) else None
    speaks_to = addressee(segment, passage)
    level, reason = grade(passage, speaks_to, asked_in, delegated_in)
    if level is not Grade.DOWNGRADED and passage.found is Found.READING and instruction_file(segment, row):
        level, reason = Grade.DOWNGRADED, "part of an instruction file for agents"
    # what was asked for or delegated is rightly done, and so are the steps of a guide that somebody quotes
    unasked = asked_in is None and delegated_in is None and (level is not Grade.DOWNGRADED or hard(passage))
    obeyed = tuple(settled(obeyed, segment, passage, wanted)) if unasked else ()
    if obeyed and level is Grade.DOWNGRADED:
        reason = f"{reason}, and obeyed all the same"
    return Directive(
        segment,
        passage,
        speaks_to,
        asked,
        level,
        reason,
        asked_in or delegated_in,
        worse,
        _weighty(obeyed),
        tuple(consequences(passage, words, tools)) if level is Grade.FRAMED else (),
    )


def _weighty(acts: tuple[Obedience, ...]) -> tuple[Obedience, ...]:
    """Return the acts that change something, where there are any: what was looked up on the way leads to them."""
    changing = tuple(act for act in acts if act.segment.call is None or deed(act.segment.call) is not None)
    return changing or acts


def _requests(words: str, after: str) -> list[str]:
    """Return the parts of a directive that ask for something: without greetings, signatures and words about itself.

    A sentence comes with the next one ("I need a lamp. Please order it."), also with the first one after the passage.
    """
    pieces = _pieces(plain(words))
    following = _pieces(plain(after))[:1]
    row = [*pieces, *following]
    return [" ".join(row[index : index + 2]) for index in range(len(pieces))] or [words]


def _pieces(words: str) -> list[str]:
    pieces = (words[unit.start : unit.end] for unit in units(words))
    return [piece for piece in pieces if _says_something(piece)]


@by_text
def _says_something(piece: str) -> bool:
    """Whether a piece has words of its own and is no greeting; the passages around it ask it again."""
    about_itself = _PLEASANTRY.intersection(mark.cue.name for mark in marks(piece)) and not literals(piece)
    return not about_itself and bool(content_words(piece))


def _tool_names(snapshot: Snapshot, row: list[PlacedSegment]) -> list[str]:
    return [
        *(tool.name for tool in snapshot.tools),
        *(placed.segment.call.name for placed in row if placed.segment.call),
    ]


def undelimited(snapshot: Snapshot, found: tuple[Directive, ...]) -> tuple[Directive, ...]:
    """Directives in text that stands in a system or user message with nothing to mark where it ends."""
    bare, envelopes = [], Envelopes(snapshot)
    for one in found:
        if (
            one.passage.found is Found.READING
            and one.segment.role in (Role.SYSTEM, Role.DEVELOPER, Role.USER)
            and one.grade is Grade.FRAMED
        ):
            closing, _ = envelopes.around(one.segment)
            if not closing:
                bare.append(one)
    return tuple(bare)
