"""The token ledger of one exchange: block by block, counted or estimated, against what was recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctxdebug.analysis.truncation.examined import prompt_read_in_full
from ctxdebug.tokens.count import Count

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis
    from ctxdebug.analysis.budget.cost import Cost


@dataclass(frozen=True, slots=True)
class Line:
    """One block: a segment, the tool schemas, or the framing."""

    id: str
    what: str
    count: Count


@dataclass(frozen=True, slots=True)
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


def budget(analysis: Analysis) -> Budget:
    """Add everything up, and say whether the provider's figure agrees."""
    prompt, snapshot, window = analysis.prompt, analysis.snapshot, analysis.window
    lines = []
    if snapshot.tools:
        lines.append(Line("tools", f"{len(snapshot.tools)} tool schemas", prompt.tools))
    for segment in snapshot.segments():
        what = f"{segment.role.value} {segment.kind.value}"
        if segment.document is not None:
            what = f"document {segment.document.id or segment.document.title or ''}".strip()
        lines.append(Line(segment.id, what, prompt.segments[segment.id]))
    framing = prompt.total.value - sum(line.count.value for line in lines)
    lines.append(
        Line(
            "framing",
            "roles, separators, the start of the answer",
            Count(framing, framing, framing, prompt.total.exact),
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
    )


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
