"""Whether two statements about the same thing say different things: the typed rule.

Same subject, same predicate, another value; and the qualifier gate: where both sides name something that the other
does not (another plan, year, product, slot), they speak of different things, and that is no conflict.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import TypeAlias

from ctxdebug.analysis.claims.comparison import Relation, compare
from ctxdebug.analysis.claims.overlap import Overlap, alternatives, lone_names, overlap, qualifier_gate
from ctxdebug.analysis.claims.statement import Statement
from ctxdebug.analysis.claims.values import NUMERIC, Bound, Value, ValueKind
from ctxdebug.analysis.claims.words import OPPOSITES, STEM, WEIGHT, lexicon, synonyms, weight_of
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

THRESHOLD = 0.5
"""Score from which two statements are opposed (set on fixtures/conflicts, tuning part)."""
_ROLES = frozenset(str(lexicon()["roles"]).split())
_QUALIFYING = frozenset({ValueKind.DATE, ValueKind.VERSION, ValueKind.IDENTIFIER, ValueKind.ORDINAL, ValueKind.NUMBER})
_PAST = lazy(r"\b(?:was|were|had|could|did|used to|previous|former|formerly|old|paid|\w{3,}ed)\b", re.IGNORECASE)
_SIDED = frozenset({Bound.AT_LEAST, Bound.AT_MOST})
_CROWD = 3
_CONTENT = 1.6
"""Shared weight from which two statements surely have a subject."""
_LIGHT = 0.2
_TIMES = frozenset({ValueKind.DURATION, ValueKind.DATE})
_BALANCED = 0.48
_SHORT = 80
_CLOSING = frozenset(".!?\"”')]")
_SLOT_WORDS = 5
_MOST_VALUES = 16
Lone: TypeAlias = tuple[list[Value], list[Value]]
"""The unmatched values of both sides."""


@record(frozen=True, slots=True)
class Opposition:
    """Two statements that differ: how sure, in what (`duration`, `negation`, `name`), and where in each."""

    score: float
    kind: str
    left: tuple[int, int]
    right: tuple[int, int]
    left_text: str
    right_text: str


def oppose(a: Statement, b: Statement) -> Opposition | None:
    """Return the strongest opposition of two statements, or None."""
    if a.boilerplate or b.boilerplate or a.text == b.text:
        return None
    lap = overlap(a, b)
    if lap.shared < 0.75 or lap.containment < 0.35:
        return None
    limits = a.policy or b.policy
    lone = _unmatched(a, b, limits=limits)
    found = [*_value_conflicts(a, b, lap, lone, limits=limits), *_negation(a, b, lap, lone), *_name(a, b, lap, lone)]
    return max(found, key=lambda one: one.score, default=None)


def _unmatched(a: Statement, b: Statement, *, limits: bool) -> tuple[list[Value], list[Value]]:
    """Values of each side that the other does not have; the first sixteen of each (a longer row is a table)."""
    xs, ys = a.values[:_MOST_VALUES], b.values[:_MOST_VALUES]
    if not xs or not ys:
        return list(xs), list(ys)
    equal = [
        (x.noun != y.noun, abs(i - j), i, j)
        for i, x in enumerate(xs)
        for j, y in enumerate(ys)
        if compare(x, y, limits=limits).relation is Relation.EQUAL
    ]
    taken_x: set[int] = set()
    taken_y: set[int] = set()
    for _, _, i, j in sorted(equal):
        plain = xs[i].kind is ValueKind.NUMBER  # `4 drums` is not the `hall four` of the other side
        if not plain or not (i in taken_x or j in taken_y):
            taken_x.add(i)
            taken_y.add(j)
    return [x for i, x in enumerate(xs) if i not in taken_x], [y for j, y in enumerate(ys) if j not in taken_y]


def _value_conflicts(a: Statement, b: Statement, lap: Overlap, lone: Lone, *, limits: bool) -> Iterator[Opposition]:
    left, right = lone if lap.containment >= 0.5 else ([], [])
    gate = -1.0
    for x, y in _rivals(a, b, left, right):
        if compare(x, y, limits=limits).relation is not Relation.CONFLICT or " " in x.key + y.key:
            continue
        if gate < 0:
            gate = qualifier_gate(a, b, lap) * min(1.0, lap.shared / _CONTENT) * _balance(lap)
        score = gate * lap.containment ** (2 if x.kind is ValueKind.NUMBER else 1.5)
        score *= _others(a, b, x, y, left, right) * _slot(a, b, x, y) * _crowded(a, b, x, left, right)
        yield Opposition(score, x.kind.value, (x.start, x.end), (y.start, y.end), x.shown(), y.shown())


def _rivals(a: Statement, b: Statement, left: list[Value], right: list[Value]) -> Iterator[tuple[Value, Value]]:
    """Pairs of like values; in two statements of the same words, each value faces the one in its own place."""
    in_place = len(left) == len(right) and a.order == b.order
    pairs = zip(left, right, strict=True) if in_place else product(left, right)
    return ((x, y) for x, y in pairs if x.kind is y.kind)


def _balance(lap: Overlap) -> float:
    """Return a short statement inside a long one says little of whether they speak of one thing."""
    extra = max(weight_of(lap.only_left), weight_of(lap.only_right))
    return 1.0 if lap.shared >= _BALANCED * (lap.shared + extra) else 0.6


def _crowded(a: Statement, b: Statement, x: Value, left: list[Value], right: list[Value]) -> float:
    """Rows of like values are only compared where the words around them are the same throughout."""
    like = max(sum(v.kind is x.kind for v in left), sum(v.kind is x.kind for v in right))
    return 1.0 if like < _CROWD or a.order == b.order else 0.5


def _others(a: Statement, b: Statement, x: Value, y: Value, left: list[Value], right: list[Value]) -> float:
    """Return the gate on values: a second unmatched value that qualifies, on both sides or on one in the past."""
    kinds = frozenset(ValueKind) if x.kind in {ValueKind.DATE, ValueKind.ORDINAL} else _QUALIFYING
    other_left = [v for v in left if v is not x and v.kind in kinds and not _touching(v, x)]
    other_right = [v for v in right if v is not y and v.kind in kinds and not _touching(v, y)]
    if other_left and other_right:
        return 0.35
    for statement, lone in ((a, other_left), (b, other_right)):
        dated = [v for v in lone if v.kind is ValueKind.DATE]
        if dated and x.kind is not ValueKind.DATE and _PAST.search(statement.text):
            return 0.45
        if any(v.bound in _SIDED and x.kind is not v.kind for v in lone):
            return 0.6
    return 1.0


def _touching(v: Value, w: Value) -> bool:
    return v.start < w.end and w.start < v.end


def _slot(a: Statement, b: Statement, x: Value, y: Value) -> float:
    """Return the predicate check: what is counted, and the words around the two values."""
    factor = 1.0
    if x.kind is ValueKind.DATE and x.key[:4] != y.key[:4] and bool(_PAST.search(a.text)) != bool(_PAST.search(b.text)):
        factor *= 0.5
    if x.kind is ValueKind.NUMBER and x.noun and y.noun:
        factor *= _counted(a, b, x, y)
    if x.kind is ValueKind.ORDINAL and _following(a, x)[:1] != _following(b, y)[:1]:
        factor *= 0.3
    if x.kind in _TIMES:
        factor *= (1.0, 0.75, 0.6)[_led(a, b, x) + _led(b, a, y)]
    near_a, near_b = _near(a, x), _near(b, y)
    if x.kind is ValueKind.DATE:  # what happened then is the predicate; whom it happened to is not
        near_a, near_b = near_a - set(map(STEM.__getitem__, a.names)), near_b - set(map(STEM.__getitem__, b.names))
    if near_a and near_b and not any(s == t or synonyms(s, t) for s in near_a for t in near_b):
        factor *= 0.55
    if x.kind in NUMERIC and {x.bound, y.bound} == {Bound.AT_MOST, Bound.AT_LEAST}:
        factor *= 0.3
    elif {x.bound, y.bound} == {Bound.EXACT, Bound.AT_LEAST}:  # a condition (`for more than 15 minutes`) against a fact
        factor *= 0.7
    return factor


def _counted(a: Statement, b: Statement, x: Value, y: Value) -> float:
    """Return what two plain numbers count: the same, a like word, or the same a word or two further on."""
    left, right = STEM[x.noun], STEM[y.noun]
    if not left or not right or left == right or synonyms(left, right):
        return 1.0
    return 0.8 if left in _following(b, y) or right in _following(a, x) else 0.5


def _following(a: Statement, value: Value) -> list[str]:
    """Stems of the three words after a value."""
    return [STEM[word] or word.lower() for word in re.findall(r"[^\W\d_]+", a.text[value.end : value.end + 60])[:3]]


def _led(a: Statement, b: Statement, value: Value) -> bool:
    """Whether the word that leads to a time (`wait for two minutes`) is one that the other side does not have in any form."""
    words = re.findall(r"[^\W\d_]+", a.text[max(0, value.start - 40) : value.start])[-4:]
    lead = next((stem for word in reversed(words) if (stem := STEM[word]) and WEIGHT[stem] > _LIGHT), "")
    return bool(lead) and lead not in b.stems and not any(synonyms(lead, other) for other in b.stems)


def _near(a: Statement, value: Value) -> set[str]:
    left = re.findall(r"[^\W\d_]+", a.text[: value.start])[-_SLOT_WORDS:]
    right = re.findall(r"[^\W\d_]+", a.text[value.end :])[:_SLOT_WORDS]
    return {STEM[word] for word in (*left, *right)} & a.subject


def _negation(a: Statement, b: Statement, lap: Overlap, lone: Lone) -> Iterator[Opposition]:
    odd_a, odd_b = len(a.negations) % 2, len(b.negations) % 2
    flips = [(x, y) for x in sorted(lap.only_left) for y in sorted(OPPOSITES[x] & lap.only_right)]
    if a.negations and b.negations and not flips:
        return  # `no reason and no approval` against `no reason or approval`: parity says nothing there
    if (odd_a + odd_b + len(flips)) % 2 == 0 or (not flips and odd_a == odd_b):
        return
    if (lone[0] and lone[1]) or lap.containment < 0.5:
        return
    if max(len(a.text), len(b.text)) > _SHORT and not (a.text[-1] in _CLOSING and b.text[-1] in _CLOSING):
        return
    flipped = {stem for pair in flips for stem in pair} | {STEM[n] for n in (*a.negations, *b.negations)}
    alone = min(weight_of(lap.only_left - flipped), weight_of(lap.only_right - flipped))
    shared = lap.shared
    score = (shared / (shared + alone)) ** 1.5 * min(1.0, shared / 1.6)
    score *= qualifier_gate(a, b, Overlap(shared, lap.only_left - flipped, lap.only_right - flipped, lap.containment))
    extra = max(weight_of(lap.only_left - flipped), weight_of(lap.only_right - flipped))
    score *= 1.0 if extra <= shared * 0.6 else 0.45
    word = (a.negations or b.negations or flips[0])[0]
    yield Opposition(score, "negation", (0, len(a.text)), (0, len(b.text)), _around(a, word), _around(b, word))


def _around(a: Statement, word: str) -> str:
    at = a.text.lower().find(word)
    return a.text if at < 0 or len(a.text) < 80 else a.text[max(0, at - 30) : at + 40]


def _runs(a: Statement, lone: set[str]) -> list[tuple[int, int]]:
    """Runs of adjacent lone names as spans."""
    runs: list[tuple[int, int]] = []
    for start, end in sorted(a.names[name] for name in lone):
        if runs and start - runs[-1][1] <= 1:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return runs


def _name(a: Statement, b: Statement, lap: Overlap, lone: Lone) -> Iterator[Opposition]:
    """`The chief executive is X` against `is Y`: one lone name on each side, in the place of a role."""
    if (lone[0] and lone[1]) or not a.names or not b.names:
        return
    lone_a, lone_b = lone_names(a, b), lone_names(b, a)
    runs_a, runs_b = _runs(a, lone_a), _runs(b, lone_b)
    if len(runs_a) != 1 or len(runs_b) != 1:
        return
    if len(a.negations) % 2 != len(b.negations) % 2:
        return
    named = {STEM[name] for name in lone_a | lone_b} | {
        STEM[part] for name in lone_a | lone_b for part in re.findall(r"[^\W\d_]+", name)
    }
    rest = Overlap(lap.shared, lap.only_left - named, lap.only_right - named, lap.containment)
    alone = min(weight_of(rest.only_left), weight_of(rest.only_right))
    score = (
        (lap.shared / (lap.shared + alone)) ** 1.5
        * min(1.0, lap.shared / 1.6)
        * (0.4 if alternatives(a, b, rest) else 1.0)
    )
    score *= 1.0 if _in_role(a, runs_a[0]) and _in_role(b, runs_b[0]) else 0.45
    (sa, ea), (sb, eb) = runs_a[0], runs_b[0]
    yield Opposition(score, "name", runs_a[0], runs_b[0], a.text[sa:ea], b.text[sb:eb])


def _in_role(a: Statement, run: tuple[int, int]) -> bool:
    before = re.findall(r"[a-z]+", a.text[max(0, run[0] - 24) : run[0]].lower())[-3:]
    after = re.findall(r"[a-z]+", a.text[run[1] : run[1] + 16].lower())[:2]
    return (
        not _ROLES.isdisjoint(before)
        or (bool(after) and after[0] in {"is", "was"} and after[1:] == ["the"])
        or bool(re.match(r" \w+ed the\b", a.text[run[1] :]))
    )
