"""Which side of a limit or of an event a claim takes: `at least 2,000` against `at most 2,000`, `before meals` against `after meals`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ctxdebug.analysis.claims.alignment import Alignment, Difference, Word, is_negator, leads_to_limit, next_content
from ctxdebug.analysis.claims.comparison import Relation, compare
from ctxdebug.analysis.claims.value import NUMERIC, Bound, Value, ValueKind
from ctxdebug.analysis.claims.words import STEM

_COVERED = 0.7
"""Share of the claim that the sentence must have, without the words that only lead to the limit."""
_LOCALLY = 0.5
"""The same, where the limit is of the same thing by the word beside it."""
_TIMED_SO = 0.35
"""The same for a turned order with the same time before it."""
_SURE = 0.86
_SMALL = 12
_LEADS = frozenset(
    STEM[word]
    for word in "exceed exceeding fall drop limit limited maximum minimum least less more higher lower required need".split()
)
_SIDES = {Bound.AT_LEAST, Bound.AT_MOST}
_BEFORE = frozenset({"before", "prior"})
_AFTER = frozenset({"after"})
_TIMED = frozenset({ValueKind.CLOCK, ValueKind.DATE})
_REACH = 2
"""Words between `before` and a time behind it, at most."""


def differences(one: Alignment) -> Iterator[Difference]:
    """Yield a limit taken from its other side, and an event that comes before where it came after."""
    if one.opposites or _denies(one.mine) != _denies(one.theirs):
        return  # `free from 2,000` and `not free under 2,000` say the same
    yield from _limit(one)
    yield from _turn(one)


def _denies(words: Sequence[Word]) -> bool:
    """Whether anything is denied: a negation that leads to a limit (`must not exceed`) denies nothing, a first `no` does."""
    return any(is_negator(word) and not leads_to_limit(words, at) for at, word in enumerate(words))


def _limit(one: Alignment) -> Iterator[Difference]:
    theirs = [value for value in one.source.values if value.bound in _SIDES and value.kind in NUMERIC]
    for mine in one.claim.values if theirs else ():
        if mine.bound not in _SIDES or mine.kind not in NUMERIC:
            continue
        same = [other for other in theirs if (other.kind, other.unit, other.low) == (mine.kind, mine.unit, mine.low)]
        if len(same) != 1 or same[0].bound is mine.bound or _says_more(one, mine):
            continue
        covered = one.covered(without=[at for at in one.alone if one.mine[at].stem in _LEADS])
        x, y = _last_before(one.mine, mine), _last_before(one.theirs, same[0])
        if x is None or y is None:
            continue
        local = mine.low > _SMALL and _shared_beside(one, mine, same[0])
        if covered >= (_LOCALLY if local else _COVERED):
            yield "limit", max(covered, _SURE if local else 0.75), (x, x), (y, y)


def _says_more(one: Alignment, limit: Value) -> bool:
    """Whether a claim has another figure that the sentence lacks: `3.95 below 50 euros`, where it says that delivery is free from 50."""
    return any(
        value is not limit and not any(compare(value, other).relation is Relation.EQUAL for other in one.source.values)
        for value in one.claim.values
    )


def _shared_beside(one: Alignment, mine: Value, theirs: Value) -> bool:
    """Whether a content word next to the limit is matched by one next to it on the other side: `a balance of at least 5,000`."""
    here, there = _beside(one.mine, mine), _beside(one.theirs, theirs)
    return any(one.pairs.get(at) in there for at in here)


def _beside(words: Sequence[Word], value: Value) -> set[int]:
    """Return the positions of the nearest content words before and behind a value that do not lead to it, in its clause."""
    before = [at for at, word in enumerate(words) if word.start < value.start]
    clause = words[before[-1]].clause if before else 0
    content = [at for at, word in enumerate(words) if word.stem and word.stem not in _LEADS and word.clause == clause]
    return {
        *[at for at in content if words[at].start < value.start][-1:],
        *[at for at in content if words[at].start >= value.end][:1],
    }


def _last_before(words: tuple[Word, ...], value: Value) -> int | None:
    """Return the position of the last word before a value, or of the first one behind it."""
    before = [at for at, word in enumerate(words) if word.start < value.start]
    return before[-1] if before else (0 if words else None)


def _turn(one: Alignment) -> Iterator[Difference]:
    """`before` on one side only and `after` on the other only, of one and the same event or time."""
    here, there = _turns(one.mine), _turns(one.theirs)
    if not here or not there or len({side for _, side in (*here, *there)}) != _REACH or len({s for _, s in here}) != 1:
        return
    if len({side for _, side in there}) != 1:
        return
    covered = one.covered()
    for x, _ in here:
        for y, _ in there:
            timed = _same_span(one, x, y)
            if covered >= (_TIMED_SO if timed else _COVERED) and _same_event(one, x, y):
                yield "order", max(covered, _SURE if timed else 0.75), (x, x), (y, y)
                return


def _turns(words: tuple[Word, ...]) -> list[tuple[int, str]]:
    return [
        (at, "before" if word.low in _BEFORE else "after")
        for at, word in enumerate(words)
        if word.low in _BEFORE or word.low in _AFTER
    ]


def _same_span(one: Alignment, x: int, y: int) -> bool:
    """Whether the same time stands right before both: `30 minutes before breakfast`."""
    mine, theirs = _span_before(one.mine[x], one.claim.values), _span_before(one.theirs[y], one.source.values)
    return mine is not None and theirs is not None and compare(mine, theirs).relation is Relation.EQUAL


def _span_before(word: Word, values: tuple[Value, ...]) -> Value | None:
    return next(
        (value for value in values if value.kind is ValueKind.DURATION and 0 <= word.start - value.end <= _REACH), None
    )


def _same_event(one: Alignment, x: int, y: int) -> bool:
    """Whether the word behind both is matched, or the same time is behind both."""
    mine, theirs = _time_after(one.mine[x], one.claim.values), _time_after(one.theirs[y], one.source.values)
    if mine is not None or theirs is not None:
        return mine is not None and theirs is not None and compare(mine, theirs).relation is Relation.EQUAL
    head, there = next_content(one.mine, x), next_content(one.theirs, y)
    return head is not None and there is not None and one.pairs.get(head) == there


def _time_after(word: Word, values: tuple[Value, ...]) -> Value | None:
    return next((value for value in values if value.kind in _TIMED and 0 <= value.start - word.end <= 6), None)
