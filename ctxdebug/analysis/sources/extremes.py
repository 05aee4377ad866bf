"""Which row of a table comes first or last: `Halloran is the cheapest`, where another offer costs less; `use went up`, where each figure is lower."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from ctxdebug.analysis.claims.clauses import compound
from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.claims.words import GENERIC, STEM, stems_of
from ctxdebug.analysis.sources.question import UserQuestion
from ctxdebug.analysis.sources.tables import Cell
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

_FEWEST = 2
_SERIES = 3
"""Figures that make a series, at least."""
_NUMBER = lazy(r"-?\d[\d,]*(?:\.\d+)?")
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
    own: Statement, every: Sequence[Cell], question: UserQuestion | None
) -> tuple[Cell, str, tuple[int, int]] | None:
    """Return the cell that shows that another row comes first or last, or that a series goes the other way."""
    if question is not None and _RESTRICTS.search(question.text):
        return _against_trend(own, every, question)
    for part in compound(own) or (own,):
        if _MAY_NOT_HOLD.search(part.text):
            continue
        found = _against_end(part, every)
        if found is not None:
            return found
    return _against_trend(own, every, question)


def _against_end(own: Statement, every: Sequence[Cell]) -> tuple[Cell, str, tuple[int, int]] | None:
    ends = list(_ends(own.text))
    if len(ends) != 1:
        return None
    (end,) = ends
    for table in {cell.table for cell in every}:
        rows = [cell for cell in every if cell.table == table]
        named = {cell.line: cell for cell in rows if _names(cell, own.text)}
        if len(named) != 1:
            continue
        (line,) = named
        column = _measured(rows, end, own)
        lines = {cell.line for cell in rows}
        mine = next((cell for cell, _ in column if cell.line == line), None)
        if len(column) != len(lines) or len(lines) < _FEWEST or mine is None or _says_more(own, rows, end):
            continue
        if end.compares and (len(lines) > _FEWEST or _THAN.search(own.text)):
            continue
        figures = {cell.line: figure for cell, figure in column}
        first = max(figures.values()) if end.highest else min(figures.values())
        if figures[line] != first:
            other = next(cell for cell, figure in column if figure == first)
            return other, "rank", (end.start, end.end)
    return None


def _names(cell: Cell, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(cell.label.lower())}(?!\w)", text.lower()) is not None


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


def _measured(rows: Sequence[Cell], end: _End, own: Statement) -> list[tuple[Cell, float]]:
    """Return the one column that such a word measures, with its figures: the one it means, or the one that the sentence names."""
    places: dict[str, list[tuple[Cell, float]]] = {}
    for cell in rows:
        numbers = _NUMBER.findall(cell.text)
        if len(numbers) == 1:
            places.setdefault(cell.place, []).append((cell, float(numbers[0].replace(",", ""))))
    fits = []
    for column in places.values():
        heading = column[0][0].heading.lower()
        words = set(re.findall(r"[a-z]+", heading))
        kinds = {value.kind.value for cell, _ in column for value in statement(cell.text).values[:1]}
        units = {value.unit for cell, _ in column for value in statement(cell.text).values[:1]}
        meant = bool(end.column & words) or (not heading and kinds == {end.kind} and len(units) == 1)
        named = not end.column and not column[0][0].column.isdisjoint(own.stems)
        if meant or named:
            fits.append(column)
    return fits[0] if len(fits) == 1 else []


def _says_more(own: Statement, rows: Sequence[Cell], end: _End) -> bool:
    """Whether the words around such a word measure something else, or among some rows only."""
    known = frozenset().union(
        *(cell.row | cell.column | stems_of(cell.text) for cell in rows), *(stems_of(cell.naming) for cell in rows)
    )
    neutral = frozenset(STEM[word] for word in _set("neutral"))
    said = stems_of(own.text[: end.start] + " " + own.text[end.end :])
    return bool(said - known - neutral - GENERIC)


def _against_trend(
    own: Statement, every: Sequence[Cell], question: UserQuestion | None
) -> tuple[Cell, str, tuple[int, int]] | None:
    """Return the last cell of a series that goes the other way than a sentence says."""
    way = _UP_DOWN.search(own.text)
    words = [match for match in re.finditer(r"[a-z]{3,12}", own.text) if match[0] in _set("rises") | _set("falls")]
    if _MAY_NOT_HOLD.search(own.text) or (way is None) == (not words) or len(words) > 1:
        return None
    said = way or words[0]
    rises = said["way"] == "up" if way else said[0] in _set("rises")
    asked = question.stems if question is not None else frozenset()
    for table in {cell.table for cell in every}:
        rows = [cell for cell in every if cell.table == table]
        if sum(_names(cell, own.text) for cell in {cell.line: cell for cell in rows}.values()) == 1:
            continue
        places: dict[str, list[Cell]] = {}
        for cell in rows:
            if re.fullmatch(r"-?\d[\d,]*(?:\.\d+)?", cell.text):
                places.setdefault(cell.place, []).append(cell)
        columns = [column for column in places.values() if len(column) == len({cell.line for cell in rows})]
        if len(columns) != 1 or len(columns[0]) < _SERIES:
            continue
        (column,) = columns
        if not (_THROUGHOUT.search(own.text) or not column[0].column.isdisjoint(own.stems | asked)):
            continue
        figures = [float(cell.text.replace(",", "")) for cell in column]
        if all(b < a for a, b in pairwise(figures)) if rises else all(b > a for a, b in pairwise(figures)):
            return column[-1], "direction", said.span()
    return None
