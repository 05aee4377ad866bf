"""Where a report goes: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from ctxdebug.commands.ci_job import in_github, write_commands
from ctxdebug.commands.terminal import write
from ctxdebug.errors import UsageError
from ctxdebug.files import write_whole
from ctxdebug.records import record, replace
from ctxdebug.redaction.output import for_output


def deliver(
    texts: Sequence[str | Iterator[str]],
    outputs: Sequence[str],
    formats: Sequence[str] = (),
    *,
    masked: frozenset[str] = frozenset(),
) -> tuple[tuple[str, str], ...]:
    """Write the first texts to `outputs`, in order, and the rest to standard output, their secrets masked.

    Returns the files that were written: path and text. A text may come in pieces: so it is never whole in memory on its way
    to standard output, and secrets are masked in stretches of it.

    With `formats`, workflow commands of the `github` format stay commands in a GitHub job, and text gets colour; texts of the
    formats in `masked` had their secrets masked while they were made (they are packed, and no secret could be found in them now).
    """
    forms = formats or [""] * len(texts)
    told = [
        iter((text,)) if form in masked and isinstance(text, str) else map(for_output, _stretches(text))
        for text, form in zip(texts, forms, strict=True)
    ]
    written = tuple((path, "".join(stretches)) for path, stretches in zip(outputs, told, strict=False))
    for path, text in written:
        write_whole(path, text)
    for form, stretches in zip(forms[len(outputs) :], told[len(outputs) :], strict=True):
        if form == "github":
            write_commands("".join(stretches))
        elif form in _FOR_PEOPLE:
            write("".join(stretches))
        else:
            for stretch in stretches:
                sys.stdout.write(stretch)
    return written


def _stretches(text: str | Iterator[str]) -> Iterator[str]:
    """Yield a text that comes in pieces in stretches of at least `_STRETCH` characters; one that is whole as it is."""
    if isinstance(text, str):
        yield text
        return
    held: list[str] = []
    size = 0
    for piece in text:
        held.append(piece)
        size += len(piece)
        if size >= _STRETCH:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)


_STRETCH = 2_000_000
_FOR_PEOPLE = frozenset({"text", "concise"})
"""Formats that get colour on a terminal."""
_CERTAIN = {".sarif": "sarif", ".xml": "junit", ".md": "markdown", ".html": "html"}
"""Ends of a file's name that tell its format."""
_LIKELY = {".json": "json", ".txt": "text"}
"""Ends that tell it where no format was given for the file: GitLab's report is JSON too."""


@record(frozen=True, slots=True)
class Choice:
    """The formats of a report, and the files of the first ones; `said` is why, where nobody asked for them."""

    formats: tuple[str, ...]
    outputs: tuple[str, ...]
    said: str = ""

    def with_json(self, version: int) -> Choice:
        """Return the same, the JSON report in a version of its shape."""
        names = {"json": "json-v1"} if version == 1 else {}
        return replace(self, formats=tuple(names.get(name, name) for name in self.formats))


def choice(formats: tuple[str, ...], outputs: tuple[str, ...], environ: Mapping[str, str] = os.environ) -> Choice:
    """Return what was asked for, by `--format` and the files' names; else what the job that runs us shows best; else text.

    A format given goes to the file whose name tells it, else in order to the files whose names tell none, else to
    standard output.
    """
    from ctxdebug.reports.gitlab import FILE

    if formats or outputs:
        return matched(formats, outputs)
    if in_github(environ):
        return Choice(("github",), (), "in a GitHub job: annotations (--format github); --format text gives lines")
    if environ.get("GITLAB_CI") == "true":
        return Choice(("gitlab", "text"), (FILE,), f"in a GitLab job: code quality in {FILE}, and text")
    return Choice(("text",), ())


def matched(formats: tuple[str, ...], outputs: tuple[str, ...], known: Sequence[str] = ()) -> Choice:
    """Return the formats and the files, matched; text where nothing says more.

    Raises `UsageError` where a file's name tells a format that is none of `known` (default: any).
    """
    if not (formats or outputs):
        return Choice(("text",), ())
    waiting = list(formats)
    found: dict[str, str] = {}
    for path in outputs:
        told = _CERTAIN.get(PurePath(path).suffix.lower())
        if told is not None and known and told not in known:
            raise UsageError(f"{path}: this command writes no {told}; it writes {', '.join(known)}")
        if told is not None:
            found[path] = told
            if told in waiting:
                waiting.remove(told)
    for path in outputs:
        if path not in found:
            likely = _LIKELY.get(PurePath(path).suffix.lower(), "text")
            found[path] = waiting.pop(0) if waiting else likely
    return Choice((*(found[path] for path in outputs), *waiting), outputs)
