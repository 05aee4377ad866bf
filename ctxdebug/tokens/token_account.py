"""The nouns of prompt accounting: blocks with their counts, and the account they add up to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from ctxdebug.records import field, record
from ctxdebug.tokens.count import Count

if TYPE_CHECKING:
    from ctxdebug.model import Message

JOINT = 48
"""Characters on each side of a joint that can change how it is cut into tokens."""


class BlockKind(StrEnum):
    """What a block of the prompt is."""

    SEGMENT = "segment"
    TOOL = "tool"
    SCHEMA = "response schema"
    FRAMING = "framing"


@record(frozen=True, slots=True)
class Block:
    """One block of the prompt. `segment` is a segment's id, `tool` the index of a declared tool."""

    part: BlockKind
    label: str
    count: Count
    message: int | None = None
    segment: str | None = None
    tool: int | None = None


@record(frozen=True, slots=True)
class Account:
    """The prompt tokens that the provider would count, block by block.

    The blocks' values add up to `total.value`; the band of `total` is the calibrated one, narrower than the
    sum of the blocks' bands. When not `estimable`, `total` is a floor of what can be seen, and `why_not` says
    what cannot.
    """

    blocks: tuple[Block, ...]
    total: Count
    estimable: bool
    why_not: str = ""
    rule: str = ""
    """The rule that was applied, for people: `openai chat, gpt-4o`."""

    def segments(self) -> Mapping[str, Count]:
        """Counts by segment id."""
        return {block.segment: block.count for block in self.blocks if block.segment is not None}

    def of(self, part: BlockKind) -> int:
        """Return the tokens of all blocks of one kind."""
        return sum(block.count.value for block in self.blocks if block.part is part)


@record(slots=True)
class TokenAccount:
    """An account being drawn up. `count` counts a text, `rare` its rare tokens; what is `doubted` makes the total an estimate."""

    count: Callable[[str], int]
    rare: Callable[[str], int]
    encoding: str
    blocks: list[Block] = field(default_factory=list)
    doubts: list[tuple[int, int]] = field(default_factory=list)
    """Tokens that the total may be lower or higher by, one pair for each thing that is not known exactly."""
    unknown: list[str] = field(default_factory=list)
    """What cannot be counted from the capture, in words."""

    def add(self, part: BlockKind, label: str, number: int, **where: int | str | None) -> None:
        """Enter a block."""
        self.blocks.append(Block(part, label, Count.exactly(number), **where))  # type: ignore[arg-type]  # fields of Block by name

    def doubt(self, less: int, more: int) -> None:
        """Note that the total may be this much lower or higher than its blocks say."""
        if less or more:
            self.doubts.append((less, more))

    def joint(self, before: str, after: str) -> int:
        """How many tokens more (or fewer) two texts have when one directly follows the other."""
        if not before or not after:
            return 0
        tail, head = before[-JOINT:], after[:JOINT]
        return self.count(tail + head) - self.count(tail) - self.count(head)

    def segments(self, message: Message, kinds: frozenset[str]) -> int:
        """Enter a message's segments of some kinds; their joints go to its framing. Returns the joints' tokens."""
        joints, before = 0, ""
        for segment in message.segments:
            if segment.kind in kinds:
                number = self.count(segment.text)
                self.add(BlockKind.SEGMENT, segment.kind.value, number, message=message.index, segment=segment.id)
                joints += self.joint(before, segment.text)
                before = segment.text
        return joints

    def account(self, rule: str) -> Account:
        """Close it."""
        value = sum(block.count.value for block in self.blocks)
        low = value - sum(less for less, _ in self.doubts)
        high = value + sum(more for _, more in self.doubts)
        total = Count.estimate(value, max(0, low), high) if self.doubts else Count.exactly(value)
        return Account(tuple(self.blocks), total, not self.unknown, "; ".join(dict.fromkeys(self.unknown)), rule)
