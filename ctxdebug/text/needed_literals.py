"""Characters without which a pattern cannot match: a text that has none of them needs no search.

A pattern of many alternatives, or one that ignores case, is tried at every character of a text; whether a text contains one of
some literals is told about a hundred times faster. The literals are read off the parsed pattern, so that nobody writes them twice.
`re` has no public way to parse: where this Python has another one, a pattern needs nothing, and is searched as ever.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable
from typing import Any, TypeAlias

_MOST = 200
"""Literals that are looked for one by one."""
_SHORTEST = 2
_LONGEST = 24
"""Characters of a literal: more tell no more."""
_COMMON = frozenset(
    "the and of to in is it as for on be are with that this you an or not can have has from your all one".split()
)
"""Words that most texts of a language contain."""
_EMPTY = frozenset({""})
_Exact: TypeAlias = "frozenset[str] | None"
"""All strings that a part of a pattern may match; None where they are too many, or not told."""


def needed_literals(source: str, flags: int) -> tuple[str, ...]:
    """Return literals in lower case of which every text with a match contains one; nothing where that cannot be said.

    The text is to be put in lower case too where the pattern ignores case.
    """
    try:
        parsed = importlib.import_module("re._parser").parse(source, flags)
        found = _Reader(bool((flags | parsed.state.flags) & re.IGNORECASE)).needed(parsed)
    except (ImportError, AttributeError, TypeError, ValueError, RecursionError):
        return ()
    return tuple(sorted(_shortest(found), key=lambda literal: (len(literal), literal))) if found else ()


def _shortest(literals: Iterable[str]) -> list[str]:
    """Return the literals that contain no other one: `no` stands for `not` and `cannot` too."""
    kept: list[str] = []
    for literal in sorted(literals, key=len):
        if not any(one in literal for one in kept):
            kept.append(literal)
    return kept


class _Reader:
    """Reads a parsed pattern; `ignoring` is whether the whole of it ignores case."""

    def __init__(self, ignoring: bool) -> None:
        self._ignoring = ignoring

    def needed(self, items: Iterable[Any]) -> frozenset[str] | None:
        """Return literals of which each match of a sequence contains one; None where that cannot be said."""
        best: frozenset[str] | None = None
        run = _EMPTY
        for item in items:
            exact = self._exact(item)
            joined = _joined(run, exact)
            if joined is not None:
                run = joined
                continue
            best = _better(best, run)
            run = exact if exact is not None else _EMPTY
            if exact is None:
                best = _better(best, self._inside(item))
        return _better(best, run)

    def _inside(self, item: Any) -> frozenset[str] | None:
        """Return what one part needs that has no list of strings."""
        name, held = str(item[0]), item[1]
        if name == "SUBPATTERN" and not self._sets_case(held):
            return self.needed(held[3])
        if name == "ATOMIC_GROUP":
            return self.needed(held)
        if name == "BRANCH":
            rows = [self.needed(row) for row in held[1]]
            found = frozenset[str]().union(*(row for row in rows if row))
            return found if all(rows) and len(found) <= 2 * _MOST else None
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"} and held[0] > 0:
            return self.needed(held[2])
        return None

    def _exact(self, item: Any) -> _Exact:
        name, held = str(item[0]), item[1]
        if name == "LITERAL":
            return self._character(held)
        if name in {"AT", "ASSERT", "ASSERT_NOT"}:
            return _EMPTY
        if name == "IN":
            chars = [self._character(one[1]) if str(one[0]) == "LITERAL" else None for one in held]
            return frozenset().union(*filter(None, chars)) if all(chars) and len(chars) <= 4 else None
        if name == "SUBPATTERN" and not self._sets_case(held):
            return self._of_all(held[3])
        if name == "ATOMIC_GROUP":
            return self._of_all(held)
        if name == "BRANCH":
            rows = [self._of_all(row) for row in held[1]]
            found = frozenset[str]().union(*(row for row in rows if row is not None))
            return found if None not in rows and len(found) <= _MOST else None
        if name in {"MAX_REPEAT", "MIN_REPEAT"} and tuple(held[:2]) == (0, 1):
            inner = self._of_all(held[2])
            return None if inner is None else inner | _EMPTY
        return None

    def _of_all(self, items: Iterable[Any]) -> _Exact:
        found: _Exact = _EMPTY
        for item in items:
            found = _joined(found, self._exact(item))
            if found is None:
                return None
        return found

    def _character(self, code: int) -> _Exact:
        """Return a character as it is looked for; None for one whose case is no matter of ASCII."""
        if not self._ignoring:
            return frozenset({chr(code)})
        return frozenset({chr(code).lower()}) if code < 128 else None

    @staticmethod
    def _sets_case(held: Any) -> bool:
        return bool((held[1] | held[2]) & re.IGNORECASE)


def _joined(left: _Exact, right: _Exact) -> _Exact:
    if left is None or right is None or len(left) * len(right) > _MOST:
        return None
    found = frozenset(one + other for one in left for other in right)
    return found if max(map(len, found)) <= _LONGEST else None


def _better(left: frozenset[str] | None, right: frozenset[str] | None) -> frozenset[str] | None:
    """Return the set of which fewer texts contain a literal; sets that tell little are none."""
    if not right or min(map(len, right)) < _SHORTEST or len(_shortest(right)) > _MOST:
        return left
    return right if left is None or _commonness(right) < _commonness(left) else left


def _commonness(literals: Iterable[str]) -> float:
    """Return a rough measure of how often a text contains one of some literals."""
    return sum(1.0 if literal.strip() in _COMMON else 3.0 ** -len(literal) for literal in _shortest(literals))
