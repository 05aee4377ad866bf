"""The token table of one exchange: block by block, counted or estimated, against what was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.truncation.examined import prompt_read_in_full
from ctxdebug.model import Kind
from ctxdebug.records import record
from ctxdebug.segmentation.block_names import block_names
from ctxdebug.text.plural import plural
from ctxdebug.tokens.count import Count

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis
    from ctxdebug.analysis.budget.cost import Cost
    from ctxdebug.model import Segment


@record(frozen=True, slots=True)
class Line:
    """One block: a segment, the tool schemas, or the framing."""

    id: str
    what: str
    count: Count
    name: str
    """What a person calls it, and `--what-if drop=` takes."""


@record(frozen=True, slots=True)
class Budget:
    """The budget of one prompt."""

    lines: tuple[Line, ...]
    total: Count
    estimable: bool
    why_not: str
    recorded: int | None
    window: int | None
    window_source: str
    input_limit: int | None
    """Where the provider caps the prompt below the window."""
    reserve: int
    left: int | None
    """What the window and the input limit still hold beside the prompt and the reserve; below zero when it does not fit."""
    cost: Cost | None
    verdict: str
    named: bool = True
    """Whether the capture, or the caller, names the model."""


def model_named(analysis: Analysis) -> bool:
    """Whether the capture, or the caller, names the model."""
    snapshot = analysis.snapshot
    return bool(analysis.options.model or snapshot.model or snapshot.answered_by)


def budget(analysis: Analysis) -> Budget:
    """Add everything up, and say whether the provider's figure agrees."""
    prompt, snapshot, window = analysis.prompt, analysis.snapshot, analysis.window
    lines = []
    if snapshot.tools:
        lines.append(Line("tools", plural(len(snapshot.tools), "tool schema"), prompt.tools, "tools"))
    names = block_names(snapshot)
    lines += [
        Line(segment.id, _what(segment), prompt.segments[segment.id], names[segment.id])
        for segment in snapshot.segments()
    ]
    framing = prompt.total.value - sum(line.count.value for line in lines)
    lines.append(
        Line(
            "framing",
            "roles and separators",
            Count(framing, framing, framing, prompt.total.exact),
            "framing",
        )
    )
    usage = snapshot.usage
    recorded = usage.prompt if usage else None
    reserve = snapshot.settings.max_output or 0
    used = recorded if recorded is not None else prompt.total.value
    return Budget(
        tuple(lines),
        prompt.total,
        prompt.estimable,
        prompt.why_not,
        recorded,
        window.tokens if window else None,
        window.source if window else "",
        window.max_input if window else None,
        reserve,
        window.free(used, reserve) if window else None,
        analysis.cost,
        _verdict(analysis, recorded),
        model_named(analysis),
    )


def _what(segment: Segment) -> str:
    """Return what a block is, in words."""
    if segment.document is not None:
        title = segment.document.title
        return title if title and segment.document.id else "document"
    if segment.call is not None:
        return f"call of {segment.call.name}"
    if segment.kind is Kind.TOOL_RESULT:
        return f"result of {segment.tool or 'a tool'}"
    return f"{segment.role.value} {segment.kind.value}"


def _verdict(analysis: Analysis, recorded: int | None) -> str:
    total = analysis.prompt.total
    lost = analysis.truncation
    if isinstance(lost, str):
        return f"not compared: {lost}"
    if lost is not None:
        return f"{lost.summary}{f'; {lost.told}' if lost.told else ''}"
    if recorded is None:
        return "not compared: there is no recorded count"
    if recorded > total.high:
        return f"the provider counted {recorded - total.high:,} more than this prompt can explain: something was added on its side"
    if total.exact:
        return "the provider processed the whole prompt"
    examined = prompt_read_in_full(analysis)
    return f"not compared: {examined.reason}" if not examined.checked else "about what was sent: no sign of a loss"
