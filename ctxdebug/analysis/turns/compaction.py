"""What a summary that replaced part of the conversation no longer holds: rules, the user's own facts, and results that were used.

A summary is meant to lose words. Lost is only what cannot be read anywhere in the new context: a rule most of whose telling
words are gone, and a value (a number, a date, an id, an address) that stands in none of its spellings.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints import Constraint, Scope, extract
from ctxdebug.analysis.directives.harness import harness_blocks
from ctxdebug.analysis.turns.history import opening
from ctxdebug.model import Authority, Kind, Role, Segment
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_length
from ctxdebug.text.sentences import sentence_spans
from ctxdebug.text.words import content_stems

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis

_VALUE = lazy(
    r"""
      [\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{2,24}
    | \b\d{4}-\d{2}-\d{2}\b
    | \b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b
    | \b[A-Z]{1,8}[-_#]?\d{2,12}[A-Z]?\b
    | \#\d{2,12}\b
    | (?:[$€£]\s?)?\b\d[\d,.]*\d\b(?:\s?(?:%|[kKmM]g|cm|km|GB|MB|EUR|USD|[€$£]))?
    """,
    re.VERBOSE,
)
HELD = 0.5
"""Share of an instruction's telling words from which two sentences of a summary hold it."""
_MOST = 200
"""Values that are looked up per segment; a table of thousands is no settled fact."""
_TELLING = {"fact": 3, "result": 5}
"""Characters of a value that are not found by chance in a rule, or in the output of a tool."""


@record(frozen=True, slots=True)
class Lost:
    """Something that the turn before held and this one does not: `start` to `end` of the segment that held it."""

    what: str
    """`rule`, `fact` or `result`."""
    segment: Segment
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words themselves."""
        return self.segment.text[self.start : self.end]


@record(frozen=True, slots=True)
class Compaction:
    """A summary, what it stands for, and what was lost on the way."""

    summary: Segment
    dropped: tuple[Segment, ...]
    lost: tuple[Lost, ...]


def compaction(analysis: Analysis) -> Compaction | None:
    """Return the compaction between the last turn and this one; None when no summary stands for anything."""
    history = analysis.history
    if history is None or history.summary is None or not history.dropped:
        return None
    held = Held(segment.text for segment in opening(analysis))
    used = Held(segment.text for segment in history.before.segments if segment.role is Role.ASSISTANT)
    lost: list[Lost] = []
    standing = harness_blocks(history.before.snapshot.messages)
    for segment in history.dropped:
        if segment.id in standing:
            lost += _rules(segment, held, standing=True)
        elif segment.authority >= Authority.USER and segment.kind is Kind.TEXT:
            lost += _rules(segment, held)
            lost += _values(segment, held, "fact")
        elif segment.kind is Kind.TOOL_RESULT:
            lost += [value for value in _values(segment, held, "result") if used.has_value(value.text)]
    return Compaction(history.summary, history.dropped, tuple(lost))


class Held:
    """The words and values of a context, for looking up."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = list(texts)
        self._plain = _bare("\n".join(self._texts))

    @cached_property
    def sentences(self) -> list[str]:
        """The sentences and lines of the context, in order."""
        return [text[start:end] for text in self._texts for start, end in sentence_spans(text)]

    @cached_property
    def _where(self) -> dict[str, list[int]]:
        where: dict[str, list[int]] = defaultdict(list)
        for number, sentence in enumerate(self.sentences):
            for stem in frozenset(content_stems(sentence)):
                where[stem].append(number)
        return where

    def nearest(self, text: str) -> tuple[float, str]:
        """Return the largest share of a text's telling words that two sentences in a row hold, and these sentences; 1 for a text without any."""
        stems = frozenset(content_stems(text))
        if not stems:
            return 1.0, ""
        found: dict[int, set[str]] = defaultdict(set)
        for stem in stems:
            for number in self._where.get(stem, ()):
                found[number].add(stem)
                found[number - 1].add(stem)
        if not found:
            return 0.0, ""
        best = max(found, key=lambda number: len(found[number]))
        return len(found[best]) / len(stems), " ".join(self.sentences[max(0, best) : best + 2])

    def has_value(self, value: str) -> bool:
        """Whether a value is here, however it is punctuated."""
        return _bare(value) in self._plain


def _bare(text: str) -> str:
    return re.sub(r"[\s,._#/$€£-]", "", text.lower())


def _rules(segment: Segment, held: Held, *, standing: bool = False) -> Iterator[Lost]:
    for constraint in _standing(segment.text, standing or segment.role in {Role.SYSTEM, Role.DEVELOPER}):
        words = segment.text[constraint.start : constraint.end]
        numbers = [match.group() for match in _VALUE.finditer(words)]
        if held.nearest(words)[0] < HELD or any(not held.has_value(number) for number in numbers):
            yield Lost("rule", segment, constraint.start, constraint.end)


@by_length(8.0)
def _standing(text: str, system: bool) -> tuple[Constraint, ...]:
    """Return the instructions that hold beyond the answer that they were given for."""
    return tuple(found for found in extract(text, standing=system) if found.scope is Scope.CONVERSATION)


def _values(segment: Segment, held: Held, what: str) -> Iterator[Lost]:
    seen: set[str] = set()
    for match in _VALUE.finditer(segment.text):
        value = match.group().strip(" .,")
        if len(_bare(value)) < _TELLING[what] or value in seen:
            continue
        if len(seen) >= _MOST:
            return
        seen.add(value)
        if not held.has_value(value):
            yield Lost(what, segment, match.start(), match.start() + len(value))
