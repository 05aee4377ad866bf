"""Run cases against an endpoint: many at a time, each until its verdict is clear, every answer recorded."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from ctxdebug.cases.conversion import converted
from ctxdebug.cases.exchanges import case_snapshot
from ctxdebug.errors import EndpointError, LoadError, UsageError
from ctxdebug.evals.draws import cost_of, uncounted
from ctxdebug.evals.endpoint import BudgetError, NoAnswerError
from ctxdebug.evals.judged import Asked, judged
from ctxdebug.evals.live_options import LiveOptions
from ctxdebug.evals.recorded import target_of
from ctxdebug.evals.recording import JudgeQuestion, Recording, request_digest
from ctxdebug.evals.trials import (
    CaseResult,
    Evaluation,
    Trial,
    independent,
    repeats_in_a_row,
    sequential_verdict,
)
from ctxdebug.evals.work import MOST_REPEATS, Work, notes
from ctxdebug.records import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ctxdebug.cases.store import StoredCase
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.evals.endpoint import Endpoint, Reply
    from ctxdebug.model import Snapshot

_MOMENT = 1.0
"""Seconds for which answers are taken in after Ctrl-C."""
_AHEAD = 4
"""Runs of one case that are under way at a time while a sequential test goes on."""


class LiveRun:
    """One live run, or the replay of one: without an endpoint, only recorded answers are judged."""

    def __init__(
        self,
        cases: Sequence[StoredCase],
        options: LiveOptions,
        run: RunOptions,
        recording: Recording,
        endpoint: Endpoint | None,
        stop: threading.Event | None = None,
    ) -> None:
        self.options = options
        self.run = run
        self.recording = recording
        self.endpoint = endpoint
        self.stop = stop or threading.Event()
        self.format = endpoint.place.dialect.format if endpoint else str(recording.about.get("format", "openai.chat"))
        self.calls = 0
        self.cost: float | None = 0.0 if options.prices else None
        self.ended = ""
        self._done: queue.Queue[tuple[Work, int, Trial | BaseException]] = queue.Queue()
        self.works = [self._work(stored) for stored in cases]

    def evaluate(self, watch: Callable[[int, int], None] | None = None) -> Evaluation:
        """Run to the end, or until interrupted, out of budget, or refused; what was answered is kept in any case."""
        started = time.monotonic()
        interrupted = False
        try:
            self._go(watch)
        except KeyboardInterrupt:
            interrupted = True
            self.stop.set()
            with contextlib.suppress(KeyboardInterrupt):
                self._drain()
        finally:
            self.recording.close()
        return Evaluation(
            tuple(self._result(work) for work in self.works),
            "live" if self.endpoint else "replayed",
            model=str(self.recording.about.get("model", "")), endpoint=str(self.recording.about.get("endpoint", "")),
            run=self.recording.name, calls=self.calls, seconds=time.monotonic() - started, cost=self._cost_in_all(),
            interrupted=interrupted, stopped="interrupted" if interrupted else self.ended, notes=self._notes(),
        )  # fmt: skip

    def _notes(self) -> tuple[str, ...]:
        said = self.options.bill.line() if self.options.bill is not None else ""
        free = "" if self.cost is None else uncounted(trial for work in self.works for trial in work.trials.values())
        return (*notes(self.works, self.format), *(line for line in (free, said) if line))

    def _cost_in_all(self) -> float | None:
        """Return what the answers and the judge cost; None where the price of the answers is not known."""
        return None if self.cost is None else self.cost + (self.options.bill.cost if self.options.bill else 0.0)

    def planned(self) -> int:
        """Return the most calls that the run can make."""
        return sum(self._most(work) for work in self.works)

    def _work(self, stored: StoredCase) -> Work:
        """Prepare one case; one that cannot be asked in this format is a fault of its own, not of the run."""
        try:
            body = self._body(stored)
        except (LoadError, UsageError) as error:
            return Work(stored, {}, "", target_of(stored), fault=str(error), decided=True)
        return Work(stored, body, request_digest(body), target_of(stored))

    def _body(self, stored: StoredCase) -> dict[str, Any]:
        body = (
            stored.body()
            if stored.case.request.format == self.format
            else converted(case_snapshot(stored, self.run), self.format)
        )
        if self.options.model:
            body = {**body, "model": self.options.model}
        if not body.get("model"):
            raise UsageError(f"{stored.case.id} names no model; give --model")
        return body

    def _most(self, work: Work) -> int:
        return self.options.repeat if self.options.repeat is not None else work.target.cap

    def _go(self, watch: Callable[[int, int], None] | None) -> None:
        todo: queue.Queue[tuple[Work, int] | None] = queue.Queue()
        done = self._done
        width = max(1, self.options.concurrency if self.endpoint else 1)
        for _ in range(width):
            threading.Thread(target=self._serve, args=(todo, done), daemon=True).start()
        ready = deque(self.works)
        under_way = answered = 0
        try:
            while True:
                while under_way < width * 2 and (job := self._next(ready)) is not None:
                    todo.put(job)
                    under_way += 1
                if not under_way:
                    break
                work, index, result = _patiently(done)
                under_way -= 1
                answered += 1
                self._take(work, index, result)
                if not work.ready:
                    work.ready = True
                    ready.append(work)
                if watch is not None:
                    watch(answered, len(ready))
        finally:
            for _ in range(width):
                todo.put(None)

    def _drain(self) -> None:
        """Take in what is answered within a moment of the interruption."""
        deadline = time.monotonic() + _MOMENT
        while any(work.pending for work in self.works) and time.monotonic() < deadline:
            with contextlib.suppress(queue.Empty):
                work, index, result = self._done.get(timeout=0.05)
                if isinstance(result, Trial):
                    self._take(work, index, result)
                else:
                    work.pending -= 1

    def _next(self, ready: deque[Work]) -> tuple[Work, int] | None:
        """Return what to ask next: every case once before any twice. A case that must wait leaves the row."""
        while ready and not self.ended and not self.stop.is_set():
            work = ready.popleft()
            work.ready = False
            ahead = _AHEAD if self.options.repeat is None else self._most(work)
            if work.decided or work.repeating or work.fault or work.asked >= self._most(work) or work.pending >= ahead:
                continue
            if self._out_of_budget(work):
                return None
            work.asked += 1
            work.pending += 1
            work.ready = True
            ready.append(work)
            return work, work.asked - 1
        return None

    def _out_of_budget(self, work: Work) -> bool:
        if JudgeQuestion(work.stored.case.id, work.digest, work.asked) in self.recording.answers:
            return False
        if self.options.most_calls is not None:
            under_way = sum(other.pending for other in self.works)
            sent = self.endpoint.sent if self.endpoint else 0
            if max(self.calls + under_way, sent) >= self.options.most_calls:
                self.ended = self._budget_words()
                return True
        if self.options.most_money is not None and (self._cost_in_all() or 0.0) >= self.options.most_money:
            self.ended = f"{self._whose()} budget of {self.options.most_money:g} USD is used up{self._raise_it()}"
            return True
        return False

    def _budget_words(self) -> str:
        return f"{self._whose()} budget of {self.options.most_calls or 0:,} calls is used up{self._raise_it()}"

    def _whose(self) -> str:
        return "the default" if self.options.default_budget else "the"

    def _raise_it(self) -> str:
        return "; --budget raises it" if self.options.default_budget else ""

    def _serve(self, todo: queue.Queue[Any], done: queue.Queue[Any]) -> None:
        while (job := todo.get()) is not None:
            work, index = job
            try:
                done.put((work, index, self._trial(work, index)))
            except BaseException as error:  # noqa: BLE001  (it is raised again by the thread that waits)
                done.put((work, index, error))

    def _trial(self, work: Work, index: int) -> Trial:
        question = JudgeQuestion(work.stored.case.id, work.digest, index)
        reply = self.recording.answers.get(question)
        fresh = reply is None
        if reply is None:
            if self.endpoint is None:
                raise NoAnswerError("the recorded run contains no further answer")
            asked, snapshots = self._asked(self.endpoint, work)
            reply = self.recording.keep(question, asked)
            if reply is asked:
                return self._judged(work, index, snapshots, reply, fresh)
        return self._judged(work, index, self._sent(work).snapshots(reply), reply, fresh)

    def _sent(self, work: Work) -> Asked:
        return Asked(work.stored, work.body, self.format)

    def _asked(self, endpoint: Endpoint, work: Work) -> tuple[Reply, tuple[Snapshot, ...]]:
        """Ask, and once more where a stream broke off."""
        reply = endpoint.ask(work.body, stream=self.options.stream)
        try:
            return reply, self._sent(work).snapshots(reply)
        except NoAnswerError:
            if reply.stream is None:
                raise
        reply = endpoint.ask(work.body, stream=self.options.stream)
        return reply, self._sent(work).snapshots(reply)

    def _judged(self, work: Work, index: int, snapshots: tuple[Snapshot, ...], reply: Reply, fresh: bool) -> Trial:
        trial = judged(self._sent(work), reply, snapshots, self.run, self.options.judge)
        cost = cost_of(trial, self.options.prices) if fresh else 0.0
        return replace(trial, index=index, fresh=fresh, cost=cost)

    def _take(self, work: Work, index: int, result: Trial | BaseException) -> None:
        work.pending -= 1
        if isinstance(result, Trial):
            work.trials[index] = result
            self.calls += result.fresh
            if self.cost is not None:
                self.cost += result.cost or 0.0
            if self.options.repeat is None and self.endpoint is not None:
                decided = sequential_verdict(independent(work.in_order()), work.target)
                work.decided = decided is not None
                work.repeating = not work.decided and repeats_in_a_row(work.in_order()) >= MOST_REPEATS
            return
        if isinstance(result, NoAnswerError) and self.endpoint is None:
            work.decided = True
            if not work.trials:
                work.fault = "the run contains no answer to this request; the case is newer, or was changed"
        elif isinstance(result, BudgetError):
            self.ended = self.ended or self._budget_words()
        elif isinstance(result, EndpointError):
            work.fault = work.fault or str(result)
            if isinstance(result, NoAnswerError) and result.stops_run:
                self.ended = self.ended or str(result)
        elif isinstance(result, LoadError | UsageError):
            work.fault = work.fault or str(result)
        else:
            raise result

    def _result(self, work: Work) -> CaseResult:
        sequential = self.options.repeat is None
        trials = work.in_order() if sequential else [work.trials[index] for index in sorted(work.trials)]
        complete = work.decided or work.repeating or len(work.trials) >= self._most(work)
        fault = work.fault or (
            "" if trials or complete or not self.ended else self.ended if self.ended.count(":") else ""
        )
        return CaseResult(
            work.stored.case.id, work.stored.case.title, work.target, tuple(trials), sequential,
            fault=fault, partial=not complete,
        )  # fmt: skip


def _patiently(done: queue.Queue[Any]) -> Any:
    """Wait in short turns, so that Ctrl-C is heard on every system."""
    while True:
        try:
            return done.get(timeout=0.2)
        except queue.Empty:
            continue
