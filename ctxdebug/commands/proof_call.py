"""What the commands that prove share: the request, the failure, the endpoint or the record, and what is said before the first call."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctxdebug.commands.terminal import notice
from ctxdebug.errors import LoadError, UsageError
from ctxdebug.records import record, replace
from ctxdebug.text.nearest import choices
from ctxdebug.text.plural import plural

if TYPE_CHECKING:
    from collections.abc import Callable

    from ctxdebug.cases.expectation import Expectation
    from ctxdebug.cases.store import StoredCase
    from ctxdebug.config import Config
    from ctxdebug.engine.report import Examined
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.proof.expectation import SameFailure
    from ctxdebug.proof.request import Request
    from ctxdebug.proof.spending import Allowance, Spent
    from ctxdebug.proof.trial import Experiment


@record(frozen=True, slots=True)
class ProofCall:
    """What a command line says of a proof."""

    path: str = ""
    exchange: int | None = None
    endpoint: str | None = None
    ask_model: str | None = None
    key_env: str | None = None
    expect: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    finding: str | None = None
    confidence: float = 0.95
    budget: str | None = None
    record: str | None = None
    replay: str | None = None
    send: str = "redacted"
    concurrency: int = 4
    rate: float | None = None
    timeout: float = 120.0
    retries: int = 4
    quiet: bool = False

    @classmethod
    def of(cls, **given: Any) -> ProofCall:
        """Return the call that parsed options make; a repeated option may be None or a list."""
        expect, forbid = (tuple(given.pop(name, None) or ()) for name in ("expect", "forbid"))
        return cls(**given, expect=expect, forbid=forbid)

    def on(self, path: str, exchange: int | None = None) -> ProofCall:
        """Return the same for a capture or a case."""
        return replace(self, path=path, exchange=exchange)


@record(frozen=True, slots=True)
class Subject:
    """What is proved: a request, the failure that is looked for, and where both come from."""

    name: str
    """The file's name or the case's id."""
    request: Request
    failure: SameFailure
    examined: Examined | None = None
    """The examined capture; None for a case."""
    stored: StoredCase | None = None
    """The case; None for a capture."""


def subject_of(call: ProofCall, config: Config, run: RunOptions) -> Subject:
    """Read the capture or the case that is meant, and what counts as its failure; raises `UsageError` where nothing does."""
    from ctxdebug.proof.expectation import given_expectation

    given = given_expectation(call.expect, call.forbid, call.finding, run.own_rules)
    stored = case_at(call.path, config)
    return _of_case(stored, given, run) if stored is not None else _of_capture(call, given, run)


def case_at(path: str, config: Config) -> StoredCase | None:
    """Return the case that a path or an id means; None where it means a capture."""
    from ctxdebug.cases.store import SUFFIX, load_case

    given, by_id = Path(path), Path(config.cases) / f"{path}{SUFFIX}"
    if not given.exists() and "/" not in path and by_id.is_file():
        return load_case(by_id)
    if given.suffix != SUFFIX or not given.is_file():
        return None
    with given.open("rb") as stream:
        opening = stream.read(4000)
    return load_case(given) if b"ctxdebug: 1" in opening else None


def _of_case(stored: StoredCase, given: Expectation | None, run: RunOptions) -> Subject:
    from ctxdebug.commands.captured_secrets import hide_secrets_of_exchange
    from ctxdebug.proof.expectation import failure_of
    from ctxdebug.proof.request import request_of_case

    case = stored.case
    request = request_of_case(stored)
    snapshot = request.snapshot(run)
    hide_secrets_of_exchange(snapshot)
    bad = case.recorded if not case.recorded.passed else case.bad
    answer = stored.answer(bad) if bad is not None else None
    shown = (answer[0], bool(answer[1])) if answer is not None else None
    return Subject(case.id, request, failure_of(snapshot, given or case.expect, shown), stored=stored)


def _of_capture(call: ProofCall, given: Expectation | None, run: RunOptions) -> Subject:
    from ctxdebug.cases.exchanges import answer_of
    from ctxdebug.cases.expectation import expect
    from ctxdebug.commands.one_exchange import one_examined
    from ctxdebug.proof.expectation import failure_of, finding_to_prove
    from ctxdebug.proof.request import request_of

    examined = one_examined(call.path, call.exchange, run)
    if examined is None:
        raise LoadError(f"{call.path}: no exchange could be read")
    if given is None:
        code = finding_to_prove(examined, run.own_rules)
        if code is None:
            raise UsageError("no finding explains the answer; say what a good one contains with --expect or --forbid")
        given = expect("no-finding", code)
    captured = examined.snapshot
    text, calls = answer_of(captured)
    bad = (text, bool(calls)) if captured.has_response else None
    return Subject(Path(call.path).name, request_of(captured), failure_of(captured, given, bad), examined)


def experiment_of(
    call: ProofCall, subject: Subject, config: Config, run: RunOptions, watch: Callable[[Spent], None] | None = None
) -> Experiment:
    """Open the endpoint and the record, or the record alone, and say on standard error what will be sent, and may be spent."""
    from ctxdebug.commands.eval_budget import known_prices
    from ctxdebug.commands.proof_endpoint import open_proof
    from ctxdebug.model import Kind
    from ctxdebug.proof.sending import Send, outgoing
    from ctxdebug.proof.trial import Experiment, Settings

    _refuse_contradictions(call)
    out = outgoing(subject.request, Send(call.send), config.redact.named())
    allowance = allowance_of(call.budget)
    opened = open_proof(call, out.request)
    record, endpoint = opened.record, opened.endpoint
    try:
        prices = known_prices(opened.model, run, needed=allowance.money is not None)
        settings = Settings(opened.model or None, 1 if opened.local else call.concurrency, allowance, prices)
        experiment = Experiment(out.request, subject.failure, run, record, endpoint, settings, watch)
    except BaseException:
        opened.close()
        raise
    if opened.local is not None:
        experiment.started.append(opened.local.close)
        notice(opened.local.about)
    if endpoint is not None and not call.quiet:
        snapshot = out.request.snapshot(run)
        documents = sum(segment.kind is Kind.DOCUMENT for segment in snapshot.segments())
        tokens = sum(len(segment.text) for segment in snapshot.segments()) // 4
        host = endpoint.place.host if opened.local is None else "the local model (nothing leaves the machine)"
        notice(out.line(host, documents, tokens))
        notice(allowance.line(tokens, snapshot.settings.max_output or 200, prices))
        if record.replies:
            notice(f"going on from {record.path}: {plural(len(record.replies), 'answer')} recorded")
    return experiment


def allowance_of(text: str | None) -> Allowance:
    """Read `--budget`: calls (200), tokens (50000tokens), money (2.50usd), or several with commas."""
    from ctxdebug.commands.eval_budget import budget_of
    from ctxdebug.proof.spending import DEFAULT_CALLS, Allowance

    given = budget_of(text)
    only_other = given.calls is None and (given.tokens is not None or given.money is not None)
    return Allowance(None if only_other else given.calls or DEFAULT_CALLS, given.tokens, given.money)


def _refuse_contradictions(call: ProofCall) -> None:
    from ctxdebug.proof.sending import Send

    if call.send not in list(Send):
        raise UsageError(f"--send {call.send!r} is unknown; {choices(call.send, list(Send))}")
    if call.replay is not None and (call.endpoint or call.record is not None):
        raise UsageError("--replay queries nobody; leave out --endpoint and --record")
    if call.replay is None and not call.endpoint:
        raise UsageError("a proof queries a model: give --endpoint URL, or --replay FILE of an earlier one")
