from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from ctxdebug.commands.proof_call import allowance_of
from ctxdebug.evals.endpoint import Endpoint
from ctxdebug.proof.spending import Allowance
from tests.evals.model_stub import Stub, Told
from tests.evals.model_stub import chat as reply
from tests.proof.requests import BERLIN, FACTS, agent, chat
from tests.shell import ctxdebug, process

DEMANDS = ("--expect", "120", "--forbid", "100", "--concurrency", "1")
OSLO = FACTS[0]


def planted(stub: Stub, *causes: str, rate: float = 0.95, noise: float = 0.03, seed: int = 7) -> None:
    """Let the stub answer wrongly where all causes are in the request, and now and then where not."""
    draw = random.Random(seed)

    def answer(body: dict[str, Any]) -> Told:
        text = json.dumps(body)
        wrong = draw.random() < (rate if all(cause in text for cause in causes) else noise)
        said = reply("It is 100 EUR." if wrong else "It is 120 EUR.")
        return Told({**said, "id": f"id-{len(stub.requests)}"})

    stub.reply = answer


def capture(folder: Path, body: dict[str, Any], text: str = "It is 100 EUR.") -> str:
    (folder / "limits.json").write_text(json.dumps({"request": body, "response": reply(text)}))
    return "limits.json"


@pytest.fixture
def limits(tmp_path: Path) -> str:
    return capture(tmp_path, chat(*FACTS, BERLIN, temperature=0.8).body)


def test_the_distractor_is_found_and_the_result_is_a_capture_a_case_and_a_diff(
    tmp_path: Path, stub: Stub, limits: str
) -> None:
    planted(stub, OSLO, BERLIN)
    done = ctxdebug("shrink", limits, "--endpoint", stub.url, *DEMANDS, "-o", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "8 of 10 units do not matter; 2 do" in done.stdout
    assert f"{OSLO} · without it" in done.stdout
    assert "not left out: it no longer contains" in done.stdout
    left = json.loads((tmp_path / "out" / "limits-shrunk.json").read_text())
    assert left["request"]["messages"] == [
        {"role": "user", "content": f"{OSLO}\n{BERLIN}\n\nWhat is the hotel limit for Berlin?"}
    ]
    assert f"-{FACTS[1]}" in (tmp_path / "out" / "limits-shrunk.diff").read_text()
    (case,) = (tmp_path / "out").glob("*.yaml")
    assert ctxdebug("case", "verify", str(case), cwd=tmp_path).returncode == 0
    assert ctxdebug("shrink", str(case), "--endpoint", stub.url, "--concurrency", "1", cwd=tmp_path).returncode == 0


def test_what_goes_where_and_the_budget_are_said_before_the_first_call(tmp_path: Path, stub: Stub, limits: str) -> None:
    planted(stub, OSLO)
    done = ctxdebug("shrink", limits, "--endpoint", stub.url, *DEMANDS, "--budget", "3", cwd=tmp_path)
    assert "sent to 127.0.0.1: the request and parts of it" in done.stderr
    assert "budget: at most 3 calls, up to about" in done.stderr
    assert done.returncode == 4
    assert "stopped   the budget of 3 calls is used up" in done.stdout


def test_a_gradual_cause_is_told_with_doses_where_what_is_left_is_not_confirmed(tmp_path: Path, stub: Stub) -> None:
    draw = random.Random(3)
    more = [f"The hotel limit for {city} is 100 EUR a night." for city in ("Milan", "Turin", "Porto", "Lyon", "Nice")]
    facts = [*FACTS, *more]

    def answer(body: dict[str, Any]) -> Told:
        near = sum(fact in json.dumps(body) for fact in facts)
        said = reply("It is 100 EUR." if draw.random() < 0.62 * near / len(facts) else "It is 120 EUR.")
        return Told({**said, "id": f"id-{len(stub.requests)}"})

    stub.reply = answer
    limits = capture(tmp_path, chat(*facts, BERLIN, temperature=0.8).body)
    command = ("shrink", limits, *DEMANDS, "--budget", "270")
    done = ctxdebug(*command, "--endpoint", stub.url, "--record", "p.jsonl", cwd=tmp_path)
    assert done.returncode == 4, done.stdout
    said = " ".join(done.stdout.split())
    assert "not confirmed" in said
    assert "doses it is gradual: the failure rate falls with each unit that is taken away" in said
    again = ctxdebug(*command, "--replay", "p.jsonl", "--format", "json", cwd=tmp_path)
    doses = json.loads(again.stdout)["dose_response"]
    assert doses["trend_p"] < 0.05
    assert doses["doses"][0]["parts"] > len(facts)


def test_a_replay_gives_the_same_bytes_without_an_endpoint(tmp_path: Path, stub: Stub, limits: str) -> None:
    planted(stub, OSLO, BERLIN, rate=0.7)
    record = ("--record", "p.jsonl", "--endpoint", stub.url)
    live = {
        form: ctxdebug("shrink", limits, *record, *DEMANDS, "--format", form, cwd=tmp_path) for form in ("text", "json")
    }
    asked = len(stub.requests)
    for form, done in live.items():
        again = ctxdebug("shrink", limits, "--replay", "p.jsonl", *DEMANDS, "--format", form, cwd=tmp_path)
        assert (again.stdout, again.returncode) == (done.stdout, done.returncode)
    assert len(stub.requests) == asked
    assert json.loads(live["json"].stdout)["calls"] == asked


def test_an_interrupted_run_keeps_the_best_and_goes_on(tmp_path: Path, stub: Stub, limits: str) -> None:
    planted(stub, OSLO, BERLIN)
    whole = ctxdebug("shrink", limits, "--endpoint", stub.url, *DEMANDS, "--record", "whole.jsonl", cwd=tmp_path)
    needed = len(stub.requests)
    planted(stub, OSLO, BERLIN)
    stub.requests.clear()
    ask: Callable[..., Any] = Endpoint.ask

    def stopping(self: Endpoint, *given: Any, **more: Any) -> Any:
        if len(stub.requests) == needed // 2:
            raise KeyboardInterrupt
        return ask(self, *given, **more)

    command = ("shrink", limits, "--endpoint", stub.url, *DEMANDS, "--record", "p.jsonl")
    with mock.patch.object(Endpoint, "ask", stopping):
        stopped = ctxdebug(*command, cwd=tmp_path)
    assert stopped.returncode == 130
    assert "not confirmed: " in stopped.stdout
    assert "interrupted: the best so far is above" in stopped.stderr
    on = ctxdebug(*command, cwd=tmp_path)
    assert on.stdout == whole.stdout
    assert len(stub.requests) == needed
    assert f"{needed // 2} answers recorded" in on.stderr


def test_an_endpoint_that_breaks_ends_it_with_exit_3_and_the_best_so_far(
    tmp_path: Path, stub: Stub, limits: str
) -> None:
    planted(stub, OSLO, BERLIN)
    answer = stub.reply
    stub.reply = lambda body: answer(body) if len(stub.requests) < 15 else Told({"error": {"message": "gone"}}, 401)
    done = ctxdebug("shrink", limits, "--endpoint", stub.url, *DEMANDS, "--record", "p.jsonl", cwd=tmp_path)
    assert done.returncode == 3
    assert "not confirmed: " in done.stdout
    assert "answered 401: gone" in done.stderr
    again = ctxdebug("shrink", limits, "--replay", "p.jsonl", *DEMANDS, cwd=tmp_path)
    assert (again.returncode, again.stdout) == (3, done.stdout)


def test_what_the_endpoint_refuses_stays_in_the_context(tmp_path: Path, stub: Stub, limits: str) -> None:
    planted(stub, OSLO, BERLIN)
    answer = stub.reply
    refused = Told({"error": {"message": "a system message is needed"}}, 400)
    stub.reply = lambda body: answer(body) if body["messages"][0]["role"] == "system" else refused
    done = ctxdebug("shrink", limits, "--endpoint", stub.url, *DEMANDS, cwd=tmp_path)
    assert done.returncode == 0
    assert "a system message is needed" in done.stdout


def test_rate_limits_are_waited_for(tmp_path: Path, stub: Stub, limits: str) -> None:
    planted(stub, OSLO, BERLIN)
    stub.script = [Told({"error": {"message": "slow down"}}, 429, {"retry-after-ms": "1"})] * 3
    assert ctxdebug("shrink", limits, "--endpoint", stub.url, *DEMANDS, cwd=tmp_path).returncode == 0


def test_another_model_behind_the_endpoint_is_noted(tmp_path: Path, stub: Stub, limits: str) -> None:
    planted(stub, OSLO, BERLIN)
    answer = stub.reply
    stub.reply = lambda body: Told({**answer(body).body, "model": "new" if len(stub.requests) > 9 else "old"})
    done = ctxdebug("shrink", limits, "--endpoint", stub.url, *DEMANDS, cwd=tmp_path)
    assert "note      the endpoint drifted: it answered as old (9), new (" in done.stdout


def test_a_failure_that_hangs_on_a_hidden_secret_is_not_reproduced(tmp_path: Path, stub: Stub) -> None:
    key = "sk-proj-" + "Ab3dEf6hIj9kLm2nOp5qRs8t" * 2
    limits = capture(tmp_path, chat(f"The key is {key}.", BERLIN, temperature=0.8).body)
    planted(stub, key, noise=0.0)
    hidden = ctxdebug("shrink", limits, "--endpoint", stub.url, *DEMANDS, cwd=tmp_path)
    assert hidden.returncode == 4
    assert "result    not reproduced: 0 of 10 answers fail" in hidden.stdout
    assert "--send exact sends them" in hidden.stderr
    assert not [one for one in stub.requests if key in json.dumps(one)]
    exact = ctxdebug("shrink", limits, "--endpoint", stub.url, *DEMANDS, "--send", "exact", cwd=tmp_path)
    assert exact.returncode == 0
    assert "with 1 secret" in exact.stderr
    assert key not in exact.stdout + exact.stderr


def test_an_agents_calls_go_with_their_results(tmp_path: Path, stub: Stub) -> None:
    body = {**agent("openai.chat").body, "temperature": 0.5}
    limits = capture(tmp_path, body)
    planted(stub, "It is 120 EUR.")
    done = ctxdebug("shrink", limits, "--endpoint", stub.url, "--forbid", "100", "--concurrency", "1", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    for asked in stub.requests:
        called = [call["id"] for one in asked["messages"] for call in one.get("tool_calls") or ()]
        assert called == [one["tool_call_id"] for one in asked["messages"] if one["role"] == "tool"]
        assert ("tools" in asked) >= bool(called)
    assert "6 of 7 units do not matter; 1 does" in done.stdout


def test_the_finding_that_explains_an_answer_is_what_is_looked_for_where_nothing_is_given(
    tmp_path: Path, stub: Stub
) -> None:
    source = '<document id="kettle-1">The warranty of the Kestrel kettle is three years.</document>'
    text = "Answer only from the documents and cite their ids.\n" + source
    limits = capture(
        tmp_path, chat(text, asked="How long is the warranty of the Kestrel kettle?").body, "Three years [kettle-7]."
    )
    stub.reply = lambda _: Told({**reply("Three years [kettle-7]."), "id": str(len(stub.requests))})
    done = ctxdebug("shrink", limits, "--endpoint", stub.url, "--concurrency", "1", "--budget", "80", cwd=tmp_path)
    assert "failure   no-finding:" in done.stdout
    assert done.returncode in {0, 4}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "a proof queries a model: give --endpoint URL, or --replay FILE"),
        (("--replay", "p", "--endpoint", "http://x"), "--replay queries nobody"),
        (("--endpoint", "http://x/v1", "--send", "exakt"), "did you mean exact"),
        (("--endpoint", "http://x/v1", "--budget", "0"), "--budget takes"),
        (("--endpoint", "http://x/v1", "--format", "xml"), "unknown format 'xml'"),
        (("--replay", "nothing.jsonl"), "nothing.jsonl: cannot be read"),
    ],
)
def test_what_makes_no_sense_is_refused(options: tuple[str, ...], words: str, tmp_path: Path, limits: str) -> None:
    done = ctxdebug("shrink", limits, "--forbid", "100", *options, cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr


def test_a_record_of_another_capture_is_refused(tmp_path: Path, stub: Stub, limits: str) -> None:
    planted(stub, OSLO)
    ctxdebug("shrink", limits, "--endpoint", stub.url, *DEMANDS, "--record", "p.jsonl", "--budget", "2", cwd=tmp_path)
    capture(tmp_path, chat(BERLIN).body)
    done = ctxdebug("shrink", limits, "--replay", "p.jsonl", *DEMANDS, cwd=tmp_path)
    assert done.returncode == 2
    assert "the record of another request" in done.stderr


@pytest.mark.parametrize(
    ("given", "allowance"),
    [
        (None, Allowance(400)),
        ("20", Allowance(20)),
        ("5000tokens", Allowance(None, 5000)),
        ("1.5usd", Allowance(None, None, 1.5)),
        ("20,9000tok,$3", Allowance(20, 9000, 3.0)),
    ],
)
def test_a_budget_is_calls_tokens_or_money(given: str | None, allowance: Allowance) -> None:
    assert allowance_of(given) == allowance


def test_a_budget_in_money_needs_known_prices_and_is_said(tmp_path: Path, stub: Stub, limits: str) -> None:
    planted(stub, OSLO)
    command = ("shrink", limits, "--endpoint", stub.url, *DEMANDS, "--budget", "0.00001usd")
    unknown = ctxdebug(*command, cwd=tmp_path)
    assert unknown.returncode == 2
    assert "the prices of m are not known" in unknown.stderr
    known = ctxdebug(*command, "--ask", "gpt-4o-mini", cwd=tmp_path)
    assert "calls without a limit, at most 1e-05 USD" in known.stderr
    assert known.returncode == 4
    assert "the budget of 1e-05 USD is used up" in known.stdout
    assert {one["model"] for one in stub.requests} == {"gpt-4o-mini"}


def test_captured_text_cannot_speak_to_a_terminal(tmp_path: Path, stub: Stub) -> None:
    hostile = "\x1b[2J\u202eRed\x07 ::error::\r\u2028 and Oslo is 100.\x9b31m"
    tool = {"type": "function", "function": {"name": "a\x1b]0;x\x07", "parameters": {}}}
    limits = capture(tmp_path, chat(hostile, BERLIN, temperature=0.8, tools=[tool]).body, "\x1b[31m100")
    draw = random.Random(1)

    def answer(body: dict[str, Any]) -> Told:
        wrong = "Oslo" in json.dumps(body) and draw.random() < 0.9
        return Told({**reply("\x1b[31m100\u202e" if wrong else "120"), "id": f"id-{len(stub.requests)}"})

    stub.reply = answer
    command = ("shrink", limits, "--endpoint", stub.url, *DEMANDS, "--record", "p.jsonl", "-o", "out")
    texts = [ctxdebug(*command, "--format", form, cwd=tmp_path).stdout for form in ("text", "json")]
    assert json.loads(texts[1][: texts[1].rindex("}") + 1])["outcome"] == "shrunk"
    written = [path.read_text() for path in (tmp_path / "out").iterdir() if path.is_file()]
    for text in [*texts, *written]:
        assert not set(text) & set("\x1b\x07\x9b\u202e\u2028\r")


def test_a_replay_does_not_depend_on_how_a_process_orders_its_sets(tmp_path: Path, stub: Stub, limits: str) -> None:
    planted(stub, OSLO, BERLIN, rate=0.6)
    command = ("shrink", limits, *DEMANDS)
    live = ctxdebug(*command, "--endpoint", stub.url, "--record", "p.jsonl", cwd=tmp_path)
    for seed in ("1", "2"):
        again = process(*command, "--replay", "p.jsonl", cwd=tmp_path, PYTHONHASHSEED=seed)
        assert (again.stdout, again.returncode) == (live.stdout, live.returncode)
