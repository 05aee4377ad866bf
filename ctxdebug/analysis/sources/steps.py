"""The order of steps: an answer that tells them one after the other, against a text that does so in another order.

Both sides have to be a procedure: several sentences that tell somebody what to do, numbered or joined by `first`, `then`, `finally`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.claims.words import weight_of
from ctxdebug.analysis.sources.claim import Origin
from ctxdebug.analysis.sources.evidence import Evidence
from ctxdebug.analysis.sources.grounding import Support
from ctxdebug.analysis.sources.near_statements import share_of
from ctxdebug.analysis.sources.question import UserQuestion
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

_NUMBERED = lazy(r"\s{0,8}(?:\*\*)?(?:step )?\d{1,2}[.):]\s", re.IGNORECASE)
_SEQUENCE = (
    r"(?:first(?: of all)?|firstly|then|next|second|third|secondly|thirdly|finally|lastly|afterwards|after that|only then|before anything else|"
    r"at the end|to begin|to start)"
)
_JOINS = lazy(rf"\b{_SEQUENCE}\b", re.IGNORECASE)
_ORDERS = lazy(
    rf"(?:[\W\d]{{0,12}}(?:step \d{{1,2}})?[\W\d]{{0,4}})(?:(?:and|also)\s)?(?:{_SEQUENCE},?\s)?(?:please\s)?"
    r"(?!(?:it|this|that|he|she|they|there|you|we)\b)[a-z]{3,14}\s"
    r"(?:(?:off|on|up|out|down|in|away|back)\s)?(?:the|an?|your|all|any|it|each|both|every)\b",
    re.IGNORECASE,
)
"""A part that tells what to do: a verb with its thing right behind it."""
_TURNS = lazy(
    r"\b(?:before(?! anything)|beforehand|prior|until|unless|once|after(?! that)|previously|again|if|when|while)\b",
    re.IGNORECASE,
)
"""Words by which a part says itself when it is done, in whatever place it stands."""
_BORDER = lazy(r"(?:[,;]\s(?:and\s)?|\sand\s)(?=\S)")
_BACKWARDS = lazy(r"\b(?:revers\w{1,3}|undo|backwards?|opposite|uninstall|dismantle|put (?:it )?back)\b", re.IGNORECASE)
"""Words of a question that asks for the other way round."""
_FEWEST = 3
"""Steps of both sides, at least."""
_MATCHES = 0.75
"""Share of a step that a sentence of the text has."""
_CLEARLY = 0.2
"""How much less every other sentence has."""
_HEAVY = 0.8
_MOST = 60


@record(frozen=True, slots=True)
class Turned:
    """A step that comes too late: the sentence of the answer, its characters, and the sentences of both steps as the text orders them."""

    support: Support
    start: int
    end: int
    first: Statement
    then: Statement


@record(frozen=True, slots=True)
class _Step:
    support: Support
    start: int
    end: int
    own: Statement


def turned_steps(supports: Sequence[Support], evidence: Evidence, question: UserQuestion | None) -> Turned | None:
    """Return the first step of the answer that the text has before the one that the answer tells before it."""
    steps = list(_told(supports))
    if len(steps) < _FEWEST or (question is not None and _BACKWARDS.search(question.text)):
        return None
    for number, origin in enumerate(evidence.origins):
        rows = evidence.corpus.of(number)[:_MOST] if origin is not Origin.EARLIER else []
        if not _is_procedure(rows):
            continue
        placed = [(step, at) for step in steps if (at := _place(step, rows)) is not None]
        for at, (step, place) in enumerate(placed):
            before = [other for other in placed[:at] if other[1] > place]
            if before and len({place for _, place in placed}) >= _FEWEST:
                return Turned(step.support, step.start, step.end, rows[place], rows[before[0][1]])
    return None


def _told(supports: Sequence[Support]) -> Iterator[_Step]:
    """Yield what the answer tells to do, part by part, where it is in an order."""
    numbered = [one for one in supports if _NUMBERED.match(one.text)]
    joined = len(numbered) >= _FEWEST or sum(bool(_JOINS.search(one.text)) for one in supports) > 0
    for support in supports if joined else ():
        starts = [0, *(match.end() for match in _BORDER.finditer(support.text))]
        for start, end in zip(starts, [*starts[1:], len(support.text)], strict=True):
            part = support.text[start:end]
            if _ORDERS.match(part) and not _TURNS.search(part):
                yield _Step(support, start, end, statement(part))


def _is_procedure(rows: Sequence[Statement]) -> bool:
    """Whether a text tells several things to do, in an order."""
    tells = [one for one in rows if _ORDERS.match(one.text)]
    if len(tells) < _FEWEST:
        return False
    numbered = sum(bool(_NUMBERED.match(one.text)) for one in rows)
    return numbered >= _FEWEST or sum(bool(_JOINS.match(one.text.lstrip())) for one in rows) > 1


def _place(step: _Step, rows: Sequence[Statement]) -> int | None:
    """Return which sentence of a text says a step, where one does clearly and says no other time for it."""
    total = weight_of(step.own.stems)
    if total < _HEAVY:
        return None
    shares = sorted(((share_of(step.own.stems, one.stems, total), -at) for at, one in enumerate(rows)), reverse=True)
    if shares[0][0] < _MATCHES or (len(shares) > 1 and shares[1][0] > shares[0][0] - _CLEARLY):
        return None
    at = -shares[0][1]
    return None if _TURNS.search(rows[at].text) else at
