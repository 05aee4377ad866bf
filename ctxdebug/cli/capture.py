"""`ctxdebug capture`: run a command and record what it sends to models, and what comes back."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, options
from ctxdebug.cli.program import examples, shared
from ctxdebug.commands.run_options import RunCall, run_options

PROXY, RECORDING = "Proxy", "Recording"
_EXAMPLES = examples(
    ("ctxdebug capture -- python app.py", "a line a call, then the next command"),
    ("ctxdebug capture --inspect -- pytest tests/agent", "and open the call to look at"),
    ("ctxdebug capture --upstream http://localhost:8000/v1 -- node agent.mjs", "a server of your own"),
    ("ctxdebug capture --port 8787", "for servers and other languages: point their base URL here"),
)


@app.command(
    short_help="run a command and record what it sends to models, and what comes back",
    epilog=_EXAMPLES,
    context_settings={"allow_interspersed_args": False},
)
@shared(options.assumptions, options.rules)
def capture(
    call: RunCall,
    command: Annotated[
        list[str] | None, typer.Argument(
            metavar="[--] COMMAND…", help="The command to run; without one, serve until Ctrl-C.")
    ] = None,
    output: Annotated[
        str,
        typer.Option("--output", "-o", metavar="PATH", rich_help_panel=RECORDING,
            help="A folder, where each run gets a file named after its time, or a .jsonl file to append to."),
    ] = "captures",
    upstream: Annotated[
        list[str] | None,
        typer.Option("--upstream", metavar="[NAME=]URL", rich_help_panel=PROXY,
            help="Where calls go instead of what the environment says: of one provider (mistral=URL), or, as a URL alone, "
            "of OpenAI's variables and of every path without a name. Repeatable."),
    ] = None,
    port: Annotated[
        int,
        typer.Option("--port", min=0, max=65535, metavar="N", rich_help_panel=PROXY,
            help="The port to listen on (default: a free one)."),
    ] = 0,
    host: Annotated[
        str,
        typer.Option("--host", metavar="ADDRESS", rich_help_panel=PROXY,
            help="The address to listen on; any but this machine's own needs --token."),
    ] = "127.0.0.1",
    token: Annotated[
        str | None,
        typer.Option("--token", metavar="WORD", envvar="CTXDEBUG_CAPTURE_TOKEN", rich_help_panel=PROXY,
            help="A word that is put in front of every path, so that only who knows it can call."),
    ] = None,
    include: Annotated[
        list[str] | None,
        typer.Option("--include", metavar="PATTERN", rich_help_panel=RECORDING,
            help="Record only these paths (*/chat/completions). All calls pass. Repeatable."),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option("--exclude", metavar="PATTERN", rich_help_panel=RECORDING,
            help="Do not record these paths. Repeatable."),
    ] = None,
    max_file: Annotated[
        int | None,
        typer.Option("--max-bytes", min=1024, metavar="BYTES", rich_help_panel=RECORDING,
            help="The size at which the next file is begun (default 256 MiB)."),
    ] = None,
    max_body: Annotated[
        int | None,
        typer.Option("--max-body", min=1, metavar="BYTES", rich_help_panel=RECORDING,
            help="Bytes of one body that are recorded (default 64 MiB); all of it passes."),
    ] = None,
    keep: Annotated[
        int | None,
        typer.Option("--keep", min=1, metavar="N", rich_help_panel=RECORDING,
            help="Keep so many recordings in the folder; the oldest are deleted."),
    ] = None,
    inspect: Annotated[
        bool,
        typer.Option("--inspect", rich_help_panel=RECORDING,
            help="At the end, inspect the call that failed, else the last."),
    ] = False,
    quiet: Annotated[
        bool,
        typer.Option("--quiet", "-q", rich_help_panel=RECORDING,
            help="No line a call; calls are not examined."),
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option("--verbose", "-v", rich_help_panel=PROXY,
            help="Say every variable that is set for the command."),
    ] = False,
) -> None:  # fmt: skip
    """Record what a command sends to language models: no certificate, no change of code, no account.

    A proxy on this machine takes the place of the base URL in the variables that SDKs and tools read (OPENAI_BASE_URL,
    ANTHROPIC_BASE_URL, OLLAMA_HOST, …); an upstream that stood there before is kept, and shown. Bytes pass unchanged and
    without delay; keys are never written. Exits as the command does.
    """
    from ctxdebug.commands.capture import CaptureCall, record_command

    config = call.config()
    request = CaptureCall(
        tuple(command or ()), output, tuple(upstream or ()), host, port, token, tuple(include or ()), tuple(exclude or ()),
        max_file, max_body, keep, inspect, quiet, verbose,
    )  # fmt: skip
    raise typer.Exit(record_command(request, run_options(config, call)))
