"""The options that several commands share: the same word means the same thing everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from ctxdebug.cli import completion

OUTPUT, RULES, ASSUMPTIONS, JUDGE, READING, PROOF, FAILURE = (
    "Report", "Rules", "Assumptions", "LLM judge", "Reading", "Proof", "The failure"
)  # fmt: skip
Group = dict[str, tuple[Any, Any]]


def _option(
    *names: str, panel: str | None = None, values: Callable[[str], list[str]] | None = None, **settings: Any
) -> Any:
    return typer.Option(*names, rich_help_panel=panel, autocompletion=values, **settings)


Formats = Annotated[
    list[str] | None,
    _option(
        "--format", metavar="FORMAT", panel=OUTPUT, values=completion.report_formats,
        help="The report's format: text, json, sarif, … Repeatable. "
        "Formats go in order to the --output files whose names tell none, then to standard output.",
    ),
]  # fmt: skip
Outputs = Annotated[
    list[str] | None,
    _option("--output", "-o", metavar="PATH", panel=OUTPUT,
        help="Write the report to a file. Its name tells the format (.sarif, .xml, .md, .html, .json). Repeatable."),
]  # fmt: skip
JsonVersion = Annotated[
    int,
    _option("--json-version", min=1, max=2, metavar="N", panel=OUTPUT, help="The version of the JSON report's shape; 1 until 1.0."),
]  # fmt: skip
Quiet = Annotated[bool, _option("--quiet", "-q", panel=OUTPUT, help="No summary and no progress.")]
FailOn = Annotated[
    str | None,
    _option(
        "--fail-on", metavar="SEVERITY", panel=OUTPUT, values=completion.severities,
        help="The lowest severity that fails: note, warning, error (default) or never.",
    ),
]  # fmt: skip
BaselineFile = Annotated[
    str | None,
    _option("--baseline", metavar="PATH", panel=OUTPUT, help="Findings known before: counted, not shown; resolved ones are reported."),
]  # fmt: skip
CaptureOrCase = Annotated[
    str,
    typer.Argument(metavar="CAPTURE|CASE", help="A capture with a bad answer, or an eval case: its file or its id."),
]
Exchange = Annotated[
    int | None,
    _option("--exchange", "-n", min=1, metavar="N", panel=READING,
        help="Which exchange of the capture, from 1 (default: the failing one, else the last)."),
]  # fmt: skip
ConfigFile = Annotated[
    str | None,
    _option("--config", metavar="PATH", panel=READING, help="The configuration file (default: ctxdebug.toml or pyproject.toml above here)."),
]  # fmt: skip

reading: Group = {
    "wire_format": (
        Annotated[str | None, _option(
            "--wire-format", metavar="NAME", panel=READING, values=completion.wire_formats,
            help="Read exchanges as this wire format (openai.chat, …) where their shape does not settle it.",
        )],
        None,
    ),
    "max_bytes": (
        Annotated[int | None, _option(
            "--max-bytes", min=1, metavar="BYTES", panel=READING,
            help="The largest file, or line, that is read (default 256 MiB).",
        )],
        None,
    ),
    "config_file": (ConfigFile, None),
}  # fmt: skip
assumptions: Group = {
    "model": (
        Annotated[str | None, _option(
            "--model", metavar="MODEL", panel=ASSUMPTIONS, values=completion.models,
            help="Analyse as if sent to this model.",
        )],
        None,
    ),
    "window": (
        Annotated[int | None, _option(
            "--window", min=1, metavar="TOKENS", panel=ASSUMPTIONS,
            help="The context window, where the server's differs from the catalogue's.",
        )],
        None,
    ),
    "no_cache": (
        Annotated[bool, _option("--no-cache", panel=ASSUMPTIONS, help="Neither use nor keep what earlier runs computed.")],
        False,
    ),
}  # fmt: skip
facts: Group = {
    "facts": (
        Annotated[list[str] | None, _option(
            "--fact", metavar="TEXT", panel=ASSUMPTIONS,
            help="A fact that the context should contain: was it retrieved, truncated or overlooked? Repeatable.",
        )],
        None,
    ),
}  # fmt: skip
corpus: Group = {
    "corpus": (
        Annotated[str | None, _option(
            "--corpus", metavar="FOLDER|GLOB", panel=ASSUMPTIONS,
            help="The texts from which the application retrieves: was the fact in them, why was it missed, is a newer version there?",
        )],
        None,
    ),
}  # fmt: skip
Cases = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[CASE…]", autocompletion=completion.cases,
        help="Case files, folders of them, or ids (default: the project's cases).",
    ),
]  # fmt: skip
LocalRules = Annotated[
    bool,
    _option("--local-rules", panel=RULES, help="Run the project's own Python rules too (rules = […] in the configuration): their code runs here."),
]  # fmt: skip

local_rules: Group = {"local_rules": (LocalRules, False)}
rules: Group = {
    "select": (
        Annotated[list[str] | None, _option(
            "--select", metavar="RULES", panel=RULES, values=completion.rules,
            help="Run only these rules: codes, prefixes (MEM1), names or families, with commas. Repeatable.",
        )],
        None,
    ),
    "ignore": (
        Annotated[list[str] | None, _option(
            "--ignore", metavar="RULES", panel=RULES, values=completion.rules,
            help="Skip these rules (same syntax as --select).",
        )],
        None,
    ),
    "pedantic": (Annotated[bool, _option(
        "--pedantic", panel=RULES,
        help="Show low-confidence findings too.",
    )], False),
    **local_rules,
}  # fmt: skip
judge: Group = {
    "judge": (
        Annotated[str | None, _option(
            "--judge", metavar="URL", panel=JUDGE,
            help="An endpoint to query for what cannot be decided offline (OpenAI-compatible or Anthropic); "
                "- sends nothing and replays --judge-record.",
        )],
        None,
    ),
    "judge_model": (Annotated[str | None, _option(
        "--judge-model", metavar="MODEL", panel=JUDGE, values=completion.models,
        help="The model that judges.",
    )], None),
    "judge_record": (
        Annotated[str | None, _option(
            "--judge-record", metavar="PATH", panel=JUDGE,
            help="Where the judge's replies are kept, so that a run can be repeated offline.",
        )],
        None,
    ),
}  # fmt: skip
proof: Group = {
    "endpoint": (
        Annotated[str | None, _option(
            "--endpoint", metavar="URL", panel=PROOF,
            help="Query this endpoint: OpenAI-compatible, Anthropic, Gemini or Ollama; `local` starts a small model here (extra `live`).",
        )],
        None,
    ),
    "ask_model": (
        Annotated[str | None, _option(
            "--ask", metavar="MODEL", panel=PROOF, values=completion.models,
            help="Query this model (default: the one that the request names).",
        )],
        None,
    ),
    "key_env": (
        Annotated[str | None, _option(
            "--key-env", metavar="NAME", panel=PROOF,
            help="The environment variable with the key (default: the provider's usual one, such as OPENAI_API_KEY).",
        )],
        None,
    ),
    "expect": (
        Annotated[list[str] | None, _option(
            "--expect", metavar="DEMAND", panel=FAILURE,
            help='What a good answer contains or does: contains:"5 days", regex:…, abstains, … or bare words. Repeatable.',
        )],
        None,
    ),
    "forbid": (
        Annotated[list[str] | None, _option(
            "--forbid", metavar="DEMAND", panel=FAILURE,
            help="What a good answer must not contain or do (same syntax as --expect). Repeatable.",
        )],
        None,
    ),
    "finding": (
        Annotated[str | None, _option(
            "--finding", metavar="RULE", panel=FAILURE, values=completion.rules,
            help="The failure is this finding, looked for again in each new answer (default for a capture: the one that explains it).",
        )],
        None,
    ),
    "confidence": (
        Annotated[float, _option("--confidence", min=0.5, max=0.9999, metavar="RATE", panel=PROOF, help="How sure a proof must be.")],
        0.95,
    ),
    "budget": (
        Annotated[str | None, _option(
            "--budget", metavar="CALLS,TOKENS,USD", panel=PROOF,
            help="The most calls (200), tokens (50000tokens) or money (2.50usd), or several; default 400 calls.",
        )],
        None,
    ),
    "record": (
        Annotated[str | None, _option(
            "--record", metavar="PATH", panel=PROOF,
            help="Where every reply is kept (default: a file in .ctxdebug/proofs); a run that was stopped goes on from there.",
        )],
        None,
    ),
    "replay": (
        Annotated[str | None, _option("--replay", metavar="PATH", panel=PROOF, help="Repeat a proof from its record, offline.")],
        None,
    ),
    "send": (
        Annotated[str, _option(
            "--send", metavar="[redacted|exact]", panel=PROOF,
            help="exact: send the request with its secrets; by default they are hidden first. What goes where is said before the first call.",
        )],
        "redacted",
    ),
    "concurrency": (
        Annotated[int, _option("--concurrency", metavar="N", panel=PROOF, min=1, max=100, help="Requests in flight at a time.")],
        4,
    ),
    "rate": (
        Annotated[float | None, _option("--rate", metavar="N", panel=PROOF, min=0.1, help="The most requests per minute.")],
        None,
    ),
    "timeout": (
        Annotated[float, _option("--timeout", metavar="SECONDS", panel=PROOF, min=0.1, help="Seconds for one answer.")],
        120.0,
    ),
    "retries": (
        Annotated[int, _option("--retries", metavar="N", panel=PROOF, min=0, max=20, help="Retries on transient errors.")],
        4,
    ),
    "quiet": (Annotated[bool, _option("--quiet", "-q", panel=OUTPUT, help="No progress, and nothing said before the first call.")], False),
}  # fmt: skip
