"""Differences in how much of a thing is meant: all and some and none, `only`, the largest and the second largest."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxdebug.analysis.claims.alignment import Alignment, Difference, Word, is_negator, next_content, word_at
from ctxdebug.analysis.claims.markers import marked
from ctxdebug.text.patterns import lazy

_COVERED = 0.7
"""Share of the claim that the sentence must have (set on the claim pairs, tuning part)."""
_NARROWED = 0.85
"""The same for a part of what the sentence says of all."""
_PARTS = frozenset("some most several few half selected certain".split())
_EVERYBODY = frozenset("everyone everybody anyone anybody all".split())
_SURE = 0.75
_REACH = 3
"""Words between two that are joined, at most."""
_RANK = lazy(
    r"""
    (?: (?P<rank>second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|next|\d{1,3}(?:st|nd|rd|th))
      | (?P<part>(?:one|some|two|three|many|several)\ of|among) (?:\ (?:the|its|their|our|his|her|[\w-]{2,20}['’]s))*
    )
    (?:\ most|\ least)? [\s-] $
    """,
    re.IGNORECASE | re.VERBOSE,
)
_WIDE = 8
"""Words after `only` that it can be about."""


def differences(one: Alignment) -> Iterator[Difference]:
    """Every difference of quantity."""
    yield from _quantifier(one)
    yield from _completeness(one)
    yield from _exclusive(one)
    yield from _rank(one)


def _quantifier(one: Alignment) -> Iterator[Difference]:
    """`all` of the claim against `some` of the sentence, of the same thing; `always` against `usually`."""
    wide, narrow = _quantified(one.mine, "all", one.claim.text), _quantified(one.theirs, "some", one.source.text)
    for x, noun in wide.items():
        for y, counted in narrow.items():
            if one.pairs.get(noun) == counted and one.covered() >= _COVERED:
                yield "quantifier", one.covered(), (x, x), (y, y)
                return
    yield from _narrowed(one)
    none = {
        x: noun
        for x, noun in _quantified(one.mine, "none", one.claim.text).items()
        if one.mine[x].low in {"none", "no"}
    }
    there = narrow | _quantified(one.theirs, "all", one.source.text)
    for x, noun in none.items():
        same = [
            y
            for y, counted in there.items()
            if one.pairs.get(noun) == counted and one.mine[noun].clause == one.mine[x].clause
        ]
        if same and one.covered(without=(x,)) >= _COVERED and not one.opposites:
            yield "quantifier", one.covered(without=(x,)), (x, x), (same[0], same[0])
            return


def _narrowed(one: Alignment) -> Iterator[Difference]:
    """`some stalls` of the claim against `all stalls` of the sentence: what holds of each is said of a part."""
    there = _quantified(one.theirs, "all", one.source.text)
    mine = _quantified(one.mine, "some", one.claim.text) if there and one.covered() >= _NARROWED else {}
    for x, noun in mine.items():
        for y, counted in there.items():
            if noun == x + 1 and one.mine[x].low in _PARTS and one.pairs.get(noun) == counted:
                yield "quantifier", one.covered(), (x, x), (y, y)
                return


def _quantified(words: tuple[Word, ...], name: str, text: str) -> dict[int, int]:
    """Positions of quantifiers with the position of the content word that each is about."""
    found = {}
    for start, _ in marked(name, text):
        at = word_at(words, start)
        noun = next_content(words, at) if at is not None else None
        denied = at is not None and at > 0 and is_negator(words[at - 1])
        if at is not None and noun is not None and words[at].start == start and words[at].low != "any" and not denied:
            found[at] = noun
    return found


def _completeness(one: Alignment) -> Iterator[Difference]:
    """`only on Linux` against `on Linux and Windows`."""
    if marked("only", one.source.text):
        return
    covered = one.covered()
    for start, _ in marked("only", one.claim.text) if covered >= _COVERED else ():
        x = word_at(one.mine, start)
        if x is None:
            continue
        named = [at for at in one.pairs if x < at <= x + _WIDE and one.mine[at].clause == one.mine[x].clause]
        for at, place in ((at, place) for at in named for place in one.other):
            y = one.pairs[at]
            between = one.theirs[min(place, y) + 1 : max(place, y)]
            joined = abs(place - y) <= _REACH and any(word.low in {"and", "or"} for word in between)
            alike = one.theirs[place].capital == one.theirs[y].capital or 0 in {place, y}
            if joined and alike:
                yield "completeness", covered, (x, at), (min(y, place), max(y, place))
                return


def _exclusive(one: Alignment) -> Iterator[Difference]:
    """`editors can delete projects` or `anyone can` against `only administrators can delete projects`, which the claim does not name."""
    spans = marked("only", one.source.text)
    if (
        len(spans) != 1
        or marked("only", one.claim.text)
        or one.negated
        or one.negated_there
        or any(map(is_negator, one.mine))
    ):
        return
    y = word_at(one.theirs, spans[0][0])
    if y is None:
        return
    ends = not any(word.stem and word.clause == one.theirs[y].clause for word in one.theirs[y + 1 :])
    names = y - 1 if ends and y else y + 1
    if not (0 <= names < len(one.theirs)) or names not in one.other:
        return
    others = [at for at in one.alone if one.mine[at].low not in {"yes", "sure"}]
    everybody = [at for at, word in enumerate(one.mine) if word.low in _EVERYBODY]
    here = everybody or (others if not ends and others == list(range(len(others))) else [])
    if here and one.covered(without=others) >= _COVERED and len(others) <= _REACH and len(one.pairs) > 1:
        yield "only", max(one.covered(without=others), _SURE), (here[0], here[-1]), (min(y, names), max(y, names))


def _rank(one: Alignment) -> Iterator[Difference]:
    """`the largest` against `the second-largest` or `one of the largest`, of the same thing."""
    covered = one.covered()
    if covered < _COVERED:
        return
    for x, y in one.pairs.items():
        mine, theirs = one.mine[x], one.theirs[y]
        if not (mine.low == theirs.low and _is_superlative(one.mine, x)):
            continue
        here, there = _rank_before(mine, one.claim.text), _rank_before(theirs, one.source.text)
        if here != there and here != "one of":
            yield "rank", covered, (x, x), (max(0, y - 1), y)
            return


def ranks_differ(one: Alignment) -> bool:
    """Whether a matched superlative has another rank on the other side: `the largest` and `the second-largest`."""
    return any(
        _rank_before(one.mine[x], one.claim.text) != _rank_before(one.theirs[y], one.source.text)
        for x, y in one.pairs.items()
        if one.mine[x].low == one.theirs[y].low and _is_superlative(one.mine, x)
    )


def _is_superlative(words: tuple[Word, ...], at: int) -> bool:
    low = words[at].low
    return (low.endswith("est") and len(low) > 5) or (at > 0 and words[at - 1].low in {"most", "least"})


def _rank_before(word: Word, text: str) -> str:
    """Return the rank that stands right before a superlative: `second`, `3rd`, `one of`, or nothing."""
    found = _RANK.search(text[max(0, word.start - 40) : word.start])
    return "" if found is None else "one of" if found["part"] else found["rank"].lower()
