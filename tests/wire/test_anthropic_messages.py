from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from ctxdebug.model import FinishReason, Kind, Role, Snapshot

One = Callable[..., Snapshot]


def call(*messages: Any, **more: Any) -> dict[str, Any]:
    return {"model": "c", "max_tokens": 99, "messages": list(messages), **more}


def user(*blocks: Any) -> dict[str, Any]:
    return {"role": "user", "content": list(blocks)}


def answer(*content: Any, stop: str = "end_turn", **usage: int) -> dict[str, Any]:
    return {"type": "message", "role": "assistant", "content": list(content), "stop_reason": stop, "usage": usage}


def stream(*events: dict[str, Any]) -> dict[str, str]:
    return {"_sse": "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events)}


@pytest.mark.parametrize(
    "system", ["Be brief.", [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}]]
)
def test_a_system_text_in_either_form_comes_first(one: One, system: Any) -> None:
    found = one(call(user({"type": "text", "text": "hi"}), system=system))
    assert found.format == "anthropic.messages"
    assert [(m.role, m.text) for m in found.messages] == [(Role.SYSTEM, "Be brief."), (Role.USER, "hi")]
    assert found.messages[0].segments[0].cache_mark is (not isinstance(system, str))


def test_the_prompt_is_input_and_cache(one: One) -> None:
    response = answer(
        {"type": "text", "text": "ok"}, input_tokens=4, cache_read_input_tokens=90, cache_creation_input_tokens=6
    )
    usage = one(call(user({"type": "text", "text": "hi"})), response).usage
    assert usage is not None
    assert (usage.prompt, usage.cache_read, usage.cache_write) == (100, 90, 6)


def test_results_of_any_content_belong_to_their_call(one: One) -> None:
    made = {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "stock", "input": {}}]}
    result = {"type": "tool_result", "tool_use_id": "t1", "is_error": True,
              "content": [{"type": "text", "text": "none left"}, {"type": "image", "source": {"type": "base64", "data": "AAAA"}}]}  # fmt: skip
    segments = one(call(user({"type": "text", "text": "x"}), made, user(result))).messages[2].segments
    assert [(s.kind, s.tool, s.is_error) for s in segments] == [
        (Kind.TOOL_RESULT, "stock", True),
        (Kind.MEDIA, "stock", True),
    ]


def test_documents_keep_their_titles(one: One) -> None:
    block = {
        "type": "document",
        "title": "Rows",
        "context": "from 2026",
        "source": {"type": "text", "data": "Row 3: bolts."},
    }
    context, document = one(call(user(block))).messages[0].segments
    assert context.text == "from 2026"
    assert (document.kind, document.text) == (Kind.DOCUMENT, "Row 3: bolts.")
    assert document.document is not None
    assert document.document.title == "Rows"


def test_input_that_grows_during_a_stream_is_taken_from_its_end(one: One) -> None:
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": {"id": "m1", "usage": {"input_tokens": 2049, "output_tokens": 1}}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "ping"},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Row"}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": " 3."}},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "max_tokens"},
            "usage": {"input_tokens": 13520, "output_tokens": 7},
        },
    ]
    found = one(call(user({"type": "text", "text": "x"}), stream=True), stream(*events))
    assert found.answer[0].text == "Row 3."
    assert found.usage is not None
    assert (found.usage.prompt, found.usage.output) == (13520, 7)
    assert found.finish is not None
    assert found.finish.reason is FinishReason.LENGTH


def test_streamed_arguments_are_put_together(one: One) -> None:
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": {"usage": {"input_tokens": 1}}},
        {
            "type": "content_block_start",
            "index": 0,
            "content_block": {"type": "tool_use", "id": "t1", "name": "stock", "input": {}},
        },
        {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": '{"item": '}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": '"bolt"}'}},
        {"type": "message_delta", "delta": {"stop_reason": "tool_use"}},
    ]
    made = one(call(user({"type": "text", "text": "x"}), stream=True), stream(*events)).answer[0].segments[0].call
    assert made is not None
    assert (made.name, made.parsed) == ("stock", {"item": "bolt"})


def test_an_error_event_is_an_error(one: One) -> None:
    events: list[dict[str, Any]] = [{"type": "message_start", "message": {"usage": {"input_tokens": 1}}},
              {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}]  # fmt: skip
    found = one(call(user({"type": "text", "text": "x"}), stream=True), stream(*events))
    assert found.error is not None
    assert (found.error.code, found.error.message) == ("overloaded_error", "Overloaded")


def test_what_only_the_server_has_is_said(one: One) -> None:
    blocks = [
        {"type": "document", "source": {"type": "file", "file_id": "f1"}},
        {"type": "redacted_thinking", "data": "x"},
    ]
    tools = [{"type": "web_search_20250305", "name": "web_search"}]
    found = one(call(user(*blocks), tools=tools, container="c1", mcp_servers=[{"url": "https://x"}]))
    assert len(found.unseen) == 5


def test_a_full_window_is_told_from_the_output_limit(one: One) -> None:
    finish = one(
        call(user({"type": "text", "text": "x"})),
        answer({"type": "text", "text": "y"}, stop="model_context_window_exceeded"),
    ).finish
    assert finish is not None
    assert finish.reason is FinishReason.WINDOW


def test_a_count_is_usage(one: One) -> None:
    body = {"model": "c", "messages": [{"role": "user", "content": "hi"}]}
    found = one(body, {"input_tokens": 16}, url="https://api.anthropic.com/v1/messages/count_tokens")
    assert found.format == "anthropic.messages"
    assert found.usage is not None
    assert found.usage.prompt == 16


def test_what_the_server_did_to_the_conversation_is_said(one: One) -> None:
    response = answer({"type": "text", "text": "ok"}, input_tokens=600)
    response["usage"]["iterations"] = [
        {"type": "compaction", "input_tokens": 60000},
        {"type": "message", "input_tokens": 600},
    ]
    response["context_management"] = {"applied_edits": [{"type": "clear_tool_uses_20250919"}]}
    found = one(call(user({"type": "text", "text": "x"})), response)
    assert ["compacted" in entry.what for entry in found.unseen] == [True]
    assert any("clear_tool_uses" in note for note in found.notes)


def test_an_edit_that_was_not_applied_is_not(one: One) -> None:
    response = {**answer({"type": "text", "text": "ok"}, input_tokens=600), "context_management": {"applied_edits": []}}
    found = one(call(user({"type": "text", "text": "x"})), response)
    assert (found.unseen, found.notes) == ((), ())
