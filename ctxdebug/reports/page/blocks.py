"""The context as blocks, in the order in which it was sent: who, what, how many tokens, where, and the text itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ctxdebug.engine.report import Examined
from ctxdebug.model import Authority, Kind, Segment
from ctxdebug.records import field, record
from ctxdebug.reports.context_map import name_of
from ctxdebug.reports.page.chips import chips, numbered, weight
from ctxdebug.segmentation.block_names import block_names
from ctxdebug.text.printable import clean_line, excerpt

if TYPE_CHECKING:
    from markupsafe import Markup

COLLAPSED = 20_000
"""Characters. Longer blocks are closed until somebody opens them."""
_OPEN_IN_ALL = 60_000
_EXCERPT = 2_000
_ROLES = frozenset({"system", "developer", "user", "assistant", "tool"})


@record(slots=True)
class Budget:
    """Bytes of markup that are left for captured text, so that the page stays within its size."""

    left: int = 2_300_000
    cut: int = 0
    """Blocks that are shown in part."""


@record(frozen=True, slots=True)
class Block:
    """One segment. `start` and `end` are percent of the prompt."""

    anchor: str
    name: str
    """What a person calls it: `messages[3]`, a document's id."""
    role: str
    who: str
    what: str
    tokens: str
    start: float
    end: float
    authority: str
    trust: str
    provenance: str
    lines: int
    markup: Markup
    open: bool
    cut: str = ""
    findings: tuple[tuple[str, str], ...] = ()
    """(anchor, code) of the findings whose words stand here."""


@record(slots=True)
class Marks:
    """Which stretches of which segments are evidence of which findings."""

    spans: dict[str, list[tuple[int, int, str]]] = field(default_factory=dict)
    findings: dict[str, dict[str, str]] = field(default_factory=dict)


def marks_of(examined: Examined, prefix: str) -> Marks:
    """Return the evidence of an exchange's findings by segment; a whole segment is named and not marked."""
    marks = Marks()
    texts = {
        segment.id: segment.text for segment in (*examined.snapshot.segments(), *examined.snapshot.answer_segments())
    }
    for number, finding in enumerate(examined.findings, 1):
        for exhibit in finding.evidence:
            if exhibit.segment is None or exhibit.path != examined.snapshot.path:
                continue
            if exhibit.text != texts.get(exhibit.segment):
                marks.spans.setdefault(exhibit.segment, []).append(
                    (exhibit.start, exhibit.end, f"e{finding.severity.word[0]}")
                )
            marks.findings.setdefault(exhibit.segment, {})[f"{prefix}f{number}"] = finding.code
    return marks


def role_of(segment: Segment) -> str:
    """Return the role by which a block is coloured: documents and tool results are `tool` or `document`."""
    if segment.kind is Kind.DOCUMENT:
        return "document"
    return segment.role.value if segment.role.value in _ROLES else "other"


def blocks(examined: Examined, prefix: str, marks: Marks, budget: Budget) -> list[Block]:
    """Every block of the prompt, then the answer's."""
    snapshot, names = examined.snapshot, block_names(examined.snapshot)
    total = sum(len(segment.text) for segment in snapshot.segments())
    shown = [_block(segment, names, examined, prefix, marks, budget, total) for segment in snapshot.segments()]
    return shown + [
        _block(segment, names, examined, prefix, marks, budget, 0, answer=True)
        for segment in snapshot.answer_segments()
    ]


def _block(
    segment: Segment,
    names: dict[str, str],
    examined: Examined,
    prefix: str,
    marks: Marks,
    budget: Budget,
    total: int,
    *,
    answer: bool = False,
) -> Block:
    spans, found = marks.spans.get(segment.id, []), marks.findings.get(segment.id, {})
    text, cut = segment.text, ""
    size = weight(text)
    if size > budget.left:
        text = text[:_EXCERPT]
        cut = f"{len(segment.text) - _EXCERPT:,} more characters are left out, so that the page stays small"
        budget.cut += 1
        size = weight(text)
    markup = numbered(text, spans)
    budget.left -= size
    count = None if answer else examined.analysis.prompt.segments.get(segment.id)
    start, end = (0.0, 0.0) if answer else examined.analysis.prompt.share(segment.id)
    small = len(segment.text) <= COLLAPSED and (total <= _OPEN_IN_ALL or len(segment.text) <= _EXCERPT)
    return Block(
        anchor=f"{prefix}{segment.id}", name=names[segment.id], role=role_of(segment), who=_who(segment), what=_what(segment),
        tokens="" if count is None else f"{'' if count.exact else '~'}{count.value:,}", start=start * 100, end=end * 100,
        authority="no authority" if segment.authority is Authority.NONE else f"authority {segment.authority.name.lower()}",
        trust=segment.trust.value, provenance=segment.provenance.value, lines=text.count("\n") + 1, markup=markup,
        open=small or bool(found), cut=cut, findings=tuple(found.items()),
    )  # fmt: skip


def _who(segment: Segment) -> str:
    role = segment.role.value
    return (
        f"{role} · {segment.kind.value}" if segment.kind not in {Kind.TEXT, Kind.DOCUMENT, Kind.TOOL_RESULT} else role
    )


def _what(segment: Segment) -> str:
    if segment.call is not None:
        return clean_line(f"calls {segment.call.name}")
    if segment.document is not None or segment.quoted:
        return name_of(segment)
    if segment.tool is not None:
        return excerpt(f"result of {segment.tool}", 60)
    if segment.media is not None:
        return excerpt(segment.media.type, 60)
    return excerpt(segment.text, 60)


@record(frozen=True, slots=True)
class Stretch:
    """Part of the context bar: neighbouring blocks of one role, where each alone is too thin to see. Percent."""

    role: str
    start: float
    width: float
    title: str
    anchor: str


_THIN = 0.25


def stretches(shown: Sequence[Block], scale: float = 1.0) -> list[Stretch]:
    """Return the bar's parts; `scale` is the share of the bar that the prompt fills."""
    found: list[Stretch] = []
    for block in shown:
        if not block.tokens or block.end <= block.start:
            continue
        start, width = block.start * scale, (block.end - block.start) * scale
        last = found[-1] if found else None
        if last is not None and last.role == block.role and last.width < _THIN:
            found[-1] = Stretch(
                last.role,
                last.start,
                start + width - last.start,
                f"{last.title.partition(' (')[0]} (and more)",
                last.anchor,
            )
        else:
            found.append(
                Stretch(block.role, start, width, f"{block.who} {block.what}: {block.tokens} tokens", block.anchor)
            )
    return found


def parameters(held: Mapping[str, object]) -> list[tuple[str, Markup]]:
    """Return the request's settings as they were captured, shortened."""
    return [(clean_line(str(name)), chips(excerpt(repr(value), 300))) for name, value in held.items()]
