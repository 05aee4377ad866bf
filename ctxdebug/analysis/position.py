"""Where the question, the instructions and the best passage stand in a long prompt, against what helps a model to use them.

Two sources, and neither is a law: models use the middle of a long context least (Liu et al. 2023, "Lost in the Middle",
arXiv:2307.03172, figures 1 and 5), and vendors say where to put what (rows of `ctxdebug.models.providers.placement`). They
disagree with each other, and newer models suffer less.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints import Target
from ctxdebug.model import Kind, Provenance, Role, Segment
from ctxdebug.models.providers import Placement, placement
from ctxdebug.records import record
from ctxdebug.text.abstention import declines

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis
    from ctxdebug.analysis.constraints.entry import Entry
    from ctxdebug.analysis.sources.source import Passage

LONG = 8000
"""Tokens of prompt from which the place of a thing is worth a word."""
_MIDDLE = (0.25, 0.75)
_BEHIND = 0.5
"""Share of the prompt that must stand behind a question to call it far from the end."""
_COVERED = 0.6
_AHEAD = 0.15
"""How much better than every other source the best must cover the question."""


@record(frozen=True, slots=True)
class Overlooked:
    """The source that covers the question best stands in the middle, and the answer does not use it."""

    source: int
    passage: Passage
    share: float
    """Where it stands, 0 (front) to 1 (end)."""
    coverage: float
    declined: bool


def overlooked(analysis: Analysis) -> Overlooked | None:
    """Return the best source, if it is in the middle of a long prompt and was passed over."""
    if analysis.prompt.total.low < LONG or not analysis.answer or analysis.options.facts:
        return None
    facts = analysis.sourced
    examined = facts.examination
    if not facts.retrieved or facts.hidden or examined.question is None:
        return None
    best = _best(analysis)
    if best is None:
        return None
    source, covered = best
    segment = facts.segments[source]
    declined = declines(analysis.answer) is not None
    if segment is None or not (declined or (examined.used and source not in examined.used)):
        return None
    start, end = analysis.prompt.share(segment.id)
    middle = (start + end) / 2
    if not _MIDDLE[0] < middle < _MIDDLE[1]:
        return None
    from ctxdebug.analysis.sources.source import Passage

    return Overlooked(source, Passage(source, 0, len(segment.text)), middle, covered, declined)


def _best(analysis: Analysis) -> tuple[int, float] | None:
    """Return the one source that covers the question well, and clearly better than any other."""
    from ctxdebug.analysis.sources.question import coverage

    examined = analysis.sourced.examination
    if examined.question is None or len(examined.question.stems) < 3:
        return None
    covered: list[tuple[float, int]] = []
    for number in range(len(examined.sources)):
        stems: frozenset[str] = frozenset().union(*(one.stems for one in examined.corpus.of(number)))
        covered.append((coverage(examined.question, stems), number))
    covered.sort(reverse=True)
    if len(covered) < 2 or covered[0][0] < _COVERED or covered[0][0] - covered[1][0] < _AHEAD:
        return None
    return covered[0][1], covered[0][0]


@record(frozen=True, slots=True)
class Far:
    """Documents stand behind the question, where the vendor wants them in front of it."""

    question: Segment
    behind: int
    """Tokens of documents behind it."""
    first: Segment
    advice: Placement


def question_far(analysis: Analysis) -> Far | None:
    """Return the question, if half of a long prompt's tokens are documents that the program put behind it."""
    advice = placement(analysis.snapshot.model)
    question, prompt = analysis.question, analysis.prompt
    if advice is None or advice.instructions != "end" or question is None:
        return None
    if prompt.total.low < max(LONG, advice.from_tokens or 0):
        return None
    order = {segment.id: number for number, segment in enumerate(analysis.segments)}
    documents = [segment for segment in analysis.segments[order[question.id] :] if _added_document(segment)]
    behind = sum(prompt.segments[segment.id].value for segment in documents)
    if not documents or behind < _BEHIND * prompt.total.value:
        return None
    return Far(question, behind, documents[0], advice)


def _added_document(segment: Segment) -> bool:
    """Return a document that the program put into a user's message; tool results come after their question by nature."""
    return (
        segment.kind is Kind.DOCUMENT and segment.role is Role.USER and segment.provenance is not Provenance.TOOL_RESULT
    )


@record(frozen=True, slots=True)
class OneEnd:
    """Instructions on one side of long documents only, where the vendor wants them on the other side, or on both."""

    entries: tuple[Entry, ...]
    documents: int
    """Tokens of documents between them and the other end."""
    side: str
    """`front` or `end`: where they stand."""
    advice: Placement


def one_ended(analysis: Analysis) -> OneEnd | None:
    """Return the instructions about the answer, if all of them stand on the wrong side of the documents."""
    advice = placement(analysis.snapshot.model)
    prompt = analysis.prompt
    if advice is None or prompt.total.low < max(LONG, advice.from_tokens or 0):
        return None
    documents = [segment for segment in analysis.segments if segment.kind is Kind.DOCUMENT]
    size = sum(prompt.segments[segment.id].value for segment in documents)
    if not documents or size < _BEHIND * prompt.total.value:
        return None
    first = prompt.starts[documents[0].id]
    last = prompt.starts[documents[-1].id] + prompt.segments[documents[-1].id].value
    about = [
        e
        for e in analysis.constraints.binding
        if e.constraint.target is Target.RESPONSE and e.constraint.type != "untyped"
    ]
    front, end = [e for e in about if e.before < first], [e for e in about if e.before >= last]
    if len(front) + len(end) < len(about) or not about:
        return None
    if not end:
        return OneEnd(tuple(front), size, "front", advice)
    if not front and advice.instructions == "both ends":
        return OneEnd(tuple(end), size, "end", advice)
    return None
