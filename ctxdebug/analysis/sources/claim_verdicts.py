"""The answer claim by claim: supported, contradicted, unsupported or not examined, each with its evidence.

A contradiction needs a sentence that is about the same thing; an unsupported part is one that no text the model was given contains.
What lies between (the same said in other words, or not) is left open, for a judge.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

from ctxdebug.analysis.claims.contradiction import Contradiction, contradictions
from ctxdebug.analysis.claims.readable_text import ReadableText, read
from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.claims.values import ValueKind
from ctxdebug.analysis.claims.words import weight_of
from ctxdebug.analysis.sources.additions import (
    added_clause,
    answers_beyond,
    foreign_share,
    is_longer_name,
    unknown_names,
)
from ctxdebug.analysis.sources.answer_part import AnswerPart, Grounding
from ctxdebug.analysis.sources.assertions import is_yes_or_no, states_nothing
from ctxdebug.analysis.sources.citations import uncited
from ctxdebug.analysis.sources.claim import Claim, ClaimVerdict, Difference, Origin
from ctxdebug.analysis.sources.evidence import Evidence
from ctxdebug.analysis.sources.grounding import Support
from ctxdebug.analysis.sources.near_statements import (
    AS_GOOD,
    FIELD,
    SHORT,
    NearStatement,
    nearest_statements,
    share_of,
    states,
)
from ctxdebug.analysis.sources.question import UserQuestion
from ctxdebug.analysis.sources.value_search import says

SUPPORTS = 0.75
"""Share of a claim's content that three adjacent sentences must contain to be about the same (set on WiCE, supported claims)."""
_VOUCHED = 0.8
"""The same for a claim to be supported, with every content word of it in some text that the model was given.

Nothing less vouches for a claim: on SummEdits and WiCE (two thirds, bench `claims`) about 1 % of unsupported answers pass. Where
words that no text contains were let pass it was 34 %, for an edited word changes little of what is shared.
"""
_TYPED = frozenset(kind.value for kind in ValueKind)
_FOREIGN = 0.3
"""Share of a claim that no text contains, from which a missing name or value is no side remark (set on WiCE, two thirds)."""
_SIDE_REMARK = 0.4
"""Confidence of an unsupported part that is reported as a note, which is hidden by default."""
_ALL_FOREIGN = 0.62
"""The same, from which a claim is unsupported without a missing name or value (set on WiCE and SummEdits, two thirds)."""
_ASKED = 0.4
_TOUCHED = 0.3
"""The same, where the sentence has half of the claim as well."""
_LONG = 5
"""Content words of such a claim at least."""
_ON_TOPIC = 0.5
_SEVERAL = 3
_MEASURED = frozenset({"money", "percent", "quantity", "duration", "number", "URL", "e-mail address", "time of day"})
_ANSWERS_FIRST = 3
"""Sentences of the answer that may answer the question in few words."""


def claims(
    answer: str, supports: Sequence[Support], evidence: Evidence, question: UserQuestion | None, hidden: str = ""
) -> tuple[Claim, ...]:
    """Return a verdict for every sentence of the answer; `hidden` is why the capture does not hold all that the model read."""
    reading = read(answer)
    found = []
    for at, support in enumerate(supports):
        asked = question if at < _ANSWERS_FIRST else None
        claim = _claim(support, evidence, asked, hidden)
        found.append(_in_capture(claim, support.at, reading) if claim.differences else claim)
    return tuple(found)


def _in_capture(claim: Claim, at: int, reading: ReadableText) -> Claim:
    """Return the claim with its differences where they are in the captured answer; found were they in its sentence as it is read."""
    differences = tuple(
        replace(one, start=reading.original(at + one.start), end=reading.original(at + one.end - 1) + 1)
        for one in claim.differences
    )
    return replace(claim, differences=differences)


def _claim(support: Support, evidence: Evidence, question: UserQuestion | None, hidden: str) -> Claim:
    blank = Claim(support.text, support.start, support.end, ClaimVerdict.NOT_EXAMINED)
    if FIELD.match(support.text):
        return replace(blank, why="a field of structured data, which is compared by no rule")
    answers = question is not None and is_yes_or_no(support.text, question)
    reason = "" if answers else states_nothing(support.text)
    if reason:
        return replace(blank, why=reason, asserts=False)
    if hidden or not evidence.corpus.statements:
        return replace(blank, why=hidden or "nothing was given to compare it with")
    own = statement(uncited(support.text))
    near = nearest_statements(own, evidence, question)
    contradicted = _contradicted(blank, own, support, evidence, near, question)
    if contradicted:
        return contradicted
    return _supported(blank, own, support, evidence, near, question)


def _contradicted(
    blank: Claim,
    own: Statement,
    support: Support,
    evidence: Evidence,
    near: Sequence[NearStatement],
    question: UserQuestion | None,
) -> Claim | None:
    """Return the claim contradicted by the sentence nearest to it, unless another one as near agrees with it."""
    read = own
    whole = question is not None and is_yes_or_no(support.text, question)
    if question is not None and whole:
        read = statement(("not " if own.text[:1] in "Nn" else "") + question.text.rstrip("?"))
    elif question is not None and weight_of(own.stems) < SHORT and not question.stems <= own.stems:
        read = statement(f"{own.text}\n{question.text}")
    best: tuple[NearStatement, Contradiction] | None = None
    for one in near[:4]:
        if one.origin is Origin.EARLIER or not states(one):
            continue
        if one.origin is not Origin.SOURCE and (
            question is None or one.about < (_ASKED if one.own < _ON_TOPIC else _TOUCHED)
        ):
            continue  # what the user or the developer states is evidence where it is what was asked
        found = [
            x
            for x in contradictions(read, one.statement)
            if (whole or x.claimed[1] <= len(own.text)) and x.score >= _needed(x, one, evidence)
        ]
        if not found:
            if one.own >= SUPPORTS and (best is None or one.rank >= best[0].rank - AS_GOOD):
                return None  # this sentence says it
            continue
        if best is None:
            best = one, found[0]
    if best is None:
        return None
    one, found_ = best
    values = [part for part in support.parts if part.kind == found_.kind and _spans(part, found_.claimed)]
    if any(_stands(part, own, evidence, near, one) for part in values):
        return None
    spot = evidence.corpus.passage(one.statement, *found_.stated)
    claimed = (0, len(own.text)) if whole else found_.claimed
    difference = Difference(
        found_.kind, own.text[slice(*claimed)], evidence.corpus.words(spot),
        *claimed, spot,
    )  # fmt: skip
    return replace(
        blank, verdict=ClaimVerdict.CONTRADICTED, why=f"{found_.kind}: “{difference.claimed}” against “{difference.stated}”",
        passage=evidence.corpus.passage(one.statement), origin=one.origin, differences=(difference,), covered=one.own, confidence=found_.score,
    )  # fmt: skip


def _needed(found: Contradiction, near: NearStatement, evidence: Evidence) -> float:
    """Return the score that decides: more for words of records, which actions change."""
    source = near.statement.source
    retrieved = source < len(evidence.corpus.sources) and evidence.corpus.sources[source].retrieved
    return _threshold("contradicts" if found.kind in _TYPED or retrieved else "contradicts_record")


@cache
def _threshold(name: str) -> float:
    """Return a threshold of thresholds.json, which names the measurement that set it."""
    row = json.loads((files(__package__) / "thresholds.json").read_text("utf-8"))[name]
    return float(next(value for value in row.values() if not isinstance(value, str)))


def _stands(
    part: AnswerPart, own: Statement, evidence: Evidence, near: Sequence[NearStatement], against: NearStatement
) -> bool:
    """Whether a value of the claim is supported all the same: worked out, or in a sentence that is as near as the one against it."""
    if part.verdict is not Grounding.SUPPORTED:
        return False
    if part.how != "as written" and not part.how.endswith("said so"):
        return True
    least = against.rank - AS_GOOD
    value = next((one for one in own.values if one.start == part.at), None)
    if value and any(one.rank >= least and any(says(value, other) for other in one.statement.values) for one in near):
        return True
    there = evidence.corpus.at(part.passage) if part.passage is not None else None
    return there is not None and share_of(own.stems, there.stems, weight_of(own.stems) or 1.0) >= against.own + AS_GOOD


def _spans(part: AnswerPart, span: tuple[int, int]) -> bool:
    return part.at < span[1] and span[0] < part.at + len(part.text)


def _supported(
    blank: Claim,
    own: Statement,
    support: Support,
    evidence: Evidence,
    near: Sequence[NearStatement],
    question: UserQuestion | None,
) -> Claim:
    best = max(near, key=lambda one: one.window, default=None)
    window = best.window if best is not None else 0.0
    passage = evidence.corpus.passage(best.statement) if best is not None else None
    origin = best.origin if best is not None else Origin.SOURCE
    claim = replace(blank, passage=passage, origin=origin, covered=window)
    names = tuple(unknown_names(support, evidence, question))
    absent = [
        part
        for part in support.parts
        if part.verdict is Grounding.ABSENT and part.specific and not is_longer_name(part, evidence)
    ]
    parts = tuple(Difference("addition", part.text, "", part.at, part.at + len(part.text)) for part in absent)
    additions = (*parts, *(one for one in names if not any(part.start <= one.start < part.end for part in parts)))
    if additions:
        sure = _sure(additions, absent, window, foreign_share(own, evidence))
        return replace(
            claim, verdict=ClaimVerdict.UNSUPPORTED, why="in no source: " + ", ".join(one.claimed for one in additions[:4]),
            differences=additions, confidence=0.8 if sure else _SIDE_REMARK,
        )  # fmt: skip
    added = added_clause(own, evidence) if window >= _ON_TOPIC else None
    vouched = any(part.verdict is Grounding.SUPPORTED for part in support.parts)
    if added is None and question is not None and window < _ON_TOPIC and not vouched and evidence.corpus.retrieved:
        added = answers_beyond(own, evidence, question)
    if added is not None:
        return replace(
            claim, verdict=ClaimVerdict.UNSUPPORTED, why=f"in no source: {added.claimed}", differences=(added,), confidence=0.6
        )  # fmt: skip
    if len(own.stems) >= _LONG and foreign_share(own, evidence) >= _ALL_FOREIGN:
        return replace(
            claim, verdict=ClaimVerdict.UNSUPPORTED, why="most of it is in no source",
            confidence=_threshold("unsupported_sentence"),
        )  # fmt: skip
    disputed = next((part for part in support.parts if part.verdict is Grounding.CONTRADICTED), None)
    if disputed is not None:
        return replace(claim, why=f"{disputed.how}, and that it speaks of the same is not sure")
    if window >= _VOUCHED and best is not None and own.stems <= evidence.corpus.stems and not _differs(own, best):
        return replace(
            claim,
            verdict=ClaimVerdict.SUPPORTED,
            why=f"said by {'a source' if best.origin is Origin.SOURCE else 'the ' + best.origin}",
        )
    return replace(claim, why="in other words than the sources: no offline check decides")


def _differs(own: Statement, near: NearStatement) -> bool:
    """Whether the sentence that would vouch for a claim differs from it in some point, though not surely enough to contradict it."""
    return bool(contradictions(own, near.statement))


def _sure(additions: Sequence[Difference], absent: Sequence[AnswerPart], window: float, foreign: float) -> bool:
    """Whether a missing part is more than a side remark, or than what the sources call by another word."""
    measured = any(part.kind in _MEASURED or part.kind == ValueKind.DATE.value for part in absent)
    if not measured and all(one.start < _threshold("subject_within") for one in additions):
        return False
    valued = any(any(map(str.isdigit, one.claimed)) for one in additions)
    if not valued and window < _threshold("name_covered"):
        return False
    typed = window >= _ON_TOPIC and any(part.kind in _MEASURED for part in absent)
    return window >= SUPPORTS or foreign >= _FOREIGN or typed or len(additions) >= _SEVERAL
