"""What a conversation makes of a directive: whom it speaks to, who asked for it, what makes it worse or harmless."""

from __future__ import annotations

import re

from ctxdebug.analysis.directives.action import content_words, groups
from ctxdebug.analysis.directives.cues import Frame
from ctxdebug.analysis.directives.delegation import hands_over
from ctxdebug.analysis.directives.directive import Action, Addressee, Found, Grade, Passage
from ctxdebug.analysis.directives.obedience import Ground, normal
from ctxdebug.analysis.directives.passages import STRONG
from ctxdebug.analysis.directives.tracing import PlacedSegment, Readings
from ctxdebug.model import Authority, Segment
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording

_HUMAN = lazy(
    r"\b(?:dear|hi|hello|hey)\s+(?!ai\b|assistant|model|claude|chatgpt)[A-Z]\w+|\b(?:all|team|everyone"
    r"|folks|colleagues),",
    re.IGNORECASE,
)
_OURS = wording("injection_grading", "ours")
"""What a firm asks of a reader: something of the reader's own, sent to the firm."""
_SERVICE = frozenset({Frame.EXFILTRATION, Frame.URGENCY, Frame.STEERING})
_ADVERB = 12
"""Characters; "quietly" alone describes how something happens, and asks for nothing."""
_HARD = frozenset({Frame.OVERRIDE, Frame.AUTHORITY, Frame.BREAKOUT, Frame.SECRECY, Frame.HIDDEN, Frame.ENCODED})
SAME_TOPIC = 0.34
"""The share of a directive's words that the rest of its segment must share for it to be on the topic."""


def framed(passage: Passage) -> bool:
    """Whether a passage says of itself that it is an instruction, or was disguised."""
    if passage.found is not Found.READING:
        return True
    strong = STRONG.intersection(passage.frames)
    if strong == {Frame.SECRECY}:
        return any(mark.cue.frame is Frame.SECRECY and mark.end - mark.start > _ADVERB for mark in passage.marks)
    return bool(strong)


def asked_by(asked: Action, row: list[PlacedSegment], placed: PlacedSegment, readings: Readings) -> str | None:
    """The segment in which somebody with authority asked for this very action: the same values, or the same deed on the same thing."""
    for one in row:
        if one.segment.authority is Authority.NONE or one.place == placed.place:
            continue
        lowered = one.segment.text.lower()
        if asked.literals:
            if all(literal.lower() in lowered for literal in asked.literals[:3]):
                return one.segment.id
            continue
        said = readings.of(one).stems
        deeds = frozenset[int]().union(*(groups(word) for word in said)) if said else frozenset[int]()
        if (
            asked.objects
            and any(groups(verb) & deeds for verb in asked.verbs)
            and sum(word in said for word in asked.objects) > 0.6 * len(asked.objects)
        ):
            return one.segment.id
    return None


def addressee(segment: Segment, passage: Passage) -> Addressee:
    """Whom a passage speaks to, as far as its words show."""
    names = {mark.cue.name for mark in passage.marks}
    if (
        {"addressee", "role-tag", "reveal-prompt", "persona", "before-task"} & names
        or Frame.OVERRIDE in passage.frames
        or Frame.BREAKOUT in passage.frames
        or Frame.ADDRESSED in passage.frames
    ):
        return Addressee.MODEL
    if passage.found is not Found.READING or Frame.STEERING in passage.frames:
        return Addressee.MODEL
    if _SERVICE.issuperset(passage.frames) and _OURS.search(segment.text, passage.start, passage.end):
        return Addressee.PERSON
    if _HUMAN.search(segment.text[max(0, passage.start - 300) : passage.end]):
        return Addressee.PERSON
    return Addressee.UNKNOWN


def hard(passage: Passage) -> bool:
    """Whether a passage has a frame that no honest text has, whoever may have been asked to follow it."""
    return bool(_HARD.intersection(passage.frames))


def grade(
    passage: Passage, speaks_to: Addressee, asked_in: str | None, delegated_in: str | None
) -> tuple[Grade, str | None]:
    """How a directive is to be taken, and why, where it is taken for less."""
    if passage.reason:
        return Grade.DOWNGRADED, passage.reason
    if asked_in is not None:
        return Grade.DOWNGRADED, "somebody with authority asked for it"
    if delegated_in is not None:
        return Grade.DOWNGRADED, "somebody with authority delegated to the text"
    if speaks_to is Addressee.PERSON and not hard(passage):
        return Grade.DOWNGRADED, "meant for a person"
    return (Grade.FRAMED if framed(passage) else Grade.BARE), None


def delegated(passage: Passage, row: list[PlacedSegment]) -> str | None:
    """Return the segment in which somebody with authority says to do what a text says; a hard frame cannot be delegated."""
    if hard(passage):
        return None
    for one in row:
        if one.segment.authority > Authority.NONE and hands_over(one.segment.text):
            return one.segment.id
    return None


def raised(passage: Passage, asked: Action, known: Ground, segment: Segment) -> tuple[str, ...]:
    """Return what in the conversation makes a directive worse."""
    reasons = [f"names the tool {name}, which exists here" for name in asked.tools]
    for address in (*asked.recipients, *asked.urls):
        wanted = normal(address).rstrip("/")
        if not known.said(wanted) and not known.read(wanted):
            reasons.append(f"names {address}, which nobody else mentioned")
    words = set(content_words(segment.text[passage.start : passage.end]))
    if len(words) > 4:  # few words have no topic, and the text around is long
        rest = set(content_words(segment.text[: passage.start] + " " + segment.text[passage.end :]))
        if len(rest) > 12 and len(words & rest) < SAME_TOPIC * len(words):
            reasons.append("leaves the topic of the text around it")
    return tuple(reasons)
