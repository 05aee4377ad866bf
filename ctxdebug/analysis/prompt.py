"""What the prompt costs in tokens: whole, and segment by segment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ctxdebug.tokens.counting import Count, Counter

if TYPE_CHECKING:
    from ctxdebug.analysis.options import AnalysisOptions
    from ctxdebug.model import Snapshot
    from ctxdebug.models import ModelInfo
    from ctxdebug.tokens.memo import Memo

_FALLBACK = "o200k_base"
_BAND = (0.75, 1.6)


@dataclass(frozen=True, slots=True)
class Prompt:
    """Token counts of a prompt. `starts` are the tokens that stand before each segment."""

    segments: Mapping[str, Count]
    starts: Mapping[str, int]
    tools: Count
    total: Count
    estimable: bool
    why_not: str = ""

    def share(self, segment: str) -> tuple[float, float]:
        """Where a segment begins and ends, as shares of the whole prompt, 0 to 1."""
        whole = max(1, self.total.value)
        start = self.starts[segment]
        return min(1.0, start / whole), min(1.0, (start + self.segments[segment].value) / whole)

    def to_end(self, segment: str) -> int:
        """Tokens from the end of a segment to the end of the prompt."""
        return max(0, self.total.value - self.starts[segment] - self.segments[segment].value)


@lru_cache(maxsize=8)
def counter(encoding: str, memo: Memo | None) -> Counter:
    """The one counter of an encoding in this process."""
    return Counter(encoding, memo)


def prompt(snapshot: Snapshot, model: ModelInfo | None, options: AnalysisOptions) -> Prompt:
    """Count every segment, the tools and the framing."""
    exact = model is not None and model.tokenizer_exact and model.tokenizer is not None
    encoding = model.tokenizer if exact and model is not None and model.tokenizer else _FALLBACK
    counts = counter(encoding, options.memo)

    def of(text: str) -> Count:
        number = counts.count(text)
        return Count.exactly(number) if exact else Count.estimate(number, number * _BAND[0], number * _BAND[1])

    segments = {segment.id: of(segment.text) for segment in snapshot.segments()}
    tools = sum((of(tool.text) for tool in snapshot.tools if not tool.deferred), Count.exactly(0))
    framing = Count.exactly(4 * len(snapshot.messages) + 3)
    starts: dict[str, int] = {}
    at = tools.value
    for message in snapshot.messages:
        at += 4
        for segment in message.segments:
            starts[segment.id] = at
            at += segments[segment.id].value
    total = sum(segments.values(), tools + framing)
    if not exact or snapshot.tools:
        total = Count.estimate(total.value, total.low * 0.9, total.high * 1.1 + 800 * bool(snapshot.tools))
    why = "; ".join(dict.fromkeys(unseen.what for unseen in snapshot.unseen))
    return Prompt(segments, starts, tools, total, not why, why)
