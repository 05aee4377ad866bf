"""Repairs are proposed offline, and verified by asking a model with a planted cause."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from ctxdebug.cases.store import load_case
from ctxdebug.engine.run import RunOptions
from ctxdebug.evals.endpoint import Endpoint
from ctxdebug.proof.fixing.edits import merged
from ctxdebug.proof.fixing.proposals import Proposal, Repairs
from ctxdebug.proof.request import request_of
from tests.conversations import CAPTURES, examined
from tests.evals.model_stub import Stub, Told, chat
from tests.proof.planted import EXPECTED, OLDER, TRAIN, capture, follows_the_older, words
from tests.shell import ctxdebug

LEAVE_BOT = CAPTURES / "openai.chat" / "leave-bot.json"


def proposals(path: Path) -> list[Proposal]:
    """Return what is proposed for the last exchange of a file, each repair alone."""
    one = examined(path, RunOptions(pedantic=True, repeats=True))[-1]
    return Repairs(one, request_of(one.snapshot), RunOptions()).single()


def test_each_repair_is_proposed_alone_the_smallest_first() -> None:
    found = proposals(LEAVE_BOT)
    assert [proposal.codes for proposal in found] == [
        ("LRC406",), ("LRC405",), ("LRC502",), ("LRC501",), ("LRC301",), ("MEM403",)
    ]  # fmt: skip
    assert [proposal.size for proposal in found] == sorted(proposal.size for proposal in found)
    assert all(not proposal.stays and not proposal.new for proposal in found)


def test_a_repair_changes_nothing_else_of_the_captured_body() -> None:
    one = examined(LEAVE_BOT)[-1]
    for proposal in proposals(LEAVE_BOT):
        assert proposal.request is not None
        before, after = one.snapshot.request, proposal.request.body
        assert {key for key in before if before[key] != after.get(key)} == {"messages"}
        assert sum(old != new for old, new in zip(before["messages"], after["messages"], strict=True)) == 1


def test_the_captured_exchange_is_not_changed() -> None:
    before = LEAVE_BOT.read_bytes()
    one = examined(LEAVE_BOT)[-1]
    held = json.dumps(one.snapshot.request)
    Repairs(one, request_of(one.snapshot), RunOptions()).single()
    assert json.dumps(one.snapshot.request) == held
    assert LEAVE_BOT.read_bytes() == before


def test_repairs_of_different_findings_can_be_made_at_once() -> None:
    one = examined(LEAVE_BOT)[-1]
    repairs = Repairs(one, request_of(one.snapshot), RunOptions())
    every = repairs.all_of(repairs.single())
    assert every is not None
    assert len(every.repairs) == 6
    assert (every.stays, every.new) == ((), ())


def test_a_setting_is_changed_where_it_stands() -> None:
    (proposal,) = proposals(CAPTURES / "openai.chat" / "sql-helper.json")
    assert proposal.request is not None
    assert (
        proposal.request.body["max_tokens"]
        > examined(CAPTURES / "openai.chat" / "sql-helper.json")[-1].snapshot.request["max_tokens"]
    )


MERGED: list[tuple[Any, Any, Any, Any]] = [
    ({"a": 1, "extra": 2}, {"a": 1}, {"a": 3}, {"a": 3, "extra": 2}),
    ({"a": 1, "b": 2}, {"a": 1, "b": 2}, {"a": 1}, {"a": 1}),
    ({"a": 1}, {"a": 1}, {"a": 1, "c": 4}, {"a": 1, "c": 4}),
    ([{"t": "x", "mark": 1}, {"t": "y", "mark": 2}], [{"t": "x"}, {"t": "y"}], [{"t": "y"}], [{"t": "y", "mark": 2}]),
    ([{"t": "x", "mark": 1}], [{"t": "x"}], [{"t": "z"}], [{"t": "z", "mark": 1}]),
    ([1, 2, 3], [1, 2], [2], [2]),
]


@pytest.mark.parametrize(("original", "before", "after", "expected"), MERGED)
def test_only_what_a_repair_changes_is_taken_over(original: Any, before: Any, after: Any, expected: Any) -> None:
    assert merged(original, before, after) == expected


def test_without_an_endpoint_repairs_are_proposed_and_said_to_be_unverified(tmp_path: Path) -> None:
    done = ctxdebug("fix", str(capture(tmp_path)))
    assert done.returncode == 0
    assert "not verified" in done.stdout
    assert "Leave the older source out" in done.stdout
    assert "filter by them, or remove what was replaced" in " ".join(done.stdout.split())


def test_the_repair_that_passes_is_shown_with_its_figures(tmp_path: Path, stub: Stub) -> None:
    follows_the_older(stub)
    done = ctxdebug("fix", str(capture(tmp_path)), "--endpoint", stub.url, *EXPECTED, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    said = " ".join(done.stdout.split())
    assert "Leave the older source out MEM403" in said
    assert "passes 20 of 20, before 0 of 20 (p < 0.0001)" in said.replace("= <", "<")
    assert "still fails, passes 0 of" in said


def test_without_a_demand_the_findings_say_what_a_good_answer_contains(tmp_path: Path, stub: Stub) -> None:
    follows_the_older(stub)
    done = ctxdebug("fix", str(capture(tmp_path)), "--endpoint", stub.url, "--format", "json", cwd=tmp_path)
    found = json.loads(done.stdout)
    assert found["tried"][found["winner"]]["rules"] == ["MEM403"]
    assert "contains:5 days" in found["failure"]


def test_a_replay_needs_no_endpoint_and_gives_the_same_bytes(tmp_path: Path, stub: Stub) -> None:
    follows_the_older(stub)
    arguments = ("fix", str(capture(tmp_path)), *EXPECTED, "--format", "json")
    asked = ctxdebug(*arguments, "--endpoint", stub.url, "--record", "proof.jsonl", cwd=tmp_path)
    calls = len(stub.requests)
    replayed = ctxdebug(*arguments, "--replay", "proof.jsonl", cwd=tmp_path)
    assert replayed.stdout == asked.stdout
    assert len(stub.requests) == calls


def test_a_verified_repair_is_locked_by_a_new_case(tmp_path: Path, stub: Stub) -> None:
    follows_the_older(stub)
    done = ctxdebug("fix", str(capture(tmp_path)), "--endpoint", stub.url, *EXPECTED, "-o", "cases", cwd=tmp_path)
    (path,) = (tmp_path / "cases").glob("*--fixed.yaml")
    assert str(path.relative_to(tmp_path)) in done.stdout
    stored = load_case(path)
    assert OLDER not in words(stored.body())
    assert stored.case.recorded.passed
    assert ctxdebug("case", "verify", str(path), cwd=tmp_path).returncode == 0


def suite_of_trains(folder: Path) -> None:
    """Freeze a case about trains, whose question a model answers that is told nothing of documents that disagree."""
    held = [
        {"role": "system", "content": "You answer questions of employees about vacation."},
        {"role": "user", "content": f'<document id="travel">\n{TRAIN}\n</document>\n\nHow are train tickets booked?'},
    ]
    exchange = {"request": {"model": "m", "temperature": 0.8, "messages": held}, "response": chat("By bus.")}
    (folder / "trains.json").write_text(json.dumps(exchange))
    done = ctxdebug(
        "freeze", "trains.json", "--expect", "contains:second class", "--good", "In second class.", "--cases", "suite", cwd=folder
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_repair_that_breaks_a_passing_case_of_the_suite_is_none(tmp_path: Path, stub: Stub) -> None:
    suite_of_trains(tmp_path)
    follows_the_older(stub)
    careless, counter = stub.reply, iter(range(1_000_000))

    def reply(request: dict[str, Any]) -> Told:
        told = "If the documents disagree" in words(request)
        if "How are train tickets booked?" in words(request):
            said = "The documents disagree." if told else "In second class."
        elif told:
            said = "You can carry over 5 days."
        else:
            return careless(request)
        return Told({**chat(said), "id": f"t{next(counter)}"})

    stub.reply = reply
    arguments = ("fix", str(capture(tmp_path)), "--endpoint", stub.url, *EXPECTED, "--format", "json")
    alone = json.loads(ctxdebug(*arguments, cwd=tmp_path).stdout)
    assert alone["tried"][alone["winner"]]["rules"] == ["LRC502"]
    found = json.loads(ctxdebug(*arguments, "--suite", "suite", cwd=tmp_path).stdout)
    standings = {tuple(one["rules"]): one["standing"] for one in found["tried"]}
    assert standings["LRC502",] == "breaks a case that passed"
    assert found["tried"][found["winner"]]["rules"] == ["MEM403"]


def test_a_failure_that_does_not_come_again_cannot_be_fixed(tmp_path: Path, stub: Stub) -> None:
    done = ctxdebug("fix", str(capture(tmp_path)), "--endpoint", stub.url, *EXPECTED, cwd=tmp_path)
    assert done.returncode == 4
    assert "not reproduced" in done.stdout


def test_an_endpoint_that_refuses_everything_is_no_verdict(tmp_path: Path, stub: Stub) -> None:
    stub.reply = lambda _: Told({"error": {"message": "no such key"}}, status=401)
    done = ctxdebug("fix", str(capture(tmp_path)), "--endpoint", stub.url, *EXPECTED, cwd=tmp_path)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr


def test_an_interrupted_fix_tells_what_it_knows_and_goes_on(tmp_path: Path, stub: Stub) -> None:
    follows_the_older(stub)
    arguments = ("fix", str(capture(tmp_path)), *EXPECTED, "--endpoint", stub.url, "--concurrency", "1")
    whole = ctxdebug(*arguments, "--record", "whole.jsonl", cwd=tmp_path)
    needed = len(stub.requests)
    stub.requests.clear()
    ask = Endpoint.ask

    def stopping(self: Endpoint, *given: Any, **more: Any) -> Any:
        if len(stub.requests) == 22:
            raise KeyboardInterrupt
        return ask(self, *given, **more)

    with mock.patch.object(Endpoint, "ask", stopping):
        stopped = ctxdebug(*arguments, "--record", "p.jsonl", cwd=tmp_path)
    assert stopped.returncode == 130
    assert "interrupted: no repair has passed yet" in stopped.stdout
    on = ctxdebug(*arguments, "--record", "p.jsonl", cwd=tmp_path)
    assert on.stdout == whole.stdout
    assert len(stub.requests) == needed


def test_where_no_finding_offers_a_repair_it_names_the_next_command(tmp_path: Path, stub: Stub) -> None:
    path = tmp_path / "plain.json"
    request = {"model": "m", "temperature": 0.8, "messages": [{"role": "user", "content": "Hello?"}]}
    path.write_text(json.dumps({"request": request, "response": chat("5 days")}))
    done = ctxdebug("fix", str(path), "--endpoint", stub.url, "--forbid", "contains:5 days", cwd=tmp_path)
    assert done.returncode == 1
    assert "nothing to try: no finding of this exchange offers a repair" in " ".join(done.stdout.split())
    assert "ctxdebug blame plain.json" in done.stdout


def test_a_budget_that_ends_says_so(tmp_path: Path, stub: Stub) -> None:
    follows_the_older(stub)
    done = ctxdebug("fix", str(capture(tmp_path)), "--endpoint", stub.url, *EXPECTED, "--budget", "22", cwd=tmp_path)
    assert done.returncode == 3
    assert "the budget of 22 calls is used up" in done.stdout + done.stderr
