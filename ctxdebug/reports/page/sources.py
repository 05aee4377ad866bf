"""The sources against each other, and the answer against the sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctxdebug.engine.report import Examined
from ctxdebug.records import record
from ctxdebug.reports.cited import cited
from ctxdebug.reports.page.chips import chips, marked
from ctxdebug.text.printable import clean_line, excerpt

if TYPE_CHECKING:
    from markupsafe import Markup

    from ctxdebug.analysis.sources.claim import Claim
    from ctxdebug.analysis.sources.sourced import Sourced

MOST_SOURCES = 12
MOST_CITED = 24
"""Citations of the provider that a page shows."""
_SYMBOLS = {
    "supported": "✓",
    "contradicted": "✗",
    "unsupported": "?",
    "not examined": "?",
    "no claim": "–",
    "disputed": "✗",
}
_SAID = {
    "supported": "a source supports it",
    "contradicted": "a source contradicts it",
    "unsupported": "not found in any source",
    "not examined": "not examined",
    "no claim": "makes no claim",
    "disputed": "a finding disputes it",
}


@record(frozen=True, slots=True)
class Cell:
    """How two sources stand to each other: symbols for the eye, words for the ear."""

    symbols: str
    words: str


@record(frozen=True, slots=True)
class Matrix:
    """Names, dates and anchors of the sources, and the cells below the diagonal."""

    names: tuple[tuple[str, str, str], ...]
    rows: tuple[tuple[Cell | None, ...], ...]
    more: int


@record(frozen=True, slots=True)
class Quoted:
    """A passage of a source that speaks of a sentence."""

    anchor: str
    name: str
    text: Markup


@record(frozen=True, slots=True)
class Returned:
    """A citation that the provider returned: words of the answer, the names of its sources, and what is known of it."""

    good: bool
    text: Markup
    names: Markup
    said: str


@record(frozen=True, slots=True)
class Sentence:
    """One sentence of the answer with its verdict."""

    kind: str
    symbol: str
    said: str
    text: Markup
    note: str
    passages: tuple[Quoted, ...]


def matrix(sourced: Sourced, prefix: str) -> Matrix | None:
    """Return the matrix of the first sources, those with something to tell before the others; None for fewer than two."""
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


def sentences(sourced: Sourced, prefix: str, disputed: Sequence[tuple[int, int, str]] = ()) -> list[Sentence]:
    """Return the answer, claim by claim; empty where nothing was given to answer from.

    `disputed` are (start, end, code) of the answer's characters that findings dispute: none of these has a ✓.
    """
    if not sourced.informed:
        return []
    answer, found = sourced.examination.answer, []
    for claim in sourced.claims:
        codes = [code for start, end, code in disputed if start < claim.end and end > claim.start]
        kind = "no claim" if not claim.asserts else claim.verdict.value
        if codes and kind != "contradicted":
            kind = "disputed"
        exact = answer[claim.start : claim.start + len(claim.text)] == claim.text
        marks = [(one.start - claim.start, one.end - claim.start, "pc") for one in claim.differences]
        text = marked(claim.text, marks) if exact else chips(claim.text)
        note = ", ".join(dict.fromkeys(codes)) if kind == "disputed" else claim.why
        shown = (_passage(sourced, claim, prefix),) if claim.passage is not None and claim.asserts else ()
        found.append(Sentence(kind.replace(" ", "-"), _SYMBOLS[kind], _SAID[kind], text, clean_line(note), shown))
    return found


def returned(sourced: Sourced) -> tuple[tuple[Returned, ...], int]:
    """Return the first citations that the provider returned beside its answer, and how many more there are."""
    found = cited(sourced)
    shown = tuple(
        Returned(
            one["verdict"].startswith("source text"),
            chips(excerpt(one["text"], 160)),
            chips(excerpt(", ".join(one["sources"][:3]) or one["missing"] or "", 120)),
            one["verdict"],
        )
        for one in found[:MOST_CITED]
    )
    return shown, len(found) - len(shown)


def _passage(sourced: Sourced, claim: Claim, prefix: str) -> Quoted:
    """Return the sentence of what the model was given that bears on a claim most."""
    passage = claim.passage
    assert passage is not None
    evidence = sourced.examination.evidence
    words = chips(excerpt(evidence.corpus.words(passage), 240))
    if passage.source < len(sourced.segments):
        name, _, anchor = _named(sourced, passage.source, prefix)
        return Quoted(anchor, name, words)
    return Quoted("", claim.origin.value, words)


def sourced_of(examined: Examined) -> tuple[Sourced | None, str]:
    """Return the sources of an exchange, or why they could not be looked at."""
    try:
        return examined.analysis.sourced, ""
    except Exception as error:  # noqa: BLE001 - the page must be made whatever one pass does
        return None, f"the sources could not be examined ({type(error).__name__})"
