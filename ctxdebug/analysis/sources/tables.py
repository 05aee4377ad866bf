"""The cells of tables, of records in JSON and of lists with a label on each line, each with what names its row and its column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ctxdebug.analysis.claims.words import stems_of
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_length

_MOST_CELLS = 2_000
"""Cells of one text that are read."""
_LONGEST = 60_000
"""Characters of a text with a table."""
_LONGEST_CELL = 80
_FEWEST = 2
"""Lines, columns or records of a table, at least."""
_LINE = lazy(r"[^\n]+")
_RULE = lazy(r"^[\s|:+-]{3,}$")
_OBJECT = lazy(r"\{[^{}]{2,2000}\}")
_PAIR = lazy(r'"(?P<key>[\w .-]{1,40})"\s{0,2}:\s{0,2}(?P<value>"(?:[^"\\\n]|\\.){0,80}"|-?\d[\d.,]{0,20}|true|false)')
_LABELLED = lazy(r"[ \t]*[-*•][ \t]+(?P<label>[^:\n,;|]{1,60}):[ \t]+(?P<fields>[^\n]{1,200})")
"""A line of a list: `- Birk: 1,980 EUR, 6 weeks`."""
_FIELD = lazy(r"[^,;]+(?:,(?=\d)[^,;]+)*")
_SEPARATORS = {"|": lazy(r"\|"), "\t": lazy(r"\t"), ",": lazy(r",(?!\d{3}\b)(?!\s\d)"), ";": lazy(r";")}
_FIGURE_FIRST = lazy(r"[$€£]?\d")
_PROSE = lazy(r"[.!?]\s|[.!?]$")


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
    table: int
    """Number of its table in the text."""
    place: str
    """Which column it is in: its heading, or its number."""
    naming: str = ""
    """The heading of the column that names the rows: `Lane`, where the row is `2`."""


@by_length(20.0)
def cells(text: str) -> tuple[Cell, ...]:
    """Return the cells of the tables of a text: Markdown, comma- or tab-separated lines, flat objects of JSON, labelled lists."""
    if len(text) > _LONGEST:
        return ()
    found: list[Cell] = []
    for make in (_of_lines, _of_objects, _of_list):
        for cell in make(text):
            found.append(cell)
            if len(found) >= _MOST_CELLS:
                return tuple(found)
    return tuple(found)


def _of_lines(text: str) -> Iterator[Cell]:
    """Yield the cells of lines with the same separator, of which the first is the heading."""
    lines = [(match.start(), match[0]) for match in _LINE.finditer(text)]
    for mark in (mark for mark in _SEPARATORS if mark in text):
        block: list[list[tuple[int, str]]] = []
        for begin, line in (*lines, (0, "")):
            parts = _split(line, begin, mark)
            if mark == "|" and _RULE.match(line) and block:
                continue
            if len(parts) >= _FEWEST and (not block or len(parts) == len(block[0])):
                block.append(parts)
                continue
            yield from _of_block(block)
            block = [parts] if len(parts) >= _FEWEST else []


def _split(line: str, begin: int, mark: str) -> list[tuple[int, str]]:
    """Return the fields of a line, each with where it begins in the text; none of a line of prose or of a list."""
    if mark not in line or (mark in ",;" and (line.lstrip()[:1] in "-*•#[{" or _PROSE.search(line))):
        return []
    found, at = [], 0
    for field in _SEPARATORS[mark].split(line):
        found.append((begin + at + len(field) - len(field.lstrip()), field.strip()))
        at += len(field) + 1
    if mark == "|":
        found = found[1:] if not found[0][1] else found
        found = found[:-1] if found and not found[-1][1] else found
    return found if all(len(field) <= _LONGEST_CELL for _, field in found) else []


def _of_block(block: Sequence[Sequence[tuple[int, str]]]) -> Iterator[Cell]:
    """Yield the cells below a heading without figures; a row is named by its first field."""
    if len(block) < _FEWEST or any(_FIGURE_FIRST.match(field) for _, field in block[0]):
        return
    headings = [field for _, field in block[0]]
    for number, row in enumerate(block[1:]):
        label = row[0][1]
        if not label:
            continue
        words = stems_of(label) or frozenset({label.lower()})
        for at, (start, field) in enumerate(row):
            if at and field:
                yield Cell(
                    words, label, stems_of(headings[at]), headings[at], field, start, start + len(field), number,
                    block[0][0][0], f"{at} {headings[at]}", headings[0],
                )  # fmt: skip


def _of_objects(text: str) -> Iterator[Cell]:
    """Yield the fields of the objects of a list; an object is named by its first field that is a text."""
    objects = list(_OBJECT.finditer(text))
    if len(objects) < _FEWEST:
        return
    for number, one in enumerate(objects):
        fields = [
            (match["key"], match["value"].strip('"'), match.start("value") + (match["value"][:1] == '"'))
            for match in _PAIR.finditer(text, one.start(), one.end())
        ]
        named = next((field for field in fields if field[1] and not re.match(r"[\d{]|true|false", field[1])), None)
        named = named or (fields[0] if fields else None)
        if named is None:
            continue
        words = stems_of(named[1]) or frozenset({named[1].lower()})
        for key, value, start in fields:
            if key != named[0] and words:
                spaced = key.replace("_", " ").replace("-", " ")
                yield Cell(
                    words, named[1], stems_of(spaced), spaced, value, start, start + len(value), number,
                    objects[0].start(), key, named[0],
                )  # fmt: skip


def _of_list(text: str) -> Iterator[Cell]:
    """Yield the fields of lines with a label each, as many in every line; their columns have no heading."""
    block: list[tuple[int, re.Match[str]]] = []
    for line in _LINE.finditer(text):
        match = _LABELLED.match(line[0])
        if match:
            block.append((line.start(), match))
            continue
        yield from _of_labelled(block)
        block = []
    yield from _of_labelled(block)


def _of_labelled(block: Sequence[tuple[int, re.Match[str]]]) -> Iterator[Cell]:
    """Yield the cells of lines with a label each; none where their fields are not as many, or two have one label."""
    rows = [
        (match["label"].strip(), [(begin + match.start("fields") + one.start(), one[0]) for one in _FIELD.finditer(match["fields"])])
        for begin, match in block
    ]  # fmt: skip
    labels = {label for label, _ in rows}
    if len(rows) < _FEWEST or len({len(fields) for _, fields in rows}) != 1 or len(labels) != len(rows):
        return
    for number, (label, fields) in enumerate(rows):
        words = stems_of(label) or frozenset({label.lower()})
        for at, (start, field) in enumerate(fields):
            bare = field.strip()
            begin = start + len(field) - len(field.lstrip())
            yield Cell(words, label, frozenset(), "", bare, begin, begin + len(bare), number, block[0][0], str(at + 1))
