"""Which phrases of a topic may be in a text, told by its words: each is tried only where all that it needs is met."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
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
    """A phrase of a language with spaces, and what a text's words must meet, each need a bit: all of `needs`, its first word `first`."""

    place: Place
    """What no word of a text leads to is not read."""
    needs: int
    first: int
    """0 where its first word may be any."""

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
        opened = _read(opening)
        self.other: dict[str, list[Place]] = other
        """Places of phrases that no word leads to, by language: those of languages without spaces."""
        self.beginning = frozenset(one.place for under in opened.values() for one in under)
        """The places of the phrases that begin where a sentence does."""
        self.facts: ByChunk[tuple[int, tuple[int, ...]]] = ByChunk(
            partial(_facts, words, beginnings, frozenset(sought))
        )
        """What a word meets: needs, each a bit, and those of them of which one is met wherever a phrase is."""
        self.opened: ByChunk[tuple[Sought, ...]] = ByChunk(
            lambda word: tuple([one for number in _met(words, beginnings, word) for one in opened.get(number, ())])
        )
        """The phrases that a word may begin where a sentence does."""

    def allowed(self, lowered: str, begun: Callable[[], AbstractSet[str]]) -> Allowed:
        """Return the phrases that the words of a text in lower case allow; `begun` gives the words that begin a sentence.

        What a whole text does not allow, none of its pieces needs to be asked for.
        """
        words = words_met(lowered)
        leading = {word: leads for word in words if (leads := self.facts[word][1])}
        if not leading:
            return Allowed((), {})
        met = self.meeting(words)
        by_need: dict[int, list[Sought]] = {}
        for need in set[int]().union(*leading.values()):
            found = [
                one for one in self.sought[need] if one.needs & met == one.needs and (not one.first or one.first & met)
            ]
            if found:
                by_need[need] = found
        if any(one.place in self.beginning for found in by_need.values() for one in found):
            begins = self.meeting(begun())
            by_need = {
                need: kept
                for need, found in by_need.items()
                if (kept := [one for one in found if one.place not in self.beginning or one.first & begins])
            }
        return Allowed(
            tuple([word for word, leads in leading.items() if not by_need.keys().isdisjoint(leads)]), by_need
        )

    def meeting(self, words: Iterable[str]) -> int:
        """Return the needs that words meet together."""
        met = 0
        for needs, _ in map(self.facts.__getitem__, words):
            met |= needs
        return met

    def possible(self, lowered: str, words: AbstractSet[str], allowed: Allowed) -> Iterator[tuple[Sought, int]]:
        """Yield the phrases, of those that the whole text allows, that a piece with these words allows, and where each begins at the latest."""
        last: dict[int, int] = {}
        for word in allowed.words:
            if word in words:
                at = lowered.rfind(word)
                for need in self.facts[word][1]:
                    if at > last.get(need, -1) and need in allowed.phrases:
                        last[need] = at
        met = self.meeting(words) if last else 0
        for need, at in last.items():
            for one in allowed.phrases[need]:
                if one.needs & met == one.needs:
                    yield one, at


class Allowed(NamedTuple):
    """The phrases that may be in a text, under the need that leads to them, and the words that meet one of those."""

    words: tuple[str, ...]
    phrases: dict[int, list[Sought]]


_BLANKS = {code: " " for code in range(128) if not chr(code).isalnum()}


def words_met(lowered: str) -> set[str]:
    """Return the words of a text in lower case, as the phrases see them."""
    return set(lowered.translate(_BLANKS).split() if lowered.isascii() else WORD.findall(lowered))


def _met(words: Mapping[str, list[int]], beginnings: Mapping[str, list[int]], word: str) -> set[int]:
    """Return the needs that a word meets."""
    found = set(words.get(word, ()))
    for length in (BEGINNING, BEGINNING - 1):
        found.update(beginnings.get(word[:length], ()))
    return found


_NOTHING: tuple[int, tuple[int, ...]] = (0, ())


def _facts(
    words: Mapping[str, list[int]], beginnings: Mapping[str, list[int]], leading: AbstractSet[int], word: str
) -> tuple[int, tuple[int, ...]]:
    """Return the needs that a word meets as bits, and those that lead to a phrase."""
    found = _met(words, beginnings, word)
    return (sum([1 << number for number in found]), tuple(found & leading)) if found else _NOTHING


_Rows: TypeAlias = "dict[int, list[tuple[Place, frozenset[int], int | None]]]"


def _read(rows: _Rows) -> dict[int, list[Sought]]:
    return {
        number: [
            Sought(place, sum([1 << need for need in needs]), 0 if first is None else 1 << first)
            for place, needs, first in under
        ]
        for number, under in rows.items()
    }


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
