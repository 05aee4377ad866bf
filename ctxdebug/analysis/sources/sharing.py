"""How many rows of a table have a thing: `only Elm Square has a notary`, where two other branches list one; `two of the five rooms`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ctxdebug.analysis.claims.alignment import is_negator, words_of
from ctxdebug.analysis.claims.markers import marked
from ctxdebug.analysis.claims.statement import Statement
from ctxdebug.analysis.claims.units import NUMBER_WORDS
from ctxdebug.analysis.claims.words import STEM, stems_of
from ctxdebug.analysis.sources.question import UserQuestion
from ctxdebug.analysis.sources.tables import Cell, Table, items_of
from ctxdebug.text.patterns import lazy

_COUNT = lazy(
    r"\b(?P<count>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
    r"(?: of the (?P<all>[a-z]{3,6}|\d{1,2}))?\s(?P<thing>[a-z]{3,20})\b",
    re.IGNORECASE,
)
_HOW_MANY = lazy(r"\bhow many\b", re.IGNORECASE)
_RESTRICTS = lazy(
    r"\b(?:and|or|without|under|over|more|less|than|at least|up to|before|after|between|both|either|except|other|also|another|"
    r"further)\b|n['’]t\b",
    re.IGNORECASE,
)
"""Words by which some rows only are meant, or more than one thing."""
_NEAR = 60
"""Characters between `only` and the row's name, at most."""
_FEWEST = 2


def against_sharing(
    own: Statement, table: Table, question: UserQuestion | None
) -> tuple[Cell, str, tuple[int, int]] | None:
    """Return a cell of another row that has what is said of one row only, or of fewer or more rows than have it."""
    if not marked("only", own.text) and _COUNT.search(own.text) is None:
        return None
    if len(table.rows) < _FEWEST or any(is_negator(word) for word in words_of(own)):
        return None
    return _against_only(own, table) or _against_count(own, table, question)


def _against_only(own: Statement, table: Table) -> tuple[Cell, str, tuple[int, int]] | None:
    spans = marked("only", own.text)
    named = [row for row in table.near(own.text, own.stems) if _at(row[0].label, own.text) is not None]
    if len(spans) != 1 or len(named) != 1:
        return None
    (row,), (start, end) = named, spans[0]
    at = _at(row[0].label, own.text)
    clause = _clause(own.text, start)
    if at is None or not clause[0] <= at < clause[1] or abs(at - start) > _NEAR:
        return None
    said = own.text[slice(*clause)]
    things = list(_things(said, table))
    bare = said.replace(own.text[at : at + len(row[0].label)], " ")
    if len(things) != 1 or _RESTRICTS.search(bare) or any(map(str.isdigit, bare)):
        return None
    (cells,) = things
    others = [cell for cell in cells if cell.line != row[0].line]
    has = any(cell.line == row[0].line for cell in cells)
    return (others[0], "completeness", (start, end)) if others and has else None


def _against_count(
    own: Statement, table: Table, question: UserQuestion | None
) -> tuple[Cell, str, tuple[int, int]] | None:
    """Return a cell of a thing of which a claim counts other rows than there are."""
    match = _COUNT.search(own.text)
    if match is None or question is None or not (match["all"] or _HOW_MANY.search(question.text)):
        return None
    asked = _HOW_MANY.search(question.text)
    if (
        _RESTRICTS.search(own.text)
        or (asked and _RESTRICTS.search(question.text))
        or any(map(str.isdigit, own.text[match.end() :]))
    ):
        return None
    if match["all"] and _number(match["all"]) != len(table.rows):
        return None
    if not _counts_rows(match["thing"] if not match["all"] else own.text[match.end("all") :], table):
        return None
    things = list(_things(own.text[match.end() :], table)) or (list(_things(question.text, table)) if asked else [])
    if len(things) != 1:
        return None
    lines = {cell.line for cell in things[0]}
    return (things[0][0], "number", match.span("count")) if len(lines) != _number(match["count"]) else None


def _number(written: str) -> float:
    return float(written) if written.isdecimal() else NUMBER_WORDS.get(written.lower(), -1.0)


def _counts_rows(text: str, table: Table) -> bool:
    """Whether what is counted are the rows: by the word for them, which names each or heads the column of their names."""
    first = next(iter(re.findall(r"[a-z]{3,20}", text.lower())), "")
    named = [row[0] for row in table.rows.values()]
    return bool(first) and all(STEM[first] in stems_of(f"{cell.label} {cell.naming}") for cell in named)


def _things(text: str, table: Table) -> Iterator[Sequence[Cell]]:
    """Yield for each thing that cells list and a text names the cells that have it."""
    low = text.lower()
    for item, cells in table.items.items():
        if item in low and _at(item, low) is not None and stems_of(item) and len({cell.place for cell in cells}) == 1:
            yield [cell for cell in cells if item in items_of(cell)]


def _at(name: str, text: str) -> int | None:
    found = re.search(rf"(?<!\w){re.escape(name.lower())}s?(?!\w)", text.lower())
    return found.start() if found else None


def _clause(text: str, at: int) -> tuple[int, int]:
    """Return where the clause between commas begins and ends that a place is in."""
    ends = [place for mark in ",;:(" if (place := text.find(mark, at)) >= 0]
    return max(text.rfind(mark, 0, at) for mark in ",;:(") + 1, min(ends, default=len(text))
