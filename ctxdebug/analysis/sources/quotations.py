"""Quotations in an answer: exact after folding typography, or not a quotation.

A fuzzy match accepts one quote in eight with a word changed, so it only words the finding.
"""

from __future__ import annotations

import re

from ctxdebug.analysis.sources.corpus import Corpus, folded
from ctxdebug.analysis.sources.source import Passage
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

LEAST = 12
"""Folded characters from which quoted words are a quotation; and three words."""
_QUOTED = lazy(
    r"“([^“”\n]{6,600})”|\"([^\"\n]{6,600})\"|„([^“”\n]{6,600})[“”]|«([^«»\n]{6,600})»|^[ \t]*>[ \t]?(.{12,600})$",
    re.MULTILINE,
)
_GAP = lazy(r"\s*(?:\[\s*(?:\.\.\.|…)\s*\]|\(\s*(?:\.\.\.|…)\s*\)|\.\.\.|…)\s*")
_BRACKET = lazy(r"\[[^\]\n]{0,40}\]")
_CODE = lazy(r"```.*?(?:```|\Z)|`[^`\n]{1,200}`", re.DOTALL)
_NEAR = 78.0


@record(frozen=True, slots=True)
class Quotation:
    """Words that the answer sets in quotation marks: where, whether some source has them, and else the nearest."""

    text: str
    start: int
    end: int
    exact: bool
    source: int | None = None
    """The source that has it, or the nearest."""
    nearest: str = ""
    """The nearest source words (folded), where the quotation is altered."""
    likeness: float = 0.0
    """0 to 100; below 78 nothing is near."""
    passage: Passage | None = None

    @property
    def altered(self) -> bool:
        """Near enough to a source's words to have been meant as them."""
        return not self.exact and self.likeness >= _NEAR


def quotations(answer: str, corpus: Corpus, *others: Corpus) -> tuple[Quotation, ...]:
    """Every quotation of an answer, looked up in the sources and in what else was given."""
    if not any(mark in answer for mark in '"“„«>'):
        return ()
    if answer.lstrip()[:1] in {"{", "["}:
        return ()  # the strings of JSON
    code = [match.span() for match in _CODE.finditer(answer)]
    found = []
    for match in _QUOTED.finditer(answer):
        group = next(number for number in range(1, 6) if match.group(number) is not None)
        start, end = match.span(group)
        if any(begin <= start < stop for begin, stop in code):
            continue
        words = match.group(group)
        if len(folded(words)) < LEAST or len(words.split()) < 3:
            continue
        found.append(_look(words, start, end, corpus, others))
    return tuple(found)


def holds(words: str, folded_text: str) -> bool:
    """Whether a folded text has the quoted words exactly; an ellipsis may leave words out, brackets may put some in."""
    at = 0
    for piece in _GAP.split(words):
        for part in _BRACKET.split(piece) if "[" in piece else [piece]:
            needle = folded(part).strip(" .,;:!?'\"*_")
            if not needle:
                continue
            place = _whole(needle, folded_text, at)
            if place < 0:
                return False
            at = place + len(needle)
    return True


def _whole(needle: str, text: str, at: int) -> int:
    """Return the needle at word borders: a quotation does not begin or end inside a word."""
    place = text.find(needle, at)
    while place >= 0:
        before, after = text[place - 1 : place], text[place + len(needle) : place + len(needle) + 1]
        if not (before.isalnum() and needle[0].isalnum()) and not (after.isalnum() and needle[-1].isalnum()):
            return place
        place = text.find(needle, place + 1)
    return -1


def _look(words: str, start: int, end: int, corpus: Corpus, others: tuple[Corpus, ...]) -> Quotation:
    for number, text in enumerate(corpus.folds):
        if holds(words, text):
            return Quotation(words, start, end, exact=True, source=number, likeness=100.0)
    if any(holds(words, text) for other in others for text in other.folds):
        return Quotation(words, start, end, exact=True, likeness=100.0)
    source, near, likeness, passage = _nearest(words, corpus)
    return Quotation(words, start, end, exact=False, source=source, nearest=near, likeness=likeness, passage=passage)


def _nearest(words: str, corpus: Corpus) -> tuple[int | None, str, float, Passage | None]:
    from rapidfuzz import fuzz

    from ctxdebug.analysis.claims.words import stems_of

    needle = folded(words)
    best: tuple[int | None, str, float, Passage | None] = (None, "", 0.0, None)
    for near in corpus.nearest(stems_of(words), 6):
        hay = folded(near.text)
        found = fuzz.partial_ratio_alignment(needle, hay) if len(hay) >= len(needle) else None
        likeness = found.score if found else fuzz.ratio(needle, hay)
        if likeness > best[2]:
            span = _word_borders(hay, found.dest_start, found.dest_end) if found else (0, len(hay))
            best = (near.source, hay[span[0] : span[1]], likeness, corpus.passage(near))
    return best


def _word_borders(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start - 1] != " ":
        start -= 1
    while end < len(text) and text[end] != " ":
        end += 1
    return start, end
