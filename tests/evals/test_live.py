from __future__ import annotations

import itertools
import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.cases.blobs import Blobs
from ctxdebug.cases.case import case_from
from ctxdebug.cases.store import StoredCase, load_case, save_case
from ctxdebug.engine.run import RunOptions
from ctxdebug.evals.dialects import address
from ctxdebug.evals.endpoint import Endpoint, Patience
from ctxdebug.evals.live import LiveRun
from ctxdebug.evals.live_options import LiveOptions
from ctxdebug.evals.recorded import run_recorded
from ctxdebug.evals.recording import Recording, new_recording, open_recording
from ctxdebug.evals.statistics import Decision
from ctxdebug.evals.trials import Evaluation
from ctxdebug.models import Prices
from tests.evals.model_stub import Stub, Told, chat, deltas, sse

QUICK = Patience(timeout=5, retries=1, longest_wait=1, first_wait=0.01)
COUNTER = itertools.count()


def a_case(folder: Path, name: str = "limit", **changes: Any) -> StoredCase:
    content = {
        "ctxdebug": 1,
        "id": name,
        "title": "the old limit is quoted",
        "request": {
            "format": "openai.chat",
            "body": {"model": "m", "messages": [{"role": "user", "content": f"how many, {name}?"}]},
        },
        "recorded": {"passed": False, "answer": "10 days"},
        "good": {"answer": "5 days"},
        "expect": {"all": [{"contains": "5 days"}, {"not-contains": "10 days"}]},
    }
    return load_case(save_case(case_from(content | changes), Blobs(), folder))


def fresh(text: str) -> Told:
    return Told(chat(text) | {"id": f"chatcmpl-{next(COUNTER)}"})


def a_run(
    stub: Stub, folder: Path, cases: list[StoredCase], recording: Recording | None = None, **options: Any
) -> LiveRun:
    place = address(stub.url)
    recording = recording or new_recording(
        folder / "runs", {"model": options.get("model", "m"), "endpoint": place.url, "format": "openai.chat"}
    )
    endpoint = Endpoint(place, None, QUICK)
    return LiveRun(cases, LiveOptions(**options), RunOptions(), recording, endpoint)


def evaluate(run: LiveRun) -> Evaluation:
    try:
        return run.evaluate()
    finally:
        if run.endpoint:
            run.endpoint.close()


def test_a_good_model_passes_and_stops_early(stub: Stub, tmp_path: Path) -> None:
    stub.reply = lambda _: fresh("5 days")
    found = evaluate(a_run(stub, tmp_path, [a_case(tmp_path)]))
    (result,) = found.results
    assert result.verdict is Decision.PASS
    assert 12 <= result.runs <= 20
    assert 12 <= found.calls <= 20
    assert found.exit_code() == 0
    assert "stopped early" in result.proves


def test_a_bad_model_fails_after_few_calls(stub: Stub, tmp_path: Path) -> None:
    stub.reply = lambda _: fresh("10 days")
    found = evaluate(a_run(stub, tmp_path, [a_case(tmp_path)]))
    assert found.results[0].verdict is Decision.FAIL
    assert found.calls <= 12
    assert found.exit_code() == 1
    assert "does not say '5 days'" in found.results[0].reason


def test_few_runs_leave_it_undecided(stub: Stub, tmp_path: Path) -> None:
    stub.reply = lambda _: fresh("5 days")
    found = evaluate(a_run(stub, tmp_path, [a_case(tmp_path)], repeat=3))
    assert found.results[0].verdict is Decision.UNDECIDED
    assert found.results[0].proves == "3 of 3 proves more than 37 % (at 95 %)"
    assert found.exit_code() == 4


def test_cached_answers_count_once(stub: Stub, tmp_path: Path) -> None:
    stub.reply = lambda _: Told(chat("5 days"))
    found = evaluate(a_run(stub, tmp_path, [a_case(tmp_path)], repeat=40))
    assert found.results[0].runs == 1
    assert found.results[0].verdict is Decision.UNDECIDED
    assert "39 answers came twice" in found.notes[0]


@pytest.mark.parametrize("headers", [{"x-cache": "HIT"}, {"cf-cache-status": "HIT"}, {"x-litellm-cache-hit": "True"}])
def test_a_cache_that_says_so_counts_once(stub: Stub, tmp_path: Path, headers: dict[str, str]) -> None:
    stub.reply = lambda _: Told(chat("5 days") | {"id": f"chatcmpl-{next(COUNTER)}"}, headers=headers)
    assert evaluate(a_run(stub, tmp_path, [a_case(tmp_path)], repeat=5)).results[0].runs == 1


def test_a_fixed_seed_is_one_draw(stub: Stub, tmp_path: Path) -> None:
    stub.reply = lambda _: fresh("5 days")
    body = {"model": "m", "seed": 7, "messages": [{"role": "user", "content": "how many?"}]}
    case = a_case(tmp_path, request={"format": "openai.chat", "body": body})
    assert evaluate(a_run(stub, tmp_path, [case], repeat=5)).results[0].runs == 1


def test_no_answer_is_no_verdict(stub: Stub, tmp_path: Path) -> None:
    stub.reply = lambda _: Told({"error": {"message": "oops"}}, 500)
    found = evaluate(a_run(stub, tmp_path, [a_case(tmp_path)], repeat=2))
    assert found.results[0].verdict is Decision.UNDECIDED
    assert "500: oops" in found.results[0].fault
    assert found.exit_code() == 3


def test_a_refused_key_ends_the_run_at_once(stub: Stub, tmp_path: Path) -> None:
    stub.reply = lambda _: Told({"error": {"message": "bad key"}}, 401)
    cases = [a_case(tmp_path, f"c{number}") for number in range(40)]
    found = evaluate(a_run(stub, tmp_path, cases, repeat=5, concurrency=2))
    assert found.exit_code() == 3
    assert len(stub.requests) <= 6
    assert "401" in found.stopped


def test_one_silent_case_does_not_take_the_others_along(stub: Stub, tmp_path: Path) -> None:
    stub.reply = lambda request: (
        Told({"error": {"message": "too long"}}, 400)
        if "bad?" in request["messages"][0]["content"]
        else fresh("5 days")
    )
    found = evaluate(a_run(stub, tmp_path, [a_case(tmp_path, "bad"), a_case(tmp_path, "fine")]))
    assert [result.verdict for result in found.results] == [Decision.UNDECIDED, Decision.PASS]
    assert found.exit_code() == 3


def test_everything_answered_is_on_disk_and_replays_the_same(stub: Stub, tmp_path: Path) -> None:
    stub.reply = lambda _: fresh("5 days" if next(COUNTER) % 3 else "10 days")
    cases = [a_case(tmp_path, name) for name in ("a", "b")]
    live = evaluate(a_run(stub, tmp_path, cases, repeat=6))
    recording = open_recording(tmp_path / "runs", live.run)
    replayed = LiveRun(cases, LiveOptions(repeat=6), RunOptions(), recording, None).evaluate()
    assert len(stub.requests) == 12
    assert replayed.mode == "replayed"
    assert [(result.passes, result.runs, result.verdict) for result in replayed.results] == [
        (result.passes, result.runs, result.verdict) for result in live.results
    ]


def test_a_run_resumes_and_asks_only_for_what_is_missing(stub: Stub, tmp_path: Path) -> None:
    stub.reply = lambda _: fresh("5 days")
    case = a_case(tmp_path)
    first = evaluate(a_run(stub, tmp_path, [case], repeat=3))
    again = evaluate(a_run(stub, tmp_path, [case], open_recording(tmp_path / "runs", first.run), repeat=5))
    assert len(stub.requests) == 5
    assert (again.calls, again.results[0].runs) == (2, 5)


def test_a_cut_last_line_is_left_out_and_mended(stub: Stub, tmp_path: Path) -> None:
    stub.reply = lambda _: fresh("5 days")
    case = a_case(tmp_path)
    first = evaluate(a_run(stub, tmp_path, [case], repeat=3))
    path = tmp_path / "runs" / first.run / "answers.jsonl"
    path.write_text(path.read_text()[:-30])
    assert len(open_recording(tmp_path / "runs", first.run).answers) == 2
    evaluate(a_run(stub, tmp_path, [case], open_recording(tmp_path / "runs", first.run), repeat=4))
    assert len(open_recording(tmp_path / "runs", first.run).answers) == 4


def test_ctrl_c_keeps_what_was_answered(stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stub.reply = lambda _: fresh("5 days")
    run = a_run(stub, tmp_path, [a_case(tmp_path, f"c{number}") for number in range(30)], repeat=2, concurrency=2)

    def watch(answered: int, _: int) -> None:
        if answered == 5:
            raise KeyboardInterrupt

    try:
        found = run.evaluate(watch)
    finally:
        assert run.endpoint
        run.endpoint.close()
    assert found.exit_code() == 130
    assert any(result.partial for result in found.results)
    assert sum(result.runs for result in found.results) >= 4
    time.sleep(0.2)
    assert len(open_recording(tmp_path / "runs", found.run).answers) >= 5


def test_budget_of_calls_is_never_exceeded(stub: Stub, tmp_path: Path) -> None:
    stub.reply = lambda _: fresh("5 days")
    cases = [a_case(tmp_path, f"c{number}") for number in range(6)]
    found = evaluate(a_run(stub, tmp_path, cases, most_calls=20))
    assert len(stub.requests) == 20
    assert "20 calls" in found.stopped
    assert found.exit_code() == 4


def test_budget_of_money_stops_the_run(stub: Stub, tmp_path: Path) -> None:
    stub.reply = lambda _: fresh("5 days")
    found = evaluate(
        a_run(
            stub,
            tmp_path,
            [a_case(tmp_path)],
            repeat=50,
            concurrency=1,
            most_money=0.0001,
            prices=Prices(input=1.0, output=1.0),
        )
    )
    assert found.cost == pytest.approx(0.0001, rel=0.3)
    assert found.calls < 15


def test_concurrency_is_kept(stub: Stub, tmp_path: Path) -> None:
    def slow(_: dict[str, Any]) -> Told:
        time.sleep(0.02)
        return fresh("5 days")

    stub.reply = slow
    evaluate(a_run(stub, tmp_path, [a_case(tmp_path, f"c{number}") for number in range(12)], repeat=1, concurrency=3))
    assert stub.busiest <= 3


def test_the_exact_request_is_sent(stub: Stub, tmp_path: Path) -> None:
    stub.reply = lambda _: fresh("5 days")
    case = a_case(tmp_path)
    evaluate(a_run(stub, tmp_path, [case], repeat=1))
    assert stub.requests == [case.body()]


def test_a_case_of_another_format_is_converted(stub: Stub, tmp_path: Path) -> None:
    stub.reply = lambda _: fresh("5 days")
    body = {
        "model": "claude-x", "max_tokens": 50, "system": "Be brief.",
        "tools": [{"name": "search", "description": "s", "input_schema": {"type": "object", "properties": {}}}],
        "messages": [
            {"role": "user", "content": "how many?"},
            {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "search", "input": {"q": "x"}}]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "5 days"}]},
        ],
    }  # fmt: skip
    case = a_case(tmp_path, request={"format": "anthropic.messages", "body": body})
    evaluate(a_run(stub, tmp_path, [case], repeat=1, model="gpt-x"))
    (sent,) = stub.requests
    assert sent["model"] == "gpt-x"
    assert [message["role"] for message in sent["messages"]] == ["system", "user", "assistant", "tool"]
    assert sent["messages"][2]["tool_calls"][0]["function"] == {"name": "search", "arguments": '{"q":"x"}'}
    assert sent["messages"][3] == {"role": "tool", "tool_call_id": "t1", "content": "5 days"}
    assert sent["tools"][0]["function"]["name"] == "search"


def test_a_case_that_cannot_be_asked_is_no_fault_of_the_others(stub: Stub, tmp_path: Path) -> None:
    stub.reply = lambda _: fresh("5 days")
    image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGVsbG8gd29ybGQ="}}
    body = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": [image]}]}
    cases = [
        a_case(tmp_path, "image", request={"format": "anthropic.messages", "body": body}),
        a_case(tmp_path, "fine"),
    ]
    found = evaluate(a_run(stub, tmp_path, cases, repeat=1))
    assert "which only anthropic.messages carries" in found.results[0].fault
    assert found.results[1].passes == 1
    assert found.exit_code() == 3


def test_a_broken_stream_is_asked_for_again(stub: Stub, tmp_path: Path) -> None:
    stream = {"content-type": "text/event-stream"}
    stub.script = [
        Told(sse(*deltas("5 ", finish=None), done=False), headers=stream),
        Told(sse(*deltas("5 ", "days")), headers=stream),
    ]
    found = evaluate(a_run(stub, tmp_path, [a_case(tmp_path)], repeat=1, stream=True))
    assert (found.results[0].passes, len(stub.requests)) == (1, 2)


def test_a_conversion_is_told(stub: Stub, tmp_path: Path) -> None:
    stub.reply = lambda _: fresh("5 days")
    body = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "how many?"}]}
    case = a_case(tmp_path, request={"format": "anthropic.messages", "body": body})
    assert "written anew as openai.chat" in evaluate(a_run(stub, tmp_path, [case], repeat=1)).notes[0]


def test_no_secret_is_recorded(stub: Stub, tmp_path: Path) -> None:
    secret = "sk-ant-api03-" + "aB3dE5fG7h" * 9
    stub.reply = lambda _: fresh(f"5 days, and the key is {secret}")
    found = evaluate(a_run(stub, tmp_path, [a_case(tmp_path)], repeat=1))
    written = "".join(path.read_text() for path in (tmp_path / "runs").rglob("*") if path.is_file())
    assert secret not in written
    assert secret not in repr(found)
    assert found.results[0].passes == 1


def test_recorded_mode_asks_nobody(tmp_path: Path) -> None:
    found = run_recorded([a_case(tmp_path)], RunOptions())
    assert found.results[0].verdict is Decision.PASS
    assert found.exit_code() == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"recorded": {"passed": False, "answer": "5 days"}}, "the recorded answer passes"),
        ({"good": {"answer": "10 days"}}, "the good answer fails"),
        ({"bad": {"answer": "5 days"}}, "the bad answer passes"),
        ({"findings": [{"code": "MEM103", "message": "cut"}]}, "MEM103 is no longer found"),
    ],
)
def test_recorded_mode_sees_what_is_no_proof(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    found = run_recorded([a_case(tmp_path, **change)], RunOptions(), findings=True)
    assert found.results[0].verdict is Decision.FAIL
    assert words in found.results[0].reason
    assert found.exit_code() == 1


def test_recorded_mode_leaves_a_judge_undecided(tmp_path: Path) -> None:
    assert run_recorded([a_case(tmp_path, expect={"judge": "is it polite?"})], RunOptions()).exit_code() == 4


def test_answers_are_written_as_they_come(stub: Stub, tmp_path: Path) -> None:
    gate = threading.Event()
    stub.reply = lambda request: (
        (gate.wait(5), fresh("5 days"))[1] if "slow?" in request["messages"][0]["content"] else fresh("5 days")
    )
    run = a_run(stub, tmp_path, [a_case(tmp_path, "quick"), a_case(tmp_path, "slow")], repeat=1)
    thread = threading.Thread(target=evaluate, args=(run,))
    thread.start()
    path = run.recording.path / "answers.jsonl"
    for _ in range(200):
        if path.exists() and path.read_text().endswith("\n"):
            break
        time.sleep(0.02)
    lines = path.read_text().splitlines()
    gate.set()
    thread.join()
    assert [json.loads(line)["case"] for line in lines] == ["quick"]
