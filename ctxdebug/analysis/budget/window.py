"""The model and the context window in force, and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctxdebug.models import ModelInfo, resolve

if TYPE_CHECKING:
    from ctxdebug.analysis.options import AnalysisOptions
    from ctxdebug.model import Snapshot


@dataclass(frozen=True, slots=True)
class Window:
    """A context window in tokens, and where the figure comes from."""

    tokens: int
    source: str
    certain: bool = True
    """False where the host may serve less than the model can."""


def known_model(snapshot: Snapshot, options: AnalysisOptions) -> ModelInfo | None:
    """The model as it was asked for, or as the response names it."""
    if options.model is not None:
        return resolve(options.model, None, options.models)
    return resolve(snapshot.model, snapshot.provider, options.models) or resolve(
        snapshot.answered_by, snapshot.provider, options.models
    )


def window(snapshot: Snapshot, model: ModelInfo | None, options: AnalysisOptions) -> Window | None:
    """The user's word first, then the request's, then the catalogue's."""
    if options.window is not None:
        return Window(options.window, "--window")
    if snapshot.settings.window is not None:
        return Window(snapshot.settings.window, "the request")
    if model is not None and model.window is not None:
        return Window(model.window, model.source or "the catalogue", not model.at_most)
    return None
