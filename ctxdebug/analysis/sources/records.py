"""Tables and records read cell by cell: `the Medium plan costs 15 EUR`, where the row of Medium has 9 under `Price (EUR)`.

A cell is known by the words of its row and of its column. A claim that names one row, and one column of it, has to have its value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from ctxdebug.analysis.claims.clauses import clauses
from ctxdebug.analysis.claims.contradiction import Contradiction
from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.claims.values import NUMERIC, Value, ValueKind
from ctxdebug.analysis.claims.words import likes, stems_of
from ctxdebug.analysis.sources.claim import Origin
from ctxdebug.analysis.sources.evidence import Evidence
from ctxdebug.analysis.sources.near_statements import NearStatement
from ctxdebug.analysis.sources.question import UserQuestion, is_worked_out
from ctxdebug.analysis.sources.value_search import says
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

_MOST_CELLS = 2_000
"""Cells of one text that are read."""
_LONGEST = 60_000
"""Characters of a text with a table."""
_LONGEST_CELL = 80
_FEWEST_COLUMNS = 2
_LINE = lazy(r"[^\n]+")
_RULE = lazy(r"^[\s|:+-]{3,}$")
_OBJECT = lazy(r"\{[^{}]{2,2000}\}")
_PAIR = lazy(r'"(?P<key>[\w .-]{1,40})"\s{0,2}:\s{0,2}(?P<value>"(?:[^"\\\n]|\\.){0,80}"|-?\d[\d.,]{0,20}|true|false)')
_NUMBER = lazy(r"-?\d[\d,]*(?:\.\d+)?")
_CHANGES = lazy(
    r"\b(?:more|less|than|difference|total|altogether|sum|combined|together|both|average|about|almost|nearly|around|over|under|up to|"
    r"times|twice|half|left|remaining|minus|plus|not|no|never|instead)\b|n['’]t\b",
    re.IGNORECASE,
)
_READ = frozenset({*NUMERIC, ValueKind.CLOCK, ValueKind.DATE})


@record(frozen=True, slots=True)
class Cell:
    """A cell of a table: the words that name its row, those of its column, what it holds, and where it stands in the text."""

    row: frozenset[str]
    label: str
    column: frozenset[str]
    heading: str
    text: str
    start: int
    end: int
    line: int


@lru_cache(256)
def cells(text: str) -> tuple[Cell, ...]:
    """Return the cells of the tables of a text: Markdown, comma- or tab-separated lines, flat objects of JSON."""
    if len(text) > _LONGEST:
        return ()
    found: list[Cell] = []
    for make in (_of_lines, _of_objects):
        for cell in make(text):
            found.append(cell)
            if len(found) >= _MOST_CELLS:
                return tuple(found)
    return tuple(found)


def _of_lines(text: str) -> Iterator[Cell]:
    """Yield the cells of lines with the same separator, of which the first is the heading."""
    lines = [(match.start(), match[0]) for match in _LINE.finditer(text)]
    for mark in ("|", "\t", ",", ";"):
        block: list[list[tuple[int, str]]] = []
        for begin, line in (*lines, (0, "")):
            parts = _split(line, begin, mark)
            if mark == "|" and _RULE.match(line) and block:
                continue
            if len(parts) >= _FEWEST_COLUMNS and (not block or len(parts) == len(block[0])):
                block.append(parts)
                continue
            yield from _of_block(block)
            block = [parts] if len(parts) >= _FEWEST_COLUMNS else []


def _split(line: str, begin: int, mark: str) -> list[tuple[int, str]]:
    """Return the fields of a line, each with where it begins in the text."""
    if mark not in line:
        return []
    found, at = [], 0
    for field in line.split(mark):
        found.append((begin + at + len(field) - len(field.lstrip()), field.strip()))
        at += len(field) + 1
    if mark == "|":
        found = found[1:] if not found[0][1] else found
        found = found[:-1] if found and not found[-1][1] else found
    return found if all(len(field) <= _LONGEST_CELL for _, field in found) else []


def _of_block(block: Sequence[Sequence[tuple[int, str]]]) -> Iterator[Cell]:
    """Yield the cells below a heading without figures; a row is named by its first field that is no figure."""
    if len(block) < _FEWEST_COLUMNS or any(re.fullmatch(r"[\d.,:%€$£ -]+", field) for _, field in block[0] if field):
        return
    headings = [field for _, field in block[0]]
    for number, row in enumerate(block[1:]):
        named = 0
        label = row[named][1]
        if not label:
            continue
        words = _row_words(label, headings[named])
        for at, (start, field) in enumerate(row):
            if at != named and field:
                yield Cell(words, label, stems_of(headings[at]), headings[at], field, start, start + len(field), number)


def _row_words(label: str, heading: str) -> frozenset[str]:
    """Return what names a row: its words, or its number with the word of the heading."""
    return stems_of(label) or (frozenset({label.lower()}) if label else stems_of(heading))


def _of_objects(text: str) -> Iterator[Cell]:
    """Yield the fields of the objects of a list; an object is named by its first field that is a text."""
    objects = list(_OBJECT.finditer(text))
    if len(objects) < _FEWEST_COLUMNS:
        return
    for number, one in enumerate(objects):
        fields = [
            (match["key"], match["value"].strip('"'), match.start("value") + (match["value"][:1] == '"'))
            for match in _PAIR.finditer(text, one.start(), one.end())
        ]
        named = next((field for field in fields if field[1] and not re.match(r"[\d{]|true|false", field[1])), None)
        if named is None:
            continue
        words = stems_of(named[1])
        for key, value, start in fields:
            if key != named[0] and words:
                spaced = key.replace("_", " ").replace("-", " ")
                yield Cell(words, named[1], stems_of(spaced), spaced, value, start, start + len(value), number)


def against_records(
    own: Statement, evidence: Evidence, question: UserQuestion | None
) -> tuple[NearStatement, Contradiction] | None:
    """Return the cell that a claim names by its row and column and whose value is another."""
    if _CHANGES.search(own.text) or (question is not None and is_worked_out(question.text)):
        return None
    for part in clauses(own) or (own,):
        found = _against(part, evidence, question)
        if found is not None:
            return found
    return None


def _against(
    own: Statement, evidence: Evidence, question: UserQuestion | None
) -> tuple[NearStatement, Contradiction] | None:
    mine = [value for value in own.values if value.kind in _READ]
    if not mine:
        return _name_against(own, evidence)
    if len(mine) != 1:
        return None
    (value,) = mine
    asked = question.stems if question is not None else frozenset()
    for number, reading in enumerate(evidence.corpus.readings):
        if evidence.origins[number] is Origin.EARLIER:
            continue
        every = cells(reading.text)
        rows = _named(own.stems | asked if not _names_a_row(own, every) else own.stems, own, every)
        if len({cell.line for cell in rows}) != 1:
            continue
        told = [cell for cell in rows if _column(cell, own.stems | asked)]
        like = told or [cell for cell in rows if _NUMBER.search(cell.text)]
        holding = [cell for cell in rows if _holds(cell, value)]
        numeric = [cell for cell in like if _NUMBER.search(cell.text)]
        if holding or len(numeric) != 1 or not _comparable(numeric[0], value):
            continue
        return _as_contradiction(numeric[0], value, number, evidence)
    return None


def _name_against(own: Statement, evidence: Evidence) -> tuple[NearStatement, Contradiction] | None:
    """Return the cell whose words a claim gives for another row of the same column: `the capital of Sudmark is Lindau`."""
    low = own.text.lower()
    for number, reading in enumerate(evidence.corpus.readings):
        if evidence.origins[number] is Origin.EARLIER:
            continue
        every = cells(reading.text)
        rows = [cell for cell in _named(own.stems, own, every) if _column(cell, own.stems) and _is_words(cell)]
        if len(rows) != 1 or rows[0].text.lower() in low:
            continue
        (cell,) = rows
        others = [one for one in every if one.heading == cell.heading and one.line != cell.line and _is_words(one)]
        at, said = max(
            ((low.find(one.text.lower()), one) for one in others), key=lambda pair: pair[0], default=(-1, cell)
        )
        if at >= 0 and said.row.isdisjoint(own.stems - cell.row):
            found = _as_contradiction(
                cell, Value(ValueKind.QUOTED, said.text, at, at + len(said.text)), number, evidence
            )
            return (found[0], replace(found[1], kind="name")) if found is not None else None
    return None


def _is_words(cell: Cell) -> bool:
    return cell.text[:1].isupper() and not any(map(str.isdigit, cell.text)) and len(cell.text) > 2


def _names_a_row(own: Statement, every: Sequence[Cell]) -> bool:
    return any(cell.row and cell.row <= own.stems for cell in every)


def _named(stems: frozenset[str], own: Statement, every: Sequence[Cell]) -> list[Cell]:
    """Return the cells of the rows that are named, the most specific ones: not those of `plan` where `Medium plan` is a row."""
    words = stems | frozenset(own.text.lower().split())
    rows = [cell for cell in every if cell.row and cell.row <= words]
    longest = max((len(cell.row) for cell in rows), default=0)
    return [cell for cell in rows if len(cell.row) == longest]


def _column(cell: Cell, stems: frozenset[str]) -> bool:
    """Whether the words name a column: one of its words, or of like meaning."""
    return any(stem in stems or not stems.isdisjoint(likes(stem)) for stem in cell.column)


def _holds(cell: Cell, value: Value) -> bool:
    """Whether a cell has a value: its number, whatever the unit that the heading says."""
    if any(says(value, other) for other in statement(cell.text).values):
        return True
    return _first(cell.text) is not None and _first(cell.text) == _first(value.text)


def _first(text: str) -> float | None:
    found = _NUMBER.search(text)
    return float(found[0].replace(",", "")) if found else None


def _comparable(cell: Cell, value: Value) -> bool:
    """Whether a cell and a value are of one kind: two figures, two times of day, two dates; a unit, where both show one."""
    theirs = [other for other in statement(f"{cell.text}").values if other.kind in _READ]
    if len(theirs) != 1:
        return False
    (other,) = theirs
    if ValueKind.DATE in {value.kind, other.kind} or ValueKind.CLOCK in {value.kind, other.kind}:
        return value.kind is other.kind
    headed = statement(f"5 {cell.heading.split('(')[-1].rstrip(')')}").values
    units = {one.unit for one in (*headed[:1], other) if one.unit} - {""}
    return not units or not value.unit or value.unit in units


def _as_contradiction(
    cell: Cell, value: Value, number: int, evidence: Evidence
) -> tuple[NearStatement, Contradiction] | None:
    whole = next((one for one in evidence.corpus.of(number) if one.start <= cell.start < one.end), None)
    if whole is None:
        return None
    near = NearStatement(whole, 1.0, 1.0, evidence.origins[number], 1.0, whole)
    stated = (cell.start - whole.start, min(cell.end - whole.start, len(whole.text)))
    return near, Contradiction(value.kind.value, 0.85, (value.start, value.end), stated)
