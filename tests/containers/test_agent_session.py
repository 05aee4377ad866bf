from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ctxdebug.model import Kind, Problem, Provenance, Role, Snapshot

Opened = Callable[..., tuple[list[Snapshot], list[Problem]]]


def lines(*values: Any) -> str:
    return "".join(json.dumps(value) + "\n" for value in values)


def claude(kind: str, uuid: str, parent: str | None, message: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": kind, "uuid": uuid, "parentUuid": parent, "sessionId": "s1", "message": message, **more}


def spoke(identifier: str, *content: Any, prompt: int = 10) -> dict[str, Any]:
    usage = {"input_tokens": prompt, "cache_read_input_tokens": 5, "output_tokens": 2}
    return {"id": identifier, "role": "assistant", "model": "claude-x", "content": list(content), "usage": usage}


def text(words: str) -> dict[str, str]:
    return {"type": "text", "text": words}


USE = {"type": "tool_use", "id": "t1", "name": "Bash", "input": {"command": "ls"}}
FIRST = [
    {"type": "file-history-snapshot", "isSnapshotUpdate": False},
    claude("user", "1", None, {"role": "user", "content": "list the files"}),
    claude("assistant", "2", "1", spoke("m1", text("Looking."))),
    claude("assistant", "3", "2", spoke("m1", USE, prompt=11)),
    claude(
        "user", "4", "3", {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "a.py"}]}
    ),
    claude("assistant", "5", "4", spoke("m2", text("One file."), prompt=20)),
]
BOUNDARY = {"type": "system", "subtype": "compact_boundary", "uuid": "6", "parentUuid": None, "sessionId": "s1"}
SECOND = [
    claude("user", "7", "6", {"role": "user", "content": "summary: one file"}, isCompactSummary=True),
    claude("user", "8", "7", {"role": "user", "content": "delete it"}),
    claude("assistant", "9", "8", spoke("m3", text("Deleted."), prompt=7)),
]


def test_the_lines_of_one_message_are_one_message_and_its_last_usage_counts(opened: Opened) -> None:
    (found,), problems = opened(lines(*FIRST))
    assert problems == []
    assert (found.container, found.format, found.session) == ("session", "claude-code", "s1")
    assert [m.role for m in found.messages] == [Role.USER, Role.ASSISTANT, Role.USER]
    assert [s.kind for s in found.messages[1].segments] == [Kind.TEXT, Kind.TOOL_CALL]
    assert found.messages[2].segments[0].tool == "Bash"
    assert found.answer[0].text == "One file."
    assert found.usage is not None
    assert found.usage.prompt == 25
    assert found.labels["calls"] == 2
    assert found.unseen


def test_a_compaction_begins_a_new_context_with_a_memory(opened: Opened) -> None:
    before, after = opened(lines(*FIRST, BOUNDARY, *SECOND))[0]
    assert before.answer[0].text == "One file."
    assert [m.text for m in after.messages] == ["summary: one file", "delete it"]
    assert after.messages[0].segments[0].provenance is Provenance.MEMORY
    assert after.messages[1].segments[0].provenance is Provenance.USER_INPUT


def test_a_branch_that_was_left_is_no_context(opened: Opened) -> None:
    other = [claude("user", "4b", "3", {"role": "user", "content": "wait, stop"}), *FIRST[4:]]
    (found,), _ = opened(lines(*FIRST[:4], *other))
    assert "wait, stop" not in [m.text for m in found.messages]


def test_a_side_conversation_has_its_own_context(opened: Opened) -> None:
    side = [claude("user", "a", None, {"role": "user", "content": "Warmup"}, isSidechain=True, agentId="x"),
            claude("assistant", "b", "a", spoke("m9", text("Ready.")), isSidechain=True, agentId="x")]  # fmt: skip
    snapshots, _ = opened(lines(*FIRST, *side))
    assert [snapshot.answer[0].text for snapshot in snapshots] == ["One file.", "Ready."]


def test_a_call_that_failed_is_an_error_of_its_own(opened: Opened) -> None:
    failed = claude("assistant", "8b", "8", spoke("e1", text("API Error: prompt is too long")), isApiErrorMessage=True)
    snapshots, _ = opened(lines(*FIRST, BOUNDARY, *SECOND[:2], failed, SECOND[2]))
    errors = [snapshot.error.message for snapshot in snapshots if snapshot.error]
    assert errors == ["API Error: prompt is too long"]
    assert snapshots[-1].answer[0].text == "Deleted."


CODEX = [
    {"type": "session_meta", "payload": {"id": "c1", "instructions": "You edit code."}},
    {"type": "turn_context", "payload": {"model": "gpt-x"}},
    {"type": "response_item", "payload": {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "list"}]}},
    {"type": "event_msg", "payload": {"type": "user_message", "message": "list"}},
    {"type": "response_item", "payload": {"type": "function_call", "name": "shell", "arguments": "{}", "call_id": "call_1"}},
    {"type": "response_item", "payload": {"type": "function_call_output", "call_id": "call_1", "output": "a.py"}},
    {"type": "response_item", "payload": {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "a.py"}]}},
    {"type": "event_msg", "payload": {"type": "token_count", "info": {
        "last_token_usage": {"input_tokens": 90, "cached_input_tokens": 70, "output_tokens": 8},
        "total_token_usage": {"input_tokens": 210}, "model_context_window": 272000}}},
]  # fmt: skip


def test_codex_items_are_the_context_and_events_only_count(opened: Opened) -> None:
    (found,), problems = opened(lines(*CODEX))
    assert problems == []
    assert (found.format, found.model, found.session) == ("codex", "gpt-x", "c1")
    assert [m.role for m in found.messages] == [Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.TOOL]
    assert found.answer[0].text == "a.py"
    assert found.usage is not None
    assert (found.usage.prompt, found.usage.cache_read) == (90, 70)
    assert found.labels["model_context_window"] == 272000


def test_codex_compaction_begins_a_new_context(opened: Opened) -> None:
    compacted = {"type": "compacted", "payload": {"message": "they listed the files"}}
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "go on"}]}
    snapshots, _ = opened(lines(*CODEX, compacted, {"type": "response_item", "payload": item}))
    assert [m.text for m in snapshots[1].messages] == ["You edit code.", "they listed the files", "go on"]


PI: list[dict[str, Any]] = [
    {"type": "session", "id": "p1", "provider": "anthropic", "modelId": "claude-x"},
    {"type": "message", "message": {"role": "user", "content": [{"type": "text", "text": "read it"}]}},
    {"type": "message", "message": {"role": "assistant", "stopReason": "aborted", "content": [], "usage": {"input": 0, "output": 0}}},
    {"type": "message", "message": {"role": "assistant", "stopReason": "toolUse", "usage": {"input": 1, "output": 2, "cacheRead": 3},
                                    "content": [{"type": "toolCall", "id": "t1", "name": "read", "arguments": {"path": "x"}}]}},
    {"type": "message", "message": {"role": "toolResult", "toolCallId": "t1", "toolName": "read", "isError": False,
                                    "content": [{"type": "text", "text": "# X"}]}},
    {"type": "message", "message": {"role": "assistant", "stopReason": "stop", "content": [{"type": "text", "text": "Read."}],
                                    "usage": {"input": 3, "output": 8, "cacheRead": 90, "cacheWrite": 7}}},
]  # fmt: skip


def test_pi_leaves_out_turns_that_failed_and_counts_the_cache(opened: Opened) -> None:
    (found,), _ = opened(lines(*PI))
    assert (found.format, found.provider, found.session) == ("pi", "anthropic", "p1")
    assert [m.role for m in found.messages] == [Role.USER, Role.ASSISTANT, Role.TOOL]
    assert found.answer[0].text == "Read."
    assert found.usage is not None
    assert found.usage.prompt == 100


def test_a_line_that_is_cut_is_told_and_the_rest_is_read(opened: Opened) -> None:
    snapshots, problems = opened(lines(*PI) + '{"type": "mess')
    assert len(snapshots) == 1
    assert [problem.fatal for problem in problems] == [False]


def test_turns_that_are_stretches_of_a_recorded_session(opened: Opened) -> None:
    turn = {"request": {"_prefix_lines": [0, 5]}, "response": PI[5]["message"]}
    session = {"request": {"_lines": PI}, "response": None}
    snapshots, problems = opened(lines(turn, session))
    assert problems == []
    assert [m.role for m in snapshots[0].messages] == [Role.USER, Role.ASSISTANT, Role.TOOL]
    assert snapshots[0].answer[0].text == "Read."
    assert snapshots[0].messages[0].pointer[:2] == snapshots[1].messages[0].pointer[:2]
