"""Calls that repeat themselves: read again, run in circles; and what only looks like it."""

from __future__ import annotations

import json
from typing import Any

from ctxdebug.analysis.runs.tool_calls import key_of, loops, rereads, title, tool_uses
from ctxdebug.model import ToolCall
from tests.conversations import exchanged

TEXT = "The pump runs from six to eight. " * 20


def messages(*calls: tuple[str, dict[str, Any], str] | str) -> Any:
    """A conversation: a call with its result, or words of the user."""
    held: list[dict[str, Any]] = [{"role": "user", "content": "Go."}]
    for number, call in enumerate(calls):
        if isinstance(call, str):
            held.append({"role": "user", "content": call})
            continue
        name, arguments, result = call
        function = {"name": name, "arguments": json.dumps(arguments)}
        held.append(
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": f"c{number}", "type": "function", "function": function}],
            }
        )
        held.append({"role": "tool", "tool_call_id": f"c{number}", "content": result})
    return exchanged({"model": "gpt-4o", "messages": held}).messages


def looped(*calls: tuple[str, dict[str, Any], str] | str) -> list[int]:
    held = messages(*calls)
    return [group.times for group in loops(held, tool_uses(held), 3)]


def test_a_call_with_the_same_result_three_times_is_a_loop() -> None:
    assert looped(*[("run", {"cmd": "make"}, "error 2")] * 3) == [3]


def test_two_calls_in_turn_are_a_loop() -> None:
    assert looped(*[("run", {"cmd": "make"}, "error 2"), ("run", {"cmd": "ls"}, "a b")] * 4) == [4]


def test_a_new_result_in_between_ends_a_loop() -> None:
    assert (
        looped(
            *(
                call
                for n in range(4)
                for call in (("run", {"cmd": "make"}, "error 2"), ("edit", {"line": n}, f"line {n} written"))
            )
        )
        == []
    )


def test_the_user_asks_anew() -> None:
    assert (
        looped(
            *(
                call
                for n in range(4)
                for call in (f"Once more, for the {n}th time.", ("run", {"cmd": "make"}, "error 2"))
            )
        )
        == []
    )


def test_the_same_tool_with_other_arguments_is_no_loop() -> None:
    assert looped(*(("search", {"query": f"pump {n}"}, "nothing found") for n in range(6))) == []


def test_words_for_people_are_no_part_of_a_call() -> None:
    one, two = (ToolCall(None, "Bash", "", {"command": "ls", "description": words}) for words in ("List", "Look"))
    assert key_of(one) == key_of(two)


def test_a_text_that_is_brought_again_is_counted_and_a_changed_one_is_not() -> None:
    held = messages(*[("read", {"path": "a"}, TEXT)] * 3, ("read", {"path": "a"}, TEXT + "Changed."))
    assert [group.times for group in rereads(tool_uses(held), 400)] == [3]


def test_a_call_is_named_by_its_file() -> None:
    assert title(ToolCall(None, "read", "", {"limit": 4, "file_path": "/home/ada/src/auth.py"})) == "read(auth.py)"
    assert title(ToolCall(None, "bash", "", {"command": "grep -n x src/auth.py"})) == "bash(grep -n x src/auth.py)"
    assert title(ToolCall(None, "now", "{}", {})) == "now()"
