"""Two sources that give one sentence with one point changed: a name, a negation, an opposite, a modality, a quantifier.

Two different things that a list describes in the same words are no conflict: a name at the beginning counts only where one alone can
be it (`X leads the office`), and not where several can (`X has a pool`). A long sentence that tells one event is told of another name by a
mistake, wherever the name stands but at its beginning or as the place or the addressee that the rest holds for (`at X`, `for X`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from ctxdebug.analysis.claims.alignment import Alignment, Word, align
from ctxdebug.analysis.claims.comparison import Relation, compare
from ctxdebug.analysis.claims.contradiction import Contradiction, contradictions
from ctxdebug.analysis.claims.opposition import Opposition
from ctxdebug.analysis.claims.statement import Statement
from ctxdebug.analysis.claims.words import STEM

_KINDS = frozenset({"name", "negation", "antonym", "modality", "quantifier", "role", "weekday", "month"})
_SEVERAL = frozenset({"name", "weekday", "month"})
"""Kinds of which several may be true at once."""
_SAME = 0.9
"""Share of both sentences that must be the same, the point left out."""
_FEWEST = 3
"""Content words that they share at least."""
_LONGEST_POINT = 4
"""Content words that the point in which they differ has at most, on the shorter side."""
_EVENT = 6
"""Content words that two sentences share, from which they tell one event and do not describe two things in the same words."""
_ENDS = tuple(".!?”\"')")
_HOLDS_FOR = frozenset("at in for near".split())
_SCORE = 0.75


@cache
def _stems(key: str) -> frozenset[str]:
    loaded = json.loads(Path(__file__).with_name("predicates.json").read_text("utf-8"))
    return frozenset(STEM[word] or word for word in str(loaded[key]).split())


def restated(a: Statement, b: Statement) -> Opposition | None:
    """Return the one point in which two otherwise equal sentences differ, or None."""
    shared = len(a.stems & b.stems)
    if shared < _FEWEST - 1 or min(len(a.stems), len(b.stems)) - shared > _LONGEST_POINT:
        return None
    if a.boilerplate or b.boilerplate:
        return None
    there = _held_against(a, b)
    if there is not None or not (a.stems <= b.stems or b.stems <= a.stems):
        return there
    back = _held_against(b, a)  # a name that one side says twice is missing from the other side only
    if back is None:
        return None
    return Opposition(back.score, back.kind, back.right, back.left, back.right_text, back.left_text)


def _held_against(a: Statement, b: Statement) -> Opposition | None:
    found = next((one for one in contradictions(a, b) if one.kind in _KINDS and one.score >= _SAME), None)
    if found is None or a.text[slice(*found.claimed)].isupper():
        return None  # `BEGIN of results` and `END of results` are marks
    aligned = align(a, b)
    mine = _left_over(aligned.mine, aligned.alone, found.claimed)
    theirs = _left_over(aligned.theirs, aligned.other, found.stated)
    added = (
        bool(mine) != bool(theirs)
        and _goes_on(aligned.mine, mine, found.claimed)
        and _goes_on(aligned.theirs, theirs, found.stated)
    )
    if ((mine or theirs) and not added) or len(aligned.pairs) < _FEWEST - 1 or len(a.values) != len(b.values):
        return None
    if found.kind in _SEVERAL and not (_values_agree(a, b) and _exclusive(aligned, found)):
        return None
    return Opposition(
        _SCORE, found.kind, found.claimed, found.stated, a.text[slice(*found.claimed)], b.text[slice(*found.stated)]
    )


def _left_over(words: Sequence[Word], lone: Sequence[int], span: tuple[int, int]) -> list[int]:
    """Return the words that one side has alone, besides the point that differs."""
    return [at for at in lone if not _inside(words[at].start, span)]


def _goes_on(words: Sequence[Word], lone: Sequence[int], span: tuple[int, int]) -> bool:
    """Whether what one side has alone is said in a clause behind that of the point: `…; the rest were clean`."""
    clause = max((word.clause for word in words if _inside(word.start, span)), default=0)
    return all(words[at].clause > clause for at in lone)


def _values_agree(a: Statement, b: Statement) -> bool:
    """Whether both say the same values: two names with a value each are two things."""
    return all(any(compare(x, y).relation is Relation.EQUAL for y in b.values) for x in a.values)


def _inside(start: int, span: tuple[int, int]) -> bool:
    return span[0] <= start < span[1]


def _exclusive(aligned: Alignment, found: Contradiction) -> bool:
    """Whether only one of the two names can stand there."""
    stems = {word.stem or word.low for word in aligned.mine}
    before = [word for word in aligned.mine if word.end <= found.claimed[0]]
    first = not any(word.stem for word in before)
    event = len(aligned.pairs) >= _EVENT and aligned.claim.text.endswith(_ENDS)
    if not first and event and not any(word.low in _HOLDS_FOR for word in before[-2:]):
        return True
    if not stems.isdisjoint(_stems("shared")):
        return False
    return not first or not stems.isdisjoint(_stems("one_alone"))
