"""Attribution by log-probabilities: planted causes are named in fewer calls, replay has the last word, and where there are none it says so."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.cases.demands import demand, prohibition
from ctxdebug.cases.expectation import Expectation
from ctxdebug.cases.proposal import joined
from ctxdebug.proof.attribution.failing_words import FailingWords, failing_words
from ctxdebug.proof.attribution.sparse_fit import sparse_fit
from ctxdebug.proof.attribution.token_logprobs import Token, way_of
from ctxdebug.proof.expectation import SameFailure
from ctxdebug.proof.request import with_fields
from tests.evals.model_stub import Stub, Told, anthropic, chat
from tests.proof.logprob_stub import answers_with_logprobs, tokens
from tests.shell import ctxdebug

FACT = "The hotel limit for Berlin is 120 EUR a night."
THINGS = tuple(
    f"{place} {what}"
    for place in ("The cellar", "The roof", "The lobby", "The garage", "The canteen", "The archive")
    for what in ("has a door of oak.", "was painted in May.", "is swept on Mondays.", "smells of lemons.")
)
FAILURE = ("--expect", "contains:120", "--forbid", "contains:100")


def written(folder: Path, things: tuple[str, ...] = THINGS, **more: Any) -> Path:
    """Write a capture with one sentence about Berlin among many, and an answer that is wrong."""
    content = "\n".join([*things[:3], FACT, *things[3:], "", "What is the hotel limit for Berlin?"])
    request = {"model": "m", "temperature": 0.8, "messages": [{"role": "user", "content": content}], **more}
    path = folder / "limits.json"
    path.write_text(json.dumps({"request": request, "response": chat("It is 100 EUR.")}))
    return path


def blamed(path: Path, stub: Stub, *arguments: str) -> dict[str, Any]:
    """Blame, and return the document."""
    done = ctxdebug(
        "blame", str(path), "--endpoint", stub.url, "--format", "json", *FAILURE, *arguments, cwd=path.parent
    )
    assert "Traceback" not in done.stderr, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def causes(found: dict[str, Any]) -> list[str]:
    return [one["what"] for one in found["suspects"] if one["blame"] == "cause"]


def test_a_planted_cause_is_attributed_confirmed_by_replay_and_costs_fewer_calls(tmp_path: Path, stub: Stub) -> None:
    answers_with_logprobs(stub, -4.0, {THINGS[13]: 6.5})
    path = written(tmp_path)
    with_logprobs = blamed(path, stub, "--record", "with.jsonl")
    plain = blamed(path, stub, "--record", "plain.jsonl", "--logprobs", "never")
    assert causes(with_logprobs) == causes(plain) == [THINGS[13]]
    attribution = with_logprobs["attribution"]
    assert [one["what"] for one in attribution["raise"]] == [THINGS[13]]
    assert attribution["raise"][0]["log_odds"] == pytest.approx(6.5, abs=0.5)
    assert attribution["explained"] > 0.9
    assert attribution["missing"] is None
    assert plain["attribution"] is None
    assert with_logprobs["calls"] < plain["calls"]


def test_the_screen_says_that_it_is_no_proof_and_what_it_cost(tmp_path: Path, stub: Stub) -> None:
    answers_with_logprobs(stub, -4.0, {THINGS[13]: 6.5})
    done = ctxdebug("blame", str(written(tmp_path)), "--endpoint", stub.url, *FAILURE, cwd=tmp_path)
    said = " ".join(done.stdout.split())
    assert "logprobs an attribution, not a proof (" in said
    assert "calls, 24 parts" in said
    assert "the odds that the answer says '100' are raised by: ×" in said
    assert f"cause {THINGS[13]}" in said


def test_two_parts_that_are_each_enough_are_both_attributed(tmp_path: Path, stub: Stub) -> None:
    answers_with_logprobs(stub, -4.0, {THINGS[2]: 6.0, THINGS[17]: 6.0})
    found = blamed(written(tmp_path), stub, "--logprobs", "always")
    assert {one["what"] for one in found["attribution"]["raise"]} == {THINGS[2], THINGS[17]}
    assert found["conclusion"].startswith("several parts cause it")


@pytest.mark.parametrize(
    ("status", "reason"),
    [(200, "contain no log-probabilities"), (400, "refuses to give log-probabilities")],
)
def test_an_endpoint_without_logprobs_falls_back_and_says_so(
    tmp_path: Path, stub: Stub, status: int, reason: str
) -> None:
    answers_with_logprobs(stub, -4.0, {THINGS[13]: 6.5}, has_logprobs=False)
    plain = stub.reply
    refused = Told({"error": {"message": "logprobs are not supported"}}, status=400)
    stub.reply = lambda request: refused if status == 400 and request.get("logprobs") else plain(request)
    found = blamed(written(tmp_path), stub)
    assert reason in found["attribution"]["missing"]
    assert causes(found) == [THINGS[13]]
    done = ctxdebug("blame", str(tmp_path / "limits.json"), "--endpoint", stub.url, *FAILURE, cwd=tmp_path)
    assert "logprobs not used: the endpoint" in " ".join(done.stdout.split())


def test_an_endpoint_that_gives_five_alternatives_is_asked_for_five(tmp_path: Path, stub: Stub) -> None:
    answers_with_logprobs(stub, -4.0, {THINGS[13]: 6.5})
    plain = stub.reply
    refused = Told({"error": {"message": "top_logprobs must be at most 5"}}, status=400)
    stub.reply = lambda request: refused if request.get("top_logprobs", 0) > 5 else plain(request)
    found = blamed(written(tmp_path), stub)
    assert causes(found) == [THINGS[13]]
    assert [one["what"] for one in found["attribution"]["raise"]] == [THINGS[13]]


def test_a_format_without_logprobs_says_so(tmp_path: Path, stub: Stub) -> None:
    counter = iter(range(1_000_000))
    stub.reply = lambda request: Told(
        {
            **anthropic("It is 100 EUR." if THINGS[13] in json.dumps(request) else "It is 120 EUR."),
            "id": f"m{next(counter)}",
        }
    )
    path = written(tmp_path, max_tokens=20)
    url = stub.url.removesuffix("/v1") + "/v1/messages"
    done = ctxdebug("blame", str(path), "--endpoint", url, "--format", "json", *FAILURE, cwd=tmp_path)
    found = json.loads(done.stdout)
    assert found["attribution"]["missing"] == "anthropic.messages endpoints give no log-probabilities"
    assert causes(found) == [THINGS[13]]


def test_a_failure_that_no_words_decide_says_so(tmp_path: Path, stub: Stub) -> None:
    answers_with_logprobs(stub, -4.0, {THINGS[13]: 6.5})
    path = written(tmp_path)
    done = ctxdebug(
        "blame", str(path), "--endpoint", stub.url, "--format", "json", "--forbid", "regex:1.0 EUR", "--logprobs", "always", cwd=tmp_path
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert "no words decide" in found["attribution"]["missing"]


def test_a_replay_gives_the_same_bytes(tmp_path: Path, stub: Stub) -> None:
    answers_with_logprobs(stub, -4.0, {THINGS[13]: 6.5})
    arguments = ("blame", str(written(tmp_path)), *FAILURE)
    asked = ctxdebug(*arguments, "--endpoint", stub.url, "--record", "proof.jsonl", cwd=tmp_path)
    calls = len(stub.requests)
    assert ctxdebug(*arguments, "--replay", "proof.jsonl", cwd=tmp_path).stdout == asked.stdout
    assert len(stub.requests) == calls


def test_a_budget_that_ends_in_the_attribution_is_told(tmp_path: Path, stub: Stub) -> None:
    answers_with_logprobs(stub, -4.0, {THINGS[13]: 6.5})
    found = blamed(written(tmp_path), stub, "--logprobs", "always", "--budget", "30")
    assert "the budget of 30 calls is used up" in found["stopped"]
    assert found["conclusion"] is None


def test_an_unknown_choice_is_named(tmp_path: Path, stub: Stub) -> None:
    done = ctxdebug(
        "blame", str(written(tmp_path)), "--endpoint", stub.url, *FAILURE, "--logprobs", "alway", cwd=tmp_path
    )
    assert done.returncode == 2
    assert "always" in done.stderr


@pytest.mark.parametrize(
    ("format", "reply"),
    [
        ("openai.chat", {"choices": [{"logprobs": {"content": [{"token": "1", "logprob": -0.5, "top_logprobs": [{"token": "2", "logprob": -1.0}]}]}}]}),
        ("openai.responses", {"output": [
            {"type": "reasoning"},
            {"content": [{"logprobs": [{"token": "1", "logprob": -0.5, "top_logprobs": [{"token": "2", "logprob": -1.0}]}]}]},
        ]}),
        ("google.generate_content", {"candidates": [{"avgLogprobs": -0.1, "logprobsResult": {
            "chosenCandidates": [{"token": "1", "logProbability": -0.5}],
            "topCandidates": [{"candidates": [{"token": "2", "logProbability": -1.0}]}],
        }}]}),
        ("ollama.chat", {"logprobs": [{"token": "1", "logprob": -0.5, "top_logprobs": [{"token": "2", "logprob": -1.0}]}]}),
    ],
)  # fmt: skip
def test_every_format_is_read(format: str, reply: dict[str, Any]) -> None:
    way = way_of(format)
    assert way is not None
    assert way.tokens(reply) == (Token("1", -0.5, (("2", -1.0),)),)


@pytest.mark.parametrize(
    "reply",
    [None, [], {}, {"choices": []}, {"choices": [{}]}, {"choices": [{"logprobs": None}]}, {"choices": [{"logprobs": {"content": None}}]},
     {"choices": [{"logprobs": {"content": [{"token": 3, "logprob": -1}]}}]}, {"choices": [{"logprobs": {"content": ["1"]}}]},
     {"choices": [{"logprobs": {"content": [{"token": "1", "logprob": "x"}]}}]}],
)  # fmt: skip
def test_what_is_no_log_probability_is_none(reply: Any) -> None:
    way = way_of("openai.chat")
    assert way is not None
    assert way.tokens(reply) == ()


def test_fields_are_joined_and_lists_get_what_they_lack() -> None:
    body = {"generationConfig": {"temperature": 0.8, "seed": 1}, "include": ["a"]}
    more = {"generationConfig": {"temperature": 0}, "include": ["a", "b"], "logprobs": True}
    assert with_fields(body, more) == {
        "generationConfig": {"temperature": 0, "seed": 1}, "include": ["a", "b"], "logprobs": True
    }  # fmt: skip


def failure(*parts: Expectation) -> SameFailure:
    expectation = joined(list(parts))
    assert expectation is not None
    return SameFailure(expectation, "")


def test_what_is_forbidden_decides_before_what_is_wanted() -> None:
    wanted, forbidden = demand("contains:5 days"), prohibition("contains:10 days")
    assert failing_words(failure(wanted, forbidden)) == FailingWords(("10 days",))
    assert failing_words(failure(wanted)) == FailingWords(("5 days",), is_wanted=True)
    assert failing_words(failure(demand("regex:[0-9]+"))) is None


def chosen(*said: tuple[str, float, dict[str, float]]) -> tuple[Token, ...]:
    return tuple(
        Token(
            text, math.log(likely), tuple((name, math.log(value)) for name, value in {text: likely, **others}.items())
        )
        for text, likely, others in said
    )


@pytest.mark.parametrize(
    ("words", "said", "likely"),
    [
        ("100", [("It", 1.0, {}), (" ", 1.0, {}), ("1", 0.9, {}), ("0", 0.5, {"2": 0.4}), ("0", 0.8, {})], 0.9 * 0.5 * 0.8),
        ("120", [("It", 1.0, {}), (" ", 1.0, {}), ("1", 0.9, {}), ("0", 0.5, {"2": 0.4}), ("0", 0.8, {})], 0.9 * 0.4),
        ("10 days", [("Up", 1.0, {}), (" to", 1.0, {}), (" 5", 0.7, {" 10": 0.3}), (" days", 0.9, {})], 0.3),
        ("10 days", [("**", 0.9, {"10": 0.1}), ("10", 0.8, {}), (" days", 0.5, {}), ("**", 1.0, {})], 0.4),
        ("10 days", [("No", 0.9, {"**": 0.1}), (" idea", 0.9, {"\n": 0.1})], 1e-4),
        ("Berlin", [("PO", 1.0, {}), ("Ber", 1.0, {}), ("lin", 1.0, {})], 1e-4),
    ],
)  # fmt: skip
def test_the_probability_is_read_where_the_words_come_or_would_have_come(
    words: str, said: list[tuple[str, float, dict[str, float]]], likely: float
) -> None:
    odds = FailingWords((words,)).odds(chosen(*said))
    assert 1 / (1 + math.exp(-odds)) == pytest.approx(likely, rel=0.01)
    assert FailingWords((words,), is_wanted=True).odds(chosen(*said)) == -odds


def test_the_stub_says_what_it_means() -> None:
    way = way_of("openai.chat")
    assert way is not None
    for wrong in (0.02, 0.3, 0.8, 0.97):
        odds = FailingWords(("100",)).odds(way.tokens({"choices": [{"logprobs": {"content": tokens(wrong)}}]}))
        assert 1 / (1 + math.exp(-odds)) == pytest.approx(wrong * 0.99, abs=0.01)


@pytest.mark.parametrize(
    ("width", "causes", "noise", "rows"), [(44, 1, 0.0, 16), (44, 3, 0.3, 64), (100, 2, 0.3, 40), (8, 8, 0.2, 64)]
)
def test_the_fit_keeps_the_columns_that_matter(width: int, causes: int, noise: float, rows: int) -> None:
    generator = random.Random(3)
    planted = generator.sample(range(width), causes)
    table = [[float(generator.random() < 0.5) for _ in range(width)] for _ in range(rows)]
    values = [2.5 * sum(row[column] for column in planted) - 1 + generator.gauss(0, noise) for row in table]
    fit = sparse_fit(table, values)
    assert sorted(fit.strong(1.0)) == sorted(planted)
    assert all(fit.weights[column] == pytest.approx(2.5, abs=0.5) for column in planted)
    assert fit.explained > 0.8


@pytest.mark.parametrize("values", [[], [1.0], [2.0, 2.0, 2.0, 2.0]])
def test_nothing_to_explain_is_explained_by_nothing(values: list[float]) -> None:
    fit = sparse_fit([[1.0, 0.0]] * len(values), values)
    assert not any(fit.weights)
    assert fit.explained == 0
