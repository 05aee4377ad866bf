"""Passages of a corpus by the words that are looked for: one reading of all texts, for all questions together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import log

from ctxdebug.analysis.claims.words import STEM
from ctxdebug.loading.corpus_texts import CorpusText
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.words import LETTERS

_LONGEST = 1200
"""Characters of a passage; a longer paragraph is cut at the end of a line or a sentence."""
_GAP = lazy(r"\n[ \t]*\n")
_CUT = lazy(r"\n|(?<=[.!?]) ")


@record(frozen=True, slots=True)
class CorpusPassage:
    """Characters `start` to `end` of text number `number` of the corpus."""

    number: int
    start: int
    end: int


class CorpusIndex:
    """The passages of some texts that have at least one of the wanted stems."""

    def __init__(self, texts: Sequence[CorpusText], wanted: Iterable[str]) -> None:
        self.texts = texts
        self.passages: list[CorpusPassage] = []
        self._wanted = frozenset(wanted)
        self._found: dict[str, list[int]] = {stem: [] for stem in self._wanted}
        stem = STEM.__getitem__
        for number, text in enumerate(texts):
            for start, end in _passages(text.text):
                stems = {stem(word) for word in LETTERS.findall(text.text, start, end)}
                common = self._wanted & stems
                if common:
                    for one in common:
                        self._found[one].append(len(self.passages))
                    self.passages.append(CorpusPassage(number, start, end))

    def words(self, passage: CorpusPassage) -> str:
        """Return the text of a passage."""
        return self.texts[passage.number].text[passage.start : passage.end]

    def nearest(self, stems: Iterable[str], most: int = 8) -> list[tuple[float, CorpusPassage]]:
        """Return the passages that share most with some stems, with the share (0 to 1), rare stems first in weight."""
        weights = {one: self._weight(one) for one in sorted(stems) if one in self._found}
        total = sum(weights.values())
        if not total:
            return []
        scores: defaultdict[int, float] = defaultdict(float)
        for one, weight in weights.items():
            for at in self._found[one]:
                scores[at] += weight
        best = sorted(scores, key=lambda at: (-scores[at], self.passages[at].end - self.passages[at].start, at))[:most]
        return [(scores[at] / total, self.passages[at]) for at in best]

    def _weight(self, stem: str) -> float:
        return log(1 + (len(self.passages) + 1) / (len(self._found[stem]) + 1))


def _passages(text: str) -> Iterator[tuple[int, int]]:
    """Paragraphs; a heading goes with what is under it, and a long one is cut."""
    start = 0
    for match in _GAP.finditer(text):
        if match.start() - start > _LONGEST:
            yield from _pieces(text, start, match.start())
            start = match.end()
        elif match.start() - start > 200:
            yield start, match.start()
            start = match.end()
    if start < len(text):
        yield from _pieces(text, start, len(text))


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _LONGEST:
        cuts = [match.end() for match in _CUT.finditer(text, start + _LONGEST // 2, start + _LONGEST)]
        cut = cuts[-1] if cuts else start + _LONGEST
        yield start, cut
        start = cut
    if text[start:end].strip():
        yield start, end
