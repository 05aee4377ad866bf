from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ctxdebug.model import FinishReason, Kind, Role, Snapshot

One = Callable[..., Snapshot]
CALL = {"type": "function_call", "call_id": "call_1", "name": "stock", "arguments": '{"item": "bolt"}'}
RESULT = {"type": "function_call_output", "call_id": "call_1", "output": "214 left"}


def answer(*output: Any, **more: Any) -> dict[str, Any]:
    usage: dict[str, Any] = {"input_tokens": 50, "output_tokens": 8, "input_tokens_details": {"cached_tokens": 20}}
    usage["output_tokens_details"] = {"reasoning_tokens": 3}
    return {"id": "resp_1", "object": "response", "status": "completed", "output": list(output), "usage": usage, **more}


def said(text: str) -> dict[str, Any]:
    return {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text}]}


def test_a_text_input_is_the_users(one: One) -> None:
    found = one({"model": "m", "input": "How many bolts?"}, answer(said("214")))
    assert found.format == "openai.responses"
    assert [(m.role, m.text) for m in found.messages] == [(Role.USER, "How many bolts?")]
    assert found.answer[0].text == "214"


def test_instructions_come_first_as_system(one: One) -> None:
    found = one({"model": "m", "instructions": "Be brief.", "input": [{"role": "user", "content": "hi"}]})
    assert [(m.role, m.captured_role) for m in found.messages] == [(Role.SYSTEM, "instructions"), (Role.USER, "user")]


def test_calls_of_one_turn_are_one_message_and_results_name_their_tool(one: One) -> None:
    second = {**CALL, "call_id": "call_2"}
    items = [{"role": "user", "content": "x"}, CALL, second, RESULT, {**RESULT, "call_id": "call_2"}]
    found = one({"model": "m", "input": items})
    assert [m.role for m in found.messages] == [Role.USER, Role.ASSISTANT, Role.TOOL, Role.TOOL]
    assert [s.call.id for s in found.messages[1].segments if s.call] == ["call_1", "call_2"]
    assert found.messages[2].segments[0].tool == "stock"


def test_usage_holds_cached_and_reasoning_inside(one: One) -> None:
    usage = one({"model": "m", "input": "x"}, answer(said("y"))).usage
    assert usage is not None
    assert (usage.prompt, usage.cache_read, usage.output, usage.reasoning) == (50, 20, 8, 3)


def test_an_incomplete_response_names_its_reason(one: One) -> None:
    response = answer(said("y"), status="incomplete", incomplete_details={"reason": "max_output_tokens"})
    finish = one({"model": "m", "input": "x"}, response).finish
    assert finish is not None
    assert finish.reason is FinishReason.LENGTH


def test_a_response_that_ends_with_a_call_ends_for_it(one: One) -> None:
    finish = one({"model": "m", "input": "x"}, answer(CALL)).finish
    assert finish is not None
    assert finish.reason is FinishReason.TOOL_CALLS


def test_what_the_server_keeps_is_said(one: One) -> None:
    found = one({"model": "m", "input": "x", "previous_response_id": "resp_0", "conversation": "conv_1"})
    assert len(found.unseen) == 2
    assert found.previous == "resp_0"
    assert found.session == "conv_1"


def test_files_and_images_keep_their_kind_and_say_that_they_are_elsewhere(one: One) -> None:
    content = [
        {"type": "input_image", "image_url": "https://example.org/a.png"},
        {"type": "input_file", "file_id": "f1"},
    ]
    found = one({"model": "m", "input": [{"role": "user", "content": content}]})
    assert [s.media.type for s in found.messages[0].segments if s.media] == ["image", "file"]
    assert len(found.unseen) == 2


def test_search_results_of_the_server_are_documents(one: One) -> None:
    search = {"type": "file_search_call", "id": "fs_1", "queries": ["bolts"],
              "results": [{"file_id": "f1", "filename": "stock.md", "text": "Bolts: 214 in row 3."}]}  # fmt: skip
    segments = one({"model": "m", "input": "x"}, answer(search, said("y"))).answer[0].segments
    assert [s.kind for s in segments] == [Kind.TOOL_CALL, Kind.DOCUMENT, Kind.TEXT]
    assert segments[0].call is not None
    assert segments[0].call.server_side


def stream(*events: dict[str, Any]) -> dict[str, str]:
    return {"_sse": "".join(f"event: {e['type']}\ndata: {json.dumps(e)}\n\n" for e in events)}


def test_a_stream_is_read_from_its_last_event(one: One) -> None:
    events: list[dict[str, Any]] = [{"type": "response.created", "response": {"id": "resp_1"}}]
    events.append({"type": "response.completed", "response": answer(said("214"))})
    found = one({"model": "m", "input": "x", "stream": True}, stream(*events))
    assert found.answer[0].text == "214"
    assert found.usage is not None


def test_a_stream_that_breaks_off_is_put_together_from_its_deltas(one: One) -> None:
    events: list[dict[str, Any]] = [
        {"type": "response.created", "response": {"id": "resp_1", "model": "m-1"}},
        {"type": "response.output_item.added", "output_index": 0, "item": {"type": "message", "role": "assistant"}},
        {"type": "response.output_text.delta", "output_index": 0, "delta": "two hundred "},
        {"type": "response.output_text.delta", "output_index": 0, "delta": "and"},
    ]
    found = one({"model": "m", "input": "x", "stream": True}, stream(*events))
    assert found.answer[0].text == "two hundred and"
    assert found.finish is not None
    assert found.finish.reason is FinishReason.ABORTED


def test_a_failed_response_is_an_error(one: One) -> None:
    response = answer(status="failed", error={"code": "server_error", "message": "try again"})
    found = one({"model": "m", "input": "x"}, response)
    assert found.error is not None
    assert (found.error.code, found.error.message) == ("server_error", "try again")


def test_deferred_tools_and_server_tools(one: One) -> None:
    tools = [
        {"type": "function", "name": "f", "parameters": {"type": "object"}, "defer_loading": True},
        {"type": "web_search"},
    ]
    found = one({"model": "m", "input": "x", "tools": tools})
    assert [(tool.name, tool.type, tool.deferred) for tool in found.tools] == [
        ("f", "function", True),
        ("web_search", "web_search", False),
    ]
    assert len(found.unseen) == 1


def test_settings(one: One) -> None:
    form = {"type": "json_schema", "schema": {"type": "object"}, "strict": True}
    body = {
        "model": "m",
        "input": "x",
        "max_output_tokens": 9,
        "text": {"format": form, "verbosity": "low"},
        "truncation": "auto",
    }
    settings = one(body).settings
    assert (settings.max_output, settings.response_format, settings.strict_schema) == (9, "json_schema", True)
    assert (settings.verbosity, settings.truncation) == ("low", "truncation=auto")
