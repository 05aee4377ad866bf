"""A name or a word in another's place, and two that changed places: who did it to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ctxdebug.analysis.claims.alignment import Alignment, Difference, Word
from ctxdebug.analysis.claims.quantities import ranks_differ
from ctxdebug.analysis.claims.units import MONTHS
from ctxdebug.analysis.claims.words import GENERIC, WEIGHT, exonyms
from ctxdebug.text.patterns import lazy

_COVERED = 0.7
"""Share of the rest of the claim that the sentence must have (set on the claim pairs, tuning part)."""
_SURELY_SAME = 0.9
"""The same, where a month alone decides."""
_SYMMETRIC = frozenset(
    "marry meet merge agree differ equal compare share partner talk discuss negotiate border".split()
)
_TURNS = {"before": 0, "after": 1, "than": 0}
"""Words that order two things, and whether they name the later one first."""
_DETERMINERS = frozenset("the a an this that every each all our your their its his her".split())
_LONGEST_NAME = 5
"""Words of a noun with what stands beside it, at most."""
_BOTH = 2
"""Sides on which a name must have the same neighbour: with one, 6 of 20 alarms on FEVER-Symmetric were on agreeing pairs."""
_ALIKE = 4
_SPELLING = 0.6
"""Likeness of two spellings from which they may be one name."""
_LETTERS = 0.75
"""Likeness of one word of each from which two names may be one person's."""
_WEEK = "monday tuesday wednesday thursday friday saturday sunday"
_WEEKDAYS = {form: day for day in _WEEK.split() for form in (day, day + "s")}
_MONTH_NAMES = frozenset(
    "january february march april may june july august september october november december".split()
)
_DAYS_BETWEEN = lazy(
    r"\b(?:mon|tues?|wednes|thurs?|fri|satur|sun)\w{0,4}\.?\s?(?:-|–|to|through|until|till)\s?(?:mon|tues?|wednes|thurs?|fri|satur|sun)|"
    r"\b(?:daily|every day|weekdays?|weekends?|all week)\b",
    re.IGNORECASE,
)
_FIGURE = lazy(r"\d")
_CALENDAR = frozenset(MONTHS) | frozenset("monday tuesday wednesday thursday friday saturday sunday".split())


def differences(one: Alignment) -> Iterator[Difference]:
    """Every swap."""
    yield from _names(one)
    yield from _weekdays(one)
    yield from _months(one)
    yield from _roles(one)


def _weekdays(one: Alignment) -> Iterator[Difference]:
    """`closed on Tuesday` against `closed on Mondays`: days of the week of which both sides name some, and share none."""
    mine = {at: _WEEKDAYS[word.low] for at, word in enumerate(one.mine) if word.low in _WEEKDAYS}
    theirs = {at: _WEEKDAYS[word.low] for at, word in enumerate(one.theirs) if word.low in _WEEKDAYS}
    if not mine or not theirs or not set(mine.values()).isdisjoint(theirs.values()):
        return
    if _DAYS_BETWEEN.search(one.claim.text) or _DAYS_BETWEEN.search(one.source.text):
        return  # `Monday to Friday` has the Tuesday
    if _flipped(one):
        return
    covered = one.covered(without=tuple(mine))
    x, y = min(mine), min(theirs)
    if covered >= _COVERED and not _says_hours_elsewhere(one, x, y):
        yield "weekday", covered, (x, x), (y, y)


def _months(one: Alignment) -> Iterator[Difference]:
    """`closes at the end of March` against `of May`: one month on each side, outside of dates, and nothing else that differs."""
    mine, theirs = ([at for at, word in enumerate(side) if _is_month(word)] for side in (one.mine, one.theirs))
    if len(mine) != 1 or len(theirs) != 1 or one.mine[mine[0]].low == one.theirs[theirs[0]].low or _flipped(one):
        return
    covered = one.covered(without=mine)
    if covered >= _SURELY_SAME:
        yield "month", covered, (mine[0], mine[0]), (theirs[0], theirs[0])


def _is_month(word: Word) -> bool:
    return word.capital and word.low in _MONTH_NAMES


def _says_hours_elsewhere(one: Alignment, mine: int, theirs: int) -> bool:
    """Whether the claim's clause with its day has a figure, and the source's has none: `closes at 17:00` is not `closed on Mondays`."""
    return _figure_beside(one.claim.text, one.mine, mine) and not _figure_beside(one.source.text, one.theirs, theirs)


def _figure_beside(text: str, words: Sequence[Word], at: int) -> bool:
    begin = next(word.start for word in words if word.clause == words[at].clause)
    end = next((word.start for word in words if word.clause > words[at].clause), len(text))
    return _FIGURE.search(text[begin:end]) is not None


def _flipped(one: Alignment) -> bool:
    """Whether one side is negated or has an opposite of the other: `open on Sunday`, `closed on Monday`."""
    return bool(one.opposites) or bool(one.negated) != bool(one.negated_there)


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
    """Capitalised throughout, in one clause, no month, no heading; a sentence's first word only if rare or part of a longer name."""
    chosen = words[run[0] : run[1] + 1]
    if not all(word.capital and word.low not in _CALENDAR for word in chosen) or chosen[0].clause != chosen[-1].clause:
        return False
    if len(chosen) > 2 and all(word.text.isupper() for word in chosen):
        return False
    if max(len(word.low) for word in chosen) == 1:
        return False  # `Q` of `Q2`
    return run[0] > 0 or run[1] > run[0] or WEIGHT[chosen[0].stem] >= 1.0


def _names(one: Alignment) -> Iterator[Difference]:
    """One name of the claim in the place of another; where several are missing, the two speak of different things."""
    mine = [run for run in _runs(one.alone) if _is_name(one.mine, run)]
    if len(mine) != 1 or ranks_differ(one):
        return
    (x,) = mine
    covered = one.covered(without=range(x[0], x[1] + 1))
    if covered < _COVERED:
        return
    for y in _runs(one.other):
        if not _is_name(one.theirs, y) or (_listed(one.theirs, y) and not _listed(one.mine, x)):
            continue
        if _slot(one, x, y) == _BOTH and not _one_name(one.mine[x[0] : x[1] + 1], one.theirs[y[0] : y[1] + 1]):
            yield "name", covered, x, y
            return


def _slot(one: Alignment, x: tuple[int, int], y: tuple[int, int]) -> int:
    """How many sides of two runs are the same: the matched word next to both, at most one function word between."""
    sides = 0
    for mine, theirs, step in ((x[0], y[0], -1), (x[1], y[1], 1)):
        a, b = _beside(one.mine, mine, step), _beside(one.theirs, theirs, step)
        same = (a is None and b is None) or (a is not None and b is not None and one.pairs.get(a) == b)
        sides += same or _next_two(one.mine, mine, step) == _next_two(one.theirs, theirs, step) != ()
    return sides


def _next_two(words: Sequence[Word], at: int, step: int) -> tuple[str, ...]:
    """Return the two words beside a run, as written in lower case; empty where there are not as many."""
    places = (at + step, at + 2 * step)
    return tuple(words[place].low for place in places) if all(0 <= place < len(words) for place in places) else ()


def _beside(words: Sequence[Word], at: int, step: int) -> int | None:
    """Return the content word within two words on one side, -1 if there is none so near, None at the sentence's end."""
    for place in (at + step, at + 2 * step, at + 3 * step):
        if not 0 <= place < len(words):
            return None
        if words[place].stem:
            return place
    return -1


def _listed(words: Sequence[Word], run: tuple[int, int]) -> bool:
    """Whether a name is one of several in a list, so that another may well be meant."""
    around = [word.low for word in (*words[max(0, run[0] - 1) : run[0]], *words[run[1] + 1 : run[1] + 2])]
    return "and" in around or "or" in around


def _one_name(a: Sequence[Word], b: Sequence[Word]) -> bool:
    """Whether two names may be one: `German` and `Germany`, `Faeroes` and `Faroe`, `UN` and `United Nations`."""
    from difflib import SequenceMatcher

    left, right = "".join(word.low for word in a), "".join(word.low for word in b)
    if left in exonyms().get(right, ()):
        return True
    if left[:_ALIKE] == right[:_ALIKE] or SequenceMatcher(None, left, right).ratio() > _SPELLING:
        return True
    if any(SequenceMatcher(None, x.low, y.low).ratio() > _LETTERS for x in a for y in b):
        return True  # `Homer Hickman` and `Hickam`
    initials = "".join(word.low[0] for word in a), "".join(word.low[0] for word in b)
    return left == initials[1] or right == initials[0]


def _roles(one: Alignment) -> Iterator[Difference]:
    """`A bought B` against `B bought A`; active against passive is the same."""
    for v, pivot in enumerate(one.mine):
        there = one.pairs.get(v)
        if pivot.low in _TURNS:
            there = next((at for at, word in enumerate(one.theirs) if word.low in _TURNS), None)
        if there is None or pivot.capital or pivot.stem in _SYMMETRIC or not (pivot.stem or pivot.low in _TURNS):
            continue
        first, last = _entity(one.mine, v, -1), _entity(one.mine, v, 1)
        start, end = _entity(one.theirs, there, -1), _entity(one.theirs, there, 1)
        if not (first and last and start and end):
            continue
        turned = _same(one, first, end) and _same(one, last, start)
        straight = _same(one, first, start) and _same(one, last, end)
        reverse = _reverse(one.mine, v) != _reverse(one.theirs, there)
        if turned != straight and (reverse if straight else not reverse):
            covered = one.covered()
            if covered >= _COVERED:
                yield "role", covered, (first[0], last[-1]), (start[0], end[-1])
                return


def _same(one: Alignment, mine: Sequence[int], theirs: Sequence[int]) -> bool:
    """Whether two names or nouns are matched word by word, as far as both have content."""
    matched = [one.pairs.get(at) for at in mine if one.mine[at].stem]
    return bool(matched) and all(place in theirs for place in matched)


def _reverse(words: Sequence[Word], at: int) -> int:
    """Whether the word turns its two sides round: a passive (`bought by`), or `after`."""
    if words[at].low in _TURNS:
        return _TURNS[words[at].low]
    made = words[at].low.endswith(("d", "n", "t"))  # `green tag by the ladder` says where, not who
    return int(made and any(word.low == "by" for word in words[at + 1 : at + 3]))


def _entity(words: Sequence[Word], at: int, step: int) -> tuple[int, ...]:
    """Return the nearest name, all its words, or noun behind an article, on one side of a word, in the same clause.

    What somebody is belongs to the name: `the bookseller Hartwig`.
    """
    for place in range(at + step, at + 7 * step, step):
        if not 0 <= place < len(words) or words[place].clause != words[at].clause:
            return ()
        word = words[place]
        if word.capital and (word.stem or place > 0):
            return _with_kind(words, _name_at(words, place))
        if word.stem and word.stem not in GENERIC and _determined(words, place):
            return _noun_at(words, place, at)
    return ()


def _noun_at(words: Sequence[Word], place: int, pivot: int) -> tuple[int, ...]:
    """Return a noun with the content words beside it, in its clause and on its side of the pivot: `estate manager`, `publisher Lindqvist`."""
    first = last = place
    clause = words[place].clause
    while first - 1 > pivot if place > pivot else first > 0:
        if not words[first - 1].stem or words[first - 1].clause != clause:
            break
        first -= 1
    stop = len(words) if place > pivot else pivot
    while last + 1 < stop and words[last + 1].clause == clause and (words[last + 1].stem or words[last + 1].capital):
        last += 1
    return tuple(range(first, last + 1)) if last - first < _LONGEST_NAME else (place,)


def _name_at(words: Sequence[Word], at: int) -> tuple[int, ...]:
    """Return the places of the capitalised words around one, in its clause."""
    first = last = at
    while (
        first > 0 and words[first - 1].capital and words[first - 1].clause == words[at].clause and words[first - 1].stem
    ):
        first -= 1
    while last + 1 < len(words) and words[last + 1].capital and words[last + 1].clause == words[at].clause:
        last += 1
    return tuple(range(first, last + 1))


def _with_kind(words: Sequence[Word], name: tuple[int, ...]) -> tuple[int, ...]:
    """Return a name with the noun before it that says what it is of: `the publisher Lindqvist`."""
    before = name[0] - 1
    if before < 0 or words[before].clause != words[name[0]].clause or not words[before].stem or words[before].capital:
        return name
    return (before, *name) if _determined(words, before) else name


def _determined(words: Sequence[Word], at: int) -> bool:
    """Whether an article stands one or two words before a word that no other noun follows."""
    return any(word.low in _DETERMINERS for word in words[max(0, at - 2) : at])
