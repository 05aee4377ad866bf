"""Which phrases of a topic may be in a text, told by its words: each is tried only where all that it needs is met."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeAlias

from ctxdebug.analysis.directives import features
from ctxdebug.analysis.directives.words import ByChunk
from ctxdebug.text.patterns import lazy
from ctxdebug.text.phrases import Phrase, phrases, read_topic, topic_digest
from ctxdebug.text.phrases.needs import BEGINNING, Need
from ctxdebug.text.stored import stored, unkept

TOPIC = "injected_instruction"
"""The topic of all phrases here."""
WORD = lazy(r"[^\W_]+")
"""A word as the phrases see it."""


Place: TypeAlias = "tuple[str, int]"
"""Where a phrase is: its language, and its number in it."""


def phrase_at(place: Place) -> Phrase:
    """Return the phrase at a place; the first of a language reads its file."""
    language, number = place
    return phrases(TOPIC).of(language)[number]


class Sought(NamedTuple):
    """A phrase of a language with spaces, and what a text's words must meet, by number: all of `needs`, its first word `first`."""

    place: Place
    """What no word of a text leads to is not read."""
    needs: frozenset[int]
    first: int | None

    @property
    def phrase(self) -> Phrase:
        """The phrase itself."""
        return phrase_at(self.place)


class PhraseIndex:
    """What the words of a text say of the phrases that may be in it."""

    def __init__(self, labels: frozenset[str], language: str = "") -> None:
        """Take the phrases under `labels`, of one language or of all, as an earlier run read them where that is kept."""
        key = topic_digest(TOPIC, Path(__file__), Path(features.__file__)), tuple(sorted(labels)), language
        words, beginnings, sought, opening, other = stored(
            "index of phrases", key, lambda: unkept(_indexed, labels, language)
        )
        self.sought = _read(sought)
        """The phrases under the need that the fewest texts meet."""
        self.opening = _read(opening)
        """The phrases that begin where a sentence does, under what their first word meets."""
        self.other: dict[str, list[Place]] = other
        """Places of phrases that no word leads to, by language: those of languages without spaces."""
        self.beginning = frozenset(one.place for under in self.opening.values() for one in under)
        """The places of those."""
        self.leads = frozenset(self.sought)
        """The needs of which one is met wherever a phrase is."""
        self.met = ByChunk(partial(_met, words, beginnings))
        """The needs that the words of a chunk meet; for most there are none."""
        self.opened: ByChunk[tuple[Sought, ...]] = ByChunk(
            lambda word: tuple([one for number in self.met[word] for one in self.opening.get(number, ())])
        )
        """The phrases that a word may begin where a sentence does."""

    def possible(self, met: AbstractSet[int]) -> list[Sought]:
        """Return the phrases of which every need is among those that are met."""
        return [one for need in met if need in self.sought for one in self.sought[need] if one.needs <= met]


def _met(words: Mapping[str, list[int]], beginnings: Mapping[str, list[int]], chunk: str) -> tuple[int, ...]:
    """Return the needs that the words of a chunk meet."""
    found: set[int] = set()
    for word in WORD.findall(chunk):
        found.update(words.get(word, ()))
        for length in (BEGINNING, BEGINNING - 1):
            found.update(beginnings.get(word[:length], ()))
    return tuple(found)


_Rows: TypeAlias = "dict[int, list[tuple[Place, frozenset[int], int | None]]]"


def _read(rows: _Rows) -> dict[int, list[Sought]]:
    return {number: [Sought(*row) for row in under] for number, under in rows.items()}


def _indexed(
    labels: frozenset[str], language: str
) -> tuple[dict[str, list[int]], dict[str, list[int]], _Rows, _Rows, dict[str, list[Place]]]:
    """Return the needs by word and by beginning, the phrases by need and by what begins them, and those without needs."""
    numbers: dict[Need, int] = {}
    sought: _Rows = {}
    opening: _Rows = {}
    other: dict[str, list[Place]] = {}
    for place, phrase in read_topic(TOPIC):
        if phrase.label not in labels or language not in {"", phrase.language}:
            continue
        if not phrase.needs:
            other.setdefault(phrase.language, []).append(place)
            continue
        needs = frozenset(numbers.setdefault(need, len(numbers)) for need in phrase.needs)
        first = None if phrase.first is None else numbers.setdefault(phrase.first, len(numbers))
        sought.setdefault(numbers[_rarest(phrase.needs)], []).append((place, needs, first))
        if phrase.sentence and first is not None:
            opening.setdefault(first, []).append((place, needs, first))
    words: dict[str, list[int]] = {}
    beginnings: dict[str, list[int]] = {}
    for need, number in numbers.items():
        for word in need.words:
            words.setdefault(max(features.tokens(word), key=len), []).append(number)
        for beginning in need.beginnings:
            beginnings.setdefault(beginning, []).append(number)
    return words, beginnings, sought, opening, other


def _rarest(needs: tuple[Need, ...]) -> Need:
    """Return the need that the fewest texts meet, as far as the number and the length of its words tells."""
    return max(
        needs, key=lambda need: min(map(len, need.words | need.beginnings)) - len(need.words | need.beginnings) / 8
    )
