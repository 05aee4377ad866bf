"""What retrieval spent for nothing: passages that came twice, and passages with no bearing on the question."""

from __future__ import annotations

from ctxdebug.analysis.claims.words import likes
from ctxdebug.analysis.sources.corpus import Corpus, folded
from ctxdebug.analysis.sources.question import UserQuestion
from ctxdebug.analysis.sources.source import Passage
from ctxdebug.records import record

_LEAST = 40
"""Folded characters from which a repeated sentence counts."""
_DUPLICATE = 0.8


@record(frozen=True, slots=True)
class Duplicate:
    """A source most of which stands in an earlier one: `share` of its characters, and where both begin."""

    source: int
    earlier: int
    share: float
    characters: int
    passage: Passage
    original: Passage


@record(frozen=True, slots=True)
class Waste:
    """Duplicates, and the numbers of the sources that share no content word with the question or the answer."""

    duplicates: tuple[Duplicate, ...]
    unrelated: tuple[int, ...]


def waste(corpus: Corpus, question: UserQuestion | None, answer: str = "") -> Waste:
    """Look for both; nothing is called unrelated without a question of two content words or more."""
    return Waste(tuple(_duplicates(corpus)), tuple(_unrelated(corpus, question, answer)))


def _duplicates(corpus: Corpus) -> list[Duplicate]:
    first: dict[str, tuple[int, int]] = {}
    found = []
    for number in corpus.retrieved:
        repeated: dict[int, int] = {}
        where: dict[int, tuple[int, int]] = {}
        total = 0
        mine: list[tuple[str, int]] = []
        for at, one in enumerate(corpus.of(number)):
            text = " ".join(one.text.lower().split())
            total += len(text)
            if len(text) < _LEAST:
                continue
            seen = first.get(text)
            if seen and seen[0] != number:
                repeated[seen[0]] = repeated.get(seen[0], 0) + len(text)
                where.setdefault(seen[0], (at, seen[1]))
            else:
                mine.append((text, at))
        for text, at in mine:
            first.setdefault(text, (number, at))
        if not repeated:
            continue
        earlier = max(repeated, key=lambda other: repeated[other])
        if total and repeated[earlier] >= _DUPLICATE * total and repeated[earlier] >= 2 * _LEAST:
            at, there = where[earlier]
            found.append(
                Duplicate(
                    number,
                    earlier,
                    repeated[earlier] / total,
                    repeated[earlier],
                    corpus.passage(corpus.of(number)[at]),
                    corpus.passage(corpus.of(earlier)[there]),
                )
            )
    return found


def _unrelated(corpus: Corpus, question: UserQuestion | None, answer: str) -> list[int]:
    if question is None or len(question.stems) < 2 or len(corpus.retrieved) < 2:
        return []
    wanted = question.stems
    alike = frozenset().union(*map(likes, wanted))
    answered = folded(answer)
    found = []
    for number in corpus.retrieved:
        source = corpus.sources[number]
        stems = frozenset().union(*(one.stems for one in corpus.of(number)))
        if len(stems) < 8 or not stems.isdisjoint(wanted):
            continue
        if not stems.isdisjoint(alike) or any(stem in source.title.lower() for stem in wanted):
            continue
        names = [name for one in corpus.of(number)[:40] for name in one.names]
        if any(len(name) > 3 and name in answered for name in names):
            continue
        found.append(number)
    return found
