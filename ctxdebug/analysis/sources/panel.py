"""All sources of one question, each read for what it would answer, and the near-duplicate sentences among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain, pairwise

from ctxdebug.analysis.claims.statement import Statement
from ctxdebug.analysis.claims.words import STEM
from ctxdebug.analysis.sources.question import Asked, Candidate, UserQuestion, candidates, coverage, coverages
from ctxdebug.analysis.sources.revision import Change, changes
from ctxdebug.records import field, record
from ctxdebug.text.patterns import lazy

_WORD = lazy(r"[^\W_]+")
_MOST_POSTINGS = 64
"""Statements kept under a stem: a word that is in more of them tells no two apart."""
_LONGEST_PHRASE = 8
"""Words."""


@record(frozen=True)
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


@record(frozen=True, slots=True)
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


@record(slots=True)
class Sides:
    """The twins of two voices whose rival phrases part the voices in the same way, summed up; voices are bits."""

    first: int
    second: int
    pair: frozenset[int]
    strongest: float = 0.0
    votes: float = 0.0
    typed: int = 0
    strongest_typed: float = 0.0
    typed_votes: float = 0.0

    def add(self, twin: Twin) -> None:
        """Count one more."""
        self.strongest = max(self.strongest, twin.weight)
        self.votes += twin.weight
        if twin.typed:
            self.typed += 1
            self.strongest_typed = max(self.strongest_typed, twin.weight / twin.changes)
            self.typed_votes += twin.weight / twin.changes


@record
class Panel:
    """All sources of one question."""

    question: UserQuestion
    voices: list[Voice]
    _holders: dict[str, frozenset[int]] = field(default_factory=dict)

    @cached_property
    def twins(self) -> list[Twin]:
        """The near-duplicate sentences of different voices, by where they stand."""
        return list(_twins(self))

    @cached_property
    def _having(self) -> dict[str | tuple[str, str], set[int]]:
        """Word, or two adjacent words -> numbers of the voices that have them."""
        found: dict[str | tuple[str, str], set[int]] = {}
        for number, voice in enumerate(self.voices):
            words = voice.text.split()
            for word in set(words):
                found.setdefault(word, set()).add(number)
            for pair in set(pairwise(words)):
                found.setdefault(pair, set()).add(number)
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
    def sides(self) -> list[Sides]:
        """What the twins say of every two groups of voices: those with only the one phrase, and those with only the other."""
        found: dict[tuple[int, int, frozenset[int]], Sides] = {}
        for twin in self.twins:
            for x, y in twin.phrases:
                with_x, with_y = self.holders(x), self.holders(y)
                first = sum(1 << number for number in with_x - with_y)
                second = sum(1 << number for number in with_y - with_x)
                if not first | second:
                    continue
                key = first, second, twin.pair
                known = found.get(key)
                if known is None:
                    known = found[key] = Sides(first, second, twin.pair)
                known.add(twin)
        return list(found.values())

    def holders(self, phrase: str) -> frozenset[int]:
        """Numbers of the voices that have a phrase; a long one is searched once, in the voices that have all its adjacent words."""
        known = self._holders.get(phrase)
        if known is None:
            words = phrase.split()
            parts = list(pairwise(words)) or words
            having = [self._having.get(part, set()) for part in parts]
            numbers = set.intersection(*having) if having else set()
            if len(parts) > 1:
                numbers = {number for number in numbers if f" {phrase} " in self.voices[number].text}
            known = self._holders[phrase] = frozenset(numbers)
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
    return Panel(question, voices)


def _twins(made: Panel) -> Iterator[Twin]:
    """Yield near-duplicate sentences across sources, found by the stems they share."""
    postings: dict[str, list[int]] = {}
    rows: list[tuple[int, Statement]] = []
    for at, voice in enumerate(made.voices):
        for statement, cover in zip(voice.statements, voice.covers, strict=True):
            size = len(statement.stems)
            if size < 3:
                continue
            shared = Counter(chain.from_iterable(postings[stem] for stem in statement.stems if stem in postings))
            for number in sorted(number for number, count in shared.items() if count > 1):
                other, theirs = rows[number]
                alike = shared[number] >= 0.6 * min(size, len(theirs.stems))
                if other != at and alike and theirs.text != statement.text:
                    twin = _twin(made.question, (other, at), theirs, statement, cover)
                    if twin:
                        yield twin
            for stem in statement.stems:
                row = postings.setdefault(stem, [])
                if len(row) < _MOST_POSTINGS:
                    row.append(len(rows))
            rows.append((at, statement))


def _twin(question: UserQuestion, voices: tuple[int, int], a: Statement, b: Statement, cover: float) -> Twin | None:
    found = changes(a.tokens, b.tokens)
    changed = sum(len(change.left) + len(change.right) for change in found)
    if changed > 0.75 * (len(a.tokens) + len(b.tokens)):
        return None
    phrases = []
    typed = False
    for change in found:
        if not (0 < len(change.left) <= _LONGEST_PHRASE and 0 < len(change.right) <= _LONGEST_PHRASE):
            continue
        if not (_telling(change.left) and _telling(change.right)):
            continue
        left, right = folded(" ".join(change.left)).strip(), folded(" ".join(change.right)).strip()
        if left and right:
            phrases.append((left, right))
            typed = typed or _of_type(question.asked, change)
    kept = 1 - changed / (len(a.tokens) + len(b.tokens))
    return Twin(*voices, tuple(phrases[:4]), kept * (0.3 + cover), typed, len(found)) if phrases else None


def _of_type(asked: Asked, change: Change) -> bool:
    left, right = " ".join(change.left), " ".join(change.right)
    if asked in {Asked.DATE, Asked.NUMBER}:
        return any(map(str.isdigit, left)) and any(map(str.isdigit, right))
    return not any(map(str.isdigit, left + right)) and (left[:1].isupper() == right[:1].isupper())


def _telling(words: Sequence[str]) -> bool:
    return any(STEM[word] or word[:1].isdigit() for word in words)
