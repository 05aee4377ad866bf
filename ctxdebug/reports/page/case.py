"""One exchange as the page shows it, top to bottom."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctxdebug.analysis.token_table import model_named
from ctxdebug.engine.likely_cause import likely_cause
from ctxdebug.engine.report import Examined, Report
from ctxdebug.model import Exhibit, Finding, pointer_text
from ctxdebug.records import record
from ctxdebug.reports.addresses import shown_path
from ctxdebug.reports.evidence import spotted, values
from ctxdebug.reports.page.blocks import Block, Budget, Stretch, blocks, marks_of, parameters, stretches
from ctxdebug.reports.page.chips import chips, contrasted, marked
from ctxdebug.reports.page.opening import Cell, Spoken, answered, asked, cells, disputed, explained
from ctxdebug.reports.page.provenance import left_out, provenance
from ctxdebug.reports.page.sources import Matrix, Returned, Sentence, matrix, returned, sentences, sourced_of
from ctxdebug.reports.page.timeline import Turn, turns
from ctxdebug.reports.provider_count import provider_count
from ctxdebug.reports.token_table import certainty
from ctxdebug.reports.verdict_marks import SEVERITY_MARKS
from ctxdebug.rules import family_row
from ctxdebug.text.printable import clean_line, excerpt

if TYPE_CHECKING:
    from markupsafe import Markup

_MOST_ROWS = 40
_LONGEST_QUOTE = 420
_NEAR = 1.6
"""Percent. Pins that stand nearer to each other become one."""


@record(frozen=True, slots=True)
class Quote:
    """One exhibit: what it shows, where it stands, and its words."""

    note: str
    where: str
    anchor: str
    text: Markup


@record(frozen=True, slots=True)
class Shown:
    """One finding."""

    anchor: str
    number: int
    code: str
    name: str
    severity: str
    symbol: str
    confidence: str
    family: str
    step: str
    message: Markup
    why: str
    fix: Markup
    quotes: tuple[Quote, ...]
    more: int
    suppress: str
    spots: tuple[tuple[float, float], ...]
    """Where its words stand, in percent of the prompt."""
    fails: bool
    proof: str
    """What asking the model again showed of it; empty where nobody has."""


@record(frozen=True, slots=True)
class Pin:
    """A mark above the bar, in percent; several findings at one place share it."""

    at: float
    label: str
    words: str
    anchor: str
    severity: str


@record(frozen=True, slots=True)
class Track:
    """A row of the position map: what, and the stretches of the prompt where it stands, in percent."""

    kind: str
    label: str
    anchor: str
    spots: tuple[tuple[float, float], ...]


@record(frozen=True, slots=True)
class Case:
    """Everything that the page says of one exchange."""

    prefix: str
    title: str
    subtitle: str
    cause: Shown | None
    answered: bool
    findings: tuple[Shown, ...]
    command: str
    tokens: str
    band: str
    window: str
    used: float
    """Percent of the window that the prompt fills; 0 where the window is not known."""
    reserve: float
    recorded: str
    bar: tuple[Stretch, ...]
    pins: tuple[Pin, ...]
    tracks: tuple[Track, ...]
    asked: Spoken | None
    answer: Spoken | None
    error: str
    """What the provider answered instead, where it answered with an error."""
    vouched: bool
    """Whether every question about the answer is ok or does not apply."""
    steps: tuple[Cell, ...]
    matrix: Matrix | None
    sentences: tuple[Sentence, ...]
    cited: tuple[Returned, ...]
    """The citations that the provider returned."""
    cited_more: int
    turns: tuple[Turn, ...]
    blocks: tuple[Block, ...]
    provenance: tuple[tuple[str, Markup], ...]
    settings: tuple[tuple[str, Markup], ...]
    not_checked: tuple[tuple[str, str], ...]
    left_out: tuple[tuple[str, str], ...]
    """Sections that are not there, and why."""


def case(examined: Examined, report: Report, prefix: str, budget: Budget) -> Case:
    """Gather everything; what a section needs and does not have is named in `left_out`."""
    snapshot, prompt = examined.snapshot, examined.analysis.prompt
    marks = marks_of(examined, prefix)
    shown = tuple(
        _finding(finding, number, examined, report, prefix) for number, finding in enumerate(examined.findings, 1)
    )
    parts = blocks(examined, prefix, marks, budget)
    sourced, missing = sourced_of(examined)
    grid = matrix(sourced, prefix) if sourced is not None else None
    cited, cited_more = returned(sourced) if sourced is not None and snapshot.has_response else ((), 0)
    said = (
        tuple(sentences(sourced, prefix, disputed(examined))) if sourced is not None and snapshot.has_response else ()
    )
    session = [other for other in report.examined if snapshot.session and other.snapshot.session == snapshot.session]
    over_time = tuple(turns(session, examined))
    cause = likely_cause(examined.findings)
    window = examined.analysis.window
    used = min(100.0, prompt.total.value * 100 / window.tokens) if window else 0.0
    reserve = min(100.0 - used, (snapshot.settings.max_output or 0) * 100 / window.tokens) if window else 0.0
    where = pointer_text(snapshot.pointer)
    return Case(
        prefix=prefix, title=shown_path(snapshot.path),
        subtitle=clean_line(" · ".join(word for word in (
            snapshot.format, snapshot.provider or "", snapshot.model or "model not named", f"at {where}" if where else "") if word)),
        cause=next((item for item, finding in zip(shown, examined.findings, strict=True) if finding is cause), None),
        answered=snapshot.has_response, findings=shown, command=_command(snapshot.path, cause),
        tokens=f"{'' if prompt.total.exact else '~'}{prompt.total.value:,}",
        band=certainty(prompt.total, named=model_named(examined.analysis)),
        window="" if window is None else f"{window.tokens:,}{window.qualifier} ({excerpt(window.source, 60)})",
        used=used, reserve=reserve, recorded=provider_count(examined), bar=tuple(stretches(parts)), pins=tuple(_pins(shown)),
        tracks=tuple(_tracks(examined, shown, parts, prefix)),
        asked=asked(examined, prefix), answer=answered(examined, cause, prefix),
        error=excerpt(snapshot.error.message, 400) if snapshot.error is not None else "", vouched=explained(examined), steps=cells(examined),
        matrix=grid, sentences=said, cited=cited, cited_more=cited_more, turns=over_time, blocks=tuple(parts), provenance=tuple(provenance(examined)),
        settings=tuple(parameters(snapshot.parameters)),
        not_checked=tuple((code, clean_line(reason)) for code, reason in examined.not_checked),
        left_out=tuple(left_out(grid, said, over_time, missing, answered=snapshot.has_response)),
    )  # fmt: skip


def _command(path: str, cause: Finding | None) -> str:
    verb = "inspect" if cause is None else "freeze"
    return f"ctxdebug {verb} {shlex.quote(shown_path(path))}"


def _finding(finding: Finding, number: int, examined: Examined, report: Report, prefix: str) -> Shown:
    path = shown_path(finding.path).replace("\\", "\\\\").replace('"', '\\"')
    return Shown(
        anchor=f"{prefix}f{number}", number=number, code=finding.code, name=finding.name, severity=finding.severity.word,
        symbol=SEVERITY_MARKS[finding.severity], confidence=finding.confidence.word, family=family_row(finding),
        step=f"step {finding.step.value}, {finding.step.title.lower()}", message=chips(clean_line(finding.message)),
        why=finding.why, fix=chips(finding.fix.replace("\n", " ")),
        quotes=tuple(_quotes(finding, examined, prefix)), more=max(0, len(finding.evidence) - 4),
        suppress=f'[[ignores]]\ncodes = ["{finding.code}"]\npath = "{path}"\nreason = "…"',
        spots=tuple(_spots(finding, examined)), fails=report.fails(finding),
        proof=clean_line(finding.proof.sentence) if finding.proof is not None else "",
    )  # fmt: skip


def _quotes(finding: Finding, examined: Examined, prefix: str) -> list[Quote]:
    """Return the first exhibits: the values that the finding turns on are marked, else the words in which two sides differ."""
    exhibits, held = finding.evidence[:4], values(finding)
    texts = [
        exhibit.text if len(exhibit.text) <= _LONGEST_QUOTE else exhibit.text[:_LONGEST_QUOTE] + " …"
        for exhibit in exhibits
    ]
    spots = [spotted(text, held) for text in texts]
    markups = [
        chips(text) if spot is None else marked(text, [(*spot, "d")]) for text, spot in zip(texts, spots, strict=True)
    ]
    if len(texts) == 2 and not any(spots) and all(exhibit.segment for exhibit in exhibits):
        markups = list(contrasted(texts[0], texts[1]))
    return [Quote(clean_line(exhibit.note), _where(exhibit), _anchor(exhibit, examined, prefix), markup)
            for exhibit, markup in zip(exhibits, markups, strict=True)]  # fmt: skip


def _where(exhibit: Exhibit) -> str:
    place = f":{exhibit.place.line}:{exhibit.place.column}" if exhibit.place else f" {clean_line(exhibit.pointer)}"
    return f"{shown_path(exhibit.path)}{place}"


def _anchor(exhibit: Exhibit, examined: Examined, prefix: str) -> str:
    own = exhibit.segment is not None and exhibit.path == examined.snapshot.path and _has(examined, exhibit.segment)
    return f"{prefix}{exhibit.segment}" if own else ""


def _has(examined: Examined, segment: str) -> bool:
    return segment in examined.analysis.prompt.segments or any(
        part.id == segment for part in examined.snapshot.answer_segments()
    )


def _spots(finding: Finding, examined: Examined) -> list[tuple[float, float]]:
    """Where evidence stands in the prompt: its share of its segment, in characters."""
    prompt, found = examined.analysis.prompt, []
    lengths = {segment.id: max(1, len(segment.text)) for segment in examined.analysis.segments}
    for exhibit in finding.evidence:
        if exhibit.segment not in prompt.segments or exhibit.segment not in lengths:
            continue
        start, end = prompt.share(exhibit.segment)
        span, length = end - start, lengths[exhibit.segment]
        left = start + span * min(1.0, exhibit.start / length)
        found.append((round(left * 100, 3), round(max(0.0, (exhibit.end - exhibit.start) / length * span) * 100, 3)))
    return found


def _pins(shown: Sequence[Shown]) -> list[Pin]:
    """One pin a place, the worst finding of the place first (findings come in that order)."""
    places: list[tuple[float, list[Shown]]] = []
    for item in shown:
        if not item.spots:
            continue
        at = min(98.8, max(1.2, item.spots[0][0]))
        near = next((found for place, found in places if abs(place - at) < _NEAR), None)
        if near is None:
            places.append((at, [item]))
        else:
            near.append(item)
    return [
        Pin(
            at, f"{found[0].number}{'+' if len(found) > 1 else ''}",
            f"{', '.join(f'{item.number} {item.code}' for item in found)} at {at:.0f} percent", found[0].anchor, found[0].severity,
        )
        for at, found in sorted(places, key=lambda place: place[0])
    ]  # fmt: skip


def _tracks(examined: Examined, shown: Sequence[Shown], parts: Sequence[Block], prefix: str) -> list[Track]:
    prompt, question = examined.analysis.prompt, examined.analysis.question
    found = []
    orders = [block for block in parts if block.role in {"system", "developer"} and block.tokens]
    if orders:
        found.append(
            Track(
                "order",
                "instructions",
                orders[0].anchor,
                tuple((block.start, block.end - block.start) for block in orders),
            )
        )
    if question is not None and question.id in prompt.segments:
        start, end = prompt.share(question.id)
        found.append(Track("question", "the question", f"{prefix}{question.id}", ((start * 100, (end - start) * 100),)))
    documents = [block for block in parts if block.role == "document" and block.tokens]
    found += [
        Track("source", block.what, block.anchor, ((block.start, block.end - block.start),)) for block in documents[:12]
    ]
    found += [
        Track(item.severity, f"{item.symbol} {item.code} {item.name}", item.anchor, item.spots)
        for item in shown
        if item.spots
    ]
    return found[:_MOST_ROWS]
