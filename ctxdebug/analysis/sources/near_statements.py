"""The statements of a request that are nearest to a sentence of the answer, and which of them state anything."""

from __future__ import annotations

from ctxdebug.analysis.claims.clauses import clauses
from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.claims.words import WEIGHT, kinds, likes, weight_of
from ctxdebug.analysis.sources.assertions import openings
from ctxdebug.analysis.sources.claim import Origin
from ctxdebug.analysis.sources.evidence import Evidence
from ctxdebug.analysis.sources.question import UserQuestion
from ctxdebug.analysis.sources.reliance import INSTRUCTS, tells_of_oneself
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

SHORT = 2.0
"""Weight of content words under which a claim is read with the question that it answers."""
FIELD = lazy(r"[\s{\[,]*\"[\w .$-]{1,60}\"\s*:")
_PRONOUN = lazy(r"[\s*•-]{0,6}(?:It|They|He|She|This|These)\b")
_SUBJECT = lazy(
    r"[\s*•-]{0,6}(?:The |A |An |Our |Your )?((?:[\w’'&-]{1,30}[ \t]){1,6}?)"
    r"(?:is|are|was|were|will|can|cannot|may|must|has|have|had|does|do|did|should|[a-z]{2,20}s|[a-z]{2,20}ed)\b"
)
"""The words of a sentence up to its first verb."""
_LONGEST_SUBJECT = 60
NEAR = 6
"""Sentences of the evidence that a claim is held against."""
AS_GOOD = 0.08


@record(frozen=True, slots=True)
class NearStatement:
    """A sentence of the evidence near a claim, and how much of the claim it and its neighbours contain."""

    statement: Statement
    own: float
    window: float
    origin: Origin
    about: float
    """Share of the question that the sentence contains."""
    whole: Statement
    """The sentence of which `statement` is a clause with a value of its own, or the statement itself."""

    @property
    def rank(self) -> float:
        """What near sentences are ordered by."""
        return self.own + 0.3 * self.about


def nearest_statements(own: Statement, evidence: Evidence, question: UserQuestion | None) -> list[NearStatement]:
    """Return the statements that are nearest to a sentence of the answer, the nearest first."""
    asked = question.stems if question is not None else frozenset()
    wanted = own.stems | asked if weight_of(own.stems) < SHORT else own.stems
    wanted = wanted.union(*map(kinds, wanted))
    total = weight_of(own.stems) or 1.0
    found = []
    for one in evidence.corpus.nearest(wanted, NEAR + 2):
        if evidence.origins[one.source] is Origin.USER and _asks(one, question):
            continue  # what was asked supports nothing
        if evidence.is_withdrawn(one):
            continue
        window = share_of(own.stems, evidence.corpus.around(one), total)
        resolved = with_subject(one, evidence)
        for part in clauses(one) or (resolved,):
            about = share_of(asked, part.stems, weight_of(asked) or 1.0)
            covered = share_of(own.stems, part.stems, total)
            found.append(NearStatement(part, covered, window, evidence.origins[one.source], about, one))
    return sorted(found, key=lambda near: near.rank, reverse=True)


def _asks(one: Statement, question: UserQuestion | None) -> bool:
    """Whether a sentence of the user's is the question, or has it and goes on: `is it free on Sunday? we want to see the clocks`."""
    if one.text.rstrip().endswith("?"):
        return True
    return question is not None and "?" in one.text and question.text.strip()[:_LONGEST_SUBJECT] in one.text


def with_subject(one: Statement, evidence: Evidence) -> Statement:
    """Return a sentence whose subject is a pronoun with the subject of the sentence before it added behind its end."""
    if not _PRONOUN.match(one.text):
        return one
    before = evidence.corpus.before(one)
    subject = _SUBJECT.match(before.text) if before is not None and not _PRONOUN.match(before.text) else None
    if subject is None or len(subject[1]) > _LONGEST_SUBJECT:
        return one
    return statement(f"{one.text}; {subject[1]}", one.source, one.start)


def share_of(mine: frozenset[str], theirs: frozenset[str], total: float) -> float:
    """Share of some stems' weight that other stems contain, words of like or wider meaning at four fifths."""
    got = weight_of(mine & theirs)
    got += sum(0.8 * WEIGHT[stem] for stem in mine - theirs if not theirs.isdisjoint(likes(stem) | kinds(stem)))
    return got / total


def states(one: NearStatement) -> bool:
    """Whether a sentence of the evidence states something: the user's question does not, nor does an instruction."""
    text = one.whole.text
    if text.rstrip().endswith("?"):
        return False
    if one.origin is Origin.SOURCE:
        return True
    low = text.lower().lstrip(" *#>-•\"'")
    if one.origin is Origin.USER and tells_of_oneself(low):
        return True
    return one.whole.asserted and not INSTRUCTS.search(low) and not low.startswith(openings()["instruction"])
