"""Whether the provider read less than was sent, by which law, and what was lost.

Only a recorded count below the lower edge of every plausible count speaks; inside the band nothing is
claimed. The laws come from servers' source code and users' reports, see `models/data`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctxdebug.model import Authority, Role, Segment
from ctxdebug.tokens.counting import Count

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis

_LEAST_LOST = 20
"""Tokens. A gap smaller than this is never called a loss."""


@dataclass(frozen=True, slots=True)
class Truncation:
    """A loss that the counts prove. `end` is `front`, `middle`, `back` or `unknown`."""

    recorded: int
    sent: Count
    law: str
    end: str
    lost: tuple[Segment, ...]
    told: str

    @property
    def sent_words(self) -> str:
        """The sent tokens, with `~` when they are an estimate."""
        return f"{self.sent.value:,}" if self.sent.exact else f"~{self.sent.value:,}"


def truncation(analysis: Analysis) -> Truncation | str | None:
    """The loss; None when there is none; a sentence when it cannot be told."""
    snapshot = analysis.snapshot
    if snapshot.usage is None or snapshot.usage.prompt is None:
        return "the response records no prompt tokens" if snapshot.has_response else None
    prompt = analysis.prompt
    if not prompt.estimable:
        return f"the prompt cannot be counted from the capture: {prompt.why_not}"
    if not snapshot.has_request:
        return "the request is not in the capture"
    recorded = snapshot.usage.prompt
    if recorded >= prompt.total.low - _LEAST_LOST or recorded <= 0:
        return None
    law, end = _law(analysis, recorded)
    lost = _lost(analysis, recorded) if end == "front" else ()
    return Truncation(recorded, prompt.total, law, end, lost, _told(lost, law))


def _law(analysis: Analysis, recorded: int) -> tuple[str, str]:
    """The law that gives the recorded number, and the end that it loses."""
    window = analysis.snapshot.settings.window
    for size in [window] if window else [2048, 4096, 8192, 16384, 32768, 65536, 131072]:
        if 0 <= recorded - (size // 2 + 1) <= 3:
            return f"half the window of {size:,} tokens plus {recorded - size // 2}, as Ollama keeps", "front"
        if abs(recorded - size) <= 4:
            return f"a window of {size:,} tokens", "front"
    setting = analysis.snapshot.settings.truncation
    return (f"the request allows it ({setting})" if setting else ""), "unknown"


def _lost(analysis: Analysis, recorded: int) -> tuple[Segment, ...]:
    """What an eviction from the front, that keeps a leading system message, leaves out."""
    counts = analysis.prompt.segments
    excess = analysis.prompt.total.value - recorded
    lost: list[Segment] = []
    for message in analysis.snapshot.messages:
        if message.role is Role.SYSTEM and message.index == 0 and _keeps_system(analysis, recorded):
            continue
        for segment in message.segments:
            if excess <= 0:
                return tuple(lost)
            lost.append(segment)
            excess -= counts[segment.id].value
    return tuple(lost)


def _keeps_system(analysis: Analysis, recorded: int) -> bool:
    first = analysis.snapshot.messages[0]
    return sum(analysis.prompt.segments[segment.id].value for segment in first.segments) < recorded


def _told(lost: tuple[Segment, ...], law: str) -> str:
    words = [law] if law else []
    if lost:
        messages = {segment.id.split(".")[0] for segment in lost}
        rules = any(segment.authority >= Authority.DEVELOPER for segment in lost)
        count = len(messages)
        words.append(
            f"the first {count} message{'s were' if count > 1 else ' was'} cut or never seen"
            + (", the developer's rules among them" if rules else "")
        )
    return "; ".join(words)
