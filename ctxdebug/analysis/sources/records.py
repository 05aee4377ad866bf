"""What a claim says of a row of a table: `the Medium plan costs 15 EUR`, where the row of Medium has 9 under `Price (EUR)`.

A claim that names one row, and one column of it, has to have its value; a value or words that only another row has are that row's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations, pairwise

from ctxdebug.analysis.claims.clauses import clauses, compound
from ctxdebug.analysis.claims.contradiction import Contradiction
from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.claims.values import NUMERIC, Value, ValueKind
from ctxdebug.analysis.claims.words import likes, stems_of
from ctxdebug.analysis.sources.claim import Origin
from ctxdebug.analysis.sources.evidence import Evidence
from ctxdebug.analysis.sources.extremes import against_extremes
from ctxdebug.analysis.sources.near_statements import NearStatement
from ctxdebug.analysis.sources.question import UserQuestion, is_worked_out
from ctxdebug.analysis.sources.sharing import against_sharing
from ctxdebug.analysis.sources.tables import NUMBER, Cell, Table, items_of
from ctxdebug.analysis.sources.value_search import says
from ctxdebug.text.patterns import lazy

_CHANGES = lazy(
    r"\b(?:more|less|than|difference|total|altogether|sum|combined|together|both|average|about|almost|nearly|around|over|under|up to|"
    r"times|twice|half|left|remaining|minus|plus|not|no|never|instead|unlike|except|compared|only|others?|rest|"
    r"mehr|weniger|als|Differenz|insgesamt|zusammen|beide|etwa|rund|nicht|keine?|nur|bis zu|moins|différence|ensemble|environ|"
    r"seulement|pas|ne|jusqu['’]à|más|menos|diferencia|juntos|unos|solo|sólo|hasta|più|meno|differenza|insieme|circa|solo|fino a|non)\b|"
    r"n['’]t\b",
    re.IGNORECASE,
)
"""Words with which a claim says something else than a cell: in five languages."""
_READ = frozenset({*NUMERIC, ValueKind.CLOCK, ValueKind.DATE, ValueKind.IDENTIFIER})
_WRITTEN = frozenset({ValueKind.DATE, ValueKind.IDENTIFIER})
"""Values that are compared as they are written, and not by their first figure."""
_MOST_CELLS = 400
_SMALL = 12
"""A bare number up to which it is a count, of whatever."""
_AGAINST = lazy(r"\b(?:against|versus|vs|like|as|where)\b", re.IGNORECASE)
_JOINS = lazy(r",?\s(?:and|while|whereas)\s|[,;]\s")
_SHORT_HEADING = 4
_LONG_NUMBER = 5
"""Digits from which a number alone names a row: `Where is 55210?`"""
_BESIDE = 80
"""Characters between a row's name and what is said of it, at most."""
_SURE = 0.85


def against_records(
    own: Statement, evidence: Evidence, question: UserQuestion | None, sentence: str = ""
) -> tuple[NearStatement, Contradiction] | None:
    """Return the cell that a claim names by its row and column and whose value is another; `sentence` is what the claim is a part of."""
    for number, found in evidence.corpus.tabular:
        for table in found if evidence.origins[number] is not Origin.EARLIER else ():
            cell = against_extremes(own, table, question) or against_sharing(own, table, question)
            cell = cell or _against(own, table, question, sentence)
            if cell is not None:
                return _as_contradiction(*cell, number, evidence)
    return None


def _against(
    own: Statement, table: Table, question: UserQuestion | None, sentence: str
) -> tuple[Cell, str, tuple[int, int]] | None:
    """Return the cell that a clause of a claim contradicts, the kind of difference, and where the clause says it."""
    if own.text.count("|") > 1 or (question is not None and is_worked_out(question.text)):
        return None  # a table of the answer's own has columns of its own
    if _CHANGES.search(_beside_headings(own.text, table)):
        return None
    asked = question.stems if question is not None else frozenset()
    whole = _named(own, table) or (_named(statement(sentence), table) if sentence else [])
    if len(whole) > 1 and _AGAINST.search(own.text):
        return None  # `19 degrees against 17 in Aalborg`
    for part in _each_of_one_row(own, table) or clauses(own) or compound(own) or (own,):
        rows = _named(part, table) or whole
        if not rows and question is not None:
            rows = _named(statement(question.text), table)
        if len(rows) != 1:
            continue
        (row,) = rows
        near = [other[0] for other in table.near(part.text, part.stems) if other[0].line != row[0].line]
        if any(_label_at(cell, part.text) is not None and not cell.row <= row[0].row for cell in near):
            continue
        found = _value_against(part, row, table, asked) or _words_against(part, row, table)
        if found is not None:
            return found
    return None


def _beside_headings(text: str, table: Table) -> str:
    """Return what a claim says besides the headings that it names, in lower case: `up to 10 kg`."""
    low = text.lower()
    for heading in table.headings.split("\n"):
        if len(heading) > _SHORT_HEADING:
            low = low.replace(heading, " ")
    return low


def _each_of_one_row(own: Statement, table: Table) -> list[Statement]:
    """Return the parts of a sentence between `and` and commas, where each names one row: `jars go north and paper goes south`."""
    borders = [(0, 0), *(match.span() for match in _JOINS.finditer(own.text)), (len(own.text), len(own.text))]
    found = []
    for (_, start), (end, _) in pairwise(borders):
        part = statement(" " * start + own.text[start:end] + " " * (len(own.text) - end), own.source, own.start)
        if len(_named(part, table)) != 1:
            return []
        found.append(part)
    return found if len(found) > 1 else []


def _value_against(
    own: Statement, rows: Sequence[Cell], table: Table, asked: frozenset[str]
) -> tuple[Cell, str, tuple[int, int]] | None:
    """Return the cell whose value a claim gives otherwise: the one of another row in its column, or any other."""
    mine = [value for value in own.values if value.kind in _READ and not _is_label(value, own, rows)]
    for value in mine:
        if any(_holds(cell, value) for cell in rows) or _is_made_of_two(value, mine):
            continue
        small = value.kind is ValueKind.NUMBER and value.low <= _SMALL
        like = _with_value(table, value) if value.kind in _WRITTEN else table.numbers.get(_first(value.text) or 0.0, ())
        like = () if small else like
        foreign = [cell for cell in like if cell.line != rows[0].line and _comparable(cell, value)]
        places = {cell.place for cell in foreign}
        written = value.kind in _WRITTEN
        own_cells = [cell for cell in rows if cell.place in places and (written or NUMBER.search(cell.text))]
        if len(places) == 1 and len(own_cells) == 1:
            return own_cells[0], value.kind.value, (value.start, value.end)
    if len(mine) != 1 or mine[0].low != mine[0].high:
        return None
    (value,) = mine
    told = [cell for cell in rows if _column(cell, own.stems | asked)]
    numeric = [cell for cell in told or rows if NUMBER.search(cell.text)]
    if any(_holds(cell, value) for cell in rows) or len(numeric) != 1 or not _comparable(numeric[0], value):
        return None
    return numeric[0], value.kind.value, (value.start, value.end)


def _with_value(table: Table, value: Value) -> list[Cell]:
    """Return the cells of a small table that have a date or an identifier."""
    return [cell for cell in table.cells[:_MOST_CELLS] if any(says(value, one) for one in statement(cell.text).values)]


def _is_made_of_two(value: Value, others: Sequence[Value]) -> bool:
    """Whether a value is the sum or the difference of two others of its claim: `from 80 to 60, 20 less`."""
    like = [one.low for one in others if one is not value and one.kind is value.kind and one.unit == value.unit]
    return any(value.low in {a + b, abs(a - b)} for a, b in combinations(like, 2))


def _words_against(own: Statement, rows: Sequence[Cell], table: Table) -> tuple[Cell, str, tuple[int, int]] | None:
    """Return the cell for which a claim has the words of another row: `Lane 2 is reserved for divers`."""
    low = own.text.lower()
    named = _label_at(rows[0], own.text)
    if named is None:
        return None
    mine = "\n".join([*(cell.text for cell in rows), table.headings, rows[0].label]).lower()
    for item, cells in table.items.items():
        at = _word_at(item, low)
        if at is None or abs(at - named) > _BESIDE or item in mine or not stems_of(item) - stems_of(mine):
            continue
        for cell in cells:
            here = [one for one in rows if one.place == cell.place]
            if len(here) != 1 or any(_word_at(one, low) is not None for one in items_of(here[0])):
                continue
            if cell.line != rows[0].line and _word_at(cell.label.lower(), low) is None:
                return here[0], "name", (at, at + len(item))
    return None


def _word_at(item: str, low: str) -> int | None:
    found = re.search(rf"(?<!\w){re.escape(item)}(?!\w)", low) if item in low else None
    return found.start() if found else None


def _is_label(value: Value, own: Statement, rows: Sequence[Cell]) -> bool:
    """Whether a figure is part of what names a row: the `2` of `lane 2`."""
    at = _label_at(rows[0], own.text)
    label = rows[0].label
    return (at is not None and at <= value.start < at + len(label)) or value.text.strip() in label.split()


def _named(own: Statement, table: Table) -> list[list[Cell]]:
    """Return the rows that are named: by their whole names, the longest ones; or by the words of them, the most."""
    near = table.near(own.text, own.stems)
    literal = [row for row in near if _label_at(row[0], own.text) is not None]
    if literal:
        return [row for row in literal if not _is_part(row[0], [other[0] for other in literal])]
    rows = [row for row in near if row[0].row and row[0].row <= own.stems]
    most = max((len(row[0].row) for row in rows), default=0)
    return [row for row in rows if len(row[0].row) == most]


def _is_part(cell: Cell, others: Sequence[Cell]) -> bool:
    """Whether the name of a row is part of a longer one that is named: `plan`, where `Medium plan` is a row."""
    label = cell.label.lower()
    return any(label != other.label.lower() and label in other.label.lower() for other in others)


def _label_at(cell: Cell, text: str) -> int | None:
    """Where a text names a row: by its name, or by its number behind the word for its kind (`lane 2`, `row 3`)."""
    low, label = text.lower(), cell.label.lower()
    if label not in low:
        return None
    kinds = "|".join(re.escape(word) for word in {*cell.naming.lower().split(), "row", "no", "number", "#"} if word)
    counts = label.isdecimal() and len(label) < _LONG_NUMBER
    lead = rf"(?:(?<!\w)(?:{kinds})s?[ .#]{{0,2}})" if counts else r"(?<!\w)"
    found = re.search(rf"{lead}{re.escape(label)}(?![\w]|[.,]\d)", low)
    return found.end() - len(label) if found else None


def _column(cell: Cell, stems: frozenset[str]) -> bool:
    """Whether the words name a column: one of its words, or of like meaning."""
    return any(stem in stems or not stems.isdisjoint(likes(stem)) for stem in cell.column)


def _holds(cell: Cell, value: Value) -> bool:
    """Whether a cell has a value: its number, whatever the unit that the heading says."""
    if any(says(value, other) for other in statement(cell.text).values):
        return True
    return _first(cell.text) is not None and _first(cell.text) == _first(value.text)


def _first(text: str) -> float | None:
    found = NUMBER.search(text)
    return float(found[0].replace(",", "")) if found else None


def _comparable(cell: Cell, value: Value) -> bool:
    """Whether a cell and a value are of one kind: two figures, two times of day, two dates; a unit, where both show one."""
    theirs = [other for other in statement(f"{cell.text}").values if other.kind in _READ]
    if len(theirs) != 1:
        return False
    (other,) = theirs
    if not {ValueKind.CLOCK, *_WRITTEN}.isdisjoint({value.kind, other.kind}):
        return value.kind is other.kind
    headed = statement(f"5 {cell.heading.split('(')[-1].rstrip(')')}").values
    units = {one.unit for one in (*headed[:1], other) if one.unit} - {""}
    return not units or not value.unit or value.unit in units


def _as_contradiction(
    cell: Cell, kind: str, claimed: tuple[int, int], number: int, evidence: Evidence
) -> tuple[NearStatement, Contradiction] | None:
    whole = next((one for one in evidence.corpus.of(number) if one.start <= cell.start < one.end), None)
    if whole is None:
        return None
    near = NearStatement(whole, 1.0, 1.0, evidence.origins[number], 1.0, whole)
    stated = (cell.start - whole.start, min(cell.end - whole.start, len(whole.text)))
    return near, Contradiction(kind, _SURE, claimed, stated)
