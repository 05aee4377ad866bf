"""Phrases as data: what a detector knows of wordings is a line in a file, with an example beside it.

One folder is one topic, one file in it is one language (`abstention/de.txt`). A file holds phrases in the notation of
`notation.py`; under each stand examples, one a line:

    # a comment
    @known = (know|tell|say)
    == admits
    i (do not|don't) {known}
        + I don't know when it opens.
        - I don't know about you, but I would go.

`+` is a sentence in which this phrase is found, and every phrase has one. `-` is a neighbour: a sentence close by in
which no phrase of the topic may be found. `==` names the label of the phrases under it; `== task (beside others)`: they
say nothing alone, may be found in the neighbours of others, and not in their own. `faults` tests all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import TypeAlias

from ctxdebug.records import record
from ctxdebug.text.languages import all_languages
from ctxdebug.text.patterns import lazy
from ctxdebug.text.phrases.needs import Need
from ctxdebug.text.phrases.notation import Notation, PhraseError, translate
from ctxdebug.text.stored import digest_of, stored, unkept

_ROOT = Path(__file__).parent
_BESIDE = " (beside others)"


@record(frozen=True)
class Phrase:
    """A wording of one language, with the sentences that show what it finds (`examples`) and what it does not (`neighbours`)."""

    text: str
    language: str
    label: str
    """The section of the file in which it stands; empty before the first."""
    at: str
    """File and line, for whoever mends it."""
    lists: tuple[tuple[str, str], ...]
    examples: tuple[str, ...] = ()
    neighbours: tuple[str, ...] = ()
    alone: bool = True
    """Whether it says something without another phrase beside it."""

    @cached_property
    def _made(self) -> Notation:
        known = all_languages().get(self.language)
        spaces = known is None or known.spaces
        pattern, literals, needs, first, sentence = stored(
            "phrases",
            (digest_of(*_readers()), self.text, self.lists, spaces),
            lambda: _values(translate(self.text, dict(self.lists), spaces=spaces)),
        )
        needed = tuple(Need(words, beginnings) for words, beginnings in needs)
        return Notation(pattern, literals, needed, Need(*first) if first else None, bool(sentence))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The phrase as a regular expression, linear on any text."""
        return lazy(self._made.pattern, re.IGNORECASE, prefilter=False)

    @property
    def needs(self) -> tuple[Need, ...]:
        """What a text's words must meet for the phrase to be in it; empty in a language without spaces."""
        return self._made.needs

    @property
    def first(self) -> Need | None:
        """What the first word of a match meets, where that can be said."""
        return self._made.first

    @property
    def sentence(self) -> bool:
        """Whether every match begins where a sentence does, with marks before its first word."""
        return self._made.sentence

    @property
    def literals(self) -> tuple[str, ...]:
        """Words in lower case of which every text with the phrase contains one."""
        return self._made.literals

    def may_be_in(self, lowered: str) -> bool:
        """Whether a text in lower case contains a literal without which the phrase cannot be found."""
        return any(literal in lowered for literal in self.literals)


_StoredNeed: TypeAlias = tuple[frozenset[str], frozenset[str]]


def _values(made: Notation) -> tuple[str, tuple[str, ...], tuple[_StoredNeed, ...], tuple[frozenset[str], ...], int]:
    first = (made.first.words, made.first.beginnings) if made.first else ()
    needs = tuple((need.words, need.beginnings) for need in made.needs)
    return made.pattern, made.literals, needs, first, int(made.sentence)


@cache
def _readers() -> tuple[Path, ...]:
    """Return the modules that read and translate phrases."""
    return tuple(sorted(_ROOT.glob("*.py")))


@record(frozen=True, slots=True)
class Occurrence:
    """A phrase that was found, at characters `start` to `end`."""

    start: int
    end: int
    phrase: Phrase


class Phrases:
    """The phrases of one topic, in all its languages; they are read when a text has a literal of one."""

    def __init__(self, topic: str) -> None:
        self._topic = topic
        self._read: dict[str, tuple[Phrase, ...]] = {}
        self._indexes: dict[frozenset[str] | None, dict[str, tuple[int, ...]]] = {}

    @cached_property
    def all(self) -> tuple[Phrase, ...]:
        """Every phrase, language by language."""
        return tuple([phrase for language in sorted(languages_of(self._topic)) for phrase in self.of(language)])

    def of(self, language: str) -> tuple[Phrase, ...]:
        """Return the phrases of one language."""
        known = self._read.get(language)
        if known is None:
            known = self._read[language] = tuple(read_file(_ROOT / self._topic / f"{language}.txt"))
        return known

    def find(self, text: str, labels: Iterable[str] | None = None) -> Iterator[Occurrence]:
        """Yield what is found, phrase by phrase; linear in the text."""
        lowered = text.lower()
        index = self._index(None if labels is None else frozenset(labels))
        for number in sorted({number for literal, row in index.items() if literal in lowered for number in row}):
            for match in self.all[number].pattern.finditer(text):
                yield Occurrence(match.start(), match.end(), self.all[number])

    def _index(self, labels: frozenset[str] | None) -> dict[str, tuple[int, ...]]:
        """Return the phrases under some labels by literal: a text without the literal has none of them by it."""
        known = self._indexes.get(labels)
        if known is None:
            key = topic_digest(self._topic), None if labels is None else tuple(sorted(labels))
            known = stored("phrases by literal", key, lambda: unkept(self._by_literal, labels))
            self._indexes[labels] = known
        return known

    def _by_literal(self, labels: frozenset[str] | None) -> dict[str, tuple[int, ...]]:
        rows: dict[str, list[int]] = {}
        for number, (_, phrase) in enumerate(read_topic(self._topic)):
            for literal in phrase.literals if labels is None or phrase.label in labels else ():
                rows.setdefault(literal, []).append(number)
        return {literal: tuple(row) for literal, row in rows.items()}

    def first(self, text: str, labels: Iterable[str] | None = None) -> Occurrence | None:
        """Return the occurrence that begins first, the longest of several; None where nothing is found."""
        return min(self.find(text, labels), key=lambda found: (found.start, -found.end), default=None)

    def found_in(self, text: str) -> bool:
        """Whether any phrase is in a text."""
        return next(self.find(text), None) is not None


@cache
def phrases(topic: str) -> Phrases:
    """Return the phrases of a topic, which is the name of a folder beside this file."""
    return Phrases(topic)


def topic_digest(topic: str, *more: Path) -> bytes:
    """Return a digest of all that the phrases of a topic follow from: their files, what reads and translates them, and `more`."""
    return digest_of(*_readers(), *sorted((_ROOT / topic).glob("*.txt")), *more)


@cache
def languages_of(topic: str) -> frozenset[str]:
    """Return the codes of the languages that a topic has phrases in."""
    return frozenset(path.stem for path in (_ROOT / topic).glob("*.txt"))


def read_topic(topic: str) -> Iterator[tuple[tuple[str, int], Phrase]]:
    """Yield the phrases of a topic anew, each behind its language and its number in it: an index needs them once."""
    for language in sorted(languages_of(topic)):
        for number, phrase in enumerate(read_file(_ROOT / topic / f"{language}.txt")):
            yield (language, number), phrase


def topics() -> tuple[str, ...]:
    """Return the names of all topics."""
    return tuple(sorted(path.name for path in _ROOT.iterdir() if any(path.glob("*.txt"))))


def read_file(path: Path) -> Iterator[Phrase]:
    """Yield the phrases of a file; raises `PhraseError` where a line has no meaning."""
    lists: dict[str, str] = {}
    label, alone = "", True
    line_of, examples, neighbours = "", list[str](), list[str]()
    where, known = "", tuple[tuple[str, str], ...]()

    def read() -> Phrase:
        return Phrase(line_of, path.stem, label, where, known, tuple(examples), tuple(neighbours), alone)

    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = row.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith(("+ ", "- ")):
            if not line_of:
                raise PhraseError(f"{path.parent.name}/{path.name}:{number}: an example without a phrase above it")
            (examples if line[0] == "+" else neighbours).append(line[2:])
            continue
        if line_of:
            yield read()
            line_of = ""
        if line.startswith("@"):
            name, _, words = line[1:].partition(" = ")
            lists[name.strip()] = words.strip()
            known = tuple(lists.items())
        elif line.startswith("== "):
            label, alone = line[3:].removesuffix(_BESIDE), not line.endswith(_BESIDE)
        else:
            line_of, where = line, f"{path.parent.name}/{path.name}:{number}"
            examples, neighbours = [], []
    if line_of:
        yield read()


def faults(topic: str) -> Iterator[str]:
    """Yield what is wrong with the phrases of a topic: an example that is not found, a neighbour that is."""
    known = phrases(topic)
    seen: dict[tuple[str, str], str] = {}
    for phrase in known.all:
        if not phrase.examples:
            yield f"{phrase.at}: no example under {phrase.text!r}"
        first = seen.setdefault((phrase.language, phrase.text), phrase.at)
        if first != phrase.at:
            yield f"{phrase.at}: the same phrase as {first}"
        for example in phrase.examples:
            if not phrase.may_be_in(example.lower()) or phrase.pattern.search(example) is None:
                yield f"{phrase.at}: not found in {example!r}"
        for neighbour in phrase.neighbours:
            near = [one for one in known.find(neighbour) if one.phrase.alone or one.phrase is phrase]
            if found := next(iter(near), None):
                yield f"{phrase.at}: {found.phrase.at} is found in its neighbour {neighbour!r}"
