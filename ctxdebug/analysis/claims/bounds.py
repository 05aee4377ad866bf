"""Limits: which side of a value the words around it leave open."""

from __future__ import annotations

import re

from ctxdebug.analysis.claims.value import Bound, Value, ValueKind
from ctxdebug.text.patterns import lazy

_BOUND_AFTER = lazy(
    r"""
      [ -]?[\w%°/]{0,12}\s?(?:(?P<more>\+|or[ ](?:more|later|newer|above|older|higher|greater)
        |and[ ](?:above|older|over|up)|at[ ]least|minimum)|(?P<less>or[ ](?:less|fewer|below|younger
        |lower|under|earlier)|at[ ]most|maximum|at[ ]a[ ]maximum|max\b))
    """,
    re.VERBOSE,
)
LEFT_BOUNDS: dict[str, Bound] = (
    dict.fromkeys(
        (
            "up to|at most|more than no|maximum of|max|maximum|less than|under|below|within|limited to|limit of|exceed|"
            "exceeds|exceeding|fewer than|until|by|before|"
         "younger than|lower than|earlier than|not over|than no more|to maximum|<|<=|≤|upto|capped at|cap of").split("|"), Bound.AT_MOST)
    | dict.fromkeys(
        (
            "more than|over|above|at least|minimum of|minimum|min|greater than|older than|later than|newer than|higher than|"
            "longer than|from|since|after|"
         "least|>|>=|≥|starting at|in excess|upwards of|no less|not less").split("|"), Bound.AT_LEAST)
    | dict.fromkeys(
        "about|approximately|around|roughly|nearly|almost|circa|ca.|ca|c.|~|≈|some|estimated|approx|approx.|just over|"
        "just under|well over".split("|"), Bound.ABOUT)
)  # fmt: skip
_NO_THAN = {
    "no more than",
    "not more than",
    "no longer than",
    "no later than",
    "no greater than",
    "not exceed",
    "not over",
}
_NO_LESS = {"no less than", "no fewer than", "not less than", "no earlier than", "not below"}
_PHRASAL = frozenset(
    "carry carries carried carrying roll rolled rolling hand spread pay paid took take left all stretched extends".split()
)
"""Words after which `over` is no bound: `carry over 5 days`."""
_NEGATED = lazy(r"\b(?:not|never|cannot|no one|nobody|n['’]t)\b")


def bound(text: str, value: Value, left: list[str]) -> Bound:
    """Return the side that the words before and after a value leave open."""
    words = [word.lower().strip("(,\"'") for word in left[-4:]]
    if (
        words
        and words[-1] in {"$", "€", "£", "a", "the", "usd", "eur", "of"}
        and not (words[-1] == "of" and len(words) > 1)
    ):
        words = words[:-1]
    three, two, one = " ".join(words[-3:]), " ".join(words[-2:]), " ".join(words[-1:])
    if three in _NO_THAN or two in _NO_THAN:
        return Bound.AT_MOST
    if three in _NO_LESS or two in _NO_LESS:
        return Bound.AT_LEAST
    if one in {"than", "below", "under"} and _NEGATED.search(text, max(0, value.start - 48), value.start):
        return Bound.AT_LEAST if one != "than" or two in {"less than", "fewer than", "lower than"} else Bound.AT_MOST
    if one == "over" and words[-2:-1] and words[-2] in _PHRASAL:
        return Bound.EXACT
    found = LEFT_BOUNDS.get(two) or LEFT_BOUNDS.get(one)
    if found:
        return Bound.EXACT if value.kind is ValueKind.DURATION and one in {"after", "before", "from", "by"} else found
    after = _BOUND_AFTER.match(text, value.end)
    if after:
        return Bound.AT_LEAST if after.group("more") else Bound.AT_MOST
    return Bound.EXACT
