"""All sources of one question, each read for what it would answer, and the near-duplicate sentences among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from ctxdebug.analysis.claims.statement import Statement
from ctxdebug.analysis.claims.words import STEM
from ctxdebug.analysis.sources.question import Asked, Candidate, UserQuestion, candidates, coverage, coverages
from ctxdebug.analysis.sources.revision import Change, changes
from ctxdebug.text.patterns import lazy

_WORD = lazy(r"[^\W_]+")


@dataclass(frozen=True)
class Voice:
    """One source, as it speaks to a question."""

    statements: Sequence[Statement]
    stems: frozenset[str]
    text: str
    """Lower-cased words joined by single spaces, with one at each end."""
    covers: list[float]
    cover: float
    names: float
    phrase: float
    """Share of the question's adjacent content words that stand adjacent here."""
    offers: list[Candidate]


@dataclass(frozen=True, slots=True)
class Twin:
    """Two near-duplicate sentences of two sources, and the rival phrases."""

    left: int
    right: int
    phrases: tuple[tuple[str, str], ...]
    weight: float
    typed: bool
    """Whether a phrase pair is of the type that the question asks for."""
    changes: int

    @property
    def pair(self) -> frozenset[int]:
        """Both voices."""
        return frozenset((self.left, self.right))


@dataclass
class Panel:
    """All sources of one question."""

    question: UserQuestion
    voices: list[Voice]
    twins: list[Twin] = field(default_factory=list)
    _holders: dict[str, frozenset[int]] = field(default_factory=dict)

    @cached_property
    def _words(self) -> dict[str, set[int]]:
        """Word -> numbers of the voices that have it."""
        found: dict[str, set[int]] = {}
        for number, voice in enumerate(self.voices):
            for word in set(voice.text.split()):
                found.setdefault(word, set()).add(number)
        return found

    @cached_property
    def twin_weight(self) -> float:
        """A tenth for every twin."""
        total = 0.0
        for _ in self.twins:
            total += 0.1
        return total

    @cached_property
    def twins_of(self) -> dict[frozenset[int], list[Twin]]:
        """The twins of each pair of voices."""
        found: dict[frozenset[int], list[Twin]] = {}
        for twin in self.twins:
            found.setdefault(twin.pair, []).append(twin)
        return found

    @cached_property
    def sides(self) -> list[tuple[Twin, int, int]]:
        """Per twin and rival phrases: the voices that have only the one and only the other, as bits."""
        found = []
        for twin in self.twins:
            for x, y in twin.phrases:
                with_x, with_y = self.holders(x), self.holders(y)
                first = sum(1 << number for number in with_x - with_y)
                second = sum(1 << number for number in with_y - with_x)
                found.append((twin, first, second))
        return found

    def holders(self, phrase: str) -> frozenset[int]:
        """Numbers of the voices that have a phrase; each phrase is searched once, in the voices that have all its words."""
        known = self._holders.get(phrase)
        if known is None:
            having = [self._words.get(word, set()) for word in phrase.split()]
            numbers = set.intersection(*having) if having else set()
            known = self._holders[phrase] = frozenset(n for n in numbers if f" {phrase} " in self.voices[n].text)
        return known


def folded(text: str) -> str:
    """Lower-cased words between single spaces: where a phrase can be searched literally."""
    return " " + " ".join(_WORD.findall(text.lower())) + " "


def panel(question: UserQuestion, sources: Sequence[Sequence[Statement]]) -> Panel:
    """Read every source for the question, and find the near-duplicates among them."""
    voices = []
    words = folded(question.text).split()
    pairs = [f"{x} {y}" for x, y in pairwise(words) if STEM[x] and STEM[y]]
    for statements in sources:
        stems: frozenset[str] = frozenset().union(*(one.stems for one in statements)) if statements else frozenset()
        text = folded(" ".join(one.text for one in statements))
        names = sum(f" {name} " in text for name in question.names) / (len(question.names) or 1)
        phrase = sum(f" {pair} " in text for pair in pairs) / (len(pairs) or 1)
        covers = coverages(question, statements)
        voices.append(
            Voice(
                statements,
                stems,
                text,
                covers,
                coverage(question, stems),
                names,
                phrase,
                candidates(question, statements),
            )
        )
    made = Panel(question, voices)
    made.twins.extend(_twins(made))
    return made


def _twins(made: Panel) -> Iterator[Twin]:
    """Near-duplicate sentences across sources, found by the stems they share."""
    postings: dict[str, list[tuple[int, Statement, float]]] = {}
    for at, voice in enumerate(made.voices):
        for statement, cover in zip(voice.statements, voice.covers, strict=True):
            if len(statement.stems) < 3:
                continue
            seen: dict[int, tuple[int, Statement]] = {}
            for stem in statement.stems:
                for other, theirs, _ in postings.get(stem, ()):
                    if other != at:
                        key = id(theirs)
                        seen[key] = (seen.get(key, (0, theirs))[0] + 1, theirs)
            for count, theirs in seen.values():
                if count >= 0.6 * min(len(statement.stems), len(theirs.stems)) and theirs.text != statement.text:
                    twin = _twin(made.question, theirs, statement, cover)
                    if twin:
                        yield twin
            for stem in statement.stems:
                row = postings.setdefault(stem, [])
                if len(row) < 64:
                    row.append((at, statement, cover))


def _twin(question: UserQuestion, a: Statement, b: Statement, cover: float) -> Twin | None:
    found = changes(a.tokens, b.tokens)
    changed = sum(len(change.left) + len(change.right) for change in found)
    if changed > 0.75 * (len(a.tokens) + len(b.tokens)):
        return None
    phrases = []
    typed = False
    for change in found:
        left, right = folded(" ".join(change.left)).strip(), folded(" ".join(change.right)).strip()
        if (
            left
            and right
            and _telling(change.left)
            and _telling(change.right)
            and len(change.left) <= 8
            and len(change.right) <= 8
        ):
            phrases.append((left, right))
            typed = typed or _of_type(question.asked, change)
    kept = 1 - changed / (len(a.tokens) + len(b.tokens))
    return Twin(a.source, b.source, tuple(phrases[:4]), kept * (0.3 + cover), typed, len(found)) if phrases else None


def _of_type(asked: Asked, change: Change) -> bool:
    left, right = " ".join(change.left), " ".join(change.right)
    if asked in {Asked.DATE, Asked.NUMBER}:
        return any(map(str.isdigit, left)) and any(map(str.isdigit, right))
    return not any(map(str.isdigit, left + right)) and (left[:1].isupper() == right[:1].isupper())


def _telling(words: Sequence[str]) -> bool:
    return any(STEM[word] or word[:1].isdigit() for word in words)
