"""One turn of a session: a call of the model, in its place between the others."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from ctxdebug.analysis.budget.cost import priced
from ctxdebug.analysis.budget.window import Window, window
from ctxdebug.analysis.question import question
from ctxdebug.model import Segment
from ctxdebug.models import resolve
from ctxdebug.records import field, record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.analysis.runs.unrolled import Call
    from ctxdebug.engine.report import Examined
    from ctxdebug.model import Finding, Message
    from ctxdebug.models import ModelInfo


class Began(StrEnum):
    """Why a turn's context does not go on from the turn before in its lane."""

    COMPACTION = "compaction"
    CLEAR = "cleared"
    NEW = "new conversation"


@record(slots=True)
class Stretch:
    """Turns whose contexts grow out of each other: one context of a log, or requests that were sent one by one."""

    lane: str
    began: Began | None = None
    by_record: bool = False
    """Whether the log itself records the compaction; otherwise the summary in the request shows it."""
    trigger: str | None = None
    tokens_before: int | None = None
    """Prompt tokens before the compaction, as the log says."""
    turns: list[Turn] = field(default_factory=list)


@record(eq=False)
class Turn:
    """One call: `number` counts the turns of the session from 1, `examined` is the context that shows it."""

    number: int
    examined: Examined
    call: Call
    stretch: Stretch
    findings: list[Finding] = field(default_factory=list)
    model_name: str | None = None
    """As the log names it; of a call that names none, the one of the turn before in its lane."""

    @property
    def lane(self) -> str:
        """The conversation that it is part of: empty for the main one, else the sub-agent's name."""
        return self.stretch.lane

    @property
    def first(self) -> bool:
        """Whether it is the first of its stretch."""
        return self.stretch.turns[0] is self

    @cached_property
    def model(self) -> ModelInfo | None:
        """What is known of its model."""
        options = self.examined.analysis.options
        if options.model is not None:
            return self.examined.analysis.model
        return resolve(self.model_name, self.examined.snapshot.provider, options.models)

    @cached_property
    def window(self) -> Window | None:
        """The context window, by the log's own word where it has one."""
        analysis = self.examined.analysis
        told = self.examined.snapshot.labels.get("model_context_window")
        if isinstance(told, int) and told > 0:
            return Window(told, "the log")
        if self.model_name in {analysis.snapshot.model, analysis.snapshot.answered_by}:
            return analysis.window
        return window(self.examined.snapshot, self.model, analysis.host, analysis.options)

    @property
    def fill(self) -> float | None:
        """The share of the window that the prompt takes; None where the window is not known."""
        return None if self.window is None or not self.call.sent else self.call.sent / self.window.input_limit

    @cached_property
    def cost(self) -> float | None:
        """USD: as the log says, else by the recorded tokens and the catalogue's prices; None where either is missing."""
        if self.call.cost is not None:
            return self.call.cost
        prices = self.model.prices if self.model else None
        if prices is None or prices.input is None or not self.call.recorded or self.call.usage is None:
            return None
        return priced(self.call.usage, prices).total

    def context(self) -> Iterator[Message]:
        """Yield the messages that it read."""
        yield from self.examined.snapshot.messages[: self.call.read]

    def entered(self) -> Iterator[Message]:
        """Yield the messages that it read and the turn before it in its stretch did not."""
        rows = self.stretch.turns
        at = rows.index(self)
        before = rows[at - 1] if at and rows[at - 1].examined is self.examined else None
        yield from self.examined.snapshot.messages[before.call.read if before else 0 : self.call.read]

    @cached_property
    def asked(self) -> Segment | None:
        """The last thing that the user had said."""
        rows = self.examined.snapshot.messages[: self.call.read]
        return question([segment for message in rows for segment in message.segments])
