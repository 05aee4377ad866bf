"""All sources of one context, split into statements and indexed once; every check reads from here."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain

from ctxdebug.analysis.claims.figures import in_thousands, with_point
from ctxdebug.analysis.claims.readable_text import ReadableText, read
from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.claims.values import Value
from ctxdebug.analysis.claims.words import STEM, WEIGHT, groups
from ctxdebug.analysis.sources.source import Passage, Source
from ctxdebug.analysis.sources.tables import Table, tables
from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_length
from ctxdebug.text.words import LETTERS

_LONG = 20_000
"""Characters of a text whose statements are not shared: they would fill the room of many others."""
_LOOK_UPS = 48
"""Stems that are looked up one by one before an index of all of them costs less."""
_MOST_POSTINGS = 48
_LONGEST_NUMBER = 18
_MOST_BETWEEN = 64
_PARTNERS = 4
_CORE = lazy(r"\d{1,3}(?:[ \u00a0\u202f]\d{3}){2,4}(?!\d)|\d+(?:[.,:/\u00a0\u202f]\d+)*")
_MARKS = str.maketrans("", "", ", \u00a0\u202f")
_FIELD = lazy(r"[\s\"'*•{-]*([A-Za-z][\w /()-]{2,40})[\"']?\s?[:=]\s?[\"']?(.{1,20})")
_FIELD_LENGTH = 70
_NUMERAL = frozenset("0123456789$€£")
_ALIKE = 0.3
"""Share of sentences in common from which two sources are near-duplicates."""
_SAYING = 25
_PRONOUN = lazy(r"[\s\"'(*•-]*(?:it|its|he|his|she|her|they|their|this|that|these|those)\b", re.IGNORECASE)
_POINTING = lazy(
    r"[\s\"'(*•\])-]*(?:(?:[Ii]n|[Oo]f|[Oo]n|[Aa]t|[Ff]or|[Aa]ccording to|[Aa]s of) )?"
    r"(?:[Tt]he|[Tt]his|[Tt]here|[Ii]t|[Hh]e|[Ss]he|[Tt]hey|[Aa]bout|[Mm]ales|[Ff]emales|\d[\d.,]*%?)\b(?! [A-Z])"
)
_PAST = lazy(r"\b(?:was|were|had|been)\b", re.IGNORECASE)
_FOLD = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "′": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "″": '"', "–": "-", "—": "-", "‐": "-",
    "‑": "-", "−": "-", "…": "...", "\u00ad": None, "\u200b": None, "*": None, "`": None, "_": " ", "\\": None}
)  # fmt: skip
_PRINTED_BREAK = lazy(r"\\[nrt]")


def folded(text: str) -> str:
    """NFKC, plain quotes and dashes, no emphasis or escapes, single spaces, case folded: what an exact quotation is compared in."""
    if "\\" in text:
        text = _PRINTED_BREAK.sub(" ", text)
    return " ".join(unicodedata.normalize("NFKC", text.translate(_FOLD)).translate(_FOLD).casefold().split())


@by_length(12.0)
def _sentences(text: str) -> tuple[ReadableText, tuple[tuple[str, int, frozenset[str]], ...]]:
    """Return a text as it is read, and its sentences: the words of each, where it begins, and its content stems."""
    reading, stem = read(text), STEM.__getitem__
    whole = reading.text
    return reading, tuple(
        (whole[start:end], start, frozenset(map(stem, LETTERS.findall(whole, start, end))) - {""})
        for start, end in reading.spans
    )


@by_length(40.0)
def _statements(text: str, number: int) -> tuple[Statement, ...]:
    """Return the sentences of a text as statements of source `number`.

    A turn repeats the texts of those before it in the same places, so that what was worked out of a statement is there.
    """
    return tuple(Statement(words, number, start, stems) for words, start, stems in _sentences(text)[1])


class Corpus:
    """Sources, read once. Positions in statements count characters of a source's `Reading`."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self.sources = tuple(sources)
        self.readings: tuple[ReadableText, ...] = tuple(_sentences(source.text)[0] for source in self.sources)
        self.statements: list[Statement] = []
        self.ranges: list[range] = []
        self._topics: dict[int, frozenset[str]] = {}
        self._begins: dict[int, list[int]] = {}
        self._rows: dict[str, list[int]] = {}
        for number, source in enumerate(self.sources):
            first = len(self.statements)
            self.statements += (
                _statements(source.text, number)
                if len(source.text) <= _LONG
                else [Statement(text, number, start, stems) for text, start, stems in _sentences(source.text)[1]]
            )
            self.ranges.append(range(first, len(self.statements)))

    def of(self, source: int) -> list[Statement]:
        """Return the statements of one source."""
        span = self.ranges[source]
        return self.statements[span.start : span.stop]

    def around(self, one: Statement) -> frozenset[str]:
        """Return the stems of a statement and of the statements before and after it in its source."""
        return frozenset().union(*(near.stems for near in self.beside(one)))

    def beside(self, one: Statement) -> tuple[Statement, ...]:
        """Return a statement with those before and after it in its source."""
        span = self.ranges[one.source]
        at = span.start + bisect_left(self._starts(one.source), one.start)
        return tuple(self.statements[max(span.start, at - 1) : min(span.stop, at + 2)])

    def before(self, one: Statement) -> Statement | None:
        """Return the statement before one in its source."""
        span = self.ranges[one.source]
        at = span.start + bisect_left(self._starts(one.source), one.start)
        return self.statements[at - 1] if at > span.start else None

    def at(self, passage: Passage) -> Statement | None:
        """Return the statement in which a passage begins."""
        return next((one for one in self.of(passage.source) if self.passage(one).end > passage.start), None)

    def _starts(self, source: int) -> list[int]:
        known = self._begins.get(source)
        if known is None:
            known = self._begins[source] = [one.start for one in self.of(source)]
        return known

    def passage(self, one: Statement, start: int = 0, end: int | None = None) -> Passage:
        """Where a statement (or characters of it) stands in the captured text."""
        stop = len(one.text) if end is None else end
        return Passage(one.source, *self.readings[one.source].original_span(one.start + start, one.start + stop))

    def words(self, passage: Passage) -> str:
        """Return the captured words of a passage."""
        return self.sources[passage.source].text[passage.start : passage.end]

    @cached_property
    def retrieved(self) -> tuple[int, ...]:
        """Numbers of the sources that were looked up."""
        return tuple(number for number, source in enumerate(self.sources) if source.retrieved)

    @cached_property
    def tabular(self) -> tuple[tuple[int, tuple[Table, ...]], ...]:
        """Return the sources that have tables or lists, by number, and these: every claim is held against all of them."""
        found = ((number, tables(reading.text)) for number, reading in enumerate(self.readings))
        return tuple((number, every) for number, every in found if every)

    def topic(self, number: int) -> frozenset[str]:
        """Return the proper names that a source opens with: in its title, else in its first two statements."""
        known = self._topics.get(number)
        if known is None:
            title = self.sources[number].title
            opening = [statement(title)] if title else self.of(number)[:2]
            known = self._topics[number] = frozenset(
                name for one in opening for name in one.names if WEIGHT[STEM[name]] >= 1 and not groups(STEM[name])
            )
        return known

    def same_topic(self, a: Statement, b: Statement) -> bool:
        """False where neither statement names its subject and the two sources are about different names."""
        left, right = self.topic(a.source), self.topic(b.source)
        if len(left) < 2 or len(right) < 2 or not left.isdisjoint(right):
            return True
        shared = a.names.keys() & b.names.keys()
        return not shared.isdisjoint(left | right) or (bool(shared) and _subject(a) == _subject(b))

    def same_table(self, a: Statement, b: Statement) -> bool:
        """Whether two statements are the same row, by its words, of tables that have a row without figures (their head) in common."""
        if a.text.count("|") < 2 or a.order != b.order or not a.order or b.text.count("|") != a.text.count("|"):
            return False
        return not self._heads[a.source].isdisjoint(self._heads[b.source])

    @cached_property
    def _heads(self) -> list[frozenset[str]]:
        return [
            frozenset(
                one.text.lower()
                for one in self.of(number)
                if "|" in one.text and one.stems and not any(map(str.isdigit, one.text))
            )
            for number in range(len(self.sources))
        ]

    def anchored(self, a: Statement, b: Statement) -> bool:
        """Whether two statements surely speak of one thing: a shared name, near-duplicate sources, or rules that need no name."""
        if self._alike(a.source, b.source):
            return True
        told = any(_POINTING.match(one.text) for one in (a, b)) and any(_PAST.search(one.text) for one in (a, b))
        if told or any(_PRONOUN.match(one.text) for one in (a, b)):
            return False
        return not a.names.keys().isdisjoint(b.names) or not any(_PAST.search(one.text) for one in (a, b))

    def _alike(self, left: int, right: int) -> bool:
        """Near-duplicates repeat whole sentences; pages made from one template repeat only their words."""
        x, y = self._sayings[left], self._sayings[right]
        return len(x & y) >= max(1, _ALIKE * min(len(x), len(y)))

    @cached_property
    def _sayings(self) -> list[frozenset[str]]:
        return [
            frozenset("".join(one.text.lower().split()) for one in self.of(number) if len(one.text) > _SAYING)
            for number in range(len(self.sources))
        ]

    @cached_property
    def postings(self) -> dict[str, list[int]]:
        """Stem -> numbers of the statements that hold it."""
        found: dict[str, list[int]] = {}
        for number, one in enumerate(self.statements):
            for stem in one.stems:
                row = found.get(stem)
                if row is None:
                    found[stem] = [number]
                else:
                    row.append(number)
        return found

    def _with(self, stem: str) -> list[int]:
        """Return the numbers of the statements that hold a stem, as `postings` has them."""
        if len(self._rows) >= _LOOK_UPS or "postings" in vars(self):
            return self.postings.get(stem, [])
        if stem not in self._rows:
            self._rows[stem] = [number for number, one in enumerate(self.statements) if stem in one.stems]
        return self._rows[stem]

    @cached_property
    def stems(self) -> frozenset[str]:
        """Every content stem of every source."""
        return frozenset().union(*(one.stems for one in self.statements))

    @cached_property
    def text(self) -> str:
        """All readings, lower-cased."""
        return "\n".join(reading.text for reading in self.readings).lower()

    @cached_property
    def folds(self) -> list[str]:
        """Every source's text, folded for exact search."""
        return [folded(reading.text) for reading in self.readings]

    @cached_property
    def numbers(self) -> dict[str, list[int]]:
        """Digits as written, thousands marks dropped -> numbers of the statements."""
        found: dict[str, list[int]] = {}
        for number, one in enumerate(self.statements):
            for core in _CORE.findall(one.text):
                grouped = in_thousands(core)
                for key in (plain(core),) if grouped is None else (plain(core), f"{grouped:.12g}"):
                    row = found.setdefault(key, [])
                    if len(row) < 256 and (not row or row[-1] != number):
                        row.append(number)
        return found

    @cached_property
    def _number_line(self) -> list[tuple[float, str]]:
        """The numbers of the sources in rising order, with the digits under which they are kept."""
        return sorted((float(core), core) for core in self.numbers if core.isdecimal() and len(core) <= _LONGEST_NUMBER)

    def numbers_between(self, low: float, high: float) -> list[str]:
        """Return the digits of the whole numbers from `low` to `high`, as `numbers` keeps them."""
        line = self._number_line
        return [core for _, core in line[bisect_left(line, (low, "")) : bisect_left(line, (high, "~"))][:_MOST_BETWEEN]]

    @cached_property
    def fields(self) -> list[list[Value]]:
        """Values of the same field in several records (`Payment Amount: 45.0`), for fields with two values or more."""
        found: dict[str, list[Value]] = {}
        for one in self.statements:
            match = _FIELD.match(one.text) if len(one.text) < _FIELD_LENGTH else None
            if match and match.group(2)[:1] in _NUMERAL and len(one.values) == 1:
                found.setdefault(match.group(1).lower(), []).append(one.values[0])
        return [row[:200] for row in found.values() if len(row) > 1]

    @cached_property
    def percents(self) -> tuple[Statement, ...]:
        """The first statements with a per cent sign: rates and discounts that an answer may have worked with."""
        return tuple(one for one in self.statements if "%" in one.text)[:64]

    def nearest(self, stems: frozenset[str], most: int = 8) -> list[Statement]:
        """Statements that share most with some stems, rare ones first."""
        rows = sorted((row for stem in sorted(stems) if (row := self._with(stem))), key=len)
        counts = Counter(chain.from_iterable(row[:2000] for row in rows[:24]))
        top = sorted(
            counts.items(), key=lambda row: row[1] / (len(self.statements[row[0]].stems) + 12) ** 0.5, reverse=True
        )
        return [self.statements[number] for number, _ in top[:most]]

    def pairs(self, most: int) -> tuple[list[tuple[int, int]], bool]:
        """Statement pairs of different sources that may speak of the same, closest first; and whether the cap cut some off."""
        ranked = dict(self._same_words())
        for left, right, closeness in self._neighbours():
            ranked[left, right] = closeness
        order = sorted(ranked, key=lambda pair: ranked[pair], reverse=True)
        return order[:most], len(order) > most

    def _same_words(self) -> Iterator[tuple[tuple[int, int], float]]:
        """Statements with the very same content words and another text (a changed number): found however common the words."""
        alike: dict[frozenset[str], list[int]] = {}
        for number, one in enumerate(self.statements):
            if self.sources[one.source].retrieved and (len(one.stems) >= 2 or (one.stems and "|" in one.text)):
                alike.setdefault(one.stems, []).append(number)
        for stems, members in alike.items():
            if len(members) < 2:
                continue
            by_text: dict[str, int] = {}
            for number in members[:256]:
                by_text.setdefault(self.statements[number].text, number)
            distinct = list(by_text.values())[:8]
            for at, left in enumerate(distinct):
                for right in distinct[at + 1 : at + 4]:
                    if self.statements[left].source != self.statements[right].source:
                        yield (left, right), 1.0 + len(stems) / 100

    def _neighbours(self) -> Iterator[tuple[int, int, float]]:
        """Per statement its closest earlier statements in other sources, by shared stems that are not everywhere."""
        statements, postings = self.statements, self.postings
        if len(self.retrieved) < 2:
            return
        for number, one in enumerate(statements):
            stems = one.stems
            if len(stems) < 2 or not self.sources[one.source].retrieved:
                continue
            rows = [row for stem in sorted(stems) if 1 < len(row := postings[stem]) <= _MOST_POSTINGS]
            if not rows:
                continue
            rows.sort(key=len)
            counts = Counter(chain.from_iterable(rows[:8]))
            need = 2 if len(rows) > 1 else 1
            candidates = [
                (shared / (8 + len(statements[other].stems)), other)
                for other, shared in counts.items()
                if other < number
                and shared >= need
                and statements[other].source != one.source
                and self.sources[statements[other].source].retrieved
            ]
            if len(candidates) > _PARTNERS:
                candidates.sort(reverse=True)
            for _, other in candidates[:_PARTNERS]:
                theirs = statements[other].stems
                small = min(len(stems), len(theirs))
                shared = len(stems & theirs)
                if shared * 2 >= small and shared >= 2 and statements[other].text != one.text:
                    yield other, number, shared / small + shared / 100


def _subject(one: Statement) -> str:
    """Return the name that a statement begins with, past an article or two; empty where it begins otherwise."""
    name = min(one.names, key=lambda name: one.names[name], default="")
    before = one.text[: one.names[name][0]].lower().split() if name else []
    return name if len(before) <= 2 and set(before) <= {"the", "a", "an", "our", "your", "at", "with"} else ""


def plain(core: str) -> str:
    """Digits as compared literally: thousands marks and a closing `.0` dropped."""
    core = with_point(core).translate(_MARKS)
    if core.count(".") == 1 and core[-1] == "0":
        core = core.rstrip("0").rstrip(".")
    return core
