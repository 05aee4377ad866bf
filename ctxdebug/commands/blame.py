"""What `blame` does: test every suspect of a failure, tell the ranking, and keep the proof for `inspect`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ctxdebug.commands.asking_progress import AskingProgress
from ctxdebug.commands.fix import examined_of
from ctxdebug.commands.proof_call import experiment_of, subject_of
from ctxdebug.commands.terminal import notice, terminal_width, write
from ctxdebug.errors import StoppedError, UsageError
from ctxdebug.redaction.output import for_output
from ctxdebug.text.nearest import choices
from ctxdebug.text.plural import plural

if TYPE_CHECKING:
    from ctxdebug.commands.proof_call import ProofCall
    from ctxdebug.config import Config
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.proof.spending import Spent

_FORMATS = ("text", "json")


def blame_context(
    call: ProofCall, config: Config, run: RunOptions, formats: tuple[str, ...], logprobs: str = "auto"
) -> int:
    """Blame and report; returns the exit code, and raises what made an endpoint give no answer after the report."""
    from ctxdebug.proof.blaming.blame import Investigation, Logprobs
    from ctxdebug.proof.blaming.document import blamed_json
    from ctxdebug.proof.blaming.suspects import suspects_of
    from ctxdebug.proof.blaming.text import blamed_text
    from ctxdebug.proof.finding_proofs import keep, of_blame

    for name in formats:
        if name not in _FORMATS:
            raise UsageError(f"unknown format {name!r}; {choices(name, _FORMATS)}")
    if logprobs not in list(Logprobs):
        raise UsageError(f"--logprobs {logprobs!r} is unknown; {choices(logprobs, list(Logprobs))}")
    subject = subject_of(call, config, run)
    findings = examined_of(subject, run).findings
    progress = AskingProgress(call.quiet)
    experiment = experiment_of(call, subject, config, run, lambda spent: progress.show(_how_far(spent)))
    try:
        suspects, others = suspects_of(experiment.original, findings, run)
        found = Investigation(experiment, suspects, others, call.confidence, Logprobs(logprobs)).run()
    finally:
        progress.clear()
        experiment.close()
    for name in formats or ("text",):
        if name == "json":
            sys.stdout.write(for_output(blamed_json(found, experiment, subject.name)))
        else:
            write(blamed_text(found, experiment, subject.name, terminal_width()))
    kept = keep(subject.request.digest, of_blame(found, experiment.failure.words), findings)
    if kept is not None and not call.quiet:
        notice(f"kept for `ctxdebug inspect`, which shows it with the findings: {kept}")
    if not found.reproduced and experiment.original.body != subject.request.body:
        notice("secrets were hidden from the request, and the failure may depend on them; --send exact sends them")
    if found.interrupted:
        raise StoppedError("what is known so far is above; the same command goes on from the record")
    if found.error is not None:
        raise found.error
    return 0 if found.conclusion else 4


def _how_far(spent: Spent) -> str:
    return f" {plural(spent.calls, 'call')} · {spent.tokens:,} tokens"
