"""What the prompt costs in tokens: whole, and segment by segment, as the provider would count it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ctxdebug.records import record, replace
from ctxdebug.tokens.accounting import Account, BlockKind, account
from ctxdebug.tokens.count import Count

if TYPE_CHECKING:
    from ctxdebug.analysis.options import AnalysisOptions
    from ctxdebug.model import Snapshot
    from ctxdebug.models import ModelInfo

_NOTHING = Count.exactly(0)


@record(frozen=True, slots=True)
class Prompt:
    """Token counts of a prompt. `starts` are the tokens that stand before each segment."""

    segments: Mapping[str, Count]
    starts: Mapping[str, int]
    tools: Count
    total: Count
    estimable: bool
    why_not: str = ""
    rule: str = ""
    """The accounting rule that was applied, for people."""

    def share(self, segment: str) -> tuple[float, float]:
        """Where a segment begins and ends, as shares of the whole prompt, 0 to 1."""
        whole = max(1, self.total.value)
        start = self.starts[segment]
        return min(1.0, start / whole), min(1.0, (start + self.segments[segment].value) / whole)

    def to_end(self, segment: str) -> int:
        """Tokens from the end of a segment to the end of the prompt."""
        return max(0, self.total.value - self.starts[segment] - self.segments[segment].value)


def prompt(snapshot: Snapshot, model: ModelInfo | None, options: AnalysisOptions) -> Prompt:
    """Draw up the account, and lay its blocks end to end in the order in which the model reads them."""
    drawn = counted(snapshot, model, options)
    sizes = drawn.segments()
    exact = drawn.total.exact
    segments = {segment.id: _marked(sizes.get(segment.id, _NOTHING), exact=exact) for segment in snapshot.segments()}
    tools = _marked(Count.exactly(drawn.of(BlockKind.TOOL)), exact=exact)
    return Prompt(
        segments, _starts(snapshot, drawn, segments), tools, drawn.total, drawn.estimable, drawn.why_not, drawn.rule
    )


def counted(snapshot: Snapshot, model: ModelInfo | None, options: AnalysisOptions) -> Account:
    """Count a request as the model that was asked (or is asked for by `--model`) would."""
    asked = replace(snapshot, model=options.model, answered_by=None) if options.model else snapshot
    configured = model.tokenizer if model is not None and options.models else None
    return account(asked, options.memo, configured)


def _marked(count: Count, *, exact: bool) -> Count:
    """Return a block of an estimated account is an estimate itself, though its own text may have been counted exactly."""
    return count if exact or not count.exact else Count(count.value, count.low, count.high, exact=False)


def _starts(snapshot: Snapshot, drawn: Account, segments: Mapping[str, Count]) -> dict[str, int]:
    framing: dict[int, int] = {}
    for block in drawn.blocks:
        if block.part is BlockKind.FRAMING and block.message is not None:
            framing[block.message] = framing.get(block.message, 0) + block.count.value
    at = drawn.of(BlockKind.TOOL) + drawn.of(BlockKind.SCHEMA)
    starts: dict[str, int] = {}
    for message in snapshot.messages:
        at += max(0, framing.get(message.index, 0))
        for segment in message.segments:
            starts[segment.id] = at
            at += segments[segment.id].value
    return starts
