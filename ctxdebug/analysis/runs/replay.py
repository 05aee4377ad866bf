"""What a run sends again: the tokens of all its prompts against those that were new, and which texts they are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctxdebug.records import record

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis
    from ctxdebug.analysis.runs.unrolled import Call
    from ctxdebug.model import Segment


@record(frozen=True, slots=True)
class Resent:
    """A segment that `times` calls read after the first."""

    segment: Segment
    tokens: int
    times: int

    @property
    def total(self) -> int:
        """Tokens that sending it again took."""
        return self.tokens * self.times


@record(frozen=True, slots=True)
class Replay:
    """Tokens of a run. `unseen` is the part of each prompt that the capture does not hold (a system prompt, tools)."""

    calls: int
    sent: int
    unique: int
    cached: int | None
    """Tokens that the provider read from its cache; None where it was never recorded."""
    unseen: int

    @property
    def factor(self) -> float:
        """How often each token was sent, on average."""
        return self.sent / max(1, self.unique)

    @property
    def full_price(self) -> int:
        """Tokens that were sent again and that no cache is known to have served."""
        return max(0, self.sent - self.unique - (self.cached or 0))


def replay(calls: Sequence[Call]) -> Replay:
    """Return what the calls of one context sent, together."""
    recorded = [call for call in calls if call.recorded]
    unseen = max(0, min((call.sent - call.counted for call in recorded), default=0))
    reads = [call.usage.cache_read for call in recorded if call.usage is not None and call.usage.cache_read is not None]
    unique = (calls[-1].counted if calls else 0) + unseen
    return Replay(len(calls), sum(call.sent for call in calls), unique, sum(reads) if reads else None, unseen)


def resent(analysis: Analysis, calls: Sequence[Call]) -> list[Resent]:
    """Return the segments that were sent more than once, those that took the most tokens first."""
    reads = sorted(call.read for call in calls)
    found = []
    for message in analysis.snapshot.messages:
        times = len(reads) - bisect_right(reads, message.index) - 1
        if times < 1:
            break
        for segment in message.segments:
            tokens = analysis.prompt.segments[segment.id].value
            if tokens:
                found.append(Resent(segment, tokens, times))
    return sorted(found, key=lambda one: -one.total)
