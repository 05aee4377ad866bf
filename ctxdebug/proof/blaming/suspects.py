"""The suspects of a failure: what the findings point at first, then the other parts of the context."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.cases.body_edits import stretch_of
from ctxdebug.cases.proposal import explaining
from ctxdebug.model import Kind, RepairKind, Severity
from ctxdebug.proof.units import Cut, Level, Unit, UnitKind, units_of
from ctxdebug.records import record
from ctxdebug.text.printable import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ctxdebug.engine.run import RunOptions
    from ctxdebug.model import Finding, Segment
    from ctxdebug.proof.request import Request

_SHOWN = 90
_FEWEST_DOCUMENTS = 2
_ADDING = frozenset({RepairKind.ADD_INSTRUCTION, RepairKind.CHANGE_SETTING, RepairKind.RESTORE_CONTENT})


@record(frozen=True, slots=True)
class Suspect:
    """A part of the context, as one unit, with the rules whose findings point at it."""

    unit: Unit
    codes: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    """The fingerprints of these findings."""

    @property
    def label(self) -> str:
        """What it is, with its words."""
        return self.unit.label


def suspects_of(
    request: Request, findings: Sequence[Finding], run: RunOptions
) -> tuple[tuple[Suspect, ...], tuple[Unit, ...]]:
    """Return the suspects that findings name, the best explanation first, and all other parts of the context.

    A finding about what is missing, which only an added sentence repairs, names none.
    """
    parts = parts_of(request, run)
    segments = {segment.id: segment for segment in request.snapshot(run).segments()}
    found: dict[tuple[Cut, ...], Suspect] = {}
    for finding in _ordered(findings):
        for unit in _named(finding, segments, parts):
            known = found.get(unit.cuts)
            codes = dict.fromkeys([*(known.codes if known else ()), finding.code])
            prints = dict.fromkeys([*(known.findings if known else ()), finding.fingerprint])
            found[unit.cuts] = Suspect(known.unit if known else unit, tuple(codes), tuple(prints))
    chosen = tuple(found.values())
    others = tuple(part for part in parts if not any(overlaps(part.cuts, suspect.unit.cuts) for suspect in chosen))
    return chosen, others


def parts_of(request: Request, run: RunOptions) -> tuple[Unit, ...]:
    """Return the parts that a context is compared by: messages, calls, tools, settings, and its documents, else its sentences.

    A message that documents or sentences make up is none of them.
    """
    coarse = units_of(request, Level.MESSAGES, run)
    blocks = units_of(request, Level.BLOCKS, run)
    documents = [unit for unit in blocks if unit.kind is UnitKind.DOCUMENT]
    fine = documents if len(documents) >= _FEWEST_DOCUMENTS else units_of(request, Level.SENTENCES, run)
    whole = [unit for unit in coarse if not any(overlaps(unit.cuts, other.cuts) for other in fine)]
    return (*whole, *fine)


def overlaps(some: Iterable[Cut], others: Iterable[Cut]) -> bool:
    """Whether two edits touch the same characters or values."""
    held = tuple(others)
    return any(_touch(one, other) for one in some for other in held)


def _touch(one: Cut, other: Cut) -> bool:
    shorter, longer = sorted((one, other), key=lambda cut: len(cut.path))
    if longer.path[: len(shorter.path)] != shorter.path:
        return False
    if one.span is None or other.span is None or one.path != other.path:
        return True
    return one.span[0] < other.span[1] and other.span[0] < one.span[1]


def _ordered(findings: Sequence[Finding]) -> list[Finding]:
    first = explaining(findings)
    ordered = first + [one for one in findings if one not in first and one.severity > Severity.NOTE]
    return [one for one in ordered if not one.repairs or any(repair.kind not in _ADDING for repair in one.repairs)]


def _named(finding: Finding, segments: dict[str, Segment], parts: Sequence[Unit]) -> Iterator[Unit]:
    """Yield what a finding points at: the text that its repair would take out, else what its evidence stands in."""
    removed = [
        (name, repair.span)
        for repair in finding.repairs
        if repair.kind in (RepairKind.REMOVE_BLOCK, RepairKind.REPLACE_TEXT) and not repair.text
        for name in repair.segments
    ]
    shown = [(exhibit.segment, (exhibit.start, exhibit.end)) for exhibit in finding.evidence if exhibit.segment]
    for name, span in removed or shown:
        segment = segments.get(name)
        if segment is not None:
            unit = _unit(segment, span, parts, exact=bool(removed))
            if unit is not None:
                yield unit


def _unit(segment: Segment, span: tuple[int, int] | None, parts: Sequence[Unit], *, exact: bool) -> Unit | None:
    """Return the part that a stretch of a segment is in; the stretch itself where just that would be taken out."""
    stretch = stretch_of(segment)
    if stretch is None:
        return None
    start, end = span or (0, len(segment.text))
    cut = Cut(stretch.path, (stretch.start + start, stretch.start + end))
    if exact and span is not None:
        label = (
            f"text in {segment.document.id or 'a document'}"
            if segment.document is not None
            else f"{segment.role.value} text"
        )
        return Unit(
            f"{segment.id}:{start}", UnitKind.SENTENCE, f"{label}: {excerpt(segment.text[start:end], _SHOWN)}", (cut,)
        )
    held = [part for part in parts if overlaps(part.cuts, (cut,))]
    if len(held) == 1 or (held and segment.kind is Kind.DOCUMENT):
        return held[0]
    return None
