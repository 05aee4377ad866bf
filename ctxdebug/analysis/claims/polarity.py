"""Differences of polarity between a claim and a sentence: negation, opposites, modality, conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from ctxdebug.analysis.claims import quantities
from ctxdebug.analysis.claims.alignment import Alignment, Difference, Word, is_negator, next_content, word_at
from ctxdebug.analysis.claims.comparison import Relation, compare
from ctxdebug.analysis.claims.markers import marked
from ctxdebug.analysis.claims.value import Bound, ValueKind
from ctxdebug.analysis.claims.words import OPPOSITES, STEM, WEIGHT
from ctxdebug.text.patterns import lazy

Flips: TypeAlias = list[tuple[int, int]]
"""Matched words by their positions: of the claim, of the sentence."""

_COVERED = 0.7
"""Share of the claim that the sentence must have, for a changed operator to decide (set on the claim pairs, tuning part)."""
_BESIDE = 0.5
"""The same, for opposites that stand beside the same word (set on SummEdits, two thirds of the documents)."""
_SURE_OF_BOTH = 0.75
_TRACES = frozenset("trace traces sign signs evidence hint hints kind sort form indication indications".split())
"""Words that stand between a negation and what is denied: `no traces of lead`."""
_TIMES = frozenset({ValueKind.CLOCK, ValueKind.DATE})
_UNTIL = lazy(r"\b(?:until|till|through|up to|no later than)\b", re.IGNORECASE)
_REACH = 3
_QUALIFIED = lazy(r"\b(?:usually|normally|generally|mostly|in general|as a rule|typically)\b", re.IGNORECASE)
_NOT = lazy(r"\s(?:not|never)\b|n['’]t\b", re.IGNORECASE)
_IF = lazy(r"\b(?<!even )(?:if|when|with|provided|where)\b", re.IGNORECASE)
_OUT = lazy(r"\b(?:out of|closed|unavailable|suspended|not|no)\b[^.]{0,60}\bexcept\b", re.IGNORECASE)
"""What does not hold, but for an exception."""
_ONLY_WITH = lazy(r"\bonly (?:with|if|when|after|by)\b", re.IGNORECASE)
_NOT_ALL = lazy(r"\bnot (?:all|every|everyone|everything|always|many|the whole|entirely|completely)\b", re.IGNORECASE)


_OTHERS = lazy(
    r"\b(?:other|else|others) than\b|\b(?:elsewhere|anywhere else|anything else|other (?:countries|places|ways))\b",
    re.IGNORECASE,
)
"""What speaks of all but the things named: to deny it is to state them."""


def differences(one: Alignment) -> Iterator[Difference]:
    """Every difference of polarity."""
    yield from _opposites(one)
    yield from _governed(one)
    yield from _negation(one)
    yield from _modality(one)
    yield from quantities.differences(one)
    dropped = _condition_dropped(one) or _condition_denied(one)
    if dropped:
        yield dropped


def _opposites(one: Alignment) -> Iterator[Difference]:
    """`enabled` against `disabled`, with the same negation on both sides; beside the same word, the rest may differ more."""
    opposites = [pair for pair in one.opposites if (pair[0] in one.negated) == (pair[1] in one.negated_there)]
    if not opposites or len({one.mine[x].stem for x, _ in opposites}) != 1 or _flips(one) or _turned_comparison(one):
        return
    if _one_limit(one) or _opposed_limits(one):
        return
    x, y = max(opposites, key=lambda pair: one.same_place((pair[0], pair[0]), (pair[1], pair[1])))
    covered = one.covered(without=(x,))
    beside = one.same_place((x, x), (y, y))
    if covered >= _BESIDE:
        yield "antonym", max(covered, 0.75 if beside else 0.0), (x, x), (y, y)


def _governed(one: Alignment) -> Iterator[Difference]:
    """`excluded from the Pro plan` against `included in the Pro plan and excluded from the Basic plan`: what stands nearest before a thing."""
    if one.negated or one.negated_there or one.covered() < _COVERED:
        return
    for x, y in one.pairs.items():
        against = [at for at in one.other if one.theirs[at].stem in OPPOSITES[one.mine[x].stem]]
        thing = next_content(one.mine, x)
        place = one.pairs.get(thing) if thing is not None else None
        if len(against) != 1 or place is None or one.mine[x].stem != one.theirs[y].stem:
            continue
        leads = [at for at in (y, against[0]) if at < place]
        if leads and max(leads) == against[0]:
            yield "antonym", max(one.covered(), _SURE_OF_BOTH), (x, x), (against[0], against[0])
            return


def _turned_comparison(one: Alignment) -> bool:
    """`A is larger than B` and `B is smaller than A` say the same."""
    than = [word for word in one.mine if word.low == "than"]
    there = [word for word in one.theirs if word.low == "than"]
    if not than or not there:
        return False
    places = [one.theirs[place].start for _, place in sorted(one.pairs.items())]
    return len(places) > 1 and places[0] > places[-1]


def _one_limit(one: Alignment) -> bool:
    """`open until 20:00` and `closes at 8 pm` say the same: one time, to which one side leads by a word."""
    times = [value for value in one.claim.values if value.kind in _TIMES]
    same = any(compare(x, y).relation is Relation.EQUAL for x in times for y in one.source.values)
    return same and bool(_UNTIL.search(one.claim.text)) != bool(_UNTIL.search(one.source.text))


def _flips(one: Alignment) -> Flips:
    """Matched words that are negated on one side only; empty where the other side negates some matched word as well."""
    mine = [pair for pair in one.pairs.items() if pair[0] in one.negated]
    theirs = [pair for pair in one.pairs.items() if pair[1] in one.negated_there]
    if bool(mine) == bool(theirs):
        return []
    if _negated_beside(one, mine, theirs):
        return []
    words, reached, side = (one.mine, one.negated, 0) if mine else (one.theirs, one.negated_there, 1)
    said = {at for at in reached if words[at].low not in _TRACES}
    heads = [at for at in said if not any(before in said for before in range(max(0, at - 3), at)) and words[at].stem]
    flips = mine or theirs
    return flips if any(pair[side] in heads for pair in flips) else []


def _negated_beside(one: Alignment, mine: Flips, theirs: Flips) -> bool:
    """Whether the other side negates a word of its own in the same clause: `may not smoke`, `smoking is not permitted`."""
    if mine:
        there = {one.theirs[place].clause for _, place in mine}
        return any(one.theirs[at].clause in there for at in one.other if at in one.negated_there)
    here = {one.mine[at].clause for at, _ in theirs}
    return any(one.mine[at].clause in here for at in one.alone if at in one.negated)


def _negation(one: Alignment) -> Iterator[Difference]:
    flips = _flips(one)
    if not flips or one.opposites:
        return  # `not enabled` against `disabled`, `closed on Mondays` against `open except on Mondays`
    if _said_by_itself(one) or _OUT.search(one.claim.text) or _OUT.search(one.source.text):
        return
    if _denies_all(one.mine, one.negated, one.claim.text) or _denies_all(
        one.theirs, one.negated_there, one.source.text
    ):
        return
    sides = ((one.mine, one.claim.text), (one.theirs, one.source.text))
    if any(_leaves_open(*side) for side in sides) and any(marked("permission", text) for _, text in sides):
        return  # what may be done need not be done
    if _opposed_limits(one) or _OTHERS.search(one.claim.text) or _OTHERS.search(one.source.text):
        return
    if _exceptions(one.mine) != _exceptions(one.theirs) or _of_another(one):
        return  # `not shipped until paid` against `shipped after payment`
    if max(WEIGHT[one.mine[x].stem] for x, _ in flips) < 0.15:
        return
    covered = one.covered()
    if covered >= _COVERED:
        x, y = min(flips, key=lambda pair: pair[0] if pair[0] in one.negated else pair[1])
        yield (
            "negation",
            covered,
            (_negator(one.mine, x, one.negated), x),
            (_negator(one.theirs, y, one.negated_there), y),
        )


def _of_another(one: Alignment) -> bool:
    """Whether one word of what is denied has another in its place: `not in autumn`, and `in spring`."""
    mine, theirs = (one.alone, [at for at in one.other if at in one.negated_there])
    if one.negated:
        mine, theirs = tuple(at for at in one.alone if at in one.negated), list(one.other)
    return any(one.same_place((x, x), (y, y)) and _led_alike(one.mine, x, one.theirs, y) for x in mine for y in theirs)


def _led_alike(mine: tuple[Word, ...], x: int, theirs: tuple[Word, ...], y: int) -> bool:
    """Whether one and the same small word leads to two words: `in spring`, `in autumn`."""
    return x > 0 and y > 0 and not mine[x - 1].stem and mine[x - 1].low == theirs[y - 1].low


def _negator(words: tuple[Word, ...], at: int, reached: frozenset[int]) -> int:
    """Return the position of the negation right before a negated word, or its own."""
    if at not in reached:
        return at
    return next((before for before in range(at - 1, max(-1, at - 4), -1) if is_negator(words[before])), at)


def _said_by_itself(one: Alignment) -> bool:
    """Whether the other side says a negation in another form: `excludes television`, `television is excluded`; `only with`, `not without`."""
    mine, theirs = ([word for word in words if is_negator(word)] for words in (one.mine, one.theirs))
    stems = [{STEM[word.low] for word in words} - {""} for words in (one.mine, one.theirs)]
    if any(STEM[word.low] in stems[1] for word in mine) or any(STEM[word.low] in stems[0] for word in theirs):
        return True
    return any(
        len(negators) > 1 and any(word.low == "without" for word in negators) and _ONLY_WITH.search(text) is not None
        for negators, text in ((mine, one.source.text), (theirs, one.claim.text))
    )


def _leaves_open(words: tuple[Word, ...], text: str) -> bool:
    """Whether the only negation says that something need not be: `you do not have to take photographs`."""
    spans = marked("option", text)
    negators = [word for word in words if is_negator(word)]
    return bool(negators) and all(any(a <= word.start < b for a, b in spans) for word in negators)


def _opposed_limits(one: Alignment) -> bool:
    """Whether both sides name one limit from its two sides: `up to 15 days need no consent`, `more than 15 days need consent`."""
    return any(
        x.kind is y.kind and x.low == y.low and {x.bound, y.bound} == {Bound.AT_MOST, Bound.AT_LEAST}
        for x in one.claim.values
        for y in one.source.values
    )


def _denies_all(words: tuple[Word, ...], reached: frozenset[int], text: str) -> bool:
    """Whether the first negation is one of a whole: `not all tents`, which says `some` and denies nothing."""
    if not reached:
        return False
    found = _NOT_ALL.search(text)
    return found is not None and words[min(reached)].start >= found.start()


def _exceptions(words: tuple[Word, ...]) -> frozenset[str]:
    names = {"unless": "unless", "until": "until", "till": "until"}
    return frozenset(names[word.low] for word in words if word.low in names)


def _modality(one: Alignment) -> Iterator[Difference]:
    """`must` against `may`, `required` against `optional`."""
    mine, theirs = _modal(one.claim.text), _modal(one.source.text)
    if not mine or not theirs or mine[0] == theirs[0]:
        return
    x, y = word_at(one.mine, mine[1]), word_at(one.theirs, theirs[1])
    if x is None or y is None:
        return
    covered = one.covered(without=[at for at in one.alone if abs(at - x) <= 1])
    head, there = next_content(one.mine, x), next_content(one.theirs, y)
    same = head is not None and there is not None and one.pairs.get(head) == there
    object_, there_too = (
        None if at is None else next_content(words, at) for at, words in ((head, one.mine), (there, one.theirs))
    )
    both = (
        same and object_ is not None and one.pairs.get(object_) == there_too
    )  # `may wear a harness`, `must wear a harness`
    if covered >= (_BESIDE if both else _COVERED) and (same or _adjective(mine[2]) or _adjective(theirs[2])):
        yield "modality", max(covered, _SURE_OF_BOTH if both else 0.0), (x, x), (y, y)


def _adjective(word: str) -> bool:
    return word.lower().rsplit(" ", 1)[-1] not in {"may", "must", "shall", "to", "not", "needn't"}


def _modal(text: str) -> tuple[str, int, str] | None:
    """Return the one class of modality in a sentence, where it is, and its words; None where there is none or both."""
    options = [span for span in marked("option", text) if not _forbids(text, span)]
    duties = [
        span
        for span in marked("obligation", text)
        if not any(a <= span[0] < b for a, b in options) and not _forbids(text, span)
    ]
    if bool(options) == bool(duties):
        return None
    start, end = (options or duties)[0]
    return ("option" if options else "obligation"), start, text[start:end]


def _forbids(text: str, span: tuple[int, int]) -> bool:
    """Whether a modal is part of a ban, which `may not` is as much as `must not`."""
    return text[slice(*span)].lower() in {"may", "must", "shall"} and _NOT.match(text, span[1]) is not None


def _condition_dropped(one: Alignment) -> Difference | None:
    """Return a permission whose condition the claim leaves out: `with approval`, `unless …`; the sentence has it, the claim does not."""
    if _QUALIFIED.search(one.claim.text):
        return None
    permits = marked("permission", one.claim.text)
    spans = marked("condition", one.source.text)
    if not permits or not spans or marked("condition", one.claim.text) or one.covered() < 0.8:
        return None
    y = word_at(one.theirs, spans[0][0])
    if y is None:
        return None
    clause = one.theirs[y].clause
    said = [at for at in one.other if at >= y and one.theirs[at].clause == clause]
    kept = [place for place in one.pairs.values() if place >= y and one.theirs[place].clause == clause]
    if not said or kept:
        return None
    x = word_at(one.mine, permits[0][0])
    return None if x is None else ("condition", one.covered(), (x, x), (y, said[-1]))


def _condition_denied(one: Alignment) -> Difference | None:
    """Return a condition that the claim says does not count: `always paid`, `even if not ordered`, where it is `only if ordered`."""
    absolute, spans = marked("absolute", one.claim.text), marked("condition", one.source.text)
    if (
        not absolute
        or not spans
        or _IF.search(one.claim.text)
        or marked("condition", one.claim.text)
        or marked("absolute", one.source.text)
    ):
        return None
    x, y = word_at(one.mine, absolute[0][0]), word_at(one.theirs, spans[0][0])
    if x is None or y is None or (one.negated and not one.negated_there):
        return None
    covered = one.covered(without=[at for at in one.alone if at >= x and one.mine[at].clause == one.mine[x].clause])
    return ("condition", covered, (x, x), (y, y)) if covered >= _COVERED else None
