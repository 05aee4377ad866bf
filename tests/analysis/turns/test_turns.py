"""Turn against turn: forgotten, summarised, and what only looks like it; pairs, endings and volatile values besides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ctxdebug.decoding.strict_json import compact
from ctxdebug.engine.run import RunOptions
from ctxdebug.engine.selection import Selection
from tests.conversations import examined

RULES = "system: You are the clinic's booking assistant. Be brief.\n"
FIRST = "user: I am allergic to penicillin, please note that for Friday.\nassistant: Noted: allergic to penicillin, on Friday.\n"
SECOND = "user: Is there a parking place near the clinic for a van?\nassistant: Yes, behind the house, two places are wide enough.\n"
NEXT = "=== next turn ===\n"


def told(tmp_path: Path, text: str, *codes: str, name: str = "case.txt") -> list[str]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    found = examined(path, RunOptions(selection=Selection(codes)))
    return [f"{finding.code} {finding.severity.word}" for one in found for finding in one.findings]


def exchange(messages: list[dict[str, Any]], **answer: Any) -> str:
    message = answer.pop("message", {"role": "assistant", "content": "Yes."})
    request = {"model": "gpt-4o", "messages": messages}
    response = {
        "id": "x",
        "object": "chat.completion",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", **answer}],
    }
    return compact({"session_id": "s", "request": request, "response": response}) + "\n"


# --- MEM104


def test_what_stood_in_front_of_kept_words_was_forgotten(tmp_path: Path) -> None:
    turns = f"{RULES}{FIRST}{SECOND}{NEXT}{RULES}{SECOND.splitlines()[1]}\nuser: Which medicine will I get?\n"
    assert told(tmp_path, turns, "MEM104") == ["MEM104 warning"]


def test_who_goes_back_and_asks_again_forgets_nothing(tmp_path: Path) -> None:
    turns = f"{RULES}{FIRST}{SECOND}{NEXT}{RULES}{FIRST}user: Which medicine will I get on Friday then?\n"
    assert told(tmp_path, turns, "MEM104") == []


def test_the_same_request_again_forgets_nothing(tmp_path: Path) -> None:
    turns = f"{RULES}{FIRST}{SECOND}{NEXT}{RULES}{FIRST.splitlines()[0]}\n"
    assert told(tmp_path, turns, "MEM104") == []


def test_another_agent_under_the_same_name_forgets_nothing(tmp_path: Path) -> None:
    other = "system: Sort incoming letters by department and urgency, nothing else.\n"
    turns = f"{RULES}{FIRST}{SECOND}{NEXT}{other}{SECOND}user: Which department is this one for, please?\n"
    assert told(tmp_path, turns, "MEM104") == []


def test_an_answer_that_was_said_anew_is_not_forgotten(tmp_path: Path) -> None:
    anew = FIRST.replace("Noted: allergic to penicillin, on Friday.", "That has been written down in the file now.")
    turns = f"{RULES}{FIRST}{SECOND}{NEXT}{RULES}{anew}{SECOND}user: Which medicine will I get?\n"
    assert told(tmp_path, turns, "MEM104") == []


ASKED = [{"role": "user", "content": "I am allergic to penicillin, please note that."}]
SAID = {"role": "assistant", "content": "It is noted: you are allergic to penicillin."}
AGAIN = [{"role": "user", "content": "Is there a parking place near the clinic?"}]


def test_a_program_that_never_keeps_the_answer(tmp_path: Path) -> None:
    turns = exchange(ASKED, message=SAID) + exchange(ASKED + AGAIN)
    assert told(tmp_path, turns, "MEM104", "MEM108", name="turns.jsonl") == ["MEM108 warning"]


@pytest.mark.parametrize("finish", ["length", "content_filter"])
def test_a_broken_answer_is_rightly_not_kept(tmp_path: Path, finish: str) -> None:
    turns = exchange(ASKED, message=SAID, finish_reason=finish) + exchange(ASKED + AGAIN)
    assert told(tmp_path, turns, "MEM104", name="turns.jsonl") == []


def test_an_answer_that_was_kept(tmp_path: Path) -> None:
    turns = exchange(ASKED, message=SAID) + exchange([*ASKED, SAID, *AGAIN])
    assert told(tmp_path, turns, "MEM104", name="turns.jsonl") == []


# --- MEM106

SUMMARY = "user: Summary of the earlier conversation: the patient asked for a van's parking place and was told that there are two behind the house.\n"


def test_a_fact_that_the_summary_forgot(tmp_path: Path) -> None:
    first = FIRST.replace("for Friday.", "for Friday. My number is K-44718.")
    turns = f"{RULES}{first}{SECOND}{NEXT}{RULES}{SUMMARY}user: Which medicine will I get?\n"
    assert told(tmp_path, turns, "MEM104", "MEM106", "MEM110") == ["MEM110 note"]


def test_a_summary_that_holds_the_fact_in_other_spelling(tmp_path: Path) -> None:
    first = FIRST.replace("for Friday.", "for Friday. My number is K-44718.")
    summary = SUMMARY.replace("the patient asked", "patient K 44718 asked")
    turns = f"{RULES}{first}{SECOND}{NEXT}{RULES}{summary}user: Which medicine will I get?\n"
    assert told(tmp_path, turns, "MEM104", "MEM106") == []


def test_who_asks_for_a_summary_gives_none(tmp_path: Path) -> None:
    turns = f"{RULES}{FIRST}{SECOND}{NEXT}{RULES}{SECOND.splitlines()[1]}\nuser: Please write a summary of our earlier conversation for my sister, who drives.\n"
    assert told(tmp_path, turns, "MEM104", "MEM106") == ["MEM104 warning"]


def test_without_a_turn_before_nothing_is_lost(tmp_path: Path) -> None:
    assert told(tmp_path, f"{RULES}{SUMMARY}user: Which medicine will I get?\n", "MEM104", "MEM106") == []


# --- LRC103


def called(call_id: str, name: str = "look") -> dict[str, Any]:
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": call_id, "type": "function", "function": {"name": name, "arguments": "{}"}}],
    }


def result(call_id: str, text: str = "seven") -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": call_id, "content": text}


USER = {"role": "user", "content": "How many are there?"}


@pytest.mark.parametrize(
    "messages",
    [
        [USER, called("a"), result("a"), called("a"), result("a"), USER],
        [USER, called("a"), result("a"), called("b"), result("b"), USER],
        [USER, called("a")],
        [USER, called("a"), {"role": "assistant", "content": "One moment."}],
    ],
    ids=["an id used again", "two ids", "an open call", "an open call and a word"],
)
def test_paired(tmp_path: Path, messages: list[dict[str, Any]]) -> None:
    assert told(tmp_path, exchange(messages), "LRC103", name="turns.jsonl") == []


@pytest.mark.parametrize(
    "messages",
    [
        [USER, called("a"), USER],
        [USER, result("a"), USER],
        [USER, called("a"), result("a"), USER, result("a"), USER],
        [USER, called("a"), USER, called("a"), result("a"), USER],
    ],
    ids=["no result", "no call", "twice", "a lost result under a reused id"],
)
def test_unpaired(tmp_path: Path, messages: list[dict[str, Any]]) -> None:
    assert told(tmp_path, exchange(messages), "LRC103", name="turns.jsonl") == ["LRC103 warning"]


def test_a_log_of_the_newest_results_only(tmp_path: Path) -> None:
    assert told(tmp_path, exchange([result("a")]), "LRC103", "MEM104", name="turns.jsonl") == []


# --- MEM103

HEAD = (
    "% model: gpt-4o\n% max_output: 60\n% finish: output limit\n% output_tokens: 60\nuser: How do I reset the router?\n"
)


def test_a_cut_in_mid_sentence(tmp_path: Path) -> None:
    assert told(tmp_path, f"{HEAD}assistant: Hold the button for ten seconds, then wait until\n", "MEM103") == [
        "MEM103 warning"
    ]


def test_a_limit_that_was_met_at_a_full_stop(tmp_path: Path) -> None:
    assert told(tmp_path, f"{HEAD}assistant: Hold the button for ten seconds. Wait for the light.\n", "MEM103") == [
        "MEM103 note"
    ]


def test_half_a_json_is_no_sentence(tmp_path: Path) -> None:
    assert told(tmp_path, f'{HEAD}assistant: {{"steps": ["Hold the button.", "Wait\n', "MEM103") == ["MEM103 error"]


@pytest.mark.parametrize("limit", [1, 10])
def test_a_probe_wants_few_tokens(tmp_path: Path, limit: int) -> None:
    text = HEAD.replace("60", str(limit))
    assert told(tmp_path, f"{text}assistant: Hold\n", "MEM103") == []


# --- CST101

LONG = " ".join(
    f"Rule {n}: shelf {n * 3} holds goods of class {n % 7}, and nobody moves them without sheet {n * 11}."
    for n in range(90)
)


@pytest.mark.parametrize(
    ("head", "loud"),
    [
        ("Current date and time: 2026-03-04 09:31:07.", True),
        ("Session id: 5f0c1e9a-7a31-4a54-9a6e-0b1c2d3e4f50.", True),
        ("The current time is 2024-05-15 15:00:00 EST.", False),
        ("Write dates like 2026-03-04 09:31:07.", False),
        ("Last updated 2026-03-04 09:31:07.", False),
        ("We are open Mon to Fri, 09:15 to 17:45.", False),
        ("The warehouse is number 5f0c1e9a-7a31-4a54-9a6e-0b1c2d3e4f50.", False),
        ("", False),
    ],
)
def test_a_value_that_changes_with_every_call(tmp_path: Path, head: str, loud: bool) -> None:
    found = told(
        tmp_path, f"% model: gpt-4o\n% provider: openai\nsystem: {head} {LONG}\nuser: Where do pipes go?\n", "CST101"
    )
    assert found == (["CST101 note"] if loud else [])


def test_a_clock_that_stood_still_between_two_turns(tmp_path: Path) -> None:
    rules = {"role": "system", "content": f"Current date and time: 2026-03-04 09:31:07. {LONG}"}
    turns = exchange([rules, *ASKED], message=SAID) + exchange([rules, *ASKED, SAID, *AGAIN])
    assert told(tmp_path, turns, "CST101", name="turns.jsonl") == ["CST101 note"]


# --- siblings, cuts and thoughts


def test_two_runs_of_one_task_are_no_two_turns(tmp_path: Path) -> None:
    task = {"role": "user", "content": "Pay the bill that is in my inbox, and tell me when it is done."}
    inbox = result("a", "From: the water works. Bill of March, 98.70, to account 4471.")
    first = [
        task,
        called("a", "inbox"),
        inbox,
        called("b", "pay"),
        result("b", "Sent ninety-eight seventy to account 4471."),
    ]
    other = [
        task,
        called("a", "inbox"),
        inbox,
        called("c", "ask"),
        result("c", "The user wants to see the bill before paying."),
    ]
    turns = exchange([*first, USER], message=SAID) + exchange([*other, *AGAIN])
    assert told(tmp_path, turns, "MEM104", name="turns.jsonl") == []


def test_the_oldest_results_go_first(tmp_path: Path) -> None:
    turns_of = [
        [called(f"c{n}", f"read{n}"), result(f"c{n}", f"Page {n} tells of shelf {n * 7} and of who may open it.")]
        for n in range(4)
    ]
    flat = [message for pair in turns_of for message in pair]
    turns = exchange([USER, *flat], message=SAID) + exchange([USER, *flat[4:], SAID, *AGAIN])
    assert told(tmp_path, turns, "MEM104", name="turns.jsonl") == ["MEM104 note"]


def test_thoughts_in_the_text_are_rightly_dropped(tmp_path: Path) -> None:
    words = "There are two places behind the house, both wide enough for a van of that size."
    thought = {
        "role": "assistant",
        "content": f"<think>The user wants to park. Let me look at the plan of the house.</think>\n\n{words}",
    }
    turns = exchange(AGAIN, message=thought) + exchange([*AGAIN, {"role": "assistant", "content": words}, *ASKED])
    assert told(tmp_path, turns, "MEM104", name="turns.jsonl") == []


def test_a_message_of_which_only_the_beginning_is_left(tmp_path: Path) -> None:
    long = {
        "role": "user",
        "content": "Please note for my file: I am allergic to penicillin, to nuts, and to the plaster that you used last time.",
    }
    short = {"role": "user", "content": long["content"][:60] + "... [truncated]"}
    turns = exchange([long], message=SAID) + exchange([short, SAID, *AGAIN])
    assert told(tmp_path, turns, "MEM104", name="turns.jsonl") == ["MEM104 warning"]
