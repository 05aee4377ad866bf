"""The figures of a session: tokens sent and tokens that were new, what was sent again most, the cache, money and time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ctxdebug.analysis.runs.cache_breaks import CacheBreak, Cause, cache_breaks, moment
from ctxdebug.analysis.runs.thresholds import LOOP, REREAD_CHARACTERS
from ctxdebug.analysis.runs.tool_calls import Repeated, ToolUse, loops, rereads, title, tool_uses
from ctxdebug.engine.session.turn import Began
from ctxdebug.model import Kind, Role
from ctxdebug.records import field, record

if TYPE_CHECKING:
    from ctxdebug.engine.session.assembly import Session
    from ctxdebug.engine.session.turn import Turn
    from ctxdebug.model import Segment
    from ctxdebug.models import ModelInfo


@record(frozen=True, slots=True)
class Block:
    """A text that was sent `times` times in all: `who` is its role or tool, `title` names it."""

    who: str
    title: str
    text: str
    tokens: int
    times: int
    first: int
    """The turn at which it was read first."""

    @property
    def total(self) -> int:
        """Tokens of all its copies."""
        return self.tokens * self.times


@record(frozen=True, slots=True)
class Lost:
    """A loss of the provider's cache: before which turn, why, and what it cost more than reading would have."""

    turn: Turn
    tokens: int
    cause: Cause
    seconds: float | None
    price: float | None
    """USD; None where the prices are not known."""


@record(slots=True)
class Figures:
    """Everything that is counted over a session."""

    sent: int = 0
    unique: int = 0
    recorded: int = 0
    """Turns whose prompt the provider counted."""
    cached: int | None = None
    """Tokens that the provider read from its cache; None where no turn records it."""
    cacheable: int = 0
    """Prompt tokens of the turns that record it."""
    unseen: int = 0
    """Tokens of each prompt that the capture does not hold, at least."""
    blocks: list[Block] = field(default_factory=list)
    """What was sent, those that took the most tokens first."""
    lost: list[Lost] = field(default_factory=list)
    rereads: list[Repeated] = field(default_factory=list)
    loops: list[Repeated] = field(default_factory=list)
    uses: int = 0
    failed: int = 0
    """Tool calls that the harness marks as failed."""
    stale: int = 0
    """Tokens of tool results that a later equal call replaced, and that were still sent."""
    cost: float | None = None
    priced: int = 0
    """Turns of which the cost is known."""
    seconds: float | None = None
    """From the first to the last time in the log."""
    models: dict[str, int] = field(default_factory=dict)
    """Turns of each model."""

    @property
    def replay(self) -> float:
        """How often each token was sent, on average."""
        return self.sent / max(1, self.unique)


def figures(session: Session) -> Figures:
    """Count a session."""
    turns, found = session.turns, Figures()
    found.models = dict(Counter(turn.model_name or "?" for turn in turns).most_common())
    found.recorded = sum(turn.call.recorded for turn in turns)
    usages = [turn.call.usage for turn in turns if turn.call.usage is not None]
    reads = [(usage.cache_read, usage.prompt) for usage in usages if usage.cache_read is not None and usage.prompt]
    if reads:
        found.cached, found.cacheable = sum(read for read, _ in reads), sum(prompt for _, prompt in reads)
    costs = [turn.cost for turn in turns if turn.cost is not None]
    found.cost, found.priced = (sum(costs) if costs else None), len(costs)
    times = [at for turn in turns if (at := moment(turn.call.time)) is not None]
    found.seconds = (max(times) - min(times)).total_seconds() if len(times) > 1 else None
    _count_tokens(session, found)
    _count_calls(session, found)
    for lane in session.lanes:
        found.lost += _lost(session.lane(lane))
    return found


def _count_tokens(session: Session, found: Figures) -> None:
    """Every distinct text once, and how often it was sent."""
    texts: dict[tuple[str, Kind], list[int]] = {}
    about: dict[tuple[str, Kind], tuple[Segment, Turn]] = {}
    for turn in session.turns:
        found.sent += turn.call.sent
    for examined in session.examined:
        own = [turn for turn in session.turns if turn.examined is examined]
        if not own:
            continue
        prompt = examined.analysis.prompt
        reads = [turn.call.read for turn in own]
        at, left = 0, len(reads)
        for message in examined.snapshot.messages:
            while at < len(reads) and reads[at] <= message.index:
                at, left = at + 1, left - 1
            if not left:
                break
            for segment in message.segments:
                key = (segment.text, segment.kind)
                held = texts.setdefault(key, [prompt.segments[segment.id].value, 0])
                held[1] += left
                about.setdefault(key, (segment, own[at]))
    found.unseen = max(0, min((t.call.sent - t.call.counted for t in session.turns if t.call.recorded), default=0))
    declared = max((one.analysis.prompt.tools.value for one in session.examined), default=0)
    found.unique = sum(tokens for tokens, _ in texts.values()) + found.unseen + declared
    names = _names(session)
    blocks = [
        Block(*_named(about[key][0], names), key[0], tokens, times, about[key][1].number)
        for key, (tokens, times) in texts.items()
        if tokens
    ]
    found.blocks = sorted(blocks, key=lambda block: -block.total)


def _names(session: Session) -> dict[str, str]:
    """Return the title of the call that each result answers, by the call's id."""
    return {
        segment.call.id: title(segment.call)
        for examined in session.examined
        for message in examined.snapshot.messages
        if message.role is Role.ASSISTANT
        for segment in message.segments
        if segment.call is not None and segment.call.id
    }


def _named(segment: Segment, names: dict[str, str]) -> tuple[str, str]:
    if segment.call is not None:
        return "assistant", f"call {title(segment.call)}"
    if segment.kind is Kind.TOOL_RESULT or segment.role is Role.TOOL:
        return "tool", names.get(segment.call_id or "", segment.tool or "result")
    if segment.document is not None:
        return "document", segment.document.title or segment.document.id or "document"
    return segment.role.value, " ".join(segment.text.split())[:60]


def _count_calls(session: Session, found: Figures) -> None:
    """Count the tool calls; the last context of a stretch holds all that were made in it."""
    uses: list[ToolUse] = []
    seen: set[str] = set()
    for stretch in session.stretches:
        if not stretch.turns:
            continue
        examined = stretch.turns[-1].examined
        own = tool_uses(examined.snapshot.messages)
        uses += [use for use in own if not use.call.id or use.call.id not in seen]
        seen |= {use.call.id for use in own if use.call.id}
        found.loops += loops(examined.snapshot.messages, own, LOOP)
        prompt = examined.analysis.prompt
        for group in rereads(own, 1):
            found.stale += sum(prompt.segments[part.id].value for use in group.uses[:-1] for part in use.result)
    found.uses, found.failed = len(uses), sum(use.failed for use in uses)
    found.rereads = rereads(uses, REREAD_CHARACTERS)


def _lost(turns: Sequence[Turn]) -> Iterable[Lost]:
    """Yield the losses of one lane, with what each cost beside reading the same tokens from the cache."""
    calls = [turn.call for turn in turns]
    compacted = frozenset(number for number, turn in enumerate(turns) if turn.first and turn.stretch.began is not None)
    host = turns[0].examined.analysis.host if turns else None
    for broken in cache_breaks(calls, host, compacted):
        turn = turns[broken.call]
        cause = _seen_cause(broken, turn)
        yield Lost(turn, broken.lost, cause, broken.seconds, _price(turn.model, broken.lost))


def _seen_cause(broken: CacheBreak, turn: Turn) -> Cause:
    """Return a cleared conversation loses its cache as a compacted one does."""
    return Cause.COMPACTION if turn.first and turn.stretch.began in set(Began) else broken.cause


def _price(model: ModelInfo | None, tokens: int) -> float | None:
    prices = model.prices if model is not None else None
    if prices is None or prices.input is None or prices.cache_read is None:
        return None
    paid = prices.cache_write if prices.cache_write is not None else prices.input
    return tokens * (paid - prices.cache_read) / 1_000_000
