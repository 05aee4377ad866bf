"""The answer claim by claim: supported, contradicted, unsupported or not examined, each with its evidence.

A contradiction needs a sentence that is about the same thing; an unsupported part is one that no text the model was given contains.
What lies between (the same said in other words, or not) is left open, for a judge.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ctxdebug.analysis.claims.clauses import clauses, compound, coordinated, without_asides
from ctxdebug.analysis.claims.contradiction import contradictions
from ctxdebug.analysis.claims.readable_text import ReadableText, read
from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.claims.values import ValueKind
from ctxdebug.analysis.claims.words import weight_of
from ctxdebug.analysis.sources.added_parts import (
    added_conjunct,
    added_item,
    added_sentence,
    beyond_what_was_asked,
    is_list_item,
    label_end,
)
from ctxdebug.analysis.sources.additions import (
    added_clause,
    answers_beyond,
    foreign_share,
    is_longer_name,
    unknown_names,
)
from ctxdebug.analysis.sources.answer_part import Grounding
from ctxdebug.analysis.sources.assertions import is_yes_or_no, states_nothing
from ctxdebug.analysis.sources.citations import uncited
from ctxdebug.analysis.sources.claim import Claim, ClaimVerdict, Difference, Origin
from ctxdebug.analysis.sources.contradicted import ON_TOPIC, contradicted, contradicted_as_spoken
from ctxdebug.analysis.sources.evidence import Evidence
from ctxdebug.analysis.sources.grounding import Support
from ctxdebug.analysis.sources.missing_parts import MEASURED, answers_in_words, is_relied_on, is_sure
from ctxdebug.analysis.sources.near_statements import (
    FIELD,
    NearStatement,
    nearest_statements,
    share_of,
)
from ctxdebug.analysis.sources.parties import with_roles
from ctxdebug.analysis.sources.question import UserQuestion
from ctxdebug.analysis.sources.reliance import Reliance
from ctxdebug.analysis.sources.steps import Turned, turned_steps
from ctxdebug.analysis.sources.thresholds import threshold
from ctxdebug.analysis.sources.value_search import says
from ctxdebug.records import replace
from ctxdebug.text.patterns import lazy

_VOUCHED = 0.8
"""Share of a claim's content that adjacent sentences must contain to support it, with every content word of it in some given text.

Nothing less vouches for a claim: on SummEdits and WiCE (two thirds, bench `claims`) about 1 % of unsupported answers pass. Where
words that no text contains were let pass it was 34 %, for an edited word changes little of what is shared.
"""
_BESIDE = 0.4
"""Share of a claim that a sentence contains at least for a value in it to be the claim's."""
_QUALIFIES = lazy(
    r"\b(?:if|unless|except|only|but|however|though|as long as|provided|needs?|must|otherwise|usually|normally|generally)\b",
    re.IGNORECASE,
)
_ELSEWHERE = "another sentence of the answer qualifies it"
_OF_EACH = frozenset({"negation", "antonym", "only", "charge"})
"""Differences that one of two things joined by `and` may have alone."""
_IN_ORDER = 0.8
"""Confidence of a step that comes after one that it has to come before."""
_ADDED = 0.6
"""Confidence of a part that was added in words."""
_SIDE_REMARK = 0.4
"""Confidence of an unsupported part that is reported as a note, which is hidden by default."""
_ALL_FOREIGN = 0.62
"""The same, from which a claim is unsupported without a missing name or value (set on WiCE and SummEdits, two thirds)."""
_FEW = 6
"""Content words up to which one sentence alone has to vouch for a claim: the words of three are soon together by chance."""
_LONG = 5
"""Content words of such a claim at least."""
_ANSWERS_FIRST = 3
"""Sentences of the answer that may answer the question in few words."""


def claims(
    answer: str,
    supports: Sequence[Support],
    evidence: Evidence,
    question: UserQuestion | None,
    hidden: str = "",
    reliance: Reliance = Reliance.FREE,
) -> tuple[Claim, ...]:
    """Return a verdict for every sentence of the answer; `hidden` is why the capture does not hold all that the model read."""
    reading = read(answer)
    found = []
    items = [statement(support.text) for support in supports if is_list_item(support.text)]
    for at, support in enumerate(supports):
        asked = question if at < _ANSWERS_FIRST else None
        claim = _claim(support, evidence, asked, hidden, reliance)
        if _drops_condition(claim) and _QUALIFIES.search(answer[: support.start] + answer[support.end :]):
            claim = replace(claim, verdict=ClaimVerdict.NOT_EXAMINED, why=_ELSEWHERE, differences=())
        if claim.verdict is ClaimVerdict.NOT_EXAMINED and claim.asserts and is_list_item(support.text) and not hidden:
            added = added_item(statement(support.text), [one for one in items if one.text != support.text], evidence)
            claim = _with_addition(claim, added, _ADDED) if added is not None else claim
        found.append(_in_capture(claim, support.at, reading) if claim.differences else claim)
    turned = turned_steps(supports, evidence, question) if not hidden else None
    if turned is not None:
        at = next(at for at, support in enumerate(supports) if support is turned.support)
        if found[at].verdict is not ClaimVerdict.CONTRADICTED:
            found[at] = _in_capture(_out_of_order(found[at], turned, evidence), turned.support.at, reading)
    return tuple(found)


def _out_of_order(claim: Claim, turned: Turned, evidence: Evidence) -> Claim:
    """Return a claim as contradicted by the order in which a text tells its step."""
    spot = evidence.corpus.passage(turned.then)
    difference = Difference(
        "order of steps", turned.support.text[turned.start : turned.end].strip(" ,;."), evidence.corpus.words(spot),
        turned.start, turned.end, spot,
    )  # fmt: skip
    return replace(
        claim, verdict=ClaimVerdict.CONTRADICTED, passage=evidence.corpus.passage(turned.first),
        why=f"the text tells “{difference.claimed}” before “{difference.stated}”", origin=evidence.origins[spot.source],
        differences=(difference,), confidence=_IN_ORDER,
    )  # fmt: skip


def _in_capture(claim: Claim, at: int, reading: ReadableText) -> Claim:
    """Return the claim with its differences where they are in the captured answer; found were they in its sentence as it is read."""
    differences = tuple(
        replace(one, start=reading.original(at + one.start), end=reading.original(at + one.end - 1) + 1)
        for one in claim.differences
    )
    return replace(claim, differences=differences)


def _drops_condition(claim: Claim) -> bool:
    return any(one.kind in {"condition", "threshold", "yes or no"} for one in claim.differences)


def _with_addition(claim: Claim, added: Difference, confidence: float) -> Claim:
    return replace(
        claim,
        verdict=ClaimVerdict.UNSUPPORTED,
        why=f"in no source: {added.claimed}",
        differences=(added,),
        confidence=confidence,
    )


def _claim(
    support: Support, evidence: Evidence, question: UserQuestion | None, hidden: str, reliance: Reliance
) -> Claim:
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
    roles = with_roles(own, evidence)
    for part in (
        *(clauses(own, whole=True) or (own, *compound(own), *without_asides(own))),
        *((roles,) if roles else ()),
    ):
        beside = near if part is own else nearest_statements(part, evidence, question)
        against = contradicted(blank, part, support, evidence, beside, question)
        if against:
            return against
    against = contradicted_as_spoken(blank, own, support, evidence, question)
    if against:
        return against
    for part in coordinated(own):
        against = contradicted(blank, part, support, evidence, nearest_statements(part, evidence, question), question)
        if against and against.differences[0].kind in _OF_EACH:
            return against
    return _supported(blank, own, support, evidence, near, question, reliance)


def _supported(
    blank: Claim,
    own: Statement,
    support: Support,
    evidence: Evidence,
    near: Sequence[NearStatement],
    question: UserQuestion | None,
    reliance: Reliance,
) -> Claim:
    best = max(near, key=lambda one: one.window, default=None)
    window = best.window if best is not None else 0.0
    passage = evidence.corpus.passage(best.whole) if best is not None else None
    origin = best.origin if best is not None else Origin.SOURCE
    claim = replace(blank, passage=passage, origin=origin, covered=window)
    label = label_end(support.text) if reliance is not Reliance.GIVEN else 0
    names = tuple(one for one in unknown_names(support, evidence, question) if one.start >= label)
    absent = [
        part
        for part in support.parts
        if part.verdict is Grounding.ABSENT
        and (part.specific or answers_in_words(part, question, reliance))
        and not is_longer_name(part, evidence)
        and not (part.kind == "name" and part.at < label)
    ]
    parts = tuple(Difference("addition", part.text, "", part.at, part.at + len(part.text)) for part in absent)
    additions = (*parts, *(one for one in names if not any(part.start <= one.start < part.end for part in parts)))
    vouched = any(part.verdict is Grounding.SUPPORTED and part.kind != "name" for part in support.parts)
    conjunct = added_conjunct(own, evidence, question, vouched=vouched)
    named = not any(map(str.isdigit, "".join(one.claimed for one in additions)))
    if conjunct is not None and additions and named:
        additions = (conjunct,)  # the whole reason, of which the name is a part
    if additions:
        sure = (
            conjunct is not None
            or is_sure(additions, absent, window, foreign_share(own, evidence))
            or is_relied_on(additions, absent, reliance)
        )
        return replace(
            claim, verdict=ClaimVerdict.UNSUPPORTED, why="in no source: " + ", ".join(one.claimed for one in additions[:4]),
            differences=additions, confidence=0.8 if sure else _SIDE_REMARK,
        )  # fmt: skip
    thing = conjunct if conjunct is not None and conjunct.kind == "thing" else None
    added = thing or (added_clause(own, evidence) if window >= ON_TOPIC else None) or conjunct
    figured = any(
        part.verdict is Grounding.SUPPORTED and part.kind in MEASURED | {ValueKind.DATE.value} for part in support.parts
    )
    vouched = any(part.verdict is Grounding.SUPPORTED for part in support.parts)
    if added is None and question is not None and window < ON_TOPIC and not vouched and evidence.corpus.retrieved:
        added = answers_beyond(own, evidence, question)
    if added is None and question is not None and reliance is Reliance.GIVEN:
        added = beyond_what_was_asked(own, evidence, question, vouched=figured)
    if added is None and reliance is not Reliance.FREE:
        added = added_sentence(own, evidence, question)
    if added is not None:
        return _with_addition(claim, added, _ADDED)
    if len(own.stems) >= _LONG and foreign_share(own, evidence) >= _ALL_FOREIGN:
        return replace(
            claim, verdict=ClaimVerdict.UNSUPPORTED, why="most of it is in no source",
            confidence=threshold("unsupported_sentence"),
        )  # fmt: skip
    disputed = next((part for part in support.parts if part.verdict is Grounding.CONTRADICTED), None)
    if disputed is not None:
        return replace(claim, why=f"{disputed.how}, and that it speaks of the same is not sure")
    vouching = window if len(own.stems) > _FEW or best is None else best.own
    covered = vouching >= _VOUCHED and best is not None and own.stems <= evidence.corpus.stems
    if covered and best is not None and not _differs(own, best) and _values_said(own, support, best, evidence):
        return replace(
            claim,
            verdict=ClaimVerdict.SUPPORTED,
            why=f"said by {'a source' if best.origin is Origin.SOURCE else 'the ' + best.origin}",
        )
    return replace(claim, why="in other words than the sources: no offline check decides")


def _differs(own: Statement, near: NearStatement) -> bool:
    """Whether the sentence that would vouch for a claim differs from it in some point, though not surely enough to contradict it."""
    return bool(contradictions(own, near.statement))


def _values_said(own: Statement, support: Support, near: NearStatement, evidence: Evidence) -> bool:
    """Whether each value of a claim stands beside the words that vouch for it, or is worked out: said of something else, it vouches for nothing."""
    worked_out = {part.at for part in support.parts if part.worked_out}
    weight = weight_of(own.stems) or 1.0
    beside = [
        one for one in evidence.corpus.beside(near.statement) if share_of(own.stems, one.stems, weight) >= _BESIDE
    ]
    return all(
        value.start in worked_out or any(says(value, other) for one in beside for other in one.values)
        for value in own.values
        if value.kind not in {ValueKind.QUOTED, ValueKind.IDENTIFIER, ValueKind.ORDINAL}
    )
