"""Words as the sources pass compares them: stems, concepts, weights, negation.

English only, and small on purpose: a table lookup per distinct word, so that a context of a
million characters costs no more than reading it.
"""

from __future__ import annotations

import json
from functools import cache
from math import fsum
from pathlib import Path

from ctxdebug.text.kinds import kind_rows
from ctxdebug.text.stems import stem
from ctxdebug.text.words import LETTERS, stop_words


@cache
def lexicon() -> dict[str, object]:
    """Return the word classes of `lexicon.json`."""
    loaded: dict[str, object] = json.loads(Path(__file__).with_name("lexicon.json").read_text("utf-8"))
    return loaded


def divisions() -> dict[str, str]:
    """Return the words for a part of a document, by the name of the part."""
    found: dict[str, str] = json.loads(Path(__file__).with_name("lexicon.json").read_text("utf-8"))["divisions"]
    return found


@cache
def exonyms() -> dict[str, frozenset[str]]:
    """Return the names of a place in other languages, by each of its names: `cologne`: köln, colonia."""
    rows = [frozenset(row) for row in _lines("exonyms")]
    return {name: row - {name} for row in rows for name in row}


def _listed(key: str) -> frozenset[str]:
    return frozenset(str(lexicon()[key]).split())


def _lines(key: str) -> list[list[str]]:
    rows = lexicon()[key]
    assert isinstance(rows, list)
    return [str(row).split() for row in rows]


STOP = stop_words()
NEGATIONS = _listed("negations")
_IRREGULAR: dict[str, str] = {entry.split()[0]: entry.split()[1] for entry in str(lexicon()["irregular"]).split("|")}


def _stemmed(word: str) -> str:
    word = word.lower()
    if word in STOP or len(word) < 2:
        return ""
    return stem(_IRREGULAR.get(word, word))


class _Stems(dict[str, str]):
    """Word as written -> stem; the empty string for words that carry no subject."""

    def __missing__(self, word: str) -> str:
        if len(self) > 400_000:
            self.clear()
        self[word] = made = _stemmed(word)
        return made


STEM = _Stems()
GENERIC = frozenset(_stemmed(word) for word in _listed("generic"))


def _classes() -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    for number, row in enumerate(_lines("synonyms")):
        for word in row:
            stem = _stemmed(word) or word
            groups.setdefault(stem, set()).add(number)
    return {stem: frozenset(numbers) for stem, numbers in groups.items()}


_GROUPS = _classes()
_MEMBERS: dict[int, set[str]] = {}
for _stem, _numbers in _GROUPS.items():
    for _number in _numbers:
        _MEMBERS.setdefault(_number, set()).add(_stem)
_NO_GROUP: frozenset[int] = frozenset()
_NO_KIND: frozenset[str] = frozenset()
_ANTONYMS: dict[str, set[str]] = {}
for _a, _b in _lines("antonyms"):
    for _one, _other in ((STEM[_a] or _a, STEM[_b] or _b), (_a, _b)):
        _ANTONYMS.setdefault(_one, set()).add(_other)
        _ANTONYMS.setdefault(_other, set()).add(_one)
_UNPREFIXED = {form for word in _listed("unprefixed") for form in (word, _stemmed(word))}
"""Words that begin like a negative prefix and are the opposite of nothing: `display`, `inform`."""
_NEGATIVE_PREFIX = ("un", "in", "im", "dis", "non", "ir", "il", "mis")


def groups(stem: str) -> frozenset[int]:
    """Return the synonym classes of a stem."""
    return _GROUPS.get(stem, _NO_GROUP)


def synonyms(a: str, b: str) -> bool:
    """Whether two stems share a class of meaning."""
    return a == b or not _GROUPS.get(a, _NO_GROUP).isdisjoint(_GROUPS.get(b, _NO_GROUP))


@cache
def _kinds() -> dict[str, frozenset[str]]:
    return {_stemmed(thing): frozenset(map(_stemmed, wider)) for thing, wider in kind_rows().items()}


def kinds(stem: str) -> frozenset[str]:
    """Return the stems of the wider words for a thing (`dog`: `pet`, `animal`): what a rule says of them, it says of the thing."""
    return _kinds().get(stem, _NO_KIND)


@cache
def likes(stem: str) -> frozenset[str]:
    """Every other stem that shares a class of meaning with this one."""
    return frozenset().union(*(_MEMBERS[number] for number in groups(stem))) - {stem}


class _Opposites(dict[str, frozenset[str]]):
    """Stem or word -> its listed opposites, and those from which a negative prefix alone parts it."""

    def __missing__(self, word: str) -> frozenset[str]:
        if len(self) > 50_000:
            self.clear()
        found = set(_ANTONYMS.get(word, ()))
        if len(word) > 3:
            found.update(longer for prefix in _NEGATIVE_PREFIX if (longer := prefix + word) not in _UNPREFIXED)
        if word.startswith(_NEGATIVE_PREFIX) and word not in _UNPREFIXED:
            bare = (word.removeprefix(prefix) for prefix in _NEGATIVE_PREFIX if word.startswith(prefix))
            found.update(shorter for shorter in bare if len(shorter) > 3)
        self[word] = made = frozenset(found)
        return made


OPPOSITES = _Opposites()


def antonyms(a: str, b: str) -> bool:
    """Whether two stems (or words) are listed opposites, or differ by a negative prefix alone."""
    return b in OPPOSITES[a]


@cache
def _weights() -> dict[str, float]:
    path = Path(__file__).with_name("weights.json")
    if not path.is_file():
        return {}
    rows: dict[str, str] = json.loads(path.read_text("utf-8"))["tenths"]
    return {stem: int(tenths) / 10 for tenths, stems in rows.items() for stem in stems.split()}


RAREST = 1.0
"""The weight of a word that the background does not know."""


class _Weights(dict[str, float]):
    """Stem -> how much it says about the subject, 0 to 1."""

    def __missing__(self, stem: str) -> float:
        if len(self) > 400_000:
            self.clear()
        weight = _weights().get(stem, RAREST)
        self[stem] = weight = weight * 0.5 if stem in GENERIC else weight
        return weight


WEIGHT = _Weights()


def weight_of(stems: frozenset[str] | set[str]) -> float:
    """Return the summed weight of some stems, the same in whatever order they come."""
    return fsum(map(WEIGHT.__getitem__, stems))


def stems_of(text: str) -> frozenset[str]:
    """Return the distinct content stems of a text."""
    return frozenset(map(STEM.__getitem__, LETTERS.findall(text))) - {""}
