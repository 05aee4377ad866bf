"""The options that several commands share: the same word means the same thing everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ctxdebug.analysis.judge import Judge
    from ctxdebug.config import Config
    from ctxdebug.engine import RunOptions

Formats = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        help="How to write the report (text, json, …; repeatable, each with its --output). A wire format's name (openai.chat, …) says how to read.",
    ),
]
Outputs = Annotated[
    list[str] | None,
    typer.Option("--output", "-o", help="Write the report to a file; repeatable, in the order of --format."),
]
FailOn = Annotated[
    str | None,
    typer.Option("--fail-on", help="The least severity that fails: note, warning, error or never (default error)."),
]
BaselineFile = Annotated[
    str | None,
    typer.Option(
        "--baseline", help="Findings that were there before: counted, not shown, and told when they are gone."
    ),
]
Select = Annotated[
    list[str] | None,
    typer.Option(
        "--select", help="Only these rules: codes, prefixes (MEM1), names or families. Repeatable, or with commas."
    ),
]
Leave = Annotated[list[str] | None, typer.Option("--ignore", help="Not these rules, in the same words.")]
Model = Annotated[str | None, typer.Option("--model", help="Take the exchange as if it had been sent to this model.")]
Window = Annotated[
    int | None,
    typer.Option("--window", min=1, help="The context window in tokens, where the server's is not the catalogue's."),
]
Facts = Annotated[
    list[str] | None,
    typer.Option(
        "--fact", help="A fact that the context should have held; says whether it was retrieved, cut or overlooked."
    ),
]
Pedantic = Annotated[bool, typer.Option("--pedantic", help="Show findings of low confidence too.")]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Do not remember token counts between runs.")]
MaxBytes = Annotated[
    int | None, typer.Option("--max-bytes", min=1, help="The largest file, or line, that is read (default 256 MiB).")
]
ConfigFile = Annotated[
    str | None,
    typer.Option("--config", help="The configuration file (default: ctxdebug.toml or pyproject.toml above here)."),
]

JudgeUrl = Annotated[
    str | None,
    typer.Option(
        "--judge",
        help="An endpoint to ask what cannot be told offline (OpenAI-compatible or Anthropic); - asks nobody and replays --judge-record.",
    ),
]
JudgeModel = Annotated[str | None, typer.Option("--judge-model", help="The model that judges.")]
JudgeRecord = Annotated[
    str | None,
    typer.Option(
        "--judge-record", help="Where the judge's answers are kept, so that a run can be repeated without the network."
    ),
]


def split(given: list[str] | None) -> tuple[str, ...]:
    """Repeated options and commas, as one list."""
    return tuple(word.strip() for text in given or [] for word in text.split(",") if word.strip())


def report_and_wire(given: list[str] | None, default: str | None) -> tuple[list[str], str | None]:
    """The report formats and the wire format among the values of `--format`; raises `UsageError` on neither."""
    from ctxdebug.errors import UsageError
    from ctxdebug.reports import FORMATS as REPORTS
    from ctxdebug.wire import FORMATS as WIRES

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
    from ctxdebug.engine import RunOptions
    from ctxdebug.loading import LoadOptions
    from ctxdebug.segmentation import Policy
    from ctxdebug.selection import Selection
    from ctxdebug.source import DEFAULT_MAX_BYTES
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
