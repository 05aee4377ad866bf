"""The facts that rules share, each computed once, on first use.

One file is one pass: a pure function of a snapshot, of the facts below it, and of the options.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.options import AnalysisOptions

if TYPE_CHECKING:
    from ctxdebug.analysis.budget.cost import Cost
    from ctxdebug.analysis.budget.prompt import Prompt
    from ctxdebug.analysis.budget.window import Window
    from ctxdebug.analysis.constraints.register import Register
    from ctxdebug.analysis.directives import Attack, Directive, SegmentReading, TracedValue
    from ctxdebug.analysis.runs.tool_calls import ToolUse
    from ctxdebug.analysis.runs.unrolled import Call
    from ctxdebug.analysis.sources.retrieval import Retrieved
    from ctxdebug.analysis.sources.sourced import Sourced
    from ctxdebug.analysis.truncation.hop import HopLoss
    from ctxdebug.analysis.truncation.loss import Loss
    from ctxdebug.analysis.turns.compaction import Compaction
    from ctxdebug.analysis.turns.history import History
    from ctxdebug.model import Segment, Snapshot
    from ctxdebug.models import ModelInfo

__all__ = ["Analysis", "AnalysisOptions"]


class Analysis:
    """One snapshot and what is known of it. `earlier` are the turns of its session before it, oldest first."""

    def __init__(
        self,
        snapshot: Snapshot,
        options: AnalysisOptions | None = None,
        earlier: tuple[Analysis, ...] = (),
        retrieved: tuple[Retrieved, ...] = (),
        received: Snapshot | None = None,
    ) -> None:
        self.snapshot = snapshot
        self.options = options or AnalysisOptions()
        self.earlier = earlier
        self._retrieved = retrieved
        self.received = received
        """This very call as a proxy before this hop received it; None where only one hop is captured."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what makes the analysis anew; facts are computed again where somebody asks."""
        return Analysis, (self.snapshot, self.options, self.earlier, self._retrieved, self.received)

    @cached_property
    def model(self) -> ModelInfo | None:
        """What is known of the model, or None; never a guess."""
        from ctxdebug.analysis.budget.window import known_model

        return known_model(self.snapshot, self.options)

    @cached_property
    def host(self) -> str | None:
        """Who served the request, as far as the capture tells; the key of the provider tables."""
        from ctxdebug.models.serving import serving

        snapshot = self.snapshot
        told = serving(snapshot.provider, snapshot.url, snapshot.format, snapshot.model)
        return told.host if told else None

    @cached_property
    def window(self) -> Window | None:
        """The context window in force and where its figure comes from; None when nobody says."""
        from ctxdebug.analysis.budget.window import window

        return window(self.snapshot, self.model, self.host, self.options)

    @cached_property
    def prompt(self) -> Prompt:
        """What the prompt costs in tokens: whole, and segment by segment."""
        from ctxdebug.analysis.budget.prompt import prompt

        return prompt(self.snapshot, self.model, self.options)

    @cached_property
    def truncation(self) -> Loss | str | None:
        """The part of the prompt that the provider did not process; a sentence where that cannot be told, None without a loss."""
        from ctxdebug.analysis.truncation.provider_cut import truncation

        return truncation(self)

    @cached_property
    def hop_loss(self) -> HopLoss | None:
        """What a proxy left out between two captured hops of this call."""
        from ctxdebug.analysis.truncation.hop import hop_loss

        return hop_loss(self)

    @property
    def unread_prompt(self) -> str:
        """Why the answer says nothing about the prompt as sent: the provider did not process all of it. Empty when it did."""
        if self.hop_loss is not None:
            return self.hop_loss.summary
        found = self.truncation
        return "" if found is None or isinstance(found, str) else found.summary

    @cached_property
    def cost(self) -> Cost | None:
        """What the exchange cost; None when the prices are not known."""
        from ctxdebug.analysis.budget.cost import cost

        return cost(self)

    @cached_property
    def history(self) -> History | None:
        """What became of the last turn's context; None without an earlier turn."""
        from ctxdebug.analysis.turns.history import history

        return history(self)

    @cached_property
    def compaction(self) -> Compaction | None:
        """The summary that took the place of earlier turns, and what it lost; None where none did."""
        from ctxdebug.analysis.turns.compaction import compaction

        return compaction(self)

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """The calls of the model that this context shows: each answer of its history, and its own."""
        from ctxdebug.analysis.runs.unrolled import unrolled

        return unrolled(self)

    @cached_property
    def tool_uses(self) -> tuple[ToolUse, ...]:
        """The tool calls of the run so far, each with its result; those of contexts that were compacted away come first."""
        from ctxdebug.analysis.runs.tool_calls import uses_of_run

        return uses_of_run(self)

    @cached_property
    def constraints(self) -> Register:
        """Every instruction of the context: whose, where, in force or not, and kept or not."""
        from ctxdebug.analysis.constraints.register import instruction_register

        return instruction_register(self)

    @cached_property
    def directives(self) -> tuple[Directive, ...]:
        """What text without authority tells somebody to do, who asked for it, and whether the model did it."""
        from ctxdebug.analysis.directives import directives

        return directives(self.snapshot, self.options.injection_model, self.options.injection_threshold)

    @cached_property
    def attacks(self) -> tuple[Attack, ...]:
        """The directives, grouped so that one attack is reported once."""
        from ctxdebug.analysis.directives import attacks

        return attacks(self.directives)

    @cached_property
    def segment_readings(self) -> tuple[SegmentReading, ...]:
        """Every untrusted segment: in which language it was examined for injected instructions, or why it was not."""
        from ctxdebug.analysis.directives import segment_readings

        return tuple(segment_readings(self.snapshot))

    @cached_property
    def traced_values(self) -> tuple[TracedValue, ...]:
        """The values of calls with side effects that untrusted text named first."""
        from ctxdebug.analysis.directives import provenance

        return provenance(self.snapshot)

    @cached_property
    def overrides(self) -> tuple[Directive, ...]:
        """Where the user tries to lift the instructions above the user's own."""
        from ctxdebug.analysis.directives import overrides

        return overrides(self.snapshot)

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """Every segment that the model read, in order."""
        return tuple(self.snapshot.segments())

    @cached_property
    def documents(self) -> tuple[Segment, ...]:
        """What was retrieved to answer from; empty where that is too little, or no more than a file that one person shows."""
        from ctxdebug.analysis.freedom.prompt_clauses import retrieved_documents

        return retrieved_documents(self.segments)

    @cached_property
    def authoritative(self) -> str:
        """Everything said with authority, in order, without tags."""
        from ctxdebug.analysis.freedom.prompt_clauses import spoken

        return spoken(self.segments)

    @cached_property
    def question(self) -> Segment | None:
        """The last thing that the user said."""
        from ctxdebug.analysis.question import question

        return question(self.segments)

    @cached_property
    def answer(self) -> str:
        """The words of the answer, without tool calls and reasoning."""
        from ctxdebug.model import Kind

        return "\n".join(part.text for part in self.snapshot.answer_segments() if part.kind is Kind.TEXT)

    @cached_property
    def beside(self) -> tuple[Retrieved, ...]:
        """What retrieval returned in the same trace, beside the model call."""
        if not self._retrieved and "retrieved" not in self.snapshot.labels:
            return ()
        from ctxdebug.analysis.sources.retrieval import of_labels

        return (*self._retrieved, *of_labels(self.snapshot.labels))

    @cached_property
    def sourced(self) -> Sourced:
        """The sources, and what the answer makes of them."""
        from ctxdebug.analysis.sources.sourced import sourced

        return sourced(self)
