"""What in the user's own words tries to lift the instructions above them, and does not only provide for somebody who tries."""

from __future__ import annotations

import re

from ctxdebug.analysis.directives.action import action
from ctxdebug.analysis.directives.cues import Frame
from ctxdebug.analysis.directives.directive import Addressee, Directive, Found, Grade, Passage
from ctxdebug.analysis.directives.harness import harness_turn
from ctxdebug.analysis.directives.passages import passages
from ctxdebug.analysis.directives.scorer import Channel
from ctxdebug.model import Authority, Kind, Role, Snapshot
from ctxdebug.text.patterns import lazy

_LIFTING_CUES = frozenset(
    {
        "override",
        "override-all",
        "override-your",
        "instructions-void",
        "reveal-prompt",
        "rules-off",
        "role-tag",
        "end-marker",
    }
)
"""What speaks of the instructions above; a new task, an exacting one or an urgent one does not."""
_DISGUISED = frozenset({Frame.HIDDEN, Frame.ENCODED})
_LAWLESS = lazy(r"mode|anything now", re.IGNORECASE)
_OTHERS = lazy(
    r"(?i:\b(?:if|when|whenever|should)\s(?:someone|somebody|anyone|anybody|people|they|(?:an?\s|the\s)?(?:user|visitor|customer|guest|person|caller)s?)"
    r"\s(?:ever\s)?(?:asks?|tells?|wants?|orders?|urges?)\s(?:you|the\sassistant|it)\sto\s)$"
)
"""Words right before what others may ask for."""
_BEFORE = 80


def overrides(snapshot: Snapshot) -> tuple[Directive, ...]:
    """Passages in what the user says with the user's own authority that try to lift the instructions above it."""
    if not any(segment.authority >= Authority.DEVELOPER for segment in snapshot.segments()):
        return ()
    found: list[Directive] = []
    for segment in snapshot.segments():
        if segment.authority is Authority.USER and segment.kind is Kind.TEXT and segment.role is Role.USER:
            if harness_turn(segment.text):
                continue
            for passage in passages(segment.text, Channel.USER):
                if passage.found is Found.HIDDEN:
                    continue
                grade = (
                    Grade.DOWNGRADED
                    if passage.reason
                    else Grade.FRAMED
                    if _lifts(passage, segment.text)
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


def _lifts(passage: Passage, text: str) -> bool:
    """Whether a passage is about the instructions above it, and not just an urgent, exacting or playful task."""
    names = {mark.cue.name for mark in passage.marks if not _provided_for(text, mark.start)}
    played = any(mark.cue.name == "persona" and _LAWLESS.search(text[mark.start : mark.end]) for mark in passage.marks)
    return played or bool(_LIFTING_CUES & names) or bool(_DISGUISED.intersection(passage.frames))


def _provided_for(text: str, start: int) -> bool:
    """Whether words that begin at a character are what others may ask for."""
    return _OTHERS.search(text[max(0, start - _BEFORE) : start]) is not None
