"""What the terminal can show: colour, links, its width, and ASCII for characters that its encoding lacks."""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Mapping
from typing import Any

from ctxdebug.errors import UsageError

COLOR = ("auto", "always", "never")
PLAIN_WIDTH = 100
"""Columns of an output that is no terminal."""
_ASCII = {
    "│": "|", "├": "|", "└": "`", "─": "-", "▏": "|", "↔": "<>", "→": "->", "←": "<-", "×": "x", "·": "-", "…": "...",
    "✓": "+", "✗": "x", "◐": "~", "–": "-", "—": "-", "“": '"', "”": '"', "‘": "'", "’": "'", "①": "1", "②": "2", "•": "*",
    "▁": "_", "▂": "_", "▃": "-", "▄": "-", "▅": "=", "▆": "=", "▇": "#", "█": "#", "░": ".", "▒": ":", "▓": "#", "❯": ">",
}  # fmt: skip
_HANDLER = "ctxdebug.ascii"
_chosen = {"color": "auto"}


def set_color(word: str) -> None:
    """Set what `--color` says; raises `UsageError` on an unknown word."""
    if word not in COLOR:
        from ctxdebug.text.nearest import choices

        raise UsageError(f"--color: unknown value {word!r}; {choices(word, COLOR)}")
    _chosen["color"] = word


def wants_color(stream: Any = None, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a stream (default: standard output) gets colour and links.

    `--color` decides; then `NO_COLOR`; then `FORCE_COLOR` and `CLICOLOR_FORCE`; then whether it is a terminal that has
    colour and `CLICOLOR` is not 0.
    """
    if _chosen["color"] != "auto":
        return _chosen["color"] == "always"
    if environ.get("NO_COLOR"):
        return False
    if any(environ.get(name, "0") not in {"", "0"} for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return is_terminal(stream) and environ.get("TERM") != "dumb" and environ.get("CLICOLOR") != "0"


def is_terminal(stream: Any = None) -> bool:
    """Whether a stream (default: standard output) is a terminal."""
    stream = sys.stdout if stream is None else stream
    return bool(stream is not None and stream.isatty())


def terminal_width() -> int:
    """Return the columns of the terminal, or 100 when the output goes elsewhere."""
    if "COLUMNS" in os.environ or is_terminal():
        import shutil

        return shutil.get_terminal_size((PLAIN_WIDTH, 24)).columns
    return PLAIN_WIDTH


def _in_ascii(error: UnicodeError) -> tuple[str, int]:
    """Return ASCII for characters that an encoding lacks: a likeness where there is one, else an escape."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    shown = "".join(
        _ASCII.get(character) or character.encode("ascii", "backslashreplace").decode("ascii") for character in lacking
    )
    return shown, error.end


def allow_poor_encodings() -> None:
    """Let standard output and standard error take every character, whatever their encoding."""
    codecs.register_error(_HANDLER, _in_ascii)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=_HANDLER)


def write(text: str) -> None:
    """Write text for a person to standard output, with colour and links where it takes them, and its secrets masked."""
    from ctxdebug.redaction.output import for_output

    text = for_output(text)
    if wants_color():
        from ctxdebug.commands.painting import painted

        text = painted(text)
    sys.stdout.write(text)


def page(text: str) -> None:
    """Show a long text through the user's pager (`PAGER`, else less); as it is where there is none, or no terminal."""
    from ctxdebug.redaction.output import for_output

    text = for_output(text)
    if not (is_terminal() and is_terminal(sys.stdin)):
        sys.stdout.write(text)
        return
    import shlex
    import subprocess

    command = shlex.split(os.environ.get("PAGER") or "less -FRX")
    sys.stdout.flush()
    try:
        subprocess.run(command, input=text.encode("utf-8", "backslashreplace"), check=False)  # noqa: S603 - the user's own
    except OSError:
        sys.stdout.write(text)


def say(text: str) -> None:
    """Write one line for a person to standard output; whatever is in it, a terminal only shows it."""
    from ctxdebug.text.printable import clean_line

    write(clean_line(text) + "\n")


def say_parts(*parts: tuple[str, str]) -> None:
    """Write one line for a person as `say` does; each part has its style where standard output takes colour."""
    from ctxdebug.redaction.output import for_output
    from ctxdebug.text.printable import clean_line

    cleaned = [(for_output(clean_line(text)), style) for text, style in parts]
    if wants_color():
        from ctxdebug.commands.painting import styled

        sys.stdout.write(styled([*cleaned, ("\n", "")]))
    else:
        sys.stdout.write("".join(text for text, _ in cleaned) + "\n")


def notice(text: str) -> None:
    """Write one line about the run itself to standard error."""
    warn(f"ctxdebug: {text}")


def warn(text: str) -> None:
    """Write one line to standard error; whatever is in it, a terminal only shows it, and its secrets are masked."""
    from ctxdebug.redaction.output import for_output
    from ctxdebug.text.printable import clean_line

    sys.stderr.write(for_output(clean_line(text)) + "\n")
