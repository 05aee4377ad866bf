"""Instructions about instructions: overriding, ranking and delegating."""

# ruff: noqa: E501 - a pattern is read as one line

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.constraint import Draft
from ctxdebug.analysis.constraints.pattern import Pattern, cues
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.analysis.constraints.clauses import Sentence

_OVERRIDE = wording("constraint_meta", "override")
_PRIORITY = wording("constraint_meta", "priority")
_DELEGATION = wording("constraint_meta", "delegation")
_LIFT = wording("constraint_meta", "lift")


def _meta(sentence: Sentence) -> Iterator[Draft]:
    for kind, pattern in (("meta.delegation", _DELEGATION), ("meta.override", _OVERRIDE), ("meta.priority", _PRIORITY)):
        match = pattern.search(sentence.text)
        if match:
            negative = sentence.negated(match.start()) if kind != "meta.priority" else False
            yield Draft(kind, sentence.offset + match.start(), sentence.offset + match.end(), {}, negative)
            return
    lifted = _LIFT.search(sentence.text)
    if lifted and not sentence.negated(lifted.start()):
        start, end = sentence.offset + lifted.start(), sentence.offset + lifted.end()
        yield Draft("meta.lift", start, end, {"what": lifted["what"].lower()})


PATTERNS = (
    Pattern(
        "meta.override",
        cues(
            "stop lift skip scrap mind longer ignore disregard forget override bypass overrule discard drop cancel supersede supersedes superseded replace replaces follow aside following precedence priority prevails prevail trumps trump wins win overrides outranks conflict contradiction conflicts contradict disagree obey apply carry execute comply adhere act use respect"
        ),
        _meta,
        "Ignore all previous instructions.",
    ),
)
