"""Which row of a table comes first or last: `Halloran is the cheapest`, where another offer costs less; `use went up`, where each figure is lower."""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from ctxdebug.analysis.claims.clauses import compound
from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.claims.words import GENERIC, STEM, stems_of
from ctxdebug.analysis.sources.question import UserQuestion
from ctxdebug.analysis.sources.tables import Cell, Table
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

_FEWEST = 2
_SERIES = 3
"""Figures that make a series, at least."""
_MAY_NOT_HOLD = lazy(
    r"\b(?:not|no|never|nor|almost|nearly|second|third|next|among|if|unless|per|except|would|could|but|of those|one of|"
    r"with (?:a|an|the))\b|n['’]t\b",
    re.IGNORECASE,
)
"""Words that put a row elsewhere than at the end, or measure among some rows only."""
_RESTRICTS = lazy(
    r"(?<=\w\s)who\b|\b(?:with|within|under|over|for|that|whose|if|below|above|before|after|least|in)\b|\d",
    re.IGNORECASE,
)
"""Words by which a question asks among some rows only."""
_BARE = lazy(r"-?\d[\d,]*(?:\.\d+)?")
_THAN = lazy(r"\bthan\b", re.IGNORECASE)
_THROUGHOUT = lazy(
    r"\b(?P<one>month|week|day|year|quarter|season|time) (?:to|by|after|on) (?P=one)\b|"
    r"\b(?:steadily|continuously|constantly|every|each|throughout)\b",
    re.IGNORECASE,
)
_UP_DOWN = lazy(
    r"\b(?:went|go|goes|going|gone|moved|trending|trend|trended) (?:steadily |continuously )?(?P<way>up|down)\b",
    re.IGNORECASE,
)


@record(frozen=True, slots=True)
class _End:
    """The end of a column that a word names: the word's span, whether it is the highest figure, and which columns it measures."""

    start: int
    end: int
    highest: bool
    column: frozenset[str]
    kind: str
    compares: bool
    """Whether it compares two: `cheaper`."""


@cache
def _words() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(Path(__file__).with_name("extremes.json").read_text("utf-8"))
    return loaded


@cache
def _set(key: str) -> frozenset[str]:
    return frozenset(str(_words()[key]).split())


def against_extremes(
    own: Statement, table: Table, question: UserQuestion | None
) -> tuple[Cell, str, tuple[int, int]] | None:
    """Return the cell that shows that another row comes first or last, or that a series goes the other way."""
    if question is not None and _RESTRICTS.search(question.text):
        return _against_trend(own, table, question)
    for part in compound(own) or (own,):
        if _MAY_NOT_HOLD.search(part.text):
            continue
        found = _against_end(part, table)
        if found is not None:
            return found
    return _against_trend(own, table, question)


def _against_end(own: Statement, table: Table) -> tuple[Cell, str, tuple[int, int]] | None:
    ends = list(_ends(own.text))
    named = [row for row in table.near(own.text, own.stems) if _names(row[0], own.text)] if len(ends) == 1 else []
    if len(named) != 1 or len(table.rows) < _FEWEST or _says_more(own, table, ends[0]):
        return None
    (end,), line = ends, named[0][0].line
    figures = {cell.line: (figure, cell) for cell, figure in _measured(table, end, own)}
    if line not in figures or (end.compares and (len(table.rows) > _FEWEST or _THAN.search(own.text))):
        return None
    first, other = (max if end.highest else min)(figures.values(), key=lambda pair: pair[0])
    return (other, "rank", (end.start, end.end)) if figures[line][0] != first else None


def _names(cell: Cell, text: str) -> bool:
    low, label = text.lower(), cell.label.lower()
    return label in low and re.search(rf"(?<!\w){re.escape(label)}(?!\w)", low) is not None


def _ends(text: str) -> list[_End]:
    """Return the words of a sentence that name an end of a column."""
    found = []
    for match in re.finditer(r"\b(?:(?P<degree>most|least|more|less)[ ])?(?P<word>[a-z]{4,12})\b", text):
        word, degree = match["word"], match["degree"] or ""
        if word == "expensive" and degree:
            highest = degree in {"most", "more"}
        elif word in _set("low") | _set("high") and degree not in {"more", "less"}:
            highest = word in _set("high")
        elif degree in {"most", "least"}:
            highest, word = degree == "most", degree
        else:
            continue
        measured: dict[str, str] = next((row for row in _words()["columns"] if word in row["words"].split()), {})
        compares = word.endswith("er") or degree in {"more", "less"}
        end = match.start("word") + len(word) if word not in {"most", "least"} else match.end()
        found.append(
            _End(
                match.start(),
                end,
                highest,
                frozenset(measured.get("column", "").split()),
                measured.get("kind", ""),
                compares,
            )
        )
    return found


def _measured(table: Table, end: _End, own: Statement) -> tuple[tuple[Cell, float], ...]:
    """Return the one column that such a word measures, with its figures: the one it means, or the one that the sentence names."""
    fits = []
    for column in table.columns:
        heading = column[0][0].heading.lower()
        if heading:
            meant = not end.column.isdisjoint(re.findall(r"[a-z]+", heading))
        else:
            values = [value for cell, _ in column for value in statement(cell.text).values[:1]]
            meant = {value.kind.value for value in values} == {end.kind} and len({value.unit for value in values}) == 1
        if meant or (not end.column and not column[0][0].column.isdisjoint(own.stems)):
            fits.append(column)
    return fits[0] if len(fits) == 1 else ()


def _says_more(own: Statement, table: Table, end: _End) -> bool:
    """Whether the words around such a word measure something else, or among some rows only."""
    said = stems_of(own.text[: end.start] + " " + own.text[end.end :])
    return bool(said - table.stems - frozenset(STEM[word] for word in _set("neutral")) - GENERIC)


def _against_trend(
    own: Statement, table: Table, question: UserQuestion | None
) -> tuple[Cell, str, tuple[int, int]] | None:
    """Return the last cell of a series that goes the other way than a sentence says."""
    way = _UP_DOWN.search(own.text)
    words = [match for match in re.finditer(r"[a-z]{3,12}", own.text) if match[0] in _set("rises") | _set("falls")]
    if _MAY_NOT_HOLD.search(own.text) or (way is None) == (not words) or len(words) > 1:
        return None
    said = way or words[0]
    rises = said["way"] == "up" if way else said[0] in _set("rises")
    asked = question.stems if question is not None else frozenset()
    named = [row for row in table.near(own.text, own.stems) if _names(row[0], own.text)]
    series = [column for column in table.columns if all(_BARE.fullmatch(cell.text) for cell, _ in column)]
    if len(named) == 1 or len(series) != 1 or len(series[0]) < _SERIES:
        return None
    (column,) = series
    if not (_THROUGHOUT.search(own.text) or not column[0][0].column.isdisjoint(own.stems | asked)):
        return None
    steps = list(pairwise(figure for _, figure in column))
    if all(b < a for a, b in steps) if rises else all(b > a for a, b in steps):
        return column[-1][0], "direction", said.span()
    return None
