"""A claim in another language than English, held against what is said in the same language: the nearest clause that contradicts it.

A clause that says the claim, or has as many of its words without contradicting it, keeps every other one from counting.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis.claims.contradiction import Contradiction
from ctxdebug.analysis.claims.spoken import SpokenClause, answered, is_english, is_reply, pieces, spoken_language
from ctxdebug.analysis.claims.spoken_differences import spoken_differences
from ctxdebug.analysis.claims.spoken_pair import SpokenPair
from ctxdebug.analysis.claims.statement import Statement
from ctxdebug.analysis.sources.claim import Origin
from ctxdebug.analysis.sources.evidence import Evidence
from ctxdebug.analysis.sources.near_statements import NearStatement
from ctxdebug.analysis.sources.question import Asked, UserQuestion

_FEW = 120
"""Sentences of the evidence that are all read; of more, those nearest to the claim."""
_NEAREST = 24
_OF_A_PHRASE = frozenset({"limit", "condition"})
"""Differences that a phrase and what it is about make, however much else the claim says."""
_BETTER = 0.1


def against_spoken(
    own: Statement, evidence: Evidence, question: UserQuestion | None
) -> tuple[NearStatement, Contradiction] | None:
    """Return the sentence in the claim's language that a claim contradicts, and in what."""
    language = spoken_language(own.text, question.text if question is not None else "")
    if not language and not is_english(own.text):
        language = evidence.language
    if not language or own.text.rstrip().endswith("?"):
        return None
    there = [(whole, pieces(whole.text, language)) for whole in _evidence(own, evidence)]
    replied = question is not None and question.asked is Asked.YES_NO and is_reply(own.text, language)
    for mine in (answered(question.text, own.text, language),) if replied and question else pieces(own.text, language):
        found = _best(mine, there)
        if found is not None:
            whole, against, share = found
            if replied:
                against = Contradiction(against.kind, against.score, (0, len(own.text.rstrip())), against.stated)
            return NearStatement(whole, share, share, evidence.origins[whole.source], share, whole), against
    return None


def _evidence(own: Statement, evidence: Evidence) -> Iterator[Statement]:
    every = evidence.corpus.statements
    for whole in every if len(every) <= _FEW else evidence.corpus.nearest(own.stems, _NEAREST):
        if evidence.origins[whole.source] is not Origin.EARLIER and not whole.text.rstrip().endswith("?"):
            yield whole


def _best(
    mine: SpokenClause, there: list[tuple[Statement, tuple[SpokenClause, ...]]]
) -> tuple[Statement, Contradiction, float] | None:
    best: tuple[Statement, Contradiction, float] | None = None
    said = 0.0
    for whole, clauses in there:
        pairs = [SpokenPair(mine, clause) for clause in clauses]
        found = [(pair, one) for pair in pairs for one in spoken_differences(pair)]
        for pair, one in found:
            if best is None or pair.covered() > best[2]:
                best = whole, one, pair.covered()
        if not found:
            said = max([said, *(pair.covered() for pair in pairs)])
    return None if best is None or (said > best[2] - _BETTER and best[1].kind not in _OF_A_PHRASE) else best
