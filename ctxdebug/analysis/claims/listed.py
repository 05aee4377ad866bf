"""What a claim says of a list: that one item is all there is, where the sentence has more, or that an item is not there.

`Card is the only way to pay` and `cash is not accepted` against `payment by card, by bank transfer or in cash`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ctxdebug.analysis.claims.alignment import Alignment, Difference, is_negator
from ctxdebug.analysis.claims.markers import marked
from ctxdebug.analysis.claims.words import GENERIC, STEM
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

_LIST = lazy(r"(?:[^,;:.()\n]{2,60},[ \t]+){0,8}[^,;:.()\n]{2,60}?,?[ \t](?:and|or)[ \t][^,;:.()\n]{2,60}")
"""Items between commas, the last one behind `and` or `or`."""
_BORDER = lazy(r",?[ \t](?:and|or)[ \t]|,[ \t]+")
_LED = lazy(
    r".*\b(?:by|in|to|with|from|at|for|are|is|has|have|include|includes|offers?)[ \t]", re.IGNORECASE | re.DOTALL
)
"""What stands before the first item in its sentence."""
_THERE = frozenset(
    STEM[word]
    for word in "accept possible available offer allow take support sell serve provide include have exist way option".split()
)
"""Words that say no more than that something is there."""
_COVERED = 0.6
_FEWEST = 2
_LONGEST = 5
_LONGEST_TEXT = 1_000
"""Characters of a sentence in which a list is looked for."""


@record(frozen=True, slots=True)
class _Item:
    """One item of a list: the positions of its content words in the sentence, and of those that name it: `cash` of `cash at the counter`."""

    places: tuple[int, ...]
    head: tuple[int, ...]


def differences(one: Alignment) -> Iterator[Difference]:
    """Every list of the sentence of which the claim says something else."""
    if not marked("only", one.claim.text) and not any(map(is_negator, one.mine)):
        return
    items = _items(one)
    if len(items) < _FEWEST or marked("only", one.source.text):
        return
    held = set(one.pairs.values())
    named = [item for item in items if held.issuperset(item.head)]
    others = [item for item in items if held.isdisjoint(item.places)]
    if not named or not others:
        return
    yield from _complete(one, named, others)
    yield from _denied(one, named)


def _items(one: Alignment) -> list[_Item]:
    """Return the items of the sentence's list, each of a few content words."""
    found = _LIST.search(one.source.text, 0, _LONGEST_TEXT)
    if found is None:
        return []
    start = found.start()
    lead = _LED.match(found[0].split(",")[0]) if "," in found[0] else _LED.match(_BORDER.split(found[0])[0])
    start += lead.end() if lead is not None else 0
    edges = [start, *(match.start() for match in _BORDER.finditer(one.source.text, start, found.end())), found.end()]
    items = []
    for begin, end in pairwise(edges):
        places = tuple(
            at
            for at, word in enumerate(one.theirs)
            if begin <= word.start < end and word.stem and word.stem not in GENERIC
        )
        if not 0 < len(places) <= _LONGEST:
            return []
        last = next((at for at, after in pairwise(places) if after - at > 1), places[-1])
        items.append(_Item(places, tuple(at for at in places if at <= last)))
    return items


def _complete(one: Alignment, named: list[_Item], others: list[_Item]) -> Iterator[Difference]:
    """`only by card` where a list has more than the items that the claim names."""
    spans = marked("only", one.claim.text)
    if not spans or any(map(is_negator, one.mine)) or len(named) >= len(others) + len(named):
        return
    x = next((at for at, word in enumerate(one.mine) if word.start >= spans[0][0]), None)
    before = one.pairs.get(x - 1) if x else None
    if any(before in item.places and before not in item.head for item in named):
        return  # `cash at the counter only` says where
    covered = one.covered(without=[at for at in one.alone if one.mine[at].stem in _THERE])
    if x is not None and covered >= _COVERED:
        yield "completeness", max(covered, 0.75), (x, x), (others[0].places[0], others[-1].places[-1])


def _denied(one: Alignment, named: list[_Item]) -> Iterator[Difference]:
    """`cash is not accepted` where cash is an item of what there is."""
    negators = [at for at, word in enumerate(one.mine) if is_negator(word)]
    if len(negators) != 1 or len(named) != 1 or one.negated_there or any(map(is_negator, one.theirs)):
        return
    place = {y: x for x, y in one.pairs.items()}
    mine = [place[at] for at in named[0].head]
    rest = [at for at, word in enumerate(one.mine) if word.stem and at not in mine and at not in one.pairs]
    if (
        all(one.mine[at].stem in _THERE or one.mine[at].stem in GENERIC for at in rest)
        and rest
        and len(one.theirs) > len(mine)
    ):
        yield "negation", 0.8, (negators[0], negators[0]), (named[0].head[0], named[0].head[-1])
