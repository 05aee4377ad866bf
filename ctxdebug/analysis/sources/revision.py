"""Two wordings of nearly the same text: what was changed, as features of a small learned score.

A paraphrase swaps words for their like; an edit that changes the meaning swaps a name, a number, an
opposite, or puts in something new.
"""

from __future__ import annotations

from collections.abc import Sequence

from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.claims.words import NEGATIONS, STEM, STOP, WEIGHT, antonyms, groups, synonyms
from ctxdebug.records import record

_LONGEST = 400
_QUANTIFIERS = frozenset(
    "all some most many few several any each every both half none more less least fewer only just almost nearly over "
    "under up down above below higher lower".split())  # fmt: skip
_RELATIONS = frozenset(
    "before after during since until with without for against to from by of in out on off inside outside between and "
    "or but because despite although if unless when while".split())  # fmt: skip
_MODALS = frozenset(
    "will would shall should can could may might must is was are were has had have be been do does did".split()
)
_PERSONS = frozenset("he she him her his hers they them their i we us our you your who".split())


@record(frozen=True, slots=True)
class Change:
    """One changed stretch: the words of each side (either may be empty)."""

    left: tuple[str, ...]
    right: tuple[str, ...]


def changes(a: Sequence[str], b: Sequence[str]) -> list[Change]:
    """Return the stretches in which two word sequences differ, by lower-cased alignment; the longest 400 words of each."""
    a, b = a[:_LONGEST], b[:_LONGEST]
    low_a, low_b = [word.lower() for word in a], [word.lower() for word in b]
    head = 0
    while head < min(len(a), len(b)) and low_a[head] == low_b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and low_a[-1 - tail] == low_b[-1 - tail]:
        tail += 1
    low_a, low_b = low_a[head : len(a) - tail], low_b[head : len(b) - tail]
    if set(low_a).isdisjoint(low_b):  # nothing between them to align
        whole = Change(tuple(a[head : len(a) - tail]), tuple(b[head : len(b) - tail]))
        return [whole] if low_a or low_b else []
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, low_a, low_b, autojunk=False)
    return [
        Change(tuple(a[head + i : head + j]), tuple(b[head + k : head + m]))
        for op, i, j, k, m in matcher.get_opcodes()
        if op != "equal"
    ]


def _is_number(word: str) -> bool:
    return any(char.isdigit() for char in word)


def _is_name(word: str) -> bool:
    return word[:1].isupper()


FEATURES: tuple[str, ...] = (
    "changes", "left words", "right words", "kept share", "length ratio", "replaced", "inserted", "deleted", "synonyms", "same stem",
    "antonyms", "numbers replaced",
    "numbers inserted", "numbers deleted", "names replaced", "names inserted", "names deleted", "name to common", "unrelated replaced",
    "unrelated weight", "negation parity", "negations inserted",
    "negations deleted", "quantifiers", "relations", "modals", "persons", "inserted weight", "deleted weight", "longest insertion",
    "longest deletion", "prefix alike", "synonym share", "changed share",
    "moved", "one change", "suffix alike", "unrelated share", "known left", "known right", "adjectives inserted", "stop only",
    "rare right", "unknown share",
)  # fmt: skip


class _Count(dict[str, float]):
    def __missing__(self, key: str) -> float:
        return 0.0


def features(a: Statement, b: Statement) -> list[float]:
    """Return the features of `FEATURES` for an original `a` and its other wording `b`."""
    found = changes(a.tokens, b.tokens)
    count = _Count()
    for change in found:
        _one(change, count)
    words_a, words_b = len(a.tokens) or 1, len(b.tokens) or 1
    changed_a, changed_b = sum(len(c.left) for c in found), sum(len(c.right) for c in found)
    moved = _moved(found)
    odd = (count["negations inserted"] + count["negations deleted"]) % 2
    pairs = count["pairs"] or 1.0
    rest = {
        "changes": len(found), "left words": changed_a, "right words": changed_b, "kept share": 1 - changed_a / words_a,
        "length ratio": words_b / words_a,
        "negation parity": odd, "synonym share": (count["synonyms"] + count["same stem"]) / pairs, "changed share": changed_b / words_b,
        "moved": moved,
        "one change": float(len(found) == 1), "unrelated share": count["unrelated replaced"] / pairs, "unknown share": count["rare right"] / pairs,
    }  # fmt: skip
    return [float(rest.get(name, count[name])) for name in FEATURES]


def _moved(found: list[Change]) -> float:
    """Words deleted in one place and inserted in another."""
    left = {word.lower() for change in found for word in change.left} - STOP
    right = {word.lower() for change in found for word in change.right} - STOP
    return float(len(left & right))


def _one(change: Change, count: _Count) -> None:
    left, right = _content(change.left), _content(change.right)
    count["replaced" if left and right else "deleted" if left else "inserted" if right else "stop only"] += 1
    if not left or not right:
        count["longest insertion"] = max(count["longest insertion"], len(right))
        count["longest deletion"] = max(count["longest deletion"], len(left))
    _small_words(change, count)
    matched_right: set[int] = set()
    lone_left = [word for word in left if not _pair(word, right, matched_right, count)]
    lone_right = [word for index, word in enumerate(right) if index not in matched_right]
    if lone_left and lone_right:
        for x, y in zip(lone_left, lone_right, strict=False):
            _unrelated(x, y, count)
        lone_left, lone_right = lone_left[len(lone_right) :], lone_right[len(lone_left) :]
    _lone(lone_left, "deleted", count)
    _lone(lone_right, "inserted", count)


def _content(words: tuple[str, ...]) -> list[str]:
    return [word for word in words if _is_number(word) or STEM[word]]


def _small_words(change: Change, count: _Count) -> None:
    left, right = {word.lower() for word in change.left}, {word.lower() for word in change.right}
    count["negations deleted"] += len((left - right) & NEGATIONS) + sum("n't" in word for word in left - right)
    count["negations inserted"] += len((right - left) & NEGATIONS) + sum("n't" in word for word in right - left)
    for name, words in (
        ("quantifiers", _QUANTIFIERS),
        ("relations", _RELATIONS),
        ("modals", _MODALS),
        ("persons", _PERSONS),
    ):
        count[name] += len((left ^ right) & words)


def _pair(word: str, right: list[str], matched: set[int], count: _Count) -> bool:
    """Find the word's like or opposite among the words that replace it."""
    stem = STEM[word] or word
    for index, other in enumerate(right):
        if index in matched:
            continue
        other_stem = STEM[other] or other
        relation = (
            "same stem" if stem == other_stem and not _is_number(word)
            else "antonyms" if antonyms(stem, other_stem) or antonyms(word.lower(), other.lower())
            else "synonyms" if synonyms(stem, other_stem) and not _is_number(word + other)
            else ""
        )  # fmt: skip
        if relation:
            count[relation] += 1
            count["pairs"] += 1
            matched.add(index)
            return True
    return False


def _unrelated(x: str, y: str, count: _Count) -> None:
    count["pairs"] += 1
    if _is_number(x) and _is_number(y):
        count["numbers replaced"] += 1
    elif _is_name(x) and _is_name(y):
        count["names replaced"] += 1
    elif _is_name(x) != _is_name(y):
        count["name to common"] += 1
    else:
        count["unrelated replaced"] += 1
        count["unrelated weight"] += WEIGHT[STEM[x] or x] + WEIGHT[STEM[y] or y]
        count["known left"] += bool(groups(STEM[x]))
        count["known right"] += bool(groups(STEM[y]))
        count["rare right"] += WEIGHT[STEM[y] or y] >= 1
    count["prefix alike"] += x[:4].lower() == y[:4].lower()
    count["suffix alike"] += x[-3:].lower() == y[-3:].lower()


def _lone(words: list[str], side: str, count: _Count) -> None:
    for word in words:
        if _is_number(word):
            count["numbers " + side] += 1
        elif _is_name(word):
            count["names " + side] += 1
        else:
            count[side + " weight"] += WEIGHT[STEM[word] or word]
            count["adjectives inserted"] += side == "inserted" and word.endswith(
                ("ly", "al", "ful", "ous", "ive", "able", "ible", "ic")
            )


def wording(a: str, b: str) -> list[float]:
    """Return the features of two plain texts."""
    return features(statement(a), statement(b))
