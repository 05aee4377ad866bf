"""What is said to be free, where the sentence names its price: `parking is free` against `parking costs 5 euros a day`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxdebug.analysis.claims.alignment import Alignment, Difference, is_negator, word_at
from ctxdebug.analysis.claims.values import Value, ValueKind
from ctxdebug.analysis.claims.words import STEM
from ctxdebug.text.patterns import lazy

_FREE = lazy(
    r"(?<![-\w])(?:free(?: of charge| of cost)?(?![-\w])(?!\s(?:of|from|to|seats?|places?|rooms?|time|slots?|choice|space)\b)|"
    r"at no (?:extra |additional )?(?:cost|charge)|without (?:a )?(?:charge|fee)|for nothing|complimentary|costs? nothing)\b",
    re.IGNORECASE,
)
_CURRENCY = frozenset(
    "pound pounds franc francs crown crowns krone kroner krona kronor zloty złoty rand peso pesos real reais cent cents pence".split()
)
_OF_PRICES = frozenset(
    STEM[word]
    for word in "free charge cost costs price fee pay paid paying complimentary nothing admission entry entrance extra completely use".split()
)
"""Words that say no more than that something has a price, or none."""
_COVERED = 0.9
"""Share of the rest of the claim that the sentence must have."""
_SURE = 0.86
_HEAVY = 0.4


def differences(one: Alignment) -> Iterator[Difference]:
    """Yield the words by which a claim says that something is free which has a price."""
    found = _FREE.search(one.claim.text)
    if found is None or _FREE.search(one.source.text) or any(map(_is_price, one.claim.values)):
        return
    prices = [value for value in one.source.values if _is_price(value) and value.low > 0]
    if not prices or any(is_negator(word) for word in (*one.mine, *one.theirs)):
        return
    rest = [at for at in one.alone if one.mine[at].stem in _OF_PRICES]
    matched = [at for at in one.pairs if one.mine[at].stem not in _OF_PRICES]
    x, y = word_at(one.mine, found.start()), word_at(one.theirs, prices[0].end)
    y = len(one.theirs) - 1 if y is None and one.theirs else y
    if one.weight(matched) >= _HEAVY and one.covered(without=rest) >= _COVERED and x is not None and y is not None:
        yield "charge", _SURE, (x, x), (y, y)


def _is_price(value: Value) -> bool:
    return value.kind is ValueKind.MONEY or (value.kind is ValueKind.NUMBER and value.noun in _CURRENCY)
