from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.cases.demands import prohibition
from ctxdebug.engine.run import RunOptions
from ctxdebug.errors import LoadError, UsageError
from ctxdebug.evals.dialects import address
from ctxdebug.evals.endpoint import BudgetError, Endpoint, NoAnswerError, Patience
from ctxdebug.proof.expectation import SameFailure, failure_of, given_expectation
from ctxdebug.proof.record import Record, read_record, record_at
from ctxdebug.proof.request import Request
from ctxdebug.proof.sending import Send, outgoing
from ctxdebug.proof.sequential import Counts
from ctxdebug.proof.spending import Allowance
from ctxdebug.proof.trial import Experiment, RefusedError, Settings
from tests.evals.model_stub import Stub, Told, anthropic
from tests.evals.model_stub import chat as reply
from tests.proof.requests import AGENTS, BERLIN, FACTS, agent, chat, request

RUN = RunOptions()
ABOUT = {"endpoint": "http://stub", "format": "openai.chat", "model": "m", "request": "r"}
Make = Callable[..., Experiment]


def expected(of: Request, *forbidden: str) -> SameFailure:
    expectation = given_expectation((), forbidden or ("100",))
    assert expectation is not None
    return failure_of(of.snapshot(RUN), expectation)


@pytest.fixture
def make(stub: Stub) -> Iterator[Make]:
    opened: list[Experiment] = []

    def made(whole: Request, record: Record | None = None, url: str = "", **settings: Any) -> Experiment:
        place = address(url or stub.url, whole.sender.format)
        record = record or Record({**ABOUT, "format": place.dialect.format})
        endpoint = Endpoint(place, None, Patience(retries=1, first_wait=0.01))
        opened.append(Experiment(whole, expected(whole), RUN, record, endpoint, Settings(**settings)))
        return opened[-1]

    yield made
    for experiment in opened:
        experiment.close()


def test_answers_are_judged_and_asked_for_once(stub: Stub, make: Make) -> None:
    stub.reply = lambda _: Told({**reply("It is 100 EUR."), "id": f"id-{len(stub.requests)}"})
    whole = chat(BERLIN, FACTS[0])
    experiment = make(whole)
    assert experiment.counts(whole, 3) == Counts(3, 3)
    assert experiment.counts(whole, 5) == Counts(5, 5)
    assert len(stub.requests) == 5
    assert experiment.spent.calls == 5
    assert experiment.spent.tokens == 60


def test_an_invalid_edit_costs_no_call(stub: Stub, make: Make) -> None:
    experiment = make(chat(BERLIN))
    with pytest.raises(RefusedError, match="it is no openai"):
        experiment.answers(request({"messages": []}), 1)
    assert stub.requests == []


def test_a_request_without_the_fact_that_the_answer_should_give_shows_another_failure(stub: Stub, make: Make) -> None:
    whole, expectation = chat(BERLIN, FACTS[0]), given_expectation(("120",), ("100",))
    assert expectation is not None
    experiment = make(whole)
    experiment.failure = failure_of(whole.snapshot(RUN), expectation)
    assert experiment.flaw(chat(FACTS[0])) == "it no longer contains '120', which the answer should give"
    assert stub.requests == []


@pytest.mark.parametrize("text", ["", "I cannot find that in the text."])
def test_declining_is_another_failure_than_a_wrong_answer(text: str, stub: Stub, make: Make) -> None:
    whole, expectation = chat(BERLIN), given_expectation(("120",), ())
    assert expectation is not None
    stub.reply = lambda _: Told({**reply(text), "id": ""})
    experiment = make(whole)
    experiment.failure = failure_of(whole.snapshot(RUN), expectation, ("It is 100 EUR.", False))
    assert experiment.counts(whole, 1) == Counts(0, 1)
    experiment = make(whole)
    experiment.failure = failure_of(whole.snapshot(RUN), expectation, (text, False))
    assert experiment.counts(whole, 1) == Counts(1, 1)


def test_a_finding_is_looked_for_again_in_the_new_answer(stub: Stub, make: Make) -> None:
    source = '<document id="kettle-1">The warranty of the Kestrel kettle is three years.</document>'
    rule = "Answer only from the documents and cite their ids."
    whole = chat(rule, source, asked="How long is the warranty of the Kestrel kettle?")
    expectation = given_expectation((), (), "unknown-citation")
    assert expectation is not None
    stub.script = [Told({**reply(f"It is three years [{name}]."), "id": name}) for name in ("kettle-7", "kettle-1")]
    experiment = make(whole, width=1)
    experiment.failure = failure_of(whole.snapshot(RUN), expectation)
    assert experiment.counts(whole, 2) == Counts(1, 2)


def test_a_rule_that_does_not_exist_is_named_with_its_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean"):
        given_expectation((), (), "unknown-citatio")


def test_the_record_replays_without_an_endpoint_and_ends_where_the_run_ended(
    tmp_path: Path, stub: Stub, make: Make
) -> None:
    whole = chat(BERLIN, FACTS[0])
    stub.reply = lambda _: Told({**reply("It is 100 EUR."), "id": f"id-{len(stub.requests)}"})
    record = record_at(tmp_path / "p.jsonl", ABOUT)
    live = make(whole, record)
    first = live.answers(whole, 4)
    record.close()
    again = Experiment(whole, expected(whole), RUN, read_record(tmp_path / "p.jsonl"))
    assert again.answers(whole, 4) == first
    assert again.spent == live.spent
    with pytest.raises(NoAnswerError, match="the record ends here"):
        again.answers(whole, 5)


def test_a_run_goes_on_with_its_record_and_asks_only_for_what_is_missing(
    tmp_path: Path, stub: Stub, make: Make
) -> None:
    whole = chat(BERLIN)
    record = record_at(tmp_path / "p.jsonl", ABOUT)
    make(whole, record).answers(whole, 2)
    record.close()
    with (tmp_path / "p.jsonl").open("a") as stream:
        stream.write('{"request": "cut by a cra')
    record = record_at(tmp_path / "p.jsonl", ABOUT)
    make(whole, record).answers(whole, 3)
    record.close()
    assert len(stub.requests) == 3
    assert len(read_record(tmp_path / "p.jsonl").replies) == 3


def test_a_record_of_another_request_or_of_nothing_is_refused(tmp_path: Path) -> None:
    record_at(tmp_path / "p.jsonl", ABOUT).close()
    with pytest.raises(UsageError, match="the record of another request"):
        record_at(tmp_path / "p.jsonl", {**ABOUT, "request": "other"})
    (tmp_path / "x.jsonl").write_text('{"a": 1}\n')
    with pytest.raises(LoadError, match="no record of a proof"):
        read_record(tmp_path / "x.jsonl")


def test_two_runs_cannot_write_one_record(tmp_path: Path) -> None:
    record = record_at(tmp_path / "p.jsonl", ABOUT)
    with pytest.raises(UsageError, match="another ctxdebug"):
        record_at(tmp_path / "p.jsonl", ABOUT)
    record.close()


@pytest.mark.parametrize(
    ("allowance", "used"), [(Allowance(calls=3), 3), (Allowance(calls=9, tokens=24), 2), (Allowance(tokens=0), 0)]
)
def test_the_budget_ends_the_asking(allowance: Allowance, used: int, stub: Stub, make: Make) -> None:
    whole = chat(BERLIN)
    experiment = make(whole, allowance=allowance, width=1)
    with pytest.raises(BudgetError, match="used up"):
        experiment.answers(whole, 10)
    assert len(stub.requests) == used


def test_a_refused_request_is_remembered_and_others_go_on(tmp_path: Path, stub: Stub, make: Make) -> None:
    whole, other = chat(BERLIN, FACTS[0]), chat(BERLIN)
    stub.script = [Told({"error": {"message": "bad tool"}}, 400)]
    record = record_at(tmp_path / "p.jsonl", ABOUT)
    experiment = make(whole, record)
    with pytest.raises(RefusedError, match="bad tool"):
        experiment.answers(whole, 1)
    assert experiment.counts(other, 1).runs == 1
    record.close()
    with pytest.raises(RefusedError, match="bad tool"):
        Experiment(whole, expected(whole), RUN, read_record(tmp_path / "p.jsonl")).answers(whole, 1)


def test_a_rate_limit_is_waited_for_and_a_broken_endpoint_ends_the_asking(stub: Stub, make: Make) -> None:
    whole = chat(BERLIN)
    stub.script = [Told({"error": {"message": "slow down"}}, 429, {"retry-after-ms": "5"})]
    experiment = make(whole)
    assert len(experiment.answers(whole, 1)) == 1
    stub.script = [Told({"error": {"message": "down"}}, 503)] * 2
    with pytest.raises(NoAnswerError, match="503: down, 2 times"):
        experiment.answers(whole, 2)
    assert len(experiment.answers(whole, 2)) == 2


def test_drift_and_cached_answers_are_said(stub: Stub, make: Make) -> None:
    whole = chat(BERLIN, temperature=0.7)
    stub.script = [Told({**reply("100"), "model": name, "id": "same"}) for name in ("gpt-a", "gpt-a", "gpt-b")]
    experiment = make(whole, width=1)
    assert experiment.counts(whole, 3) == Counts(1, 1)
    drift, again = experiment.notes()
    assert drift == "the endpoint drifted: it answered as gpt-a (2), gpt-b (1); the figures mix them"
    assert again.startswith("2 answers came twice")


def test_repetitions_with_a_seed_are_draws_of_their_own(stub: Stub, make: Make) -> None:
    whole = chat(BERLIN, temperature=0.7, seed=5)
    make(whole, width=1).answers(whole, 3)
    assert [one["seed"] for one in stub.requests] == [5, 6, 7]


@pytest.mark.parametrize("form", AGENTS)
def test_every_dialect_is_asked_in_its_own_words(form: str, stub: Stub, make: Make) -> None:
    whole = agent(form)
    bodies: dict[str, Any] = {
        "anthropic.messages": anthropic("100"),
        "google.generate_content": {"candidates": [{"content": {"parts": [{"text": "100"}]}, "finishReason": "STOP"}]},
        "ollama.chat": {"model": "m", "message": {"role": "assistant", "content": "100"}, "done": True},
        "openai.responses": {"id": "r", "status": "completed", "output": [
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "100"}]}]},
    }  # fmt: skip
    stub.reply = lambda _: Told(bodies.get(form, reply("100")))
    host = stub.url.removesuffix("/v1")
    assert make(whole, url=host).counts(whole, 1) == Counts(1, 1)
    path = {"google.generate_content": "/v1beta/models/m:generateContent", "ollama.chat": "/api/chat"}.get(form)
    assert path is None or stub.paths == [path]
    assert ("model" in stub.requests[0]) is (form != "google.generate_content")


@pytest.mark.parametrize("form", ["openai.chat", "anthropic.messages", "google.generate_content", "ollama.chat"])
def test_a_request_is_written_for_the_endpoint_that_is_asked(form: str, stub: Stub, make: Make) -> None:
    whole = agent("openai.responses")
    ports = {"google.generate_content": "/v1beta/models/x:generateContent", "ollama.chat": "/api/chat",
             "anthropic.messages": "/v1/messages", "openai.chat": "/v1/chat/completions"}  # fmt: skip
    bodies: dict[str, Any] = {
        "anthropic.messages": anthropic("100"),
        "google.generate_content": {"candidates": [{"content": {"parts": [{"text": "100"}]}, "finishReason": "STOP"}]},
        "ollama.chat": {"model": "m", "message": {"role": "assistant", "content": "100"}, "done": True},
    }
    stub.reply = lambda _: Told(bodies.get(form, reply("100")))
    assert make(whole, url=stub.url.removesuffix("/v1") + ports[form]).counts(whole, 1) == Counts(1, 1)
    sent = request(stub.requests[0], form).snapshot(RUN)
    assert [segment.text for segment in sent.segments() if segment.text.strip()] == [
        segment.text for segment in whole.snapshot(RUN).segments()
    ]


def test_secrets_are_hidden_unless_their_owner_lets_them_go() -> None:
    key = "sk-proj-" + "Ab3dEf6hIj9kLm2nOp5qRs8t" * 2
    whole = chat(f"The key is {key}.", BERLIN)
    hidden, exact = outgoing(whole, Send.REDACTED), outgoing(whole, Send.EXACT)
    assert key not in str(hidden.request.body)
    assert "1 secret hidden" in hidden.line("api.example", 2, 900)
    assert exact.request == whole
    assert "with 1 secret" in exact.line("api.example", 2, None)
    assert "no secrets found" in outgoing(chat(BERLIN), Send.REDACTED).line("api.example", 0, None)


def test_an_expectation_for_a_judge_is_refused() -> None:
    from ctxdebug.cases.expectation import expect

    with pytest.raises(UsageError, match="LLM judge"):
        failure_of(chat(BERLIN).snapshot(RUN), expect("judge", "Is it polite?"))
    assert failure_of(chat(BERLIN).snapshot(RUN), prohibition("100")).words == "not-contains:100"


@pytest.mark.parametrize(
    ("captured", "answer", "fails"),
    [
        ("It is 100 EUR.", "It is 100 EUR.", 1),
        ("It is 100 EUR.", "Between 100 and 120 EUR.", 1),
        ("It is 100 EUR.", "Bah! Bah!", 0),
        ("Bah!", "Hm!", 1),
        ("Bah!", "It is 120 EUR, not 100.", 0),
        ("It is 120 EUR.", "Hm!", 1),
        (None, "Hm!", 1),
    ],
)
def test_what_the_captured_answer_says_and_should_not_is_the_reason(
    captured: str | None, answer: str, fails: int, stub: Stub, make: Make
) -> None:
    whole, expectation = chat(BERLIN), given_expectation(("120",), ("100",))
    assert expectation is not None
    stub.reply = lambda _: Told(reply(answer))
    experiment = make(whole)
    bad = (captured, False) if captured is not None else None
    experiment.failure = failure_of(whole.snapshot(RUN), expectation, bad)
    assert experiment.counts(whole, 1) == Counts(fails, 1)
    assert experiment.failure.expectation == expectation
