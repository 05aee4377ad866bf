"""The sources against each other, and the answer against the sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctxdebug.analysis.sources.source import Passage
from ctxdebug.engine.report import Examined
from ctxdebug.reports.page.chips import chips, marked
from ctxdebug.text.printable import excerpt

if TYPE_CHECKING:
    from markupsafe import Markup

    from ctxdebug.analysis.sources.sourced import Sourced

MOST_SOURCES = 12
_SYMBOLS = {"supported": "✓", "contradicted": "✗", "absent": "?", "no claim": "–"}
_SAID = {
    "supported": "a source says so",
    "contradicted": "a source says otherwise",
    "absent": "in no source",
    "no claim": "makes no claim",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """How two sources stand to each other: symbols for the eye, words for the ear."""

    symbols: str
    words: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Names, dates and anchors of the sources, and the cells below the diagonal."""

    names: tuple[tuple[str, str, str], ...]
    rows: tuple[tuple[Cell | None, ...], ...]
    more: int


@dataclass(frozen=True, slots=True)
class Quoted:
    """A passage of a source that speaks of a sentence."""

    anchor: str
    name: str
    text: Markup


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the answer with its verdict."""

    kind: str
    symbol: str
    said: str
    text: Markup
    note: str
    passages: tuple[Quoted, ...]


def matrix(sourced: Sourced, prefix: str) -> Matrix | None:
    """The matrix of the first sources, those with something to tell before the others; None for fewer than two."""
    examination = sourced.examination
    if len(examination.sources) < 2:
        return None
    notes: dict[tuple[int, int], list[tuple[str, str]]] = {}
    replaced = {(one.conflict.left.source, one.conflict.right.source) for one in examination.superseded}
    for conflict in examination.conflicts:
        pair = (conflict.left.source, conflict.right.source)
        symbol = ("✗", "conflict") if pair not in replaced else ("✗↑", "conflict, and the answer took the older")
        notes.setdefault((min(pair), max(pair)), []).append(symbol)
    for duplicate in examination.waste.duplicates:
        pair = (min(duplicate.source, duplicate.earlier), max(duplicate.source, duplicate.earlier))
        notes.setdefault(pair, []).append(("=", f"{duplicate.share:.0%} of the later is a copy"))
    weight: dict[int, int] = {}
    for pair, found in notes.items():
        for number in pair:
            weight[number] = weight.get(number, 0) + len(found)
    order = sorted(range(len(examination.sources)), key=lambda number: (-weight.get(number, 0), number))[:MOST_SOURCES]
    order.sort()
    rows = tuple(tuple(_cell(notes.get((min(a, b), max(a, b)), [])) if b < a else None for b in order) for a in order)
    return Matrix(
        tuple(_named(sourced, number, prefix) for number in order), rows, len(examination.sources) - len(order)
    )


def _cell(found: list[tuple[str, str]]) -> Cell:
    if not found:
        return Cell("·", "nothing found")
    counts: dict[tuple[str, str], int] = {}
    for item in found:
        counts[item] = counts.get(item, 0) + 1
    symbols = " ".join(f"{symbol}{count if count > 1 else ''}" for (symbol, _), count in counts.items())
    return Cell(symbols, ", ".join(f"{count} × {words}" for (_, words), count in counts.items()))


def _named(sourced: Sourced, number: int, prefix: str) -> tuple[str, str, str]:
    source, segment = sourced.examination.sources[number], sourced.segments[number]
    return (
        excerpt(sourced.name(number), 40),
        excerpt(source.date, 24),
        f"{prefix}{segment.id}" if segment is not None else "",
    )


def sentences(sourced: Sourced, prefix: str) -> list[Sentence]:
    """The answer, sentence by sentence; empty where nothing was given to answer from."""
    if not sourced.informed:
        return []
    answer = sourced.examination.answer
    found = []
    for support in sourced.examination.supports:
        length = len(support.text)
        kinds = {"supported": "ps", "contradicted": "pc", "absent": "pa", "no claim": ""}
        marks = [
            (part.start - support.start, part.end - support.start, kinds[part.verdict.value])
            for part in support.parts
            if kinds[part.verdict.value] and 0 <= part.start - support.start < part.end - support.start <= length
        ]
        exact = answer[support.start : support.start + length] == support.text
        kind = support.verdict.value
        passages = support.passages[:2] if kind in {"supported", "contradicted"} else ()
        found.append(
            Sentence(
                kind.replace(" ", "-"), _SYMBOLS[kind], _SAID[kind], marked(support.text, marks) if exact else chips(support.text),
                support.note, tuple(_quoted(sourced, passage, prefix) for passage in passages),
            )
        )  # fmt: skip
    return found


def _quoted(sourced: Sourced, passage: Passage, prefix: str) -> Quoted:
    name, _, anchor = _named(sourced, passage.source, prefix)
    return Quoted(anchor, name, chips(excerpt(sourced.examination.corpus.words(passage), 240)))


def sourced_of(examined: Examined) -> tuple[Sourced | None, str]:
    """The sources of an exchange, or why they could not be looked at."""
    try:
        return examined.analysis.sourced, ""
    except Exception as error:  # noqa: BLE001 - the page must be made whatever one pass does
        return None, f"the sources could not be examined ({type(error).__name__})"
