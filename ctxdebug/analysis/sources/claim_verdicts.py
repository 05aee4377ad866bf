"""The answer claim by claim: supported, contradicted, unsupported or not examined, each with its evidence.

A contradiction needs a sentence that is about the same thing; an unsupported part is one that no text the model was given contains.
What lies between (the same said in other words, or not) is left open, for a judge.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from ctxdebug.analysis.claims.contradiction import Contradiction, contradictions
from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.claims.words import WEIGHT, likes, weight_of
from ctxdebug.analysis.sources.claim import Claim, ClaimVerdict, Difference, Origin
from ctxdebug.analysis.sources.corpus import Corpus
from ctxdebug.analysis.sources.grounding import AnswerPart, Grounding, Support
from ctxdebug.analysis.sources.question import UserQuestion
from ctxdebug.text.abstention import abstention

CONTRADICTS = 0.7
"""Score from which a difference is a contradiction (set on the claim pairs, tuning part)."""
SUPPORTS = 0.75
"""Share of a claim's content that three adjacent sentences must contain to support it (set on WiCE, supported claims)."""
_NEAR = 6
"""Sentences of the evidence that a claim is held against."""
_AS_GOOD = 0.08
_SHORT = 2.0
"""Weight of content words under which a claim is read with the question that it answers."""
_ANSWERS_FIRST = 3
"""Sentences of the answer that may answer the question in few words."""


@dataclass(frozen=True)
class Evidence:
    """Everything that the model was given as text, the sources first; `origins[i]` says who gave text `i`."""

    corpus: Corpus
    origins: tuple[Origin, ...]


@cache
def _openings() -> dict[str, tuple[str, ...]]:
    loaded = json.loads((files(__package__) / "claim_kinds.json").read_text("utf-8"))
    return {name: tuple(row.split("|")) for name, row in loaded.items() if name != "about"}


def claims(
    supports: Sequence[Support], evidence: Evidence, question: UserQuestion | None, hidden: str = ""
) -> tuple[Claim, ...]:
    """A verdict for every sentence of the answer; `hidden` is why the capture does not hold all that the model read."""
    found = []
    for at, support in enumerate(supports):
        asked = question if at < _ANSWERS_FIRST else None
        found.append(_claim(support, evidence, asked, hidden))
    return tuple(found)


def _claim(support: Support, evidence: Evidence, question: UserQuestion | None, hidden: str) -> Claim:
    blank = Claim(support.text, support.start, support.end, ClaimVerdict.NOT_EXAMINED)
    reason = _states_nothing(support.text)
    if reason:
        return replace(blank, why=reason, asserts=False)
    if hidden or not evidence.corpus.statements:
        return replace(blank, why=hidden or "nothing was given to compare it with")
    own = statement(support.text)
    near = _nearest(own, evidence, question)
    contradicted = _contradicted(blank, own, support, evidence, near, question)
    if contradicted:
        return contradicted
    return _supported(blank, support, evidence, near)


def _states_nothing(text: str) -> str:
    """Why a sentence states nothing that a source must support; empty if it does."""
    low = text.lower().lstrip(" *#>-•\"'").replace("’", "'")
    if low.rstrip(" *_\"')").endswith("?"):
        return "a question"
    if abstention(text):
        return "it says that something is not known"
    for name in ("greeting", "offer", "opinion", "request", "self"):
        if low.startswith(_openings()[name]):
            return {"self": "what the model says of itself"}.get(
                name, f"an {name}" if name[0] in "aeiou" else f"a {name}"
            )
    if low.rstrip(" *_").endswith(":") or (low.startswith(_openings()["lead"]) and len(low) < 60 and low.endswith(":")):
        return "a heading"
    words = re.findall(r"[^\W_]+", low)
    return "" if len(words) > 1 or any(map(str.isdigit, low)) else "a word alone"


@dataclass(frozen=True, slots=True)
class _Near:
    """A sentence of the evidence near a claim, and how much of the claim it and its neighbours contain."""

    statement: Statement
    own: float
    window: float
    origin: Origin


def _nearest(own: Statement, evidence: Evidence, question: UserQuestion | None) -> list[_Near]:
    asked = question.stems if question is not None else frozenset()
    wanted = own.stems | asked if weight_of(own.stems) < _SHORT else own.stems
    total = weight_of(own.stems) or 1.0
    found = []
    for one in evidence.corpus.nearest(wanted, _NEAR):
        around = evidence.corpus.around(one)
        about = weight_of(asked & one.stems) / (weight_of(asked) or 1.0)
        found.append(
            (
                _Near(
                    one,
                    _share(own.stems, one.stems, total),
                    _share(own.stems, around, total),
                    evidence.origins[one.source],
                ),
                about,
            )
        )
    found.sort(key=lambda row: row[0].own + 0.3 * row[1], reverse=True)
    return [near for near, _ in found]


def _share(mine: frozenset[str], theirs: frozenset[str], total: float) -> float:
    """Share of some stems' weight that other stems contain, words of like meaning at four fifths."""
    got = weight_of(mine & theirs)
    got += sum(0.8 * WEIGHT[stem] for stem in mine - theirs if not theirs.isdisjoint(likes(stem)))
    return got / total


def _contradicted(
    blank: Claim,
    own: Statement,
    support: Support,
    evidence: Evidence,
    near: Sequence[_Near],
    question: UserQuestion | None,
) -> Claim | None:
    """The claim contradicted by the sentence nearest to it, unless another one as near agrees with it."""
    read = own
    if question is not None and weight_of(own.stems) < _SHORT:
        read = statement(f"{own.text}\n{question.text}")
    best: tuple[_Near, Contradiction] | None = None
    for one in near[:4]:
        if one.origin is Origin.EARLIER or not _states(one):
            continue
        found = [
            x for x in contradictions(read, one.statement) if x.score >= CONTRADICTS and x.claimed[1] <= len(own.text)
        ]
        if not found:
            if one.own >= SUPPORTS and (best is None or one.own >= best[0].own - _AS_GOOD):
                return None  # this sentence says it
            continue
        if best is None:
            best = one, found[0]
    if best is None:
        return None
    one, found_ = best
    part = next(
        (
            part
            for part in support.parts
            if part.verdict is Grounding.SUPPORTED and _spans(part, support, found_.claimed)
        ),
        None,
    )
    if part is not None and part.how and part.how != "as written":
        return None  # worked out, or given by the user
    spot = evidence.corpus.passage(one.statement, *found_.stated)
    difference = Difference(
        found_.kind, own.text[slice(*found_.claimed)], evidence.corpus.words(spot),
        support.start + found_.claimed[0], support.start + found_.claimed[1], spot,
    )  # fmt: skip
    return replace(
        blank, verdict=ClaimVerdict.CONTRADICTED, why=f"{found_.kind}: “{difference.claimed}” against “{difference.stated}”",
        passage=evidence.corpus.passage(one.statement), origin=one.origin, differences=(difference,), covered=one.own, confidence=found_.score,
    )  # fmt: skip


def _states(one: _Near) -> bool:
    """Whether a sentence of the evidence states something: the user's question does not, nor does an instruction."""
    return not one.statement.text.rstrip().endswith("?")


def _spans(part: AnswerPart, support: Support, span: tuple[int, int]) -> bool:
    return part.start < support.start + span[1] and support.start + span[0] < part.end


def _supported(blank: Claim, support: Support, evidence: Evidence, near: Sequence[_Near]) -> Claim:
    best = max(near, key=lambda one: one.window, default=None)
    window = best.window if best is not None else 0.0
    passage = evidence.corpus.passage(best.statement) if best is not None else None
    origin = best.origin if best is not None else Origin.SOURCE
    claim = replace(blank, passage=passage, origin=origin, covered=window)
    absent = [part for part in support.parts if part.verdict is Grounding.ABSENT and part.specific]
    if absent:
        parts = tuple(Difference("addition", part.text, "", part.start, part.end) for part in absent)
        return replace(
            claim, verdict=ClaimVerdict.UNSUPPORTED, why="in no source: " + ", ".join(part.text for part in absent[:4]),
            differences=parts, confidence=0.8,
        )  # fmt: skip
    if window >= SUPPORTS and best is not None:
        return replace(
            claim,
            verdict=ClaimVerdict.SUPPORTED,
            why=f"said by {'a source' if best.origin is Origin.SOURCE else 'the ' + best.origin}",
        )
    return replace(claim, why="in other words than the sources: no offline check decides")
