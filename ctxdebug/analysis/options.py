"""What the user says that the capture does not: a model, a window, an expected fact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ctxdebug.records import field, record

if TYPE_CHECKING:
    from ctxdebug.analysis.judge import Judge
    from ctxdebug.loading.corpus_folder import CorpusFolder
    from ctxdebug.tokens.memo import Memo


@record(frozen=True, slots=True)
class AnalysisOptions:
    """Overrides from the command line and the configuration."""

    model: str | None = None
    window: int | None = None
    models: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What the configuration says of models, by name or glob."""
    facts: tuple[str, ...] = ()
    """Facts that the context should have held (`--fact`)."""
    corpus: CorpusFolder | None = None
    """The files from which the application retrieves (`--corpus`)."""
    memo: Memo | None = None
    """Where counts are remembered between runs."""
    judge: Judge | None = None
    """A model that rules with `needs=(Need.JUDGE,)` may ask."""
    injection_model: str | None = None
    """A guard model file that the user supplies."""
    injection_threshold: float = 0.5
    """From which score of that model on a text counts."""
    nli: str | None = None
    """An entailment model file that the user supplies."""
    nli_threshold: float = 0.9
    """From which share of that model on a claim is decided."""
