"""What `shrink` does: find the smallest context that still fails, tell it, and write it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.commands.asking_progress import AskingProgress
from ctxdebug.commands.proof_call import experiment_of, subject_of
from ctxdebug.commands.terminal import notice, say, terminal_width, write
from ctxdebug.errors import StoppedError, UsageError
from ctxdebug.files import write_whole
from ctxdebug.redaction.output import for_output
from ctxdebug.text.nearest import choices
from ctxdebug.text.plural import plural

if TYPE_CHECKING:
    from ctxdebug.commands.proof_call import ProofCall, Subject
    from ctxdebug.config import Config
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.proof.reduction import Progress
    from ctxdebug.proof.request import Request
    from ctxdebug.proof.shrink import Shrunk
    from ctxdebug.proof.spending import Spent
    from ctxdebug.proof.trial import Experiment

_FORMATS = ("text", "json")


def shrink_context(
    call: ProofCall, config: Config, run: RunOptions, folder: str | None, formats: tuple[str, ...]
) -> int:
    """Shrink and report; returns the exit code, and raises what made an endpoint give no answer after the report."""
    from ctxdebug.proof.shrink import Outcome, shrink
    from ctxdebug.proof.shrunk_json import shrunk_json
    from ctxdebug.proof.shrunk_text import shrunk_text

    for name in formats:
        if name not in _FORMATS:
            raise UsageError(f"unknown format {name!r}; {choices(name, _FORMATS)}")
    subject = subject_of(call, config, run)
    progress = _HowFar(call.quiet)
    experiment = experiment_of(call, subject, config, run, progress.answered)
    try:
        found = shrink(experiment, call.confidence, progress.tested)
    finally:
        progress.line.clear()
        experiment.close()
    for name in formats or ("text",):
        if name == "json":
            sys.stdout.write(for_output(shrunk_json(found, experiment, subject.name)))
        else:
            write(shrunk_text(found, experiment, subject.name, terminal_width()))
    if found.outcome is Outcome.NOT_REPRODUCED and experiment.original.body != subject.request.body:
        notice("secrets were hidden from the request, and the failure may depend on them; --send exact sends them")
    if folder is not None and found.outcome in (Outcome.SHRUNK, Outcome.NOT_CONFIRMED):
        _write(found, experiment, subject, Path(folder))
    if found.stopped == "interrupted":
        raise StoppedError("the best so far is above; the same command goes on from the record")
    if found.error is not None:
        raise found.error
    return 0 if found.outcome is Outcome.SHRUNK else 4


class _HowFar:
    """Shows how far a reduction is, after every answer and every test."""

    def __init__(self, quiet: bool) -> None:
        self.line = AskingProgress(quiet)
        self._calls = 0
        self._tests = ""

    def answered(self, spent: Spent) -> None:
        """An answer has come."""
        self._calls = spent.calls
        self.line.show(f" {plural(self._calls, 'call')}{self._tests}")

    def tested(self, now: Progress[Request]) -> None:
        """A group of units was tested."""
        self._tests = (
            f" · {now.taken:,} taken away, {now.kept:,} matter so far · {now.whole} answers to the whole context fail"
        )
        self.line.show(f" {plural(self._calls, 'call')}{self._tests}")


def _write(found: Shrunk, experiment: Experiment, subject: Subject, folder: Path) -> None:
    from ctxdebug.cases.store import save_case
    from ctxdebug.proof.shrunk_files import capture_text, diff_text, failing_exchange, frozen_case

    name = f"{Path(subject.name).stem}-shrunk"
    write_whole(folder / f"{name}.diff", for_output(diff_text(found, experiment.run)), folders=True)
    exchange = failing_exchange(found, experiment)
    if exchange is None:
        say(f"written: {folder / name}.diff (there is no failing answer to what is left, so no capture)")
        return
    write_whole(folder / f"{name}.json", for_output(capture_text(exchange)))
    stored = subject.stored
    good = stored.answer(stored.case.good) if stored is not None and stored.case.good is not None else None
    frozen = frozen_case(exchange, experiment, experiment.run, name, good)
    if isinstance(frozen, str):
        say(f"written: {folder / name}.json and .diff; no case: {frozen}")
        return
    path = save_case(frozen.case, frozen.blobs, folder, replace=True)
    say(f"written: {folder / name}.json and .diff, {path}")
