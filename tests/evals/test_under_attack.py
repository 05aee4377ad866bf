from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.errors import LoadError, UsageError
from ctxdebug.evals.dialects import address
from ctxdebug.evals.endpoint import Endpoint, NoAnswerError, Patience
from ctxdebug.evals.recording import JudgeQuestion, new_recording, open_recording
from ctxdebug.evals.replies import snapshot_of
from ctxdebug.evals.statistics import Decision
from ctxdebug.models import Prices
from tests.evals.model_stub import Stub, Told, anthropic, chat, deltas, sse
from tests.evals.test_live import a_case, a_run, evaluate, fresh
from tests.redaction.examples import made

BODY: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "how many?"}]}


def choice(text: Any, index: int = 0) -> dict[str, Any]:
    return {"index": index, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}


def test_headers_that_drip_end_at_the_deadline(stub: Stub) -> None:
    stub.script = [Told(drip=0.05)]
    asked = Endpoint(address(stub.url), None, Patience(timeout=0.5, retries=0))
    start = time.monotonic()
    with pytest.raises(NoAnswerError, match=r"no answer within 0\.5 s"):
        asked.ask(BODY)
    assert time.monotonic() - start < 5
    assert asked.ask(BODY).body["choices"]
    asked.close()


@pytest.mark.parametrize(
    "body",
    [
        {"choices": "5 days"},
        {"choices": [None]},
        {"choices": [{"finish_reason": "stop"}]},
        {"choices": [{"message": None, "finish_reason": "stop"}]},
        {"choices": [{"message": {"role": "assistant"}, "finish_reason": "stop"}]},
        {"choices": [choice(5)]},
        {"choices": [choice({"text": "5 days"})]},
        {"choices": [{"message": {"content": None, "tool_calls": "search"}, "finish_reason": "stop"}]},
        {"answer": "5 days"},
        {},
    ],
)
def test_a_malformed_reply_is_no_verdict(stub: Stub, tmp_path: Path, body: Any) -> None:
    stub.reply = lambda _: Told(body)
    found = evaluate(a_run(stub, tmp_path, [a_case(tmp_path)], repeat=2))
    assert found.exit_code() == 3
    assert found.results[0].runs == 0
    assert "no answer" in found.results[0].fault


@pytest.mark.parametrize(
    "change", [{"content": "5 days"}, {"content": [{"type": "text"}]}, {"content": None}, {"content": [5]}]
)
def test_a_malformed_message_of_anthropic_is_no_verdict(change: Any) -> None:
    from ctxdebug.evals.endpoint import Reply

    with pytest.raises(NoAnswerError):
        snapshot_of(BODY, Reply(anthropic("x") | change), "anthropic.messages", "case")


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999"])
def test_what_is_no_number_enters_no_record(stub: Stub, tmp_path: Path, number: bytes) -> None:
    told = json.dumps(chat("5 days") | {"score": "@"}).encode().replace(b'"@"', number)
    stub.reply = lambda _: Told(told)
    run = a_run(stub, tmp_path, [a_case(tmp_path)], repeat=1)
    assert evaluate(run).exit_code() == 3
    assert not (run.recording.path / "answers.jsonl").exists()


def test_every_choice_is_judged(stub: Stub, tmp_path: Path) -> None:
    stub.reply = lambda _: Told(chat("") | {"choices": [choice("5 days"), choice("10 days", 1)]})
    found = evaluate(a_run(stub, tmp_path, [a_case(tmp_path)], repeat=1)).results[0]
    assert found.trials[0].outcome.passed is False
    assert found.trials[0].outcome.reason.startswith("choice 2 of 2: ")
    assert found.trials[0].answer == "10 days"
    recorded = json.loads(next((tmp_path / "runs").glob("*/answers.jsonl")).read_text())
    assert len(recorded["body"]["choices"]) == 2


def test_choices_of_a_stream_are_told_apart(stub: Stub, tmp_path: Path) -> None:
    events = [event for text in ("5 ", "days") for event in deltas(text, finish=None)]
    second = json.loads(json.dumps(deltas("10 days")).replace('"index": 0', '"index": 1'))
    body = sse(*events, *deltas(), *second)
    stub.reply = lambda _: Told(body, headers={"content-type": "text/event-stream"})
    found = evaluate(a_run(stub, tmp_path, [a_case(tmp_path)], repeat=1, stream=True)).results[0]
    assert found.trials[0].outcome.reason.startswith("choice 2 of 2: ")


def test_a_run_is_asked_by_one_process_at_a_time(tmp_path: Path) -> None:
    first = new_recording(tmp_path, {"model": "m"}, "one")
    second = open_recording(tmp_path, "one")
    with pytest.raises(UsageError, match="is being asked by another"):
        second.hold()
    first.close()
    second.hold()
    second.close()


@pytest.mark.parametrize("text", ["[]", '"x"', "5", "{", "", '{"a":' * 5000])
def test_a_broken_run_is_named(tmp_path: Path, text: str) -> None:
    new_recording(tmp_path, {"model": "m"}, "one").close()
    (tmp_path / "one" / "run.json").write_text(text)
    with pytest.raises(LoadError, match="the run one cannot be read"):
        open_recording(tmp_path, "one")


def test_a_planted_link_is_not_written_through(tmp_path: Path, stub: Stub) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine\n")
    recording = new_recording(tmp_path / "runs", {"model": "m", "endpoint": "", "format": "openai.chat"}, "one")
    (recording.path / "answers.jsonl").symlink_to(elsewhere)
    evaluate(a_run(stub, tmp_path, [a_case(tmp_path)], recording, repeat=1))
    assert elsewhere.read_text() == "mine\n"


def test_a_secret_that_a_stream_says_in_pieces_is_not_recorded(tmp_path: Path) -> None:
    from ctxdebug.evals.endpoint import Reply

    key = f"ghp_{made(36)}"
    stream = sse(*deltas("the key is ", key[:9], key[9:20], key[20:], " so use it")).decode()
    recording = new_recording(tmp_path, {"model": "m"}, "one")
    kept = recording.keep(JudgeQuestion("case", "digest", 0), Reply(stream=stream))
    recording.close()
    written = (recording.path / "answers.jsonl").read_text()
    assert key[9:20] not in written
    assert "<REDACTED:github-token:1>" in written
    assert snapshot_of(BODY, kept, "openai.chat", "case").answer[0].text.endswith(" so use it")


def test_answers_that_repeat_end_a_case_early_and_are_said(stub: Stub, tmp_path: Path) -> None:
    stub.reply = lambda _: Told(chat("5 days"))
    long = a_case(tmp_path, runs={"max": 60, "pass-rate": 0.9, "confidence": 0.95})
    found = evaluate(a_run(stub, tmp_path, [long]))
    assert len(stub.requests) < 60
    assert found.results[0].verdict is Decision.UNDECIDED
    assert any("repeated earlier ones" in note for note in found.notes)


def test_answers_that_differ_are_asked_to_the_end(stub: Stub, tmp_path: Path) -> None:
    stub.reply = lambda _: fresh("5 days")
    found = evaluate(a_run(stub, tmp_path, [a_case(tmp_path)]))
    assert found.results[0].verdict is Decision.PASS
    assert not any("repeated" in note for note in found.notes)


def test_attempts_and_judges_count_against_the_budget(stub: Stub) -> None:
    stub.reply = lambda _: Told({"error": {"message": "busy"}}, status=503)
    asked = Endpoint(address(stub.url), None, Patience(timeout=2, retries=9, first_wait=0.001), most_calls=4)
    with pytest.raises(NoAnswerError, match="budget of 4 calls"):
        asked.ask(BODY)
    assert len(stub.requests) == 4
    asked.close()


def test_a_case_cannot_raise_the_budget(stub: Stub, tmp_path: Path) -> None:
    stub.reply = lambda _: fresh("5 days" if len(stub.requests) % 2 else "10 days")
    greedy = a_case(tmp_path, runs={"max": 100_000, "pass-rate": 0.5, "confidence": 0.99})
    found = evaluate(a_run(stub, tmp_path, [greedy], most_calls=12, default_budget=True))
    assert len(stub.requests) == 12
    assert found.stopped == "the default budget of 12 calls is used up; --budget raises it"


def test_an_endpoint_cannot_lower_what_a_run_costs(stub: Stub, tmp_path: Path) -> None:
    stub.reply = lambda _: Told(chat("5 days") | {"usage": {"prompt_tokens": -(10**9), "completion_tokens": 1}})
    found = evaluate(a_run(stub, tmp_path, [a_case(tmp_path)], repeat=2, prices=Prices(input=1.0, output=1.0)))
    assert found.cost == 0.0
    assert any("2 answers came without token counts" in note for note in found.notes)


@pytest.mark.parametrize(
    "url", ["http://[::1", "http://h:99999/v1", "http://h:port/v1", "http://a b/v1", "http://\x00/", "//x", "http://"]
)
def test_a_bad_address_is_named(url: str) -> None:
    with pytest.raises(UsageError, match="is no URL that can be asked"):
        address(url)


def test_many_threads_share_an_endpoint(stub: Stub) -> None:
    asked = Endpoint(address(stub.url), None, Patience(timeout=5))
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(asked.ask(BODY).body)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    asked.close()
