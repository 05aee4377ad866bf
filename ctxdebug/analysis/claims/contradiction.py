"""In what a claim contradicts a sentence that is about the same thing: one kind of difference after the other.

Every kind needs the rest of the claim to be in the sentence; where much of it is not, nothing is contradicted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxdebug.analysis.claims import basis, charge, listed, polarity, sides, swaps, turned_phrase
from ctxdebug.analysis.claims.alignment import Alignment, Difference, align
from ctxdebug.analysis.claims.comparison import Relation, compare
from ctxdebug.analysis.claims.opposition import oppose
from ctxdebug.analysis.claims.other_unit import slips
from ctxdebug.analysis.claims.spoken import spoken_language
from ctxdebug.analysis.claims.statement import Statement
from ctxdebug.analysis.claims.values import ValueKind
from ctxdebug.analysis.claims.words import STEM, kinds, likes, stems_of, weight_of
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

LEAST_SHARED = 0.9
"""Weight of shared content words from which a claim and a sentence can be about the same thing."""
_TYPED = frozenset(kind.value for kind in ValueKind) - {"quoted name"}
RECORD = lazy(r"[\"']\s?:\s|\w=[\"'\w]|\{|\}|^\s*[\w-]+:\s*[\w-]*$")
"""What a record has and prose has not: a quoted key, an assignment, braces."""
_KEY = lazy(r"[\"']([\w -]{1,40})[\"']\s?:\s?[\"'\[]?$")
_LONGEST_KEY = 60
_NUMBERED = lazy(r"([^\W\d_]{1,12})[-\s]?(\d{1,5})")
_RANGE = lazy(
    r"\b([^\W\d_]{1,12})[-\s]?(\d{1,5})\s?(?:to|through|until|bis|a|à|-|–)\s?(?:\1[-\s]?)?(\d{1,5})\b", re.IGNORECASE
)
_CODE_NAME = lazy(r"`[^`\n]{1,80}`|\b[a-z]{2,30}[A-Z][a-z]+[A-Z]\w{0,40}\b")
"""Names of a program, of which a change speaks otherwise than the file did."""
_WORD = lazy(r"[A-Za-z][\w'’]*")
_SENTENCE = 3
"""How many words of a whole sentence may come to one in lower case: `Falcon acquired Tern Systems in March.`"""
_OF_NAMES = 5
"""The same, where one of these is a verb of the past: `In March the Brandt Group acquired Solvik Instruments.`"""
_DID = lazy(r"[a-z]{2,20}ed$|(?:is|was|are|were|has|had)$")
_OF_PROSE = (polarity, swaps, sides, turned_phrase, listed, charge)
"""What can differ in words, which a record has none of."""
_SURELY = 0.8
_SINGLE = lazy(r"\b(?:[Oo]ne|[Aa] single) ([a-z]{3,30})\b")
_VALUE = 0.55
"""Score from which two typed values of one subject contradict (set on fixtures/conflicts, tuning part)."""


@record(frozen=True, slots=True)
class Contradiction:
    """A difference that makes claim and sentence say opposite things: its kind, how sure (0 to 1), and both spans."""

    kind: str
    score: float
    claimed: tuple[int, int]
    stated: tuple[int, int]


def contradictions(claim: Statement, source: Statement) -> tuple[Contradiction, ...]:
    """Every contradiction of a claim and a sentence, the surest first."""
    if claim.text == source.text:
        return ()
    if weight_of(claim.stems & source.stems) < LEAST_SHARED / 3 and not any(map(kinds, claim.stems)):
        return ()
    aligned = align(claim, source)
    shared = aligned.weight(tuple(aligned.pairs))
    if shared < LEAST_SHARED and not (shared >= LEAST_SHARED / 3 and len(aligned.alone) <= 1):
        return ()
    found = sorted(_all(aligned), key=lambda one: one.score, reverse=True)
    return tuple(found)


def _is_prose(text: str) -> bool:
    """Return a sentence, in which words can be negated and exchange places: no record, heading, title or row of a table."""
    if RECORD.search(text) or text.count("|") > 1:
        return False
    words = _WORD.findall(text)
    small = sum(word[0].islower() for word in words)
    ends = text.rstrip().endswith(".")
    share = (_OF_NAMES if any(map(_DID.match, words)) else _SENTENCE) if ends else 2
    return len(words) > 2 and small > 1 and share * small >= len(words)


def _is_foreign(aligned: Alignment) -> bool:
    """Whether the sentences are in a language of which another pass knows the operators."""
    return bool(spoken_language(aligned.claim.text) or spoken_language(aligned.source.text))


def _all(aligned: Alignment) -> Iterator[Contradiction]:
    prose: tuple[Difference, ...] = ()
    if _is_prose(aligned.source.text) and not _CODE_NAME.search(aligned.claim.text) and not _is_foreign(aligned):
        prose = tuple(found for kind in _OF_PROSE for found in kind.differences(aligned))
    for kind, score, mine, theirs in (*prose, *basis.differences(aligned)):
        claimed = (aligned.mine[mine[0]].start, aligned.mine[mine[1]].end)
        stated = (aligned.theirs[theirs[0]].start, aligned.theirs[theirs[1]].end)
        yield Contradiction(kind, score, claimed, stated)
    for score, value, other in slips(aligned):
        yield Contradiction(value.kind.value, score, (value.start, value.end), (other.start, other.end))
    opposed = oppose(aligned.source, aligned.claim)
    if opposed and _in_its_range(aligned, opposed.right):
        return
    if opposed and opposed.kind in _TYPED and opposed.score >= _VALUE and _is_of_its_field(aligned, opposed.left[0]):
        yield Contradiction(opposed.kind, opposed.score, opposed.right, opposed.left)
    if not aligned.alone:
        yield from (one for one in _one_value(aligned) if _is_of_its_field(aligned, one.stated[0]))


def _in_its_range(aligned: Alignment, claimed: tuple[int, int]) -> bool:
    """Whether the sentence names a range that an identifier of the claim is in: `presses P-4 to P-8`, of P-6."""
    mine = _NUMBERED.fullmatch(aligned.claim.text[slice(*claimed)].strip())
    if mine is None:
        return False
    return any(
        first[1].lower() == mine[1].lower() and int(first[2]) <= int(mine[2]) <= int(first[3])
        for first in _RANGE.finditer(aligned.source.text)
    )


def _is_of_its_field(aligned: Alignment, at: int) -> bool:
    """Whether a claim has a word of the field that a value is in, where it is in one: a rating is not the `price` of the same record."""
    key = _KEY.search(aligned.source.text, max(0, at - _LONGEST_KEY), at)
    words = stems_of(key[1].replace("_", " ")) if key else frozenset()
    return not words or any(not aligned.claim.stems.isdisjoint({word} | likes(word)) for word in words)


def _one_value(aligned: Alignment) -> Iterator[Contradiction]:
    """Every word of the claim is in the sentence, which has more of them (`per night`), and one value differs."""
    mine, theirs = (
        [one for one in side.values if one.kind.value in _TYPED] for side in (aligned.claim, aligned.source)
    )
    x = [one for one in mine if not any(compare(one, other).relation is Relation.EQUAL for other in theirs)]
    y = [one for one in theirs if not any(compare(one, other).relation is Relation.EQUAL for other in mine)]
    single = _SINGLE.search(aligned.source.text) if len(x) == 1 and not y and x[0].low > 1 else None
    if single and x[0].noun and STEM[single.group(1)] == STEM[x[0].noun]:
        yield Contradiction("number", _SURELY, (x[0].start, x[0].end), single.span())
    if len(x) == len(y) == 1 and x[0].kind is y[0].kind and compare(x[0], y[0]).relation is Relation.CONFLICT:
        yield Contradiction(x[0].kind.value, _SURELY, (x[0].start, x[0].end), (y[0].start, y[0].end))
