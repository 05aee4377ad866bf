"""What the words of a language do in a sentence that speaks to a machine: the rows of `addressing.toml`, looked up word by word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

from ctxdebug.text.patterns import lazy
from ctxdebug.text.toml_data import toml_data

_TOKEN = lazy(
    r"https?://[^\s\"'<>]+|[^\s@\"'<>(]+@[^\s@\"'<>),]+|[:;,.!?()—–।،؛؟。，：；！？（）]"
    r"|[^\s.,;:!?¡¿()\[\]{}\"«»“”„‚।،؛؟…|<>`*=。，：；！？（）]+"
)
"""A word, an address, or a sign that parts clauses."""
_SIGNS = frozenset(":;,.!?()—–।،؛؟。，：；！？（）")
_LEAST = 2
"""Letters of a stem."""
_NOTHING: frozenset[str] = frozenset()
_REMEMBERED = 20_000
"""Words of which something is remembered."""


_Fact: TypeAlias = "tuple[frozenset[str], tuple[tuple[tuple[str, ...], str], ...], frozenset[str]]"
"""What a word does, the rest of each phrase that it begins with what the phrase does, and all of that."""


class Word(NamedTuple):
    """Characters `start` to `end`, in lower case, and what they do there."""

    start: int
    end: int
    text: str
    does: frozenset[str]

    @property
    def sign(self) -> bool:
        """Whether it is a sign between clauses."""
        return self.text in _SIGNS


class Vocabulary:
    """The words of one language."""

    def __init__(self, rows: dict[str, str | bool]) -> None:
        """Take the rows of the language; `*` stands for any ending, `_` for a space."""
        self.spaces = rows.get("spaces") is not False
        self.prefixes = tuple(str(rows.get("prefixes", "")).split())
        self._exact: dict[str, set[str]] = {}
        self._stems: dict[str, set[str]] = {}
        self._endings: dict[str, set[str]] = {}
        self._phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._known: dict[str, _Fact] = {}
        for does, entries in rows.items():
            if isinstance(entries, str) and does != "prefixes":
                for entry in entries.split():
                    self._take(entry.lower(), does)
        named = f"{rows.get('machine', '')} {rows.get('head', '')}".lower().split()
        self.names = frozenset(entry.partition("_")[0] for entry in named)
        """The first words, or stems with `*`, of what may name a machine."""

    def _take(self, entry: str, does: str) -> None:
        first, *rest = entry.split("_")
        if rest:
            self._phrases.setdefault(first.rstrip("*"), []).append(((first, *rest), does))
        elif entry[0] == "*":
            self._endings.setdefault(entry[1:], set()).add(does)
        elif entry[-1] == "*":
            self._stems.setdefault(entry[:-1], set()).add(does)
        else:
            self._exact.setdefault(entry, set()).add(does)

    def words(self, text: str, tokens: list[tuple[int, int, str]]) -> list[Word]:
        """Return the words of a stretch; in a language without spaces, those that are known, and the signs between them."""
        return self._spaced(tokens) if self.spaces else self._unspaced(text, tokens)

    def _spaced(self, tokens: list[tuple[int, int, str]]) -> list[Word]:
        row: list[Word] = []
        for index, (start, end, text) in enumerate(tokens):
            does, phrases, _ = self._fact(text)
            for phrase, kind in phrases:
                following = tokens[index + 1 : index + 1 + len(phrase)]
                if len(following) == len(phrase) and all(
                    _meets(one[2], part) for one, part in zip(following, phrase, strict=True)
                ):
                    does |= {kind}
            row.append(Word(start, end, text, does))
        return row

    def possible(self, words: Iterable[str]) -> frozenset[str]:
        """Return all that words may do, alone or as the beginning of a phrase, wherever they stand."""
        return _NOTHING.union(*[self._fact(word)[2] for word in words])

    def _fact(self, word: str) -> _Fact:
        known = self._known.get(word)
        if known is None:
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            does, phrases = self._looked_up(word), tuple(self._phrases_at(word))
            known = self._known[word] = (does, phrases, does.union(kind for _, kind in phrases))
        return known

    def _phrases_at(self, word: str) -> Iterator[tuple[tuple[str, ...], str]]:
        """Yield the rest of each phrase that a word begins, and what it does."""
        for form in self.forms(word):
            for length in range(1, len(form) + 1):
                for phrase, kind in self._phrases.get(form[:length], ()):
                    if _meets(form, phrase[0]):
                        yield phrase[1:], kind

    def forms(self, word: str) -> tuple[str, ...]:
        """Return a word, and what is left of it without a particle that is written together with it."""
        return (word, *(word[len(one) :] for one in self.prefixes if word.startswith(one) and len(word) > len(one) + 1))

    def _looked_up(self, word: str) -> frozenset[str]:
        found: set[str] = set()
        for form in self.forms(word):
            found |= self._exact.get(form, _NOTHING)
            for length in range(1, len(form) + 1):
                found |= self._stems.get(form[:length], _NOTHING)
        for ending, does in self._endings.items():
            if word.endswith(ending):
                found |= does
        return frozenset(found)

    def _unspaced(self, text: str, tokens: list[tuple[int, int, str]]) -> list[Word]:
        offset = tokens[0][0] if tokens else 0
        lowered = text[offset : tokens[-1][1] if tokens else 0].lower()
        spans: dict[tuple[int, int], set[str]] = {}
        for entry, does in self._exact.items():
            at = lowered.find(entry)
            while at >= 0:
                spans.setdefault((offset + at, offset + at + len(entry)), set()).update(does)
                at = lowered.find(entry, at + len(entry))
        for start, stop, sign in tokens:
            if len(sign) == 1 and not sign.isalnum():
                spans.setdefault((start, stop), set())
        row: list[Word] = []
        for start, stop in sorted(spans, key=lambda span: (span[0], -span[1])):
            if not row or stop > row[-1].end:  # the longest word counts, not its parts
                row.append(Word(start, stop, lowered[start - offset : stop - offset], frozenset(spans[start, stop])))
        return row


def _meets(word: str, part: str) -> bool:
    return word.startswith(part[:-1]) if part[-1:] == "*" else word == part


def tokens(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Return the words and the signs between clauses of characters `start` to `end`."""
    lowered = text[start:end].lower().replace("’", "'")
    if len(lowered) != end - start:
        return []
    row: list[tuple[int, int, str]] = []
    for match in _TOKEN.finditer(lowered):
        left, right = match.span()
        word = match[0]
        if word[0] in "'-_" or word[-1] in "'-_":
            word = word.strip("'-_")
        if word:
            row.append((start + left, start + right, word))
    return row


class Names:
    """The words of all languages that may name a machine."""

    def __init__(self, known: dict[str, Vocabulary]) -> None:
        self._exact: dict[str, set[str]] = {}
        self._stems: dict[str, set[str]] = {}
        self.unspaced = tuple(
            (name, language) for language, one in known.items() if not one.spaces for name in one.names
        )
        """The names in languages whose words are not parted, and their language."""
        for language, one in known.items():
            for name in one.names if one.spaces else ():
                (self._stems if name[-1] == "*" else self._exact).setdefault(name.rstrip("*"), set()).add(language)
        self._prefixed = [one for one in known.values() if one.prefixes]

    def languages(self, word: str) -> frozenset[str]:
        """Return the languages in which a word in lower case may begin a machine's name."""
        found = set(self._exact.get(word, _NOTHING))
        for length in range(_LEAST, len(word) + 1):
            found |= self._stems.get(word[:length], _NOTHING)
        if not word.isascii():
            for one in self._prefixed:
                for form in one.forms(word)[1:]:
                    found |= self._exact.get(form, _NOTHING)
        return frozenset(found)


@cache
def names() -> Names:
    """Return the words of all languages that may name a machine."""
    return Names(vocabularies())


@cache
def vocabularies() -> dict[str, Vocabulary]:
    """Return the vocabulary of every language that is carried."""
    return {
        language: Vocabulary(rows) for language, rows in toml_data(Path(__file__).with_name("addressing.toml")).items()
    }
