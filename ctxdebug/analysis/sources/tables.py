"""The cells of tables, of records in JSON and of lists with a label on each line, each with what names its row and its column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice

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
_PAIR = lazy(
    r'"(?P<key>[\w .-]{1,40})"\s{0,2}:\s{0,2}(?P<value>"(?:[^"\\\n]|\\.){0,80}"|\[\s?"[^\[\]{}\n]{0,200}\]|-?\d[\d.,]{0,20}|true|false|null)'
)
_LABELLED = lazy(r"[ \t]*[-*•][ \t]+(?P<label>[^:\n,;|]{1,60}):[ \t]+(?P<fields>[^\n]{1,200})")
"""A line of a list: `- Birk: 1,980 EUR, 6 weeks`."""
_FIELD = lazy(r"[^,;]+(?:,(?=\d)[^,;]+)*")
_SEPARATORS = {"|": lazy(r"\|"), "\t": lazy(r"\t"), ",": lazy(r",(?!\d{3}\b)(?!\s\d)"), ";": lazy(r";")}
_FIGURE_FIRST = lazy(r"[$€£]?\d")
NUMBER = lazy(r"-?\d[\d,]*(?:\.\d+)?")
_WORD = lazy(r"[^\W_]+")
_ITEMS = lazy(r"\s?(?:,|;|/|&|\band\b|\bor\b)\s?")
_UNNAMED = lazy(r"[\d{]|true|false")
_SHORT_NUMBER = 2
"""Characters of a number that counts rows, and is no name of one."""
_SHORTEST = 3
_RUNNING = frozenset({"row", "#", "no", "nr", "id", "index", "line"})
"""Headings of running numbers."""
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


@record(frozen=True)
class Table:
    """The cells of one table; what claims are compared with is worked out once."""

    cells: tuple[Cell, ...]

    @cached_property
    def rows(self) -> dict[int, list[Cell]]:
        """The cells of each row."""
        found: dict[int, list[Cell]] = {}
        for cell in self.cells:
            found.setdefault(cell.line, []).append(cell)
        return found

    @cached_property
    def _keys(self) -> dict[str, list[int]]:
        """The rarest word of each row's name, and the rows that it leads to; so does a stem of it."""
        first = [row[0] for row in self.rows.values()]
        counts = Counter(word for cell in first for word in {*_WORD.findall(cell.label.lower()), *cell.row})
        found: dict[str, list[int]] = {}
        for cell in first:
            for words in (_WORD.findall(cell.label.lower()), sorted(cell.row)):
                if words:
                    found.setdefault(min(words, key=lambda word: (counts[word], word)), []).append(cell.line)
        return found

    def near(self, text: str, stems: frozenset[str]) -> list[list[Cell]]:
        """Return the rows that a text may name."""
        words = {*_WORD.findall(text.lower()), *stems}
        lines = {line for word in words & self._keys.keys() for line in self._keys[word]}
        return [self.rows[line] for line in sorted(lines)]

    @cached_property
    def numbers(self) -> dict[float, list[Cell]]:
        """The cells with one first figure each."""
        found: dict[float, list[Cell]] = {}
        for cell in self.cells:
            match = NUMBER.search(cell.text)
            if match:
                found.setdefault(float(match[0].replace(",", "")), []).append(cell)
        return found

    @cached_property
    def items(self) -> dict[str, list[Cell]]:
        """What cells without figures list, in lower case (`grain`, `timber`), and the cells."""
        found: dict[str, list[Cell]] = {}
        for cell in self.cells:
            for item in () if any(map(str.isdigit, cell.text)) else items_of(cell):
                found.setdefault(item, []).append(cell)
        return found

    @cached_property
    def headings(self) -> str:
        """The headings of its columns, in lower case."""
        return "\n".join(dict.fromkeys(cell.heading for cell in self.cells)).lower()

    @cached_property
    def columns(self) -> tuple[tuple[tuple[Cell, float], ...], ...]:
        """The columns with one figure in each cell."""
        found: dict[str, list[tuple[Cell, float]]] = {}
        for cell in self.cells:
            figures = NUMBER.findall(cell.text)
            if len(figures) == 1:
                found.setdefault(cell.place, []).append((cell, float(figures[0].replace(",", ""))))
        return tuple(tuple(column) for column in found.values() if len(column) == len(self.rows))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The content stems of its cells, of their rows and of their columns."""
        words = dict.fromkeys(
            word for cell in self.cells for word in (cell.text, cell.label, cell.heading, cell.naming)
        )
        return stems_of("\n".join(words))


def items_of(cell: Cell) -> list[str]:
    """Return what a cell lists, in lower case."""
    return [item.strip('[]" ') for item in _ITEMS.split(cell.text.lower()) if len(item) >= _SHORTEST]


@by_length(60.0)
def tables(text: str) -> tuple[Table, ...]:
    """Return the tables of a text: Markdown, comma- or tab-separated lines, flat objects of JSON, labelled lists."""
    if len(text) > _LONGEST:
        return ()
    found: dict[int, list[Cell]] = {}
    every = (cell for make in (_of_lines, _of_objects, _of_list) for cell in make(text))
    for cell in islice(every, _MOST_CELLS):
        found.setdefault(cell.table, []).append(cell)
    return tuple(Table(tuple(cells)) for cells in found.values())


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
    """Yield the cells below a heading without figures; a row is named by its first field that is no running number."""
    if len(block) < _FEWEST or any(_FIGURE_FIRST.match(field) for _, field in block[0]):
        return
    headings = [field for _, field in block[0]]
    named = _naming(headings, block)
    for number, row in enumerate(block[1:]):
        label = row[named][1]
        if not label:
            continue
        words = stems_of(label) or frozenset({label.lower()})
        for at, (start, field) in enumerate(row):
            if at != named and field:
                yield Cell(
                    words, label, stems_of(headings[at]), headings[at], field, start, start + len(field), number,
                    block[0][0][0], f"{at} {headings[at]}", headings[named],
                )  # fmt: skip


def _naming(headings: Sequence[str], block: Sequence[Sequence[tuple[int, str]]]) -> int:
    """Return the column that names the rows: the first, or the one behind a running number."""
    if headings[0].lower().strip(".") not in _RUNNING:
        return 0
    second = [row[1][1] for row in block[1:]]
    return int(len(set(second)) == len(second) and not any(map(str.isdigit, "".join(second))))


def _of_objects(text: str) -> Iterator[Cell]:
    """Yield the fields of the objects of a list; an object is named by its first field that is a text."""
    objects = list(_OBJECT.finditer(text))
    if len(objects) < _FEWEST:
        return
    rows = [
        [
            (match["key"], match["value"].strip('"'), match.start("value") + (match["value"][:1] == '"'))
            for match in _PAIR.finditer(text, one.start(), one.end())
        ]
        for one in objects
    ]
    naming = _naming_key(rows)
    for number, fields in enumerate(rows):
        named = next((field for field in fields if field[0] == naming), None)
        named = named or next((field for field in fields if field[1] and not _UNNAMED.match(field[1])), None)
        named = named or (fields[0] if fields else None)
        if named is None:
            continue
        words = stems_of(named[1]) or frozenset({named[1].lower()})
        for key, value, start in fields:
            if key != named[0] and words and value:
                spaced = key.replace("_", " ").replace("-", " ")
                yield Cell(
                    words, named[1], stems_of(spaced), spaced, value, start, start + len(value), number,
                    objects[0].start(), key, named[0],
                )  # fmt: skip


def _naming_key(rows: Sequence[Sequence[tuple[str, str, int]]]) -> str:
    """Return the key that every object begins with, where it numbers them: `order`, `id`; empty if it does not."""
    first = {fields[0][0] for fields in rows if fields}
    values = [fields[0][1] for fields in rows if fields]
    unique = len(set(values)) == len(values) == len(rows) and all(len(value) > _SHORT_NUMBER for value in values)
    return first.pop() if len(first) == 1 and unique and all(map(str.isalnum, values)) else ""


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
