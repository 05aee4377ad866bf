"""`ctxdebug addon`: where the file is that another tool loads to record for ctxdebug."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app
from ctxdebug.cli.program import examples

_EXAMPLES = examples(
    ('mitmdump -s "$(ctxdebug addon mitmproxy)"', "records calls to ctxdebug-mitmproxy.jsonl, or to $CTXDEBUG_OUT")
)


@app.command(short_help="the file that mitmproxy loads to record for ctxdebug", epilog=_EXAMPLES)
def addon(
    tool: Annotated[str, typer.Argument(metavar="TOOL", help="mitmproxy", autocompletion=lambda: ["mitmproxy"])],
) -> None:
    """Print the path of an addon for a tool: one file that needs nothing but the tool's own Python.

    It writes bodies and addresses, no headers, and no keys in addresses.
    """
    from ctxdebug.commands.addon import addon_path

    typer.echo(addon_path(tool))
