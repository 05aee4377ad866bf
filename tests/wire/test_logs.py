"""Formats of logs and libraries: each with one made-up sample, and what it must give."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ctxdebug.model import Kind, Role, Snapshot

One = Callable[..., Snapshot]
S, U, A, T = Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.TOOL
LC = ["langchain", "schema", "messages"]

AGENTDOJO: dict[str, Any] = {
    "suite_name": "office", "injection_task_id": "injection_task_1",
    "messages": [
        {"role": "system", "content": [{"type": "text", "content": "You file letters."}]},
        {"role": "user", "content": [{"type": "text", "content": "File it."}]},
        {"role": "assistant", "content": None, "tool_calls": [{"function": "read_letter", "args": {"id": 4}, "id": "c1"}]},
        {"role": "tool", "content": [{"type": "text", "content": "Dear sir"}], "tool_call_id": "c1",
         "tool_call": {"function": "read_letter", "args": {}}, "error": None},
        {"role": "assistant", "content": [{"type": "text", "content": "Filed."}]},
    ],
}  # fmt: skip
WHOWHEN = {
    "question": "q", "mistake_agent": "Planner", "mistake_step": "1", "system_prompt": {"Planner": "You plan."},
    "history": [{"role": "human", "content": "Plan it."}, {"role": "Planner (thought)", "content": "Hm."},
                {"role": "Planner", "content": "Planned."}],
}  # fmt: skip
SWE = {
    "trajectory": [], "info": {"exit_status": "submitted"},
    "history": [{"role": "system", "content": "A shell.", "agent": "main"}, {"role": "user", "content": "Fix it.", "agent": "main"},
                {"role": "assistant", "content": "ls", "thought": "ls", "action": "ls", "agent": "main",
                 "tool_calls": [{"id": "call_1", "function": {"name": "bash", "arguments": "{}"}}]},
                {"role": "tool", "content": "a.py", "agent": "main", "tool_call_ids": ["call_1"]},
                {"role": "assistant", "content": "Done.", "agent": "main"}],
}  # fmt: skip
INSPECT: dict[str, Any] = {
    "event": "model", "model": "m", "input": [{"role": "system", "content": "Judge."}, {"role": "user", "content": "This."}],
    "tools": [{"name": "bash", "description": "a shell", "parameters": {"type": "object"}}], "tool_choice": "auto",
    "config": {"max_tokens": 9},
    "output": {"choices": [{"message": {"role": "assistant", "content": "Yes"}, "stop_reason": "stop"}],
               "usage": {"input_tokens": 66, "output_tokens": 3}},
}  # fmt: skip
LANGCHAIN = [
    {"type": "system", "content": "Help."}, {"type": "human", "content": "Sum it."},
    {"type": "ai", "content": "", "tool_calls": [{"name": "add", "args": {"a": 1}, "id": "call_9", "type": "tool_call"}]},
    {"type": "tool", "content": "3", "tool_call_id": "call_9"}, {"type": "ai", "content": "Three."},
]  # fmt: skip
LANGCHAIN_DICTS = [{"type": "human", "data": {"content": "Sum it."}}, {"type": "ai", "data": {"content": "Three."}}]
LANGCHAIN_SERIALISED = {"messages": [[
    {"lc": 1, "type": "constructor", "id": [*LC, "SystemMessage"], "kwargs": {"content": "Help."}},
    {"lc": 1, "type": "constructor", "id": [*LC, "HumanMessage"], "kwargs": {"content": "Sum it."}},
    {"lc": 1, "type": "constructor", "id": [*LC, "AIMessage"], "kwargs": {"content": "Three."}},
]]}  # fmt: skip
LLAMA_INDEX = [
    {"role": "system", "blocks": [{"block_type": "text", "text": "Help."}], "additional_kwargs": {}},
    {"role": "user", "blocks": [{"block_type": "text", "text": "Sum it."}, {"block_type": "image", "url": "https://x/a.png"}]},
    {"role": "assistant", "blocks": [{"block_type": "text", "text": "Three."}]},
]  # fmt: skip
PYDANTIC_AI = [
    {"kind": "request", "instructions": "Help.", "parts": [{"part_kind": "user-prompt", "content": ["Sum ", "it."]}]},
    {"kind": "response", "parts": [{"part_kind": "tool-call", "tool_name": "add", "args": '{"a": 1}', "tool_call_id": "c9"}]},
    {"kind": "request", "parts": [{"part_kind": "tool-return", "tool_name": "add", "content": 3, "tool_call_id": "c9"}]},
    {"kind": "response", "parts": [{"part_kind": "text", "content": "Three."}], "model_name": "m", "usage": {"input_tokens": 8}},
]  # fmt: skip
PLAIN = {"conversation": [{"role": "human", "text": "Sum it."}, {"role": "bot", "text": "Three."}]}


@pytest.mark.parametrize(
    ("document", "name", "roles", "answer"),
    [
        (AGENTDOJO, "agentdojo", [S, U, A, T], "Filed."),
        (WHOWHEN, "whowhen", [S, U, A], "Planned."),
        (SWE, "swe-agent", [S, U, A, T], "Done."),
        (INSPECT, "inspect", [S, U], "Yes"),
        (LANGCHAIN, "langchain", [S, U, A, T], "Three."),
        (LANGCHAIN_DICTS, "langchain", [U], "Three."),
        (LANGCHAIN_SERIALISED, "langchain", [S, U], "Three."),
        (LLAMA_INDEX, "llama-index", [S, U], "Three."),
        (PYDANTIC_AI, "pydantic-ai", [S, U, A, T], "Three."),
        (PLAIN, "messages", [U], "Three."),
        ([{"role": "user", "text": "Sum it."}, {"role": "assistant", "text": "Three."}], "messages", [U], "Three."),
    ],
)
def test_a_log_is_known_and_read(one: One, document: Any, name: str, roles: list[Role], answer: str) -> None:
    found = one(document)
    assert found.format == name
    assert [message.role for message in found.messages] == roles
    assert found.answer[-1].text == answer
    assert found.request is None


@pytest.mark.parametrize(
    ("document", "tool"), [(AGENTDOJO, "read_letter"), (SWE, "bash"), (LANGCHAIN, "add"), (PYDANTIC_AI, "add")]
)
def test_results_in_logs_belong_to_their_calls(one: One, document: Any, tool: str) -> None:
    result = next(segment for segment in one(document).segments() if segment.kind is Kind.TOOL_RESULT)
    call = next(segment.call for segment in one(document).segments() if segment.call is not None)
    assert (result.tool, result.call_id) == (tool, call.id)


def test_labels_of_a_run_are_kept(one: One) -> None:
    assert one(AGENTDOJO).labels["injection_task_id"] == "injection_task_1"
    assert one(WHOWHEN).labels["mistake_step"] == "1"
    assert one(SWE).labels["exit_status"] == "submitted"


def test_what_a_tool_said_when_it_failed_is_read(one: One) -> None:
    failed = {
        **AGENTDOJO,
        "messages": [*AGENTDOJO["messages"][:3], {**AGENTDOJO["messages"][3], "content": [], "error": "no letter 4"}],
    }
    segment = one(failed).messages[-1].segments[0]
    assert (segment.text, segment.is_error) == ("no letter 4", True)


def test_usage_of_an_inspect_event_counts_the_whole_prompt(one: One) -> None:
    usage = {"input_tokens": 10, "output_tokens": 5, "input_tokens_cache_read": 90, "total_tokens": 105}
    found = one({**INSPECT, "output": {**INSPECT["output"], "usage": usage}})
    assert found.usage is not None
    assert found.usage.prompt == 100
