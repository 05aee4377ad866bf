"""The marks that tools leave where they cut a text, read from `cut_markers.json` and made into linear patterns."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from ctxdebug.records import record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.stored import digest_of, stored

_PLACE = lazy(r"\{([a-z ]+)(\??)\}")
_FIELDS = {
    "number": r"\d[\d,.]{0,12}",
    "size": r"\d[\d,.]{0,12}[ -]{0,2}(?:kB|KB|KiB|MB|MiB|bytes?|characters|chars|lines|tokens)?",
    "open": r"[\[(<]",
    "close": r"[\])>]",
    "dots": r"(?:\.{3}|…)",
    "rest": r"\b[^\n\])>]{0,80}",
    "line": r"[^\n]{0,80}",
    "path": r"[^\s\"'<>]{1,200}",
}
_TABLE = Path(__file__).with_name("cut_markers.json")
_LEAST = 4
"""Letters of a literal that is looked for before a pattern is tried."""


@record(frozen=True)
class Marker:
    """One row: what it finds, an example of it, and literals of which every match has one, in lower case."""

    text: str
    example: str
    offers: bool
    literals: tuple[str, ...]
    expression: str
    anywhere: bool = False
    """Whether it means a cut inside a line, too."""

    @property
    def pattern(self) -> re.Pattern[str]:
        """The row as a regular expression without regard to case."""
        return _compiled(self.expression)

    def may_be_in(self, lowered: str) -> bool:
        """Whether a text in lower case contains a literal that every match has."""
        return any(literal in lowered for literal in self.literals)


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    return lazy(expression, re.IGNORECASE)


@cache
def _data() -> Any:
    return json.loads(_TABLE.read_bytes())


@cache
def markers() -> tuple[Marker, ...]:
    """Every row of the table, as an earlier run read it where that is kept."""
    rows = stored("cut markers", digest_of(Path(__file__), _TABLE), lambda: [_told(one) for one in _read()])
    return tuple([Marker(*row) for row in rows])


def _read() -> tuple[Marker, ...]:
    return tuple(_marker(row, _data()["lists"]) for row in _data()["rows"])


def _told(one: Marker) -> tuple[Any, ...]:
    return one.text, one.example, one.offers, one.literals, one.expression, one.anywhere


@cache
def cut_sizes() -> frozenset[int]:
    """Return the lengths, in bytes or characters, at which tools cut."""
    return frozenset(size for sizes in _data()["sizes"].values() for size in sizes)


@cache
def description_sizes() -> frozenset[int]:
    """Return the lengths, in characters, at which descriptions of tools are cut."""
    return frozenset(_data()["descriptions"]["sizes"])


@cache
def cut_field() -> re.Pattern[str]:
    """Return a JSON field that says that the text is cut."""
    return lazy(rf'"(?:{"|".join(_data()["fields"])})"\s{{0,4}}:\s{{0,4}}true\b')


def _marker(row: dict[str, Any], lists: dict[str, list[str]]) -> Marker:
    parts = _PLACE.split(row["text"])
    pieces, literals = [], list[tuple[str, ...]]()
    for at in range(0, len(parts), 3):
        literal = parts[at]
        if literal:
            pieces.append(_literal(literal))
            words = [word for word in re.split(r"[\s(]+", literal.strip(" ().:").lower()) if word]
            literals += [(word,) for word in words if len(word) >= _LEAST]
        if at + 1 < len(parts):
            name, optional = parts[at + 1], bool(parts[at + 2])
            body = _FIELDS.get(name) or rf"\b(?:{'|'.join(_literal(word) for word in lists[name])})\b"
            pieces.append(f"(?:{body} ?)?" if optional else body)
            if not optional and name in lists:
                literals.append(tuple(word.lower() for word in lists[name]))
    telling = max(literals, key=lambda words: (min(map(len, words)) >= _LEAST, -len(words), min(map(len, words))))
    start = r"\b" if row["text"][0].isalnum() else ""
    return Marker(
        row["text"],
        row["example"],
        bool(row.get("offers")),
        telling,
        start + "".join(pieces),
        bool(row.get("anywhere")),
    )


def _literal(text: str) -> str:
    return " ?".join(re.escape(word) for word in text.split(" "))
