"""The model, its context window, the provider's cap on the prompt, and who says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.budget.recording_time import day_of
from ctxdebug.models import ModelInfo, resolve
from ctxdebug.models.overflow import refusal
from ctxdebug.models.providers import default_windows
from ctxdebug.records import record

if TYPE_CHECKING:
    from ctxdebug.analysis.options import AnalysisOptions
    from ctxdebug.model import Snapshot


@record(frozen=True, slots=True)
class Window:
    """A context window in tokens, and where the figure comes from."""

    tokens: int
    """Prompt and answer together, unless `separate_output`."""
    source: str
    certain: bool = True
    """False where the host may serve less than the model can, and for a guess."""
    max_input: int | None = None
    """Where the provider caps the prompt below the window."""
    separate_output: bool = False
    """The answer has a limit of its own and takes nothing from the window."""
    guess: bool = False
    """A default of the server, which its owner may have changed: good for a hint, too little for a verdict."""
    ceiling: int | None = None
    """The model's own window, where `tokens` is a guess."""

    @property
    def input_limit(self) -> int:
        """The longest prompt that is taken, whatever is reserved for the output."""
        return min(self.tokens, self.max_input or self.tokens)

    @property
    def qualifier(self) -> str:
        """What must be said behind the figure: nothing, `at most`, or that it is a guess."""
        if self.guess:
            return " (a guess)"
        return "" if self.certain else " at most"

    def free(self, prompt: int, reserved: int) -> int:
        """Tokens that are left beside a prompt and what is reserved for its output; below zero when it does not fit."""
        left = self.tokens - prompt - (0 if self.separate_output else reserved)
        return left if self.max_input is None else min(left, self.max_input - prompt)


def known_model(snapshot: Snapshot, options: AnalysisOptions) -> ModelInfo | None:
    """Return the model as it was asked for, or as the response names it."""
    if options.model is not None:
        return resolve(options.model, None, options.models)
    return resolve(snapshot.model, snapshot.provider, options.models) or resolve(
        snapshot.answered_by, snapshot.provider, options.models
    )


def window(snapshot: Snapshot, model: ModelInfo | None, host: str | None, options: AnalysisOptions) -> Window | None:
    """The user's word first, then the request's, the provider's refusal, then a self-hosted server's default, then the catalogue's."""
    separate = model is not None and model.separate_output
    if options.window is not None:
        return Window(options.window, "--window", separate_output=separate)
    if snapshot.settings.window is not None:
        return Window(snapshot.settings.window, "the request", separate_output=separate)
    limit = _limit_in_error(snapshot, host)
    if limit is not None:
        return Window(limit, "the provider's error")
    if model is None or model.window is None:
        return _default(snapshot, None, host)
    own = Window(
        model.window, model.source or "the catalogue", not model.at_most, model.max_input, model.separate_output
    )
    return (_default(snapshot, model.window, host) or own) if model.at_most else own


def _limit_in_error(snapshot: Snapshot, host: str | None) -> int | None:
    """Return the limit that a refusal for length names."""
    overflow = refusal(snapshot.error, host)
    return overflow.limit if overflow is not None and overflow.certain else None


def _default(snapshot: Snapshot, most: int | None, host: str | None) -> Window | None:
    """Return the smallest documented default of a self-hosted server that the recorded tokens do not refute."""
    usage = snapshot.usage
    used = (usage.prompt or 0) + (usage.output or 0) if usage else 0
    when = day_of(snapshot)
    known = [row for row in default_windows(host) if row.tokens]
    dated = [
        row for row in known if row.holds_on(when)
    ] or known  # between two sightings, either may have been in force
    sizes = sorted({row.tokens for row in dated if row.tokens})
    fitting = next((size for size in sizes if size >= used), None)
    if fitting is None or (most is not None and most <= fitting):
        return None
    return Window(
        fitting, f"a default of {host}, which the server's owner may have changed", False, guess=True, ceiling=most
    )
