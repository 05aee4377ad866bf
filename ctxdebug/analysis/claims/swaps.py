"""A name or a word in another's place, and two that changed places: who did it to whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxdebug.analysis.claims.alignment import Alignment, Word
from ctxdebug.analysis.claims.polarity import Difference
from ctxdebug.analysis.claims.words import GENERIC, WEIGHT

_COVERED = 0.7
"""Share of the rest of the claim that the sentence must have (set on the claim pairs, tuning part)."""
_WORD_COVERED = 0.85
_SYMMETRIC = frozenset(
    "marry meet merge agree differ equal compare share partner talk discuss negotiate border".split()
)
_TURNS = {"before": 0, "after": 1, "than": 0}
"""Words that order two things, and whether they name the later one first."""
_DETERMINERS = frozenset("the a an this that every each all our your their its his her".split())
_ALIKE = 4


def differences(one: Alignment) -> Iterator[Difference]:
    """Every swap."""
    yield from _names(one)
    yield from _roles(one)


def _runs(positions: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of adjacent positions, as first and last."""
    runs: list[tuple[int, int]] = []
    for at in positions:
        if runs and at - runs[-1][1] == 1:
            runs[-1] = runs[-1][0], at
        else:
            runs.append((at, at))
    return runs


def _is_name(words: Sequence[Word], run: tuple[int, int]) -> bool:
    """Capitalised throughout; a sentence's first word only if a rare word or part of a longer name."""
    if not all(words[at].capital for at in range(run[0], run[1] + 1)):
        return False
    return run[0] > 0 or run[1] > run[0] or WEIGHT[words[run[0]].stem] >= 1.0


def _names(one: Alignment) -> Iterator[Difference]:
    mine = [run for run in _runs(one.alone) if _is_name(one.mine, run)]
    theirs = [run for run in _runs(one.other) if _is_name(one.theirs, run)]
    if not mine or not theirs:
        return
    named = [at for run in mine for at in range(run[0], run[1] + 1)]
    covered = one.covered(without=named)
    if covered < _COVERED:
        return
    for x in mine:
        for y in theirs:
            if one.same_place(x, y) and not _one_name(one.mine[x[0] : x[1] + 1], one.theirs[y[0] : y[1] + 1]):
                yield "name", covered * (1.0 if one.same_place(x, y) == 2 else 0.85), x, y
                return


def _one_name(a: Sequence[Word], b: Sequence[Word]) -> bool:
    """Whether two names may be one: `German` and `Germany`, `UN` and `United Nations`."""
    left, right = "".join(word.low for word in a), "".join(word.low for word in b)
    if left[:_ALIKE] == right[:_ALIKE]:
        return True
    initials = "".join(word.low[0] for word in a), "".join(word.low[0] for word in b)
    return left == initials[1] or right == initials[0]


def _roles(one: Alignment) -> Iterator[Difference]:
    """`A bought B` against `B bought A`; active against passive is the same."""
    for v, pivot in enumerate(one.mine):
        there = one.pairs.get(v)
        if pivot.low in _TURNS:
            there = next((at for at, word in enumerate(one.theirs) if word.low in _TURNS), None)
        if there is None or pivot.capital or pivot.stem in _SYMMETRIC:
            continue
        first, last = _entity(one.mine, v, -1), _entity(one.mine, v, 1)
        if first is None or last is None or first not in one.pairs or last not in one.pairs:
            continue
        start, end = _entity(one.theirs, there, -1), _entity(one.theirs, there, 1)
        turned = (one.pairs[first], one.pairs[last]) == (end, start)
        straight = (one.pairs[first], one.pairs[last]) == (start, end)
        reverse = _reverse(one.mine, v) != _reverse(one.theirs, there)
        if (turned and not reverse) or (straight and reverse):
            covered = one.covered()
            if covered >= _COVERED:
                yield "role", covered, (first, last), (min(start or 0, end or 0), max(start or 0, end or 0))
                return


def _reverse(words: Sequence[Word], at: int) -> int:
    """Whether the word turns its two sides round: a passive (`bought by`), or `after`."""
    if words[at].low in _TURNS:
        return _TURNS[words[at].low]
    return int(any(word.low == "by" for word in words[at + 1 : at + 3]))


def _entity(words: Sequence[Word], at: int, step: int) -> int | None:
    """The nearest name, or noun behind an article, on one side of a word, in the same clause."""
    for place in range(at + step, at + 7 * step, step):
        if not 0 <= place < len(words) or words[place].clause != words[at].clause:
            return None
        word = words[place]
        if word.stem and word.stem not in GENERIC and (word.capital or _determined(words, place)):
            return place
    return None


def _determined(words: Sequence[Word], at: int) -> bool:
    """Whether an article stands one or two words before a word that no other noun follows."""
    return any(word.low in _DETERMINERS for word in words[max(0, at - 2) : at])


def word_swap(one: Alignment) -> Difference | None:
    """One content word in another's place and everything else the same: `the [basement] pool`, `the [rooftop] pool`."""
    mine, theirs = _runs(one.alone), _runs(one.other)
    if len(mine) != 1 or len(theirs) != 1 or one.same_place(mine[0], theirs[0]) != 2:
        return None
    covered = one.covered(without=range(mine[0][0], mine[0][1] + 1))
    if covered < _WORD_COVERED or len(one.pairs) < 3:
        return None
    return "word", covered * 0.8, mine[0], theirs[0]
