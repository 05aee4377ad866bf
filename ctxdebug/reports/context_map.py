"""The context map: every message and document as a row, drawn to scale."""

from __future__ import annotations

from ctxdebug.analysis import Analysis
from ctxdebug.model import Authority, Kind, Message, Role, Segment
from ctxdebug.records import record
from ctxdebug.text.plural import plural
from ctxdebug.text.printable import excerpt

_BLOCKS = " ▏▎▍▌▋▊▉█"
_MOST_ROWS = 36
_MOST_PARTS = 8
"""Documents of one message that have rows of their own; equal to the eye, so more are folded."""


@record(frozen=True, slots=True)
class Row:
    """One row. `start` and `end` are shares of the prompt, 0 to 1; `depth` is 1 for a part of the row above."""

    who: str
    what: str
    tokens: int
    exact: bool
    start: float
    end: float
    authority: str
    trust: str
    provenance: str
    depth: int = 0
    messages: int = 1
    """More than one for a row that stands for messages left out."""


def rows(analysis: Analysis, most: int = _MOST_ROWS) -> list[Row]:
    """Return the rows of a prompt, about `most` of them: equal parts and the middle are folded, the question never is."""
    asked = analysis.question
    messages = analysis.snapshot.messages
    grouped = [_folded(_rows_of(message, analysis)) for message in messages]
    questions = {number for number, one in enumerate(messages) if asked is not None and asked in one.segments}
    shown = grouped if sum(map(len, grouped)) <= most else _around(grouped, questions, most)
    return [*_tools(analysis), *(row for group in shown for row in group)]


def _folded(group: list[Row]) -> list[Row]:
    """Return a message's row and those of its parts; a long run of parts keeps its ends."""
    head, parts = group[0], group[1:]
    if len(parts) <= _MOST_PARTS:
        return group
    left, right = parts[: _MOST_PARTS - 2], parts[-1:]
    return [head, *left, _fold(parts[len(left) : -1], "documents", depth=1), *right]


def _around(grouped: list[list[Row]], questions: set[int], most: int) -> list[list[Row]]:
    """Return the first and last groups and those of the question; every run between them becomes one row."""
    kept, room = set(questions), most - sum(len(grouped[number]) for number in questions)
    order = [number for pair in zip(range(len(grouped)), reversed(range(len(grouped))), strict=True) for number in pair]
    for number in dict.fromkeys(order):
        if number in kept:
            continue
        room -= len(grouped[number])
        if room < 2:
            break
        kept.add(number)
    shown: list[list[Row]] = []
    run: list[Row] = []
    for number, group in enumerate(grouped):
        if number in kept:
            if run:
                shown.append([_fold(run, "messages")])
                run = []
            shown.append(group)
        else:
            run.append(group[0])
    return [*shown, [_fold(run, "messages")]] if run else shown


def _fold(rows: list[Row], what: str, depth: int = 0) -> Row:
    """One row in place of several."""
    return Row(
        "…", f"{len(rows)} {what}", sum(row.tokens for row in rows), all(row.exact for row in rows),
        min(row.start for row in rows), max(row.end for row in rows), "", "", "", depth, len(rows),
    )  # fmt: skip


def _tools(analysis: Analysis) -> list[Row]:
    count = analysis.prompt.tools
    if not analysis.snapshot.tools:
        return []
    names = ", ".join(tool.name for tool in analysis.snapshot.tools)
    share = count.value / max(1, analysis.prompt.total.value)
    return [
        Row(
            "tools",
            excerpt(names, 60),
            count.value,
            count.exact,
            0.0,
            min(1.0, share),
            "developer",
            "trusted",
            "declared",
        )
    ]


def _rows_of(message: Message, analysis: Analysis) -> list[Row]:
    prompt, segments = analysis.prompt, message.segments
    if not segments:
        return [Row(excerpt(message.captured_role, 24), "(empty)", 0, True, 0.0, 0.0, "", "", "")]
    counts = [prompt.segments[segment.id] for segment in segments]
    start, end = prompt.share(segments[0].id)[0], prompt.share(segments[-1].id)[1]
    lead = next((segment for segment in segments if segment.authority is not Authority.NONE), segments[0])
    whole = Row(
        excerpt(message.captured_role, 24), describe(message), sum(count.value for count in counts), all(count.exact for count in counts),
        start, end, _authority(lead), lead.trust.value, lead.provenance.value,
    )  # fmt: skip
    parts = [segment for segment in segments if segment.kind is Kind.DOCUMENT or segment.quoted]
    return [whole, *(_part(segment, analysis) for segment in parts)]


def _part(segment: Segment, analysis: Analysis) -> Row:
    count = analysis.prompt.segments[segment.id]
    start, end = analysis.prompt.share(segment.id)
    return Row(name_of(segment), dated(segment), count.value, count.exact, start, end,
               _authority(segment), segment.trust.value, segment.provenance.value, depth=1)  # fmt: skip


def _authority(segment: Segment) -> str:
    return "no authority" if segment.authority is Authority.NONE else segment.authority.name.lower()


def name_of(segment: Segment) -> str:
    """Return a document's id or title, or what the segment is."""
    document = segment.document
    if document is not None:
        return excerpt(document.id or document.title or document.url or "document", 40)
    return "quotation" if segment.quoted else segment.kind.value


def dated(segment: Segment) -> str:
    """Return a document's title and date, where it has them."""
    document = segment.document
    if document is None:
        return excerpt(segment.text, 40)
    title = document.title if document.id and document.title != document.id else None
    words = [excerpt(title, 40)] if title else []
    return " · ".join(words + ([excerpt(document.date, 24)] if document.date else []))


def describe(message: Message) -> str:
    """Return what a message is, in a few words."""
    documents = sum(segment.kind is Kind.DOCUMENT for segment in message.segments)
    calls = [segment.call.name for segment in message.segments if segment.call]
    if calls:
        return excerpt("calls " + ", ".join(calls), 60)
    first = message.segments[0]
    parts = plural(documents, "document") if documents else ""
    if message.role is Role.TOOL or first.call_id:
        name = first.tool or "a tool"
        return excerpt(f"{name} → {parts or 'result'}", 60)
    media = [segment.media.type for segment in message.segments if segment.media]
    text = excerpt(next((segment.text for segment in message.segments if segment.text.strip()), ""), 60)
    return " + ".join([part for part in (f"“{text}”" if text else "", parts, ", ".join(media)) if part])


def bar(start: float, end: float, width: int) -> str:
    """Return a stretch of a line of `width` cells, in eighths of a cell."""
    left, right = start * width, end * width
    cells = []
    for cell in range(width):
        filled = max(0.0, min(right, cell + 1) - max(left, cell))
        cells.append(_BLOCKS[max(1, round(filled * 8)) if filled > 0.04 else 0])
    text = "".join(cells)
    if not text.strip() and end > start:
        at = min(width - 1, int(left))
        text = text[:at] + "▏" + text[at + 1 :]
    return text
