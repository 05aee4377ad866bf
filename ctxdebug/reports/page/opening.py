"""The first thing on a case's page: what was asked, what was answered with the disputed words marked, the steps in cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.model import Kind, Severity
from ctxdebug.questions import Question, Step, Verdict
from ctxdebug.records import record
from ctxdebug.reports.evidence import block_name, spotted, values
from ctxdebug.reports.page.chips import chips, marked
from ctxdebug.reports.verdict_marks import counts, detail, mark, of_step
from ctxdebug.text.printable import clean_line

if TYPE_CHECKING:
    from markupsafe import Markup

    from ctxdebug.engine.report import Examined
    from ctxdebug.model import Finding

_LONGEST = 900
_ABOUT_WHAT_IS_TRUE = frozenset({Question.SOURCES_AGREE, Question.ANSWER_SUPPORTED})
_STYLES = {"✓": "fine", "✗": "s-error", "!": "s-warning", "·": "s-note", "◐": "open", "?": "open", "–": "quiet"}


@record(frozen=True, slots=True)
class Line:
    """A question with its verdict."""

    symbol: str
    style: str
    verdict: str
    statement: str
    detail: str


@record(frozen=True, slots=True)
class Cell:
    """A step as one cell: its verdicts in brief, and in full."""

    number: int
    title: str
    counts: tuple[tuple[str, str], ...]
    """(text, class) of the summary's parts."""
    lines: tuple[Line, ...]


@record(frozen=True, slots=True)
class Spoken:
    """What was asked or answered, with the place of the block that holds it."""

    text: Markup
    anchor: str
    where: str


def cells(examined: Examined) -> tuple[Cell, ...]:
    """Return the five steps."""
    found = []
    for step in Step:
        held = of_step(examined.steps, step)
        brief = tuple((part.strip(), _STYLES.get(part.strip()[:1], "")) for part, _ in counts(held))
        lines = tuple(
            Line(sign, _STYLES[sign], answer.verdict.value, answer.question.statement, clean_line(detail(answer)))
            for answer in held
            for sign, _ in [mark(answer)]
        )
        found.append(Cell(int(step), step.title, brief, lines))
    return tuple(found)


def asked(examined: Examined, prefix: str) -> Spoken | None:
    """Return the user's last message."""
    segment = examined.analysis.question
    if segment is None:
        return None
    return Spoken(chips(_cut(segment.text.strip())), f"{prefix}{segment.id}", block_name(examined, segment.id))


def disputed(examined: Examined) -> list[tuple[int, int, str]]:
    """(start, end, code) of the answer's characters that findings dispute; the answer's text parts are joined by a line end."""
    offsets, total = {}, 0
    for part in examined.snapshot.answer_segments():
        if part.kind is Kind.TEXT:
            offsets[part.id] = total
            total += len(part.text) + 1
    found = []
    for finding in examined.findings:
        spans = [
            (offsets[one.segment] + one.start, offsets[one.segment] + one.end)
            for one in finding.evidence
            if one.segment in offsets and one.path == examined.snapshot.path and one.start < one.end
        ]
        if not spans and finding.severity is Severity.ERROR and finding.question in _ABOUT_WHAT_IS_TRUE:
            spot = spotted(examined.analysis.answer, values(finding))
            spans = [spot] if spot is not None else []
        found += [(start, end, finding.code) for start, end in spans]
    return found


def answered(examined: Examined, cause: Finding | None, prefix: str) -> Spoken | None:
    """Return the answer's text, with the words marked that the likely cause, or else any finding, disputes."""
    parts = [part for part in examined.snapshot.answer_segments() if part.kind is Kind.TEXT and part.text.strip()]
    if not parts:
        return None
    text = examined.analysis.answer
    spans = [
        (start, end, "ee")
        for start, end, code in disputed(examined)
        if end - start < len(text) and (cause is None or code == cause.code)
    ]
    narrowed = []
    for start, end, kind in spans:
        inside = spotted(text[start:end], values(cause)) if cause is not None else None
        narrowed.append((start + inside[0], start + inside[1], kind) if inside else (start, end, kind))
    if not narrowed and cause is not None and (spot := spotted(text, values(cause))) is not None:
        narrowed = [(*spot, "ee")]
    return Spoken(marked(_cut(text), narrowed), f"{prefix}{parts[0].id}", "the answer")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + " …"


def explained(examined: Examined) -> bool:
    """Whether every question about the answer is ok or does not apply."""
    return all(
        answer.verdict in {Verdict.OK, Verdict.NOT_APPLICABLE}
        for answer in examined.steps
        if answer.question.value in {"answer-supported", "instructions-kept"}
    )
