"""An experiment: requests that are checked, asked, and their answers judged. Every reply is recorded, none is asked for twice.

The n-th repetition of a request is the n-th answer in the record, so a run that is repeated takes the same answers in
the same order, and a replay needs no endpoint.
"""

from __future__ import annotations

import copy
from functools import partial
from typing import TYPE_CHECKING, Any

from ctxdebug.cases.exchanges import Sender, answer_of, snapshot_from
from ctxdebug.evals.choices import choices
from ctxdebug.evals.draws import draw
from ctxdebug.evals.endpoint import NoAnswerError
from ctxdebug.evals.recording import request_digest
from ctxdebug.evals.replies import snapshot_of
from ctxdebug.proof.record import Fault
from ctxdebug.proof.request import BODY, sent_body, with_fields
from ctxdebug.proof.sequential import Counts
from ctxdebug.proof.spending import Allowance, Spent
from ctxdebug.proof.validity import Validity
from ctxdebug.proof.workers import Workers
from ctxdebug.records import field, record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ctxdebug.engine.run import RunOptions
    from ctxdebug.errors import EndpointError
    from ctxdebug.evals.endpoint import Endpoint, Reply
    from ctxdebug.models import Prices
    from ctxdebug.proof.expectation import SameFailure, Seen
    from ctxdebug.proof.record import Record
    from ctxdebug.proof.request import Request

_REFUSALS = frozenset({400, 413, 415, 422})
"""HTTP statuses by which an endpoint refuses this one request, and would answer another."""


class RefusedError(NoAnswerError):
    """A request that may not be sent, or that the endpoint refuses: it shows nothing, and others may be asked."""


@record(frozen=True, slots=True)
class Answered:
    """One answer to a request, judged."""

    index: int
    seen: Seen
    text: str
    again: bool = False
    """The same draw as an earlier answer (a cache, or the same response): no evidence of its own."""


@record(frozen=True, slots=True)
class Settings:
    """How an experiment asks."""

    model: str | None = None
    """Another model than the request's own."""
    width: int = 4
    """Requests in flight at a time."""
    allowance: Allowance = field(default_factory=Allowance)
    prices: Prices | None = None


class Experiment:
    """Asks variants of one request. Without an endpoint only the record answers."""

    def __init__(
        self, original: Request, failure: SameFailure, run: RunOptions, record: Record,
        endpoint: Endpoint | None = None, settings: Settings | None = None, watch: Callable[[Spent], None] | None = None,
    ) -> None:  # fmt: skip
        self.original = original
        self.failure = failure
        self.run = run
        self.record = record
        self.settings = settings or Settings()
        self.spent = Spent(self.settings.allowance)
        self.identities: dict[str, int] = {}
        """How many answers came from what the endpoint calls itself: its model and the fingerprint of its system."""
        self.started: list[Callable[[], None]] = []
        """What ends the servers that were started for the experiment."""
        self.validity = Validity(original, run)
        snapshot = original.snapshot(run)
        self.deterministic = snapshot.settings.temperature == 0
        self._endpoint = endpoint
        self._format = endpoint.place.dialect.format if endpoint else str(record.about.get("format", "openai.chat"))
        sent = sent_body(original, self._format, self.settings.model, run)
        settings_at = snapshot_from(sent, None, Sender(self._format), run).settings_at
        self._seed_at = settings_at.get("seed", ())[len(BODY) :]
        self._answers: dict[tuple[str, int], Answered] = {}
        self._draws: dict[str, set[str]] = {}
        self._flaws: dict[str, str | None] = {}
        self._watch = watch
        self._workers = Workers(self.settings.width)

    def beside(self, original: Request, failure: SameFailure) -> Experiment:
        """Return the experiment of another request and failure, with the same endpoint, record, budget and threads."""
        other = Experiment(original, failure, self.run, self.record, self._endpoint, self.settings, self._watch)
        other.spent, other._workers = self.spent, self._workers
        return other

    def close(self) -> None:
        """Let go of the endpoint's connections, of the record, and of what was started for it."""
        self._workers.close()
        for end in self.started:
            end()
        if self._endpoint is not None:
            self._endpoint.close()
        self.record.close()

    def flaw(self, request: Request) -> str | None:
        """Return why a request may not be sent, or cannot show the failure; None where it may. Nothing is asked."""
        if request.digest not in self._flaws:
            snapshot = request.snapshot(self.run)
            self._flaws[request.digest] = self.validity.flaw(request, snapshot) or self.failure.flaw(snapshot)
        return self._flaws[request.digest]

    def answers(self, request: Request, runs: int) -> tuple[Answered, ...]:
        """Return the first `runs` answers to a request, in order; those that are not recorded are asked for now.

        Raises `RefusedError` where the request may not be sent or is refused, `BudgetError` where the budget does not
        reach, `NoAnswerError` where the endpoint gives no answer or the record ends.
        """
        if (flaw := self.flaw(request)) is not None:
            raise RefusedError(flaw)
        body = sent_body(request, self._format, self.settings.model, self.run)
        key = request_digest(body)
        new = [index for index in range(runs) if (key, index) not in self._answers]
        while new:
            now = new[: min(self.spent.room(), self.settings.width)]
            for fault in self._ask([(body, key, index) for index in now]):
                if fault is not None:
                    raise fault
            for index in now:
                self._take(body, key, index)
            new = new[len(now) :]
        return tuple(self._answers[key, index] for index in range(runs))

    def replies(self, requests: Sequence[Request], more: Mapping[str, Any]) -> list[Any]:
        """Return the body of one reply to each request, asked with further fields; `RefusedError` for one that is refused.

        Raises `RefusedError` for a request that may not be sent, and else what `answers` raises.
        """
        bodies = []
        for request in requests:
            if (flaw := self.flaw(request)) is not None:
                raise RefusedError(flaw)
            bodies.append(with_fields(sent_body(request, self._format, self.settings.model, self.run), more))
        keys = [request_digest(body) for body in bodies]
        found: list[Any] = []
        while len(found) < len(bodies):
            first = len(found)
            last = min(len(bodies), first + min(self.spent.room(), self.settings.width))
            now = list(zip(bodies[first:last], keys[first:last], strict=True))
            faults = self._ask([(body, key, 0) for body, key in now])
            for (body, key), fault in zip(now, faults, strict=True):
                if fault is not None and not isinstance(fault, RefusedError):
                    raise fault
                if fault is None and (key, 0) not in self._answers:
                    self._take(body, key, 0)
                found.append(fault if fault is not None else self.record.replies[key, 0].body)
        return found

    def counts(self, request: Request, runs: int) -> Counts:
        """Return how many of the first `runs` answers fail, of those that could be judged and are draws of their own."""
        return counted(self.answers(request, runs))

    def held(self, request: Request) -> tuple[Answered, ...]:
        """Return the answers to a request that there are already, in order; nothing is asked."""
        key = request_digest(sent_body(request, self._format, self.settings.model, self.run))
        found: list[Answered] = []
        while (key, len(found)) in self._answers:
            found.append(self._answers[key, len(found)])
        return tuple(found)

    def reply(self, request: Request, index: int) -> tuple[dict[str, Any], Reply]:
        """Return a request as it was sent, and one of its recorded replies."""
        body = sent_body(request, self._format, self.settings.model, self.run)
        return body, self.record.replies[request_digest(body), index]

    @property
    def format(self) -> str:
        """The wire format in which requests are sent."""
        return self._format

    def notes(self) -> list[str]:
        """Return what the figures do not say themselves: drift of the endpoint, answers that came twice or could not be judged."""
        said = []
        if len(self.identities) > 1:
            seen = ", ".join(f"{name} ({count})" for name, count in self.identities.items())
            said.append(f"the endpoint drifted: it answered as {seen}; the figures mix them")
        held = self._answers.values()
        if again := sum(answer.again for answer in held):
            said.append(f"{again} answers came twice (the same response, or from a cache) and count once")
        if unjudged := sum(answer.seen.fails is None for answer in held):
            said.append(f"{unjudged} answers could not be judged")
        if self._seed_at and not self.deterministic:
            said.append("each repetition has a seed of its own, so that the answers are independent")
        return said

    def _ask(self, asked: Sequence[tuple[dict[str, Any], str, int]]) -> list[EndpointError | None]:
        """Ask for what the record does not hold, several at a time; return what kept each from an answer, in order."""
        missing = [(body, key, index) for body, key, index in asked if (key, index) not in self.record.replies]
        if self._endpoint is None:
            came: list[EndpointError | None] = [self._recorded_fault(key, index) for _, key, index in missing]
        else:
            one = partial(self._one, self._endpoint)
            came = self._workers.results([partial(one, body, key, index) for body, key, index in missing])
        faults = {(key, index): fault for (_, key, index), fault in zip(missing, came, strict=True)}
        return [faults.get((key, index)) for _, key, index in asked]

    def _recorded_fault(self, key: str, index: int) -> NoAnswerError:
        recorded = self.record.faults.get((key, index))
        if recorded is not None:
            return _as_raised(recorded)
        return NoAnswerError("the record ends here: it contains no further answer", True)

    def _one(self, endpoint: Endpoint, body: dict[str, Any], key: str, index: int) -> None:
        """Ask one repetition, and record what came."""
        try:
            reply = endpoint.ask(self._seeded(body, index))
            snapshot_of(body, choices(reply)[0], self._format, "proof")
        except NoAnswerError as error:
            if str(error).endswith("interrupted"):
                raise
            fault = Fault(str(error), error.status, error.stops_run)
            self.record.keep_fault(key, index, fault)
            raise _as_raised(fault) from None
        self.record.keep(key, index, reply)

    def _seeded(self, body: dict[str, Any], index: int) -> dict[str, Any]:
        """Return the body of a repetition: with a fixed seed every repetition would be the same draw."""
        if not self._seed_at or not index or self.deterministic:
            return body
        seeded = copy.deepcopy(body)
        holder: Any = seeded
        for step in self._seed_at[:-1]:
            holder = holder[step]
        holder[self._seed_at[-1]] += index
        return seeded

    def _take(self, body: dict[str, Any], key: str, index: int) -> None:
        """Judge a recorded reply, once, and count what it cost."""
        reply = self.record.replies[key, index]
        snapshot = snapshot_of(body, choices(reply)[0], self._format, "proof")
        answer = answer_of(snapshot)
        drawn = draw(snapshot, reply, {} if self._seed_at else body, answer)
        seen = self._draws.setdefault(key, set())
        again = bool(drawn) and drawn in seen and not self.deterministic
        seen.add(drawn)
        name = _identity(reply, snapshot.answered_by)
        if name:
            self.identities[name] = self.identities.get(name, 0) + 1
        usage = snapshot.usage
        self.spent.add(usage.prompt if usage else None, usage.output if usage else None, self.settings.prices)
        self._answers[key, index] = Answered(index, self.failure.judge(snapshot, self.run), answer[0], again)
        if self._watch is not None:
            self._watch(self.spent)


def counted(answers: Sequence[Answered]) -> Counts:
    """Return how many of the answers fail, of those that could be judged and are draws of their own."""
    judged = [answer for answer in answers if answer.seen.fails is not None and not answer.again]
    return Counts(sum(answer.seen.fails is True for answer in judged), len(judged))


def _as_raised(fault: Fault) -> NoAnswerError:
    if fault.status in _REFUSALS:
        return RefusedError(fault.message, status=fault.status)
    return fault.error()


def _identity(reply: Reply, answered_by: str | None) -> str:
    print_ = reply.body.get("system_fingerprint") if isinstance(reply.body, dict) else None
    return " ".join(str(part)[:80] for part in (answered_by, print_) if part)
