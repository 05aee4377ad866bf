"""Whether a claim is contradicted: by the sentence nearest to it, or by the value that answers the question.

A contradiction needs a sentence that is about the same thing, and no other one, as near, that says the claim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from ctxdebug.analysis.claims.contradiction import LEAST_SHARED, RECORD, Contradiction, contradictions
from ctxdebug.analysis.claims.overlap import alternatives, overlap
from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.claims.values import ValueKind
from ctxdebug.analysis.claims.words import weight_of
from ctxdebug.analysis.sources.answer_part import AnswerPart, Grounding
from ctxdebug.analysis.sources.asked_day import asked_day
from ctxdebug.analysis.sources.asked_name import asked_name
from ctxdebug.analysis.sources.asked_value import asked_value
from ctxdebug.analysis.sources.assertions import is_yes_or_no
from ctxdebug.analysis.sources.claim import Claim, ClaimVerdict, Difference, Origin
from ctxdebug.analysis.sources.conversation import is_of_conversation
from ctxdebug.analysis.sources.evidence import Evidence
from ctxdebug.analysis.sources.grounding import Support
from ctxdebug.analysis.sources.near_statements import AS_GOOD, SHORT, NearStatement, share_of, states
from ctxdebug.analysis.sources.own_place import said_in_its_place
from ctxdebug.analysis.sources.parties import against_parallel
from ctxdebug.analysis.sources.question import UserQuestion
from ctxdebug.analysis.sources.records import against_records
from ctxdebug.analysis.sources.spoken_claims import against_spoken
from ctxdebug.analysis.sources.thresholds import threshold
from ctxdebug.analysis.sources.value_search import says
from ctxdebug.analysis.sources.withdrawn import against_what_holds
from ctxdebug.analysis.sources.within_limit import against_limit, is_measured
from ctxdebug.analysis.sources.yes_no import against_rule
from ctxdebug.records import replace
from ctxdebug.text.patterns import lazy

SUPPORTS = 0.75
"""Share of a claim's content that three adjacent sentences must contain to be about the same (set on WiCE, supported claims)."""
ON_TOPIC = 0.5
"""The same, from which a sentence is about what the claim is about."""
Against: TypeAlias = tuple[NearStatement, Contradiction]
"""A sentence of the evidence, and in what a claim contradicts it."""
_TYPED = frozenset(kind.value for kind in ValueKind)
_ASKED = 0.4
"""Share of the question that a sentence of the user's or the developer's contains, to be evidence against a claim."""
_TOUCHED = 0.3
"""The same, where the sentence has half of the claim as well."""
_TOUCHED_ALONE = 0.25
"""The same, from which few words of an answer are held against a sentence without those of the question."""
_ALL = 0.99
_MOST_OF_IT = 0.7
_OF_A_PHRASE = frozenset({"charge", "limit", "order", "modality", "condition", "completeness", "quantifier"})
_FORBIDS = lazy(r"(?:^|[;:.•–-])\s{0,4}(?:please )?(?:do )?$", re.IGNORECASE)
"""What stands before the `not` or the `never` of `do not cut it back`."""
_DECIDED = 0.86
"""Score of a difference that a phrase of both sides decides, the same word for word."""
_HELD_AGAINST = 6
"""Sentences and clauses of the evidence that may contradict a claim."""


def contradicted(
    blank: Claim,
    own: Statement,
    support: Support,
    evidence: Evidence,
    near: Sequence[NearStatement],
    question: UserQuestion | None,
) -> Claim | None:
    """Return the claim contradicted by the sentence nearest to it, or by the value that answers the question, or None."""
    whole = question is not None and is_yes_or_no(support.text, question)
    best, said = _nearest_against(own, evidence, near, question, whole=whole)
    named = asked_name(own, evidence, question) if best is None and question is not None else None
    named = named or (against_records(own, evidence, question, support.text) if best is None else None)
    if best is None and named is None:
        named = against_parallel(own, evidence) or against_limit(own, evidence)
    if best is None and named is None and question is not None:
        named = against_rule(own, evidence, question)
    named = named or (against_what_holds(own, evidence, near) if best is None else None)
    if best is None and named is None:
        named = asked_day(own, evidence, question)
    if said and named is None:
        return None
    if best is None and named is not None:
        best = named
    elif best is None and question is not None:
        best = asked_value(own, evidence, question)
        if best is not None and any(part.worked_out for part in support.parts):
            return None
        if best is not None and any(
            said_in_its_place(value, own, support.text, evidence)
            for value in own.values
            if value.start == best[1].claimed[0]
        ):
            return None
    elif best is not None and any(_stands(part, own, evidence, near, best[0]) for part in _disputed(support, best[1])):
        return None
    return _settled(blank, own, support, evidence, best, whole=whole)


def contradicted_as_spoken(
    blank: Claim, own: Statement, support: Support, evidence: Evidence, question: UserQuestion | None
) -> Claim | None:
    """Return the claim contradicted by a sentence in its own language, which is not English, or None."""
    return _settled(blank, own, support, evidence, against_spoken(own, evidence, question), whole=False)


def _settled(
    blank: Claim, own: Statement, support: Support, evidence: Evidence, best: Against | None, *, whole: bool
) -> Claim | None:
    """Return the claim with what contradicts it, unless the conversation or a calculation tells that it may be right."""
    if best is None or is_of_conversation(*best, own, support, evidence):
        return None
    if any(part.worked_out for part in _disputed(support, best[1])):
        return None
    one, found = best
    spot = evidence.corpus.passage(one.statement, *found.stated)
    claimed = (0, len(own.text)) if whole else found.claimed
    difference = Difference(
        found.kind, own.text[slice(*claimed)], evidence.corpus.words(spot),
        *claimed, spot,
    )  # fmt: skip
    return replace(
        blank, verdict=ClaimVerdict.CONTRADICTED, why=f"{found.kind}: “{difference.claimed}” against “{difference.stated}”",
        passage=evidence.corpus.passage(one.whole), origin=one.origin, differences=(difference,), covered=one.own, confidence=found.score,
    )  # fmt: skip


def _nearest_against(
    own: Statement, evidence: Evidence, near: Sequence[NearStatement], question: UserQuestion | None, *, whole: bool
) -> tuple[Against | None, bool]:
    """Return the nearest sentence that contradicts a claim, and whether another one, about as near, says the claim or a third thing."""
    read = _read_with(own, question, whole=whole)
    best: Against | None = None
    clearer = 0.0
    if not whole and any(_says_it(own, one) for one in near[:_HELD_AGAINST]):
        return None, True
    for one in near[:_HELD_AGAINST]:
        asked = _is_evidence(one, question)
        if not asked and not _states_values(one):
            continue
        alone = read is not own and not whole and (one.about >= _TOUCHED_ALONE or _has_most(own, one))
        found = [
            x
            for x in (*contradictions(read, one.statement), *(contradictions(own, one.statement) if alone else ()))
            if (whole or x.claimed[1] <= len(own.text))
            and x.score >= _needed(x, one, evidence)
            and not (read is not own and not whole and _names_another(x, question))
            and not _in_another_field(x, read, one.whole)
            and not (x.kind in _TYPED and is_measured(own, x.claimed[1]))
            and (asked or _counts_unasked(x, one))
        ]
        as_near = best is None or one.rank >= best[0].rank - AS_GOOD
        if best is None and not found and read is not own:
            clearer = max(clearer, one.about)
        if found and best is None and one.about < clearer - AS_GOOD and found[0].kind not in _TYPED:
            return None, True  # a sentence that has more of the question says nothing against it
        if found and best is None:
            best = one, found[0]
        elif found and best is not None and as_near and _rivals(best, (one, found[0])):
            return None, True  # rows of like things: which of them the claim is about, its words do not tell
        elif not found and one.own >= SUPPORTS and as_near and _has_values(own, one.statement):
            return None, True
    return best, False


def _says_it(own: Statement, one: NearStatement) -> bool:
    """Whether a sentence has every word and value of a claim, and nothing that turns it round."""
    return (
        one.own >= _ALL
        and bool(own.values)
        and _has_values(own, one.statement)
        and not contradictions(own, one.statement)
    )


def _read_with(own: Statement, question: UserQuestion | None, *, whole: bool) -> Statement:
    """Return a claim as it is read: a bare yes or no is what was asked, and few words are read with the question."""
    if question is not None and whole:
        return statement(("not " if own.text[:1] in "Nn" else "") + question.text.rstrip("?"))
    if question is not None and weight_of(own.stems) < SHORT and not question.stems <= own.stems:
        return statement(f"{own.text}\n{question.text}")
    return own


def _names_another(found: Contradiction, question: UserQuestion | None) -> bool:
    """Whether the question has a value of the same kind, so that the answer names another thing: `only version 2`, asked of version 3."""
    return question is not None and any(value.kind.value == found.kind for value in statement(question.text).values)


def _in_another_field(found: Contradiction, claim: Statement, whole: Statement) -> bool:
    """Whether a record has the value of the claim in a field of its own: a rating of 3.2 beside a price of 45.0."""
    if RECORD.search(whole.text) is None:
        return False
    mine = [value for value in claim.values if value.start == found.claimed[0]]
    return any(says(value, other) for value in mine for other in whole.values)


def _is_evidence(one: NearStatement, question: UserQuestion | None) -> bool:
    """Whether a sentence can contradict: what the user or the developer states, where it is what was asked."""
    if one.origin is Origin.EARLIER or not states(one):
        return False
    if one.origin is Origin.SOURCE:
        return True
    return question is not None and one.about >= (_ASKED if one.own < ON_TOPIC else _TOUCHED)


def _has_most(own: Statement, one: NearStatement) -> bool:
    """Whether a source has most of a claim that says enough to be about its sentence alone, whatever was asked."""
    return one.origin is Origin.SOURCE and one.own >= _MOST_OF_IT and weight_of(own.stems) >= LEAST_SHARED


def _states_values(one: NearStatement) -> bool:
    """Whether a sentence is evidence of its values, whatever was asked: it has half of the claim, and is no criterion to judge by."""
    if one.origin is Origin.EARLIER or one.own < ON_TOPIC or one.whole.text.rstrip().endswith("?"):
        return False
    return one.origin is Origin.USER or states(one)


def _counts_unasked(found: Contradiction, one: NearStatement) -> bool:
    """Whether a difference counts in a sentence that was not asked for, which may be a criterion to judge by.

    The same amount for another thing does, a value beside most of the claim, and a phrase that decides alone; a denial only
    where it tells somebody what not to do.
    """
    if found.kind == "basis" or (found.kind in _TYPED and one.own >= SUPPORTS):
        return True
    forbids = found.kind == "negation" and _FORBIDS.search(one.statement.text, 0, found.stated[0]) is not None
    return found.score >= _DECIDED and (found.kind in _OF_A_PHRASE or forbids)


def _rivals(one: Against, other: Against) -> bool:
    """Whether two sentences as near to a claim state different values where it has one."""
    (near, found), (near_too, found_too) = one, other
    if found.kind not in _TYPED or found.kind != found_too.kind:
        return False
    return near.whole.text[slice(*found.stated)] != near_too.whole.text[slice(*found_too.stated)]


def _has_values(own: Statement, other: Statement) -> bool:
    return all(
        any(says(value, one) for one in other.values) for value in own.values if value.kind is not ValueKind.QUOTED
    )


def _disputed(support: Support, found: Contradiction) -> list[AnswerPart]:
    return [part for part in support.parts if part.kind == found.kind and _spans(part, found.claimed)]


def _needed(found: Contradiction, near: NearStatement, evidence: Evidence) -> float:
    """Return the score that decides: more for words of records, which actions change."""
    source = near.statement.source
    retrieved = source < len(evidence.corpus.sources) and evidence.corpus.sources[source].retrieved
    return threshold("contradicts" if found.kind in _TYPED or retrieved else "contradicts_record")


def _stands(
    part: AnswerPart, own: Statement, evidence: Evidence, near: Sequence[NearStatement], against: NearStatement
) -> bool:
    """Whether a value of the claim is supported all the same: worked out, or in a sentence that is as near as the one against it."""
    if part.verdict is not Grounding.SUPPORTED:
        return False
    if part.worked_out:
        return True
    least = against.rank - AS_GOOD
    value = next((one for one in own.values if one.start == part.at), None)
    for one in near:
        said = value is not None and one.rank >= least and any(says(value, other) for other in one.statement.values)
        if said and not alternatives(own, one.statement, overlap(own, one.statement)):
            return True
    there = _there(part, near, evidence)
    return there is not None and share_of(own.stems, there.stems, weight_of(own.stems) or 1.0) >= against.own + AS_GOOD


def _there(part: AnswerPart, near: Sequence[NearStatement], evidence: Evidence) -> Statement | None:
    """Return the statement that a part is said in: its clause, where the sentence is among the nearest ones."""
    whole = evidence.corpus.at(part.passage) if part.passage is not None else None
    if whole is None or part.passage is None:
        return None
    place = part.passage.start
    for one in near:
        if one.whole is whole and any(
            one.statement.start + v.start <= place < one.statement.start + v.end for v in one.statement.values
        ):
            return one.statement
    return whole


def _spans(part: AnswerPart, span: tuple[int, int]) -> bool:
    return part.at < span[1] and span[0] < part.at + len(part.text)
