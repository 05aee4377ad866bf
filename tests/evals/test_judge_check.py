from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.analysis.judge import Judgement
from ctxdebug.cases.expectation import expect
from ctxdebug.evals.criteria import criterion
from ctxdebug.evals.judge_check import Measured, check_judge, keep, known_verdicts, measured
from tests.evals.model_stub import Stub, Told, chat
from tests.evals.test_commands import Run, ctxdebug, frozen, stub
from tests.evals.test_live import a_case

__all__ = ["ctxdebug", "stub"]


class Reads:
    """A judge that looks for the good value, or says always the same."""

    def __init__(self, always: bool | None = None, clear: bool = True) -> None:
        self.always = always
        self.clear = clear

    def __call__(self, question: str, passages: Sequence[tuple[str, str]]) -> Judgement:
        assert question
        if not self.clear:
            return Judgement(None, "hm")
        said = self.always if self.always is not None else "10 days" not in dict(passages)["answer"]
        return Judgement(said, "so it is")


def cases(folder: Path, count: int) -> list[Any]:
    return [a_case(folder, f"c{number}") for number in range(count)]


def test_both_answers_of_a_case_are_known(tmp_path: Path) -> None:
    verdicts = list(known_verdicts(cases(tmp_path, 1)))
    assert [(known.answer, known.meets) for known in verdicts] == [("10 days", False), ("5 days", True)]
    assert verdicts[0].criterion == "the answer says “5 days” and the answer does not say “10 days”"


def test_a_good_judge_is_believed_when_enough_is_known(tmp_path: Path) -> None:
    few = check_judge("m", known_verdicts(cases(tmp_path / "few", 3)), Reads())
    assert (few.total.agreed, few.total.asked, few.believed) == (6, 6, None)
    many = check_judge("m", known_verdicts(cases(tmp_path / "many", 8)), Reads())
    assert (many.total.agreed, many.total.asked, many.believed) == (16, 16, True)
    assert many.by_kind["all"].asked == 16


@pytest.mark.parametrize("judge", [Reads(always=True), Reads(always=False), Reads(clear=False)])
def test_a_judge_that_says_always_the_same_is_not(tmp_path: Path, judge: Reads) -> None:
    found = check_judge("m", known_verdicts(cases(tmp_path, 8)), judge)
    assert found.believed is False
    assert len(found.wrong) >= 8


def test_what_words_cannot_say_is_decided_by_the_rest(tmp_path: Path) -> None:
    both = a_case(tmp_path, expect={"all": [{"contains": "5 days"}, {"max-words": 2}]})
    assert [known.meets for known in known_verdicts([both])] == [False, True]
    counted = a_case(tmp_path, "counted", expect={"max-words": 1}, good={"answer": "5"})
    assert list(known_verdicts([counted])) == []


@pytest.mark.parametrize(
    ("expectation", "words"),
    [
        (expect("abstains", True), "the answer says that the question cannot be answered from what was given"),
        (expect("not", expect("contains", "x")), "it is not so that the answer says “x”"),
        (expect("judge", "polite"), "polite"),
        (expect("any", [expect("contains", "x"), expect("asks-clarification", True)]), "the answer says “x” or the answer asks a clarifying question"),
        (expect("any", [expect("contains", "x"), expect("max-words", 3)]), None),
        (expect("is-json", True), None),
    ],
)  # fmt: skip
def test_expectations_in_words(expectation: Any, words: str | None) -> None:
    found = criterion(expectation)
    assert (found.words if found else None) == words


def test_what_was_measured_is_kept_beside_the_cases(tmp_path: Path) -> None:
    keep(tmp_path, check_judge("m", known_verdicts(cases(tmp_path, 8)), Reads()))
    assert measured(tmp_path, "m") == Measured(16, 16, believed=True)
    assert measured(tmp_path, "other") is None
    (tmp_path / "judges.json").write_text("[1")
    assert measured(tmp_path, "m") is None


def says(stub: Stub, answer: str) -> None:
    numbers = iter(range(10_000))
    stub.reply = lambda _: Told(chat(answer) | {"id": f"j{next(numbers)}"})


def test_the_command_measures_and_says_so(ctxdebug: Run, stub: Stub) -> None:
    frozen(ctxdebug)
    says(stub, '{"answer": true, "why": "it looks fine"}')
    ran = ctxdebug("case", "judge-check", "--judge", stub.url, "--judge-model", "m")
    assert "agrees               1/2" in ran.out
    assert "rejects bad answers  0/1" in ran.out
    assert "accepts good answers 1/1" in ran.out
    assert ran.code == 4
    says(stub, "who knows")
    assert (
        "2 replies could not be used" in ctxdebug("case", "judge-check", "--judge", stub.url, "--judge-model", "n").err
    )


def test_a_judge_that_failed_is_not_believed(ctxdebug: Run, stub: Stub) -> None:
    frozen(ctxdebug)
    path = next(Path("fixtures/cases").glob("*.yaml"))
    text = path.read_text()
    path.write_text(text[: text.index("expect:")] + "expect:\n  judge: says 5 days\n")
    says(stub, '{"meets": true, "why": "fine", "answer": true}')
    arguments = ("eval", "--endpoint", stub.url, "--model", "new", "--judge", "m", "--repeat", "2")
    assert "was not measured" in ctxdebug(*arguments).err
    Path("fixtures/cases/judges.json").write_text(json.dumps({"m": {"agreed": 1, "asked": 9, "believed": False}}))
    ran = ctxdebug(*arguments)
    assert ran.code == 4
    assert "is not believed: it agreed with 1 of 9 known verdicts" in ran.out


def test_inspect_asks_about_the_shown_exchange_only_and_says_what_it_costs(ctxdebug: Run, stub: Stub) -> None:
    def exchange(number: int) -> dict[str, Any]:
        request = {
            "model": "gpt-4o",
            "messages": [
                {
                    "role": "system",
                    "content": "You are a helpful assistant. Always be polite and warm to the customer.",
                },
                {"role": "user", "content": f"Where is my parcel number {number}?"},
            ],
        }
        answer = {"index": 0, "message": {"role": "assistant", "content": "No idea."}, "finish_reason": "stop"}
        return {"request": request, "response": {"id": f"r{number}", "choices": [answer]}}

    Path("log.jsonl").write_text("\n".join(json.dumps(exchange(number)) for number in range(5)) + "\n")
    says(stub, '{"answer": true, "why": "it is rude"}')
    ran = ctxdebug("inspect", "log.jsonl", "-n", "2", "--select", "LRC208", "--judge", stub.url, "--judge-model", "m")
    assert 1 <= len(stub.requests) <= 2
    assert all("No idea" in json.dumps(request) for request in stub.requests)
    assert not any("helpful assistant" in json.dumps(request["messages"][1]) for request in stub.requests)
    assert "LRC208" in ran.out
    assert f"--judge: {len(stub.requests)} call" in ran.err
    assert " tokens" in ran.err


def test_replies_that_cannot_be_used_are_counted_and_shown(ctxdebug: Run, stub: Stub) -> None:
    request = {
        "model": "gpt-4o",
        "messages": [
            {"role": "system", "content": "Always be polite and warm to the customer."},
            {"role": "user", "content": "Hello?"},
        ],
    }
    answer = {"index": 0, "message": {"role": "assistant", "content": "No."}, "finish_reason": "stop"}
    Path("one.json").write_text(json.dumps({"request": request, "response": {"id": "r", "choices": [answer]}}))
    stub.reply = lambda _: Told({"choices": "broken"})
    ran = ctxdebug("check", "one.json", "--select", "LRC208", "--judge", stub.url, "--judge-model", "m", "--verbose")
    assert ran.code == 0
    assert "could not be used and judge" in ran.err
    assert "replies could not be used" in ran.out


RUDE = {
    "request": {
        "model": "gpt-4o",
        "messages": [
            {"role": "system", "content": "Always be polite and warm to the customer."},
            {"role": "user", "content": "Where is my parcel number 7?"},
        ],
    },
    "response": {
        "id": "r",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "No."}, "finish_reason": "stop"}],
    },
}


@pytest.mark.parametrize(
    ("kept", "code", "row"),
    [
        (None, 1, "not checked LLM judge proven on known verdicts m was not measured: ctxdebug case judge-check"),
        (Measured(16, 16, believed=True), 1, "pass LLM judge proven on known verdicts m agreed with 16 of 16"),
        (Measured(1, 9, believed=False), 0, "m agreed with 1 of 9: 1 finding of it fail nothing"),
    ],
)
def test_a_gate_believes_no_judge_that_failed(
    ctxdebug: Run, stub: Stub, kept: Measured | None, code: int, row: str
) -> None:
    Path("rude.json").write_text(json.dumps(RUDE))
    if kept is not None:
        Path("fixtures/cases").mkdir(parents=True)
        held = {"agreed": kept.agreed, "asked": kept.asked, "believed": kept.believed}
        Path("fixtures/cases/judges.json").write_text(json.dumps({"m": held}))
    says(stub, '{"answer": true, "why": "it is rude"}')
    asked = ("--judge", stub.url, "--judge-model", "m", "--judge-record", "judge.jsonl")
    ran = ctxdebug("gate", "rude.json", "--select", "LRC208", "--fail-on", "note", *asked)
    assert ran.code == code, ran.out
    assert row in " ".join(ran.out.split())
    assert "LLM judge m: 1 question" in ran.err
    count = len(stub.requests)
    again = ctxdebug("gate", "rude.json", "--select", "LRC208", "--fail-on", "note", "--judge", "-", *asked[2:])
    assert (again.code, len(stub.requests)) == (code, count)


def test_the_judge_of_a_gate_decides_the_rubrics_of_cases_as_far_as_it_is_believed(ctxdebug: Run, stub: Stub) -> None:
    frozen(ctxdebug)
    path = next(Path("fixtures/cases").glob("*.yaml"))
    text = path.read_text()
    path.write_text(text[: text.index("expect:")] + "expect:\n  judge: says 5 days\n")
    arguments = ("gate", "leave.json", "--select", "MEM103", "--judge", stub.url, "--judge-model", "m")
    numbers = iter(range(10_000))

    def reads(request: dict[str, Any]) -> Told:
        said = json.dumps({"answer": "10 days" not in json.dumps(request["messages"][1]), "why": "the number"})
        return Told(chat(said) | {"id": f"j{next(numbers)}"})

    stub.reply = reads
    assert "1 of 1" in ctxdebug(*arguments).out
    Path("fixtures/cases/judges.json").write_text(json.dumps({"m": {"agreed": 1, "asked": 9, "believed": False}}))
    refused = ctxdebug(*arguments)
    assert refused.code == 4
    assert "0 of 1; 1 undecided" in refused.out
