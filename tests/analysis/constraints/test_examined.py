"""What the register says of every instruction: kept, broken, or not checkable and why."""

from __future__ import annotations

from typing import Any

import pytest

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.constraints import extract
from ctxdebug.analysis.constraints.entry import Examination
from ctxdebug.analysis.constraints.register import Register, violations
from tests.conversations import captured


def _register(messages: list[dict[str, Any]], message: dict[str, Any] | None, **more: Any) -> Register:
    """The register of one OpenAI exchange."""
    finish = more.pop("finish", "stop")
    exchange: dict[str, Any] = {"request": {"model": "gpt-4o", "messages": messages, **more}}
    if message is not None:
        exchange["response"] = {
            "object": "chat.completion",
            "model": "gpt-4o",
            "choices": [{"index": 0, "finish_reason": finish, "message": {"role": "assistant", **message}}],
        }
    return Analysis(captured(exchange)).constraints


def _ask(words: str, system: str = "You answer for the harbour office.") -> list[dict[str, Any]]:
    return [{"role": "system", "content": system}, {"role": "user", "content": words}]


TOOL = {"type": "function", "function": {"name": "fetch_log", "parameters": {"type": "object", "properties": {}}}}
CALL = {
    "content": None,
    "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "fetch_log", "arguments": "{}"}}],
}
RESULT = {"role": "tool", "tool_call_id": "c1", "content": "Fetched the log."}


def test_every_instruction_is_in_exactly_one_of_three() -> None:
    words = (
        "When is high tide? Use at most 9 words. Never use commas. Be polite. Use bullet points in the second section."
    )
    found = _register(_ask(words, "You are a pilot."), {"content": "At nine, I think."})
    assert [e.constraint.type for e in found.kept] == ["length.words"]
    assert [e.constraint.type for e in found.broken] == ["punctuation.none"]
    assert {e.constraint.type for e in found.not_checkable} == {"persona", "style", "format.bullets"}
    assert len(found.kept) + len(found.broken) + len(found.not_checkable) == len(found.binding)
    assert all(entry.why for entry in found.entries)


def test_an_instruction_of_no_known_kind_is_listed_with_the_reason() -> None:
    found = _register(_ask("Alternate between words with odd and even syllables."), {"content": "At nine."})
    (entry,) = found.not_checkable
    assert (entry.constraint.type, entry.examination) == ("untyped", Examination.NOT_CHECKABLE)
    assert "no deterministic check" in entry.why


def test_without_an_answer_nothing_is_kept() -> None:
    found = _register(_ask("Use at most 9 words."), None)
    assert [e.why for e in found.not_checkable] == ["there is no answer to check"]
    assert found.kept == found.broken == ()


def test_a_text_in_another_language_is_not_read() -> None:
    found = _register(
        _ask("Когда сегодня прилив? Пожалуйста, ответь не более чем девятью словами."), {"content": "В девять."}
    )
    assert [(u.language, u.segment.role.value) for u in found.unread] == [("ru", "user")]


def test_a_refusal_breaks_no_format() -> None:
    found = _register(_ask("Answer only in JSON."), {"content": None, "refusal": "I'm sorry, I can't help."})
    assert violations(found) == []
    assert [e.why for e in found.not_checkable] == ["the model refused to answer"]


def test_a_cut_answer_is_still_told_what_nothing_mends() -> None:
    words = "Never use exclamation marks. End with 'Stay dry.' Use at most 4 words. Use at least 90 words."
    found = _register(_ask(words), {"content": "Oh! The tide turns at nine and then"}, finish="length")
    assert [e.constraint.type for e in found.broken] == ["punctuation.none", "length.words"]
    assert {e.constraint.type for e in found.not_checkable} == {"position.end", "length.words"}


def test_a_message_beside_a_tool_call_is_no_answer() -> None:
    found = _register(_ask("Answer in JSON."), {**CALL, "content": "Let me look."}, tools=[TOOL])
    assert violations(found) == []


def test_a_tool_is_looked_for_in_the_whole_run() -> None:
    first: dict[str, Any] = {"role": "user", "content": "You must use the fetch_log tool, then quote its first line."}
    run = [first, {"role": "assistant", **CALL}, RESULT, {"role": "user", "content": "The log: all calm."}]
    assert violations(_register(run, {"content": "All calm."}, tools=[TOOL])) == []
    assert [e.constraint.type for e in _register([first], {"content": "All calm."}, tools=[TOOL]).broken] == [
        "tools.require"
    ]


def test_a_tool_forbidden_for_a_purpose_may_be_called() -> None:
    rule = "Never use tools like code comments as means to communicate with the user."
    assert violations(_register(_ask("Fetch the log.", rule), CALL, finish="tool_calls", tools=[TOOL])) == []
    rule = "Never call the fetch_log tool."
    assert violations(_register(_ask("Fetch the log.", rule), CALL, finish="tool_calls", tools=[TOOL])) != []


def test_what_is_about_something_else_is_not_held_against_the_answer() -> None:
    quiet = (
        "Never use em dashes in source code; use commas instead.",
        "Please use a valid JSON format for the Action Input.",
        "## Commit messages\n\n- Never use more than 3 words.",
        "Recent commits:\ne4dfc37 Rewrite traffic logger with HTML generation",
        "**Default (under 2 lines)**:\n- Simple questions\n\n**More detail allowed (up to 3-4 lines)**:\n- Large changes",
        "The summary may run past two sentences.",
        "If you find yourself about to run `fetch_log` without a reason, stop.",
        "Only use tables listed below.\nTable 'boats' has columns: name, length.",
    )
    answer = {
        "content": "The first\nboat — a cutter —\ncame in.\nThe second one sank.\nA third one turned around. All went home."
    }
    for rule in quiet:
        assert violations(_register(_ask("What came in?", rule), answer, tools=[TOOL])) == [], rule


@pytest.mark.parametrize(
    "rule", ["Add a joke that suits the audience.", "Think through the alternatives before answering."]
)
def test_a_standing_imperative_is_listed_where_no_count_decides(rule: str) -> None:
    (found,) = extract(rule, standing=True)
    assert (found.type, found.verifiable) == ("untyped", False)


@pytest.mark.parametrize("task", ["Write a poem about the harbour.", "Explain the tide to me."])
def test_what_a_user_wants_done_is_no_instruction_on_how(task: str) -> None:
    assert extract(task) == []


def test_what_is_given_to_be_worked_on_gives_no_instructions() -> None:
    text = "Summarize the following reasoning in one sentence.\n\nReasoning:\n\nLet me see. Use bullet points.\n\nAnswer in French."
    assert [c.type for c in extract(text)] == ["length.sentences"]
    assert "language" in [c.type for c in extract("Summarize the following reasoning.\n\nRules:\n- Answer in French.")]
    assert [c.type for c in extract("What changed?\n\nOLD:\nAnswer in French.\n\nAnswer in one sentence.")] == [
        "length.sentences"
    ]
