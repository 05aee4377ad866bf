"""Where a report goes: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from ctxdebug.commands.ci_job import in_github, write_commands
from ctxdebug.errors import UsageError
from ctxdebug.files import write_whole


def deliver(texts: Sequence[str], outputs: Sequence[str], formats: Sequence[str] = ()) -> None:
    """Write the first texts to `outputs`, in order, and the rest to standard output.

    With `formats`, workflow commands of the `github` format stay commands in a GitHub job.
    """
    if len(outputs) > len(texts):
        raise UsageError("more --output than --format")
    for text, path in zip(texts, outputs, strict=False):
        write_whole(path, text)
    for number, text in enumerate(texts[len(outputs) :], len(outputs)):
        if formats and formats[number] == "github":
            write_commands(text)
        else:
            sys.stdout.write(text)


_SUFFIXES = {".sarif": "sarif", ".xml": "junit", ".md": "markdown", ".html": "html", ".json": "json", ".txt": "text"}


@dataclass(frozen=True, slots=True)
class Choice:
    """The formats and files of a report; `said` is why, where nobody asked for them."""

    formats: tuple[str, ...]
    outputs: tuple[str, ...]
    said: str = ""


def choice(formats: tuple[str, ...], outputs: tuple[str, ...], environ: Mapping[str, str] = os.environ) -> Choice:
    """What was asked for; else what a file's name says; else what the job that runs us shows best; else text."""
    from ctxdebug.reports.gitlab import FILE

    if formats:
        return Choice(formats, outputs)
    if outputs:
        named = tuple(_SUFFIXES.get(PurePath(path).suffix.lower(), "text") for path in outputs)
        return Choice(named, outputs)
    if in_github(environ):
        return Choice(("github",), (), "in a GitHub job: annotations (--format github); --format text gives lines")
    if environ.get("GITLAB_CI") == "true":
        return Choice(("gitlab", "text"), (FILE,), f"in a GitLab job: code quality in {FILE}, and text")
    return Choice(("text",), ())
