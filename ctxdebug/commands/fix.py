"""What `fix` does: propose the repairs that findings offer, and where an endpoint is given, verify them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.commands.asking_progress import AskingProgress
from ctxdebug.commands.terminal import notice, say, terminal_width, write
from ctxdebug.errors import StoppedError, UsageError
from ctxdebug.records import replace
from ctxdebug.redaction.output import for_output
from ctxdebug.text.nearest import choices
from ctxdebug.text.plural import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ctxdebug.cases.expectation import Expectation
    from ctxdebug.cases.store import StoredCase
    from ctxdebug.commands.proof_call import ProofCall, Subject
    from ctxdebug.config import Config
    from ctxdebug.engine.report import Examined
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.proof.fixing.proposals import Proposal, Repairs
    from ctxdebug.proof.fixing.suite import SuiteCase
    from ctxdebug.proof.fixing.verification import Verified
    from ctxdebug.proof.request import Request
    from ctxdebug.proof.spending import Spent
    from ctxdebug.proof.trial import Experiment

_FORMATS = ("text", "json")
_MOST_TOGETHER = 12
"""Repairs that are tried in pairs, and pairs that are tried."""


def fix_context(
    call: ProofCall, config: Config, run: RunOptions, *, suite: str | None, runs: int, folder: str | None, formats: tuple[str, ...]
) -> int:  # fmt: skip
    """Propose or verify, and return the exit code; raises what made an endpoint give no answer after the report."""
    from ctxdebug.proof.fixing.proposals import Repairs
    from ctxdebug.proof.request import request_of, request_of_case

    for name in formats:
        if name not in _FORMATS:
            raise UsageError(f"unknown format {name!r}; {choices(name, _FORMATS)}")
    examined, stored = _examined(call, config, run)
    name = stored.case.id if stored is not None else Path(call.path).name
    request = request_of_case(stored) if stored is not None else request_of(examined.snapshot)
    repairs = Repairs(examined, request, run)
    singles = repairs.single()
    if not call.endpoint and call.replay is None:
        if suite is not None or folder is not None:
            raise UsageError(
                f"{'-o' if suite is None else '--suite'} needs --endpoint or --replay: without answers nothing is verified"
            )
        _show_proposals(name, repairs, singles, formats)
        return 0
    subject = _subject(call, name, request, examined, stored, run)
    return _verified(call, config, run, subject, repairs, singles, suite, runs, folder, formats)


def _examined(call: ProofCall, config: Config, run: RunOptions) -> tuple[Examined, StoredCase | None]:
    """Return the examined exchange with the answer that fails, and the case that it is of."""
    from ctxdebug.commands.one_exchange import one_examined
    from ctxdebug.commands.proof_call import case_at
    from ctxdebug.errors import LoadError

    stored = case_at(call.path, config)
    if stored is not None:
        return examined_case(stored, run), stored
    examined = one_examined(call.path, call.exchange, replace(run, pedantic=True, repeats=True))
    if examined is None:
        raise LoadError(f"{call.path}: no exchange could be read")
    return examined, None


def examined_of(subject: Subject, run: RunOptions) -> Examined:
    """Return what a proof is about, examined with the answer that fails."""
    if subject.examined is not None:
        return subject.examined
    assert subject.stored is not None
    return examined_case(subject.stored, run)


def examined_case(stored: StoredCase, run: RunOptions) -> Examined:
    """Return a case's exchange, examined with its bad answer."""
    from ctxdebug.cases.exchanges import case_snapshot, examine
    from ctxdebug.cases.proof import with_answer
    from ctxdebug.commands.captured_secrets import hide_secrets_of_exchange

    snapshot = case_snapshot(stored, run)
    case = stored.case
    bad = case.recorded if not case.recorded.passed else case.bad
    if bad is not None and (case.recorded.passed or case.recorded.response is None):
        snapshot = with_answer(snapshot, *stored.answer(bad))
    hide_secrets_of_exchange(snapshot)
    return examine(snapshot, replace(run, pedantic=True))


def _subject(
    call: ProofCall, name: str, request: Request, examined: Examined, stored: StoredCase | None, run: RunOptions
) -> Subject:
    """Return what is verified; the failure is what the user or the case says, else what the findings demand of an answer."""
    from ctxdebug.commands.proof_call import Subject
    from ctxdebug.proof.expectation import failure_of, given_expectation
    from ctxdebug.proof.fixing.passing import broken

    given = given_expectation(call.expect, call.forbid, call.finding, run.own_rules)
    if given is None:
        given = stored.case.expect if stored is not None else _demanded(examined, run)
    failure = broken(failure_of(request.snapshot(run), given))
    return Subject(name, request, failure, examined if stored is None else None, stored)


def _demanded(examined: Examined, run: RunOptions) -> Expectation:
    """Return what the findings demand of an answer's words: that a finding is gone proves nothing where its text is gone."""
    from ctxdebug.cases.expectation import leaves
    from ctxdebug.cases.freeze import proposal_for
    from ctxdebug.cases.proposal import joined

    parts = [
        part.expectation
        for part in proposal_for(examined, run).parts
        if all(word != "no-finding" for word, _, _ in leaves(part.expectation))
    ]
    demanded = joined(parts)
    if demanded is None:
        raise UsageError("the findings do not say what a good answer contains; say it with --expect or --forbid")
    return demanded


def _show_proposals(name: str, repairs: Repairs, singles: list[Proposal], formats: tuple[str, ...]) -> None:
    from ctxdebug.proof.fixing.document import proposals_json
    from ctxdebug.proof.fixing.text import proposals_text

    for form in formats or ("text",):
        if form == "json":
            sys.stdout.write(for_output(proposals_json(name, singles)))
        else:
            both = repairs.all_of(singles)
            write(proposals_text(name, singles, both, repairs.unfit, terminal_width()))


def _verified(
    call: ProofCall, config: Config, run: RunOptions, subject: Subject, repairs: Repairs, singles: list[Proposal],
    suite: str | None, runs: int, folder: str | None, formats: tuple[str, ...],
) -> int:  # fmt: skip
    from ctxdebug.commands.proof_call import experiment_of
    from ctxdebug.proof.finding_proofs import keep, of_fix
    from ctxdebug.proof.fixing.verification import verify
    from ctxdebug.proof.sending import Send, outgoing

    def sendable(request: Request) -> Request:
        return outgoing(request, Send(call.send), config.redact.named()).request

    progress = AskingProgress(call.quiet)
    experiment = experiment_of(call, subject, config, run, lambda spent: progress.show(_how_far(spent)))
    try:
        cases = _passing_cases(suite, subject, experiment, run, sendable)
        found = verify(
            experiment, _candidates(repairs, singles), cases, sendable=sendable, runs=runs, confidence=call.confidence
        )
    finally:
        progress.clear()
        experiment.close()
    _show(found, experiment, subject.name, formats)
    keep(subject.request.digest, of_fix(found, experiment.failure.words), repairs.findings)
    if found.winner is not None and folder is not None:
        _lock(found, experiment, subject, sendable, Path(folder))
    if found.interrupted:
        raise StoppedError("what is known so far is above; the same command goes on from the record")
    if found.error is not None:
        raise found.error
    return 0 if found.winner is not None else 4 if not found.reproduced else 1


def _candidates(repairs: Repairs, singles: list[Proposal]) -> Iterator[Proposal]:
    """Yield each repair alone, then pairs, then one of each finding at once."""
    yield from singles
    for number, both in enumerate(repairs.pairs(singles[:_MOST_TOGETHER])):
        if number >= _MOST_TOGETHER:
            break
        yield both
    every = repairs.all_of(singles)
    if every is not None and len(every.repairs) > 2:
        yield every


def _passing_cases(
    suite: str | None, subject: Subject, experiment: Experiment, run: RunOptions, sendable: Callable[[Request], Request]
) -> list[SuiteCase]:
    if suite is None:
        return []
    from ctxdebug.cases.lint import loaded
    from ctxdebug.cases.store import find_cases
    from ctxdebug.proof.fixing.suite import SuiteCase

    cases, flaws = loaded(find_cases([Path(suite)]))
    for flaw in flaws:
        notice(f"{flaw.path}: {flaw.message}")
    held = [SuiteCase(one, experiment, run, sendable) for one in cases if one.case.id != subject.name]
    passing = [one for one in held if one.passes()]
    if len(passing) < len(held):
        notice(
            f"{plural(len(held) - len(passing), 'case')} of the suite did not pass before, so no repair can break them"
        )
    return passing


def _how_far(spent: Spent) -> str:
    return f" {plural(spent.calls, 'call')} · {spent.tokens:,} tokens"


def _show(found: Verified, experiment: Experiment, name: str, formats: tuple[str, ...]) -> None:
    from ctxdebug.proof.fixing.document import verified_json
    from ctxdebug.proof.fixing.text import verified_text

    for form in formats or ("text",):
        if form == "json":
            sys.stdout.write(for_output(verified_json(found, experiment, name)))
        else:
            write(verified_text(found, experiment, name, terminal_width()))


def _lock(
    found: Verified, experiment: Experiment, subject: Subject, sendable: Callable[[Request], Request], folder: Path
) -> None:
    from ctxdebug.proof.fixing.locked_case import lock

    winner, of = found.winner, subject.stored or subject.examined
    if winner is None or winner.proposal.request is None or of is None:
        return
    try:
        say(f"wrote {lock(of, winner.proposal, sendable(winner.proposal.request), experiment, folder)}")
    except UsageError as error:
        say(str(error))
