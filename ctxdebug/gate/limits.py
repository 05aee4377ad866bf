"""The largest prompt, the dearest and the slowest exchange, the fill, replay and losses of a run, against the policy's limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ctxdebug.engine.report import Examined
from ctxdebug.gate.policy import GatePolicy
from ctxdebug.model import Problem
from ctxdebug.records import field, record
from ctxdebug.reports.addresses import shown_path

_SECONDS: Mapping[str, float] = {"latency": 1.0, "latency_s": 1.0, "latency_ms": 0.001, "latencyMs": 0.001}
"""Names under which containers keep how long an exchange took, and what one of it is in seconds."""


@record(frozen=True, slots=True)
class Figure:
    """A figure between `low` and `high`; both the same where it is exact."""

    low: float
    high: float


@record(slots=True)
class Limit:
    """One limit of the policy and what the run showed against it."""

    name: str
    most: float
    unit: Callable[[float], str]
    measure: Callable[[Examined], Figure | None]
    worst: float | None = None
    where: str = ""
    over: int = 0
    doubtful: int = 0
    unknown: int = 0
    seen: int = 0

    def see(self, examined: Examined) -> None:
        """Compare one exchange."""
        self.seen += 1
        figure = self.measure(examined)
        if figure is None:
            self.unknown += 1
            return
        if self.worst is None or figure.high > self.worst:
            self.worst, self.where = figure.high, shown_path(examined.snapshot.path)
        if figure.low > self.most:
            self.over += 1
        elif figure.high > self.most:
            self.doubtful += 1

    @property
    def passed(self) -> bool | None:
        """Whether every exchange stays within the limit; None where that could not be told for some."""
        if self.over:
            return False
        return None if self.doubtful or self.unknown else True

    @property
    def found(self) -> str:
        """What was seen, in words."""
        parts = [f"at most {self.unit(self.worst)} ({self.where})"] if self.worst is not None else []
        parts += [f"{self.over} over the limit"] if self.over else []
        parts += [f"{self.doubtful} too close to tell"] if self.doubtful else []
        parts += [f"not known for {self.unknown} of {self.seen}"] if self.unknown else []
        return ", ".join(parts) or "no exchange"


@record(slots=True)
class Meter:
    """Watches a run and keeps the figures that the policy limits; nothing else is worked out."""

    policy: GatePolicy
    limits: list[Limit] = field(init=False)

    def __post_init__(self) -> None:
        policy = self.policy
        self.limits = [
            Limit(name, most, unit, measure)
            for name, most, unit, measure in (
                ("prompt tokens", policy.max_prompt_tokens, "{:,.0f}".format, _tokens),
                ("cost of an exchange", policy.max_cost, "${:,.4f}".format, _cost),
                ("latency", policy.max_latency, "{:,.2f} s".format, _latency),
                ("fill of the window", policy.max_fill, "{:.0%}".format, _fill),
                ("replay", policy.max_replay, "{:,.1f} ×".format, _replay),
                ("lost instructions", policy.max_lost_instructions, "{:,.0f}".format, _lost_instructions),
            )
            if most is not None
        ]

    def __call__(self, result: Examined | Problem) -> None:
        """See one exchange."""
        if isinstance(result, Examined):
            for limit in self.limits:
                limit.see(result)


def _tokens(examined: Examined) -> Figure | None:
    usage, prompt = examined.snapshot.usage, examined.analysis.prompt
    if usage is not None and usage.prompt is not None:
        return Figure(usage.prompt, usage.prompt)
    return Figure(prompt.total.low, prompt.total.high) if prompt.estimable else None


def _cost(examined: Examined) -> Figure | None:
    if examined.snapshot.error is not None and examined.snapshot.usage is None:
        return Figure(0, 0)
    cost = examined.analysis.cost
    if cost is None or cost.estimated:
        return None
    return Figure(cost.total, cost.total)


def _fill(examined: Examined) -> Figure | None:
    """Return the fullest prompt of the run that an exchange shows, as a share of the window."""
    analysis = examined.analysis
    if analysis.window is None:
        return None
    limit = analysis.window.input_limit
    recorded = [call.sent for call in analysis.calls if call.recorded]
    if recorded:
        return Figure(max(recorded) / limit, max(recorded) / limit)
    total = analysis.prompt.total
    return Figure(total.low / limit, total.high / limit) if analysis.prompt.estimable else None


def _replay(examined: Examined) -> Figure | None:
    from ctxdebug.analysis.runs.replay import replay

    factor = replay(examined.analysis.calls).factor
    return Figure(factor, factor)


def _lost_instructions(examined: Examined) -> Figure | None:
    """Return the instructions that the findings about this exchange name as lost."""
    lost = sum(finding.facts.get("lost_instructions", 0) for finding in examined.findings)
    return Figure(lost, lost)


def _latency(examined: Examined) -> Figure | None:
    labels: Mapping[str, Any] = examined.snapshot.labels
    for name, seconds in _SECONDS.items():
        held = labels.get(name)
        if isinstance(held, int | float) and not isinstance(held, bool) and held >= 0:
            return Figure(held * seconds, held * seconds)
    return None
