"""What a project asks of its builds, and what it has agreed to live with; each agreement gives its reason."""

from __future__ import annotations

from ctxdebug.records import record


@record(frozen=True, slots=True)
class GatePolicy:
    """`[gate]`: what fails a build besides findings."""

    fail_on: str | None = None
    """The least severity that fails; None: the configuration's `fail-on`."""
    confidence: str = "low"
    """The least confidence of a finding that fails."""
    max_prompt_tokens: int | None = None
    max_cost: float | None = None
    """USD for one exchange."""
    max_latency: float | None = None
    """Seconds for one exchange."""
    max_fill: float | None = None
    """Share of the window that a prompt of a run may take, 0 to 1."""
    max_replay: float | None = None
    """How often a run may send each token, on average."""
    max_lost_instructions: int | None = None
    """Standing instructions that a compaction or a cut of the history may lose."""
    min_pass_rate: float = 1.0
    require_cases: tuple[str, ...] = ()
    """Families that need at least one case, by folder or prefix."""
    undecided: str = "fail"
    """`fail` or `pass`: what a limit counts for that could not be compared."""


@record(frozen=True, slots=True)
class Ignore:
    """`[[ignores]]`: findings that do not count, and why. `path` is a shell-like pattern."""

    reason: str
    codes: tuple[str, ...] = ()
    path: str = "*"


@record(frozen=True, slots=True)
class Override:
    """`[[severities]]`: a rule that weighs more or less here, and why."""

    code: str
    severity: str
    reason: str
