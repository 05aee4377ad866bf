"""Where a report goes: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from ctxdebug.cli.surroundings import write_commands
from ctxdebug.errors import UsageError
from ctxdebug.reports.writing import write_file

__all__ = ["deliver", "write_file"]


def deliver(texts: Sequence[str], outputs: Sequence[str], formats: Sequence[str] = ()) -> None:
    """Write the first texts to `outputs`, in order, and the rest to standard output.

    With `formats`, workflow commands of the `github` format stay commands in a GitHub job.
    """
    if len(outputs) > len(texts):
        raise UsageError("more --output than --format")
    for text, path in zip(texts, outputs, strict=False):
        write_file(path, text)
    for number, text in enumerate(texts[len(outputs) :], len(outputs)):
        if formats and formats[number] == "github":
            write_commands(text)
        else:
            sys.stdout.write(text)
