"""What the command line and the configuration ask of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ctxdebug.analysis.judge import Judge
    from ctxdebug.config import Config
    from ctxdebug.engine.run import RunOptions


def split(given: list[str] | None) -> tuple[str, ...]:
    """Repeated options and commas, as one list."""
    return tuple(word.strip() for text in given or [] for word in text.split(",") if word.strip())


def report_and_wire(given: list[str] | None, default: str | None) -> tuple[list[str], str | None]:
    """The report formats and the wire format among the values of `--format`; raises `UsageError` on neither."""
    from ctxdebug.errors import UsageError
    from ctxdebug.reports import REPORT_FORMATS as REPORTS
    from ctxdebug.wire import WIRE_FORMATS as WIRES

    reports: list[str] = []
    wire: str | None = None
    for name in split(given):
        if name in REPORTS.all():
            reports.append(name)
        elif name in WIRES.all():
            wire = name
        else:
            raise UsageError(
                f"unknown format {name!r}; reports: {', '.join(REPORTS.all())}; wire formats: {', '.join(WIRES.all())}"
            )
    return reports or ([default] if default else []), wire


def run_options(
    config: Config,
    *,
    wire: str | None = None,
    select: list[str] | None = None,
    ignore: list[str] | None = None,
    model: str | None = None,
    window: int | None = None,
    facts: list[str] | None = None,
    pedantic: bool = False,
    no_cache: bool = False,
    max_bytes: int | None = None,
    judge: Judge | None = None,
) -> RunOptions:
    """What the command line and the configuration ask for, the command line first."""
    from ctxdebug.analysis import AnalysisOptions
    from ctxdebug.decoding.source import DEFAULT_MAX_BYTES
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.engine.selection import Selection
    from ctxdebug.loading.load import LoadOptions
    from ctxdebug.segmentation import Policy
    from ctxdebug.tokens.memo import Memo

    return RunOptions(
        load=LoadOptions(wire, Policy(config.trust.tools, config.trust.tags), max_bytes or DEFAULT_MAX_BYTES),
        analysis=AnalysisOptions(
            model=model or config.model,
            window=window or config.window,
            models=config.models,
            facts=tuple(facts or ()),
            memo=None if no_cache else Memo(),
            injection_model=config.injection.model,
            injection_threshold=config.injection.threshold,
            judge=judge,
        ),
        selection=Selection(split(select) or config.select, (*config.ignore, *split(ignore))),
        pedantic=pedantic or config.pedantic,
    )


def judge_from(url: str | None, model: str | None, record: str | None) -> Judge | None:
    """The judge that the options ask for, or None; raises `UsageError` on half an answer."""
    if url is None:
        return None
    import os
    from pathlib import Path

    from ctxdebug.errors import UsageError
    from ctxdebug.evals.asked_judge import AskedJudge

    if not model:
        raise UsageError("--judge needs --judge-model")
    path = Path(record) if record else None
    if url == "-":
        return AskedJudge(model, None, path)
    from ctxdebug.evals.dialects import address, key_for
    from ctxdebug.evals.endpoint import Endpoint

    place = address(url)
    return AskedJudge(model, Endpoint(place, key_for(place, os.environ)), path)
