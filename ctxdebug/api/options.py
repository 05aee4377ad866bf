"""What a caller may ask of a run, by one name each, and the run that it means together with a configuration."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypedDict

from ctxdebug.config import Config, load_config
from ctxdebug.errors import UsageError

if TYPE_CHECKING:
    from ctxdebug.analysis.judge import Judge
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.gate.settlement import Settlement
    from ctxdebug.loading.corpus_folder import CorpusFolder
    from ctxdebug.tokens.memo import Memo


class Options(TypedDict, total=False):
    """How to look; the same as the options of the commands."""

    config: str | os.PathLike[str] | None
    """A configuration file (`ctxdebug.toml`, `pyproject.toml`); without it none is read."""
    model: str | None
    """Analyse as if sent to this model."""
    window: int | None
    """The model's context window, tokens."""
    facts: Sequence[str]
    """Facts that the context should have contained."""
    corpus: str | os.PathLike[str] | None
    """The folder, file or glob of the texts from which the application retrieves."""
    select: Sequence[str]
    """Rules that run: codes, prefixes or names; all where empty."""
    ignore: Sequence[str]
    """Rules that do not run."""
    pedantic: bool
    """Report findings of low confidence too."""
    local_rules: bool
    """Run the Python rules that the configuration names too: their code runs here."""
    wire_format: str | None
    """The wire format, where its shape does not tell it."""
    max_bytes: int | None
    """Bytes of one capture, or of one line of it, that are read at most."""


def configured(wanted: Options) -> tuple[Config, RunOptions]:
    """Return the configuration that is named, or the default one, and the run that is asked for.

    Raises `UsageError` on what does not exist: a key, a wire format, a misspelt model.
    """
    unknown = sorted(set(wanted) - set(Options.__annotations__))
    if unknown:
        from ctxdebug.text.nearest import did_you_mean

        raise UsageError(f"there is no option {unknown[0]!r}{did_you_mean(unknown[0], Options.__annotations__)}")
    path = wanted.get("config")
    config = Config() if path is None else load_config(os.fspath(path))
    check_names(wanted, config)
    return config, run_options(config, wanted)


def run_options(config: Config, wanted: Options, memo: Memo | None = None, judge: Judge | None = None) -> RunOptions:
    """Return what a caller and a configuration ask for, the caller first."""
    from ctxdebug.analysis import AnalysisOptions
    from ctxdebug.decoding.source import DEFAULT_MAX_BYTES
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.engine.selection import Selection
    from ctxdebug.loading.load import LoadOptions
    from ctxdebug.own_rules.project import project_rules
    from ctxdebug.segmentation import Policy

    named = wanted.get("config")
    own = project_rules(
        config.rules,
        config.path,
        named=None if named is None else os.fspath(named),
        allowed=wanted.get("local_rules", False),
    )
    select, ignore = _names(wanted.get("select", ())), _names(wanted.get("ignore", ()))
    return RunOptions(
        load=LoadOptions(
            wanted.get("wire_format"),
            Policy(config.trust.tools, config.trust.tags),
            wanted.get("max_bytes") or DEFAULT_MAX_BYTES,
        ),
        analysis=AnalysisOptions(
            model=wanted.get("model") or config.model,
            window=wanted.get("window") or config.window,
            models=config.models,
            facts=_names(wanted.get("facts", ())),
            corpus=_corpus(wanted.get("corpus")),
            memo=memo,
            injection_model=config.injection.model,
            injection_threshold=config.injection.threshold,
            nli=config.sources.nli,
            nli_threshold=config.sources.nli_threshold,
            judge=judge,
        ),
        selection=Selection(select or config.select, (*config.ignore, *ignore)),
        own_rules=own,
        pedantic=wanted.get("pedantic") or config.pedantic,
    )


def _corpus(given: str | os.PathLike[str] | None) -> CorpusFolder | None:
    if given is None:
        return None
    from ctxdebug.loading.corpus_folder import read_corpus

    return read_corpus(os.fspath(given))


def _names(given: Sequence[str]) -> tuple[str, ...]:
    """Return a list of names; one text is one name, and no list of letters."""
    return (given,) if isinstance(given, str) else tuple(given)


def check_names(wanted: Options, config: Config) -> bool:
    """Whether the model is in the catalogue, where one is named; raises `UsageError` on a wire format or a model that is misspelt."""
    form, model = wanted.get("wire_format"), wanted.get("model")
    if form is not None:
        from ctxdebug.text.nearest import choices
        from ctxdebug.wire import WIRE_FORMATS

        known = WIRE_FORMATS.all()
        if form not in known:
            raise UsageError(f"unknown wire format {form!r}; {choices(form, known)}")
    if model is None:
        return True
    from ctxdebug.models import resolve

    if resolve(model, None, config.models) is not None:
        return True
    from ctxdebug.models.known_names import misspelt

    near = misspelt(model)
    if near is not None:
        raise UsageError(
            f"no model is called {model!r}; did you mean {near}? (a model of your own: [models.{model!r}] in the configuration)"
        )
    return False


def settlement(config: Config, run: RunOptions, baseline: str | None) -> Settlement:
    """Return the configuration's agreements, which may name its own rules, and a baseline where there is one."""
    from ctxdebug.gate.agreements import Agreements
    from ctxdebug.gate.baseline import Known, read_baseline
    from ctxdebug.gate.settlement import Settlement

    where = config.path or "the configuration"
    agreements = Agreements(config.ignores, config.severities, where, run.own_rules)
    return Settlement(agreements, Known(read_baseline(baseline)) if baseline is not None else None)
