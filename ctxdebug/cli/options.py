"""The options that several commands share: the same word means the same thing everywhere."""

from __future__ import annotations

from typing import Annotated

import typer

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
