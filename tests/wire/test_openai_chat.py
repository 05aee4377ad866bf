from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from ctxdebug.model import FinishReason, Kind, Role, Snapshot

One = Callable[..., Snapshot]
USER = {"role": "user", "content": "hi"}


def chat(*messages: Any, **more: Any) -> dict[str, Any]:
    return {"model": "m", "messages": list(messages), **more}


def answer(message: Any, finish: Any = "stop", **usage: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "message": message, "finish_reason": finish}], "usage": usage}


def stream(*chunks: Any) -> dict[str, str]:
    return {"_sse": "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n"}


def delta(**content: Any) -> dict[str, Any]:
    return {"id": "c1", "choices": [{"index": 0, "delta": content}]}


@pytest.mark.parametrize("content", [None, "", []])
def test_an_assistant_that_only_calls_has_no_text(one: One, content: Any) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}
    found = one(chat(USER, {"role": "assistant", "content": content, "tool_calls": [call]}))
    segments = [segment for segment in found.messages[1].segments if segment.text]
    assert [segment.kind for segment in segments] == [Kind.TOOL_CALL]
    assert segments[0].call is not None
    assert segments[0].call.parsed == {"a": 1}


def test_a_call_with_broken_arguments_keeps_them_and_says_so(one: One) -> None:
    call = {"id": "c1", "function": {"name": "f", "arguments": '{"a": '}}
    found = one(chat(USER, {"role": "assistant", "tool_calls": [call]})).messages[1].segments[0].call
    assert found is not None
    assert (found.arguments, found.parsed) == ('{"a": ', None)
    assert found.error


def test_legacy_functions_are_calls_and_results(one: One) -> None:
    made = {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": "{}"}}
    found = one(chat(USER, made, {"role": "function", "name": "f", "content": "7"}, functions=[{"name": "f"}]))
    assert [m.role for m in found.messages] == [Role.USER, Role.ASSISTANT, Role.TOOL]
    assert found.messages[2].segments[0].tool == "f"
    assert [tool.name for tool in found.tools] == ["f"]


def test_several_system_messages_keep_their_places_and_words(one: One) -> None:
    found = one(
        chat(
            {"role": "system", "content": "a"},
            USER,
            {"role": "developer", "content": "b"},
            {"role": "narrator", "content": "c"},
        )
    )
    assert [(m.role, m.captured_role) for m in found.messages] == [
        (Role.SYSTEM, "system"), (Role.USER, "user"), (Role.DEVELOPER, "developer"), (Role.OTHER, "narrator"),
    ]  # fmt: skip


def test_an_unknown_part_is_kept_with_its_size(one: One) -> None:
    part = {"type": "hologram", "hologram": {"depth": 3}}
    segment = one(chat({"role": "user", "content": [part]})).messages[0].segments[0]
    assert segment.kind is Kind.OPAQUE
    assert json.loads(segment.text) == part


@pytest.mark.parametrize("key", ["reasoning_content", "reasoning"])
def test_reasoning_is_thinking_and_comes_first(one: One, key: str) -> None:
    found = one(chat(USER), answer({"role": "assistant", key: "hm", "content": "ho"}, prompt_tokens=3))
    assert [s.kind for s in found.answer[0].segments] == [Kind.THINKING, Kind.TEXT]


def test_a_provider_that_counts_reasoning_beside_the_output(one: One) -> None:
    details = {"reasoning_tokens": 30}
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 45, "completion_tokens_details": details}
    found = one(chat(USER), answer({"content": "x"}, **usage))
    assert found.usage is not None
    assert found.usage.output == 35


def test_streamed_calls_are_joined_by_their_index(one: One) -> None:
    chunks = [
        delta(tool_calls=[{"index": 0, "id": "c1", "function": {"name": "f", "arguments": ""}}]),
        delta(tool_calls=[{"index": 1, "id": "c2", "function": {"name": "g", "arguments": "{"}}]),
        delta(tool_calls=[{"index": 0, "function": {"arguments": '{"a": 1}'}}]),
        delta(tool_calls=[{"index": 1, "function": {"arguments": "}"}}]),
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]},
    ]
    found = one(chat(USER, stream=True), stream(*chunks))
    calls = [segment.call for segment in found.answer[0].segments if segment.call]
    assert [(call.id, call.name, call.parsed) for call in calls] == [("c1", "f", {"a": 1}), ("c2", "g", {})]
    assert found.finish is not None
    assert found.finish.reason is FinishReason.TOOL_CALLS


@pytest.mark.parametrize(
    "last",
    [{"choices": [], "usage": {"prompt_tokens": 9}}, {**delta(content=""), "usage": {"prompt_tokens": 9}},
     {**delta(content=""), "x_groq": {"usage": {"prompt_tokens": 9}}}],
)  # fmt: skip
def test_usage_of_a_stream_wherever_it_stands(one: One, last: Any) -> None:
    found = one(chat(USER, stream=True), stream({**delta(content="x"), "usage": {"prompt_tokens": 1}}, last))
    assert found.usage is not None
    assert found.usage.prompt == 9


def test_an_error_inside_a_stream_is_an_error_under_status_200(one: One) -> None:
    found = one(
        chat(USER, stream=True),
        stream(delta(content="x"), {"error": {"code": 400, "message": "Token limit reached"}}),
        status=200,
    )
    assert found.error is not None
    assert (found.error.code, found.error.message) == ("400", "Token limit reached")


def test_a_stream_that_stops_in_the_middle_was_broken_off(one: One) -> None:
    found = one(chat(USER, stream=True), {"_sse": f'data: {json.dumps(delta(content="x"))}\n\ndata: {{"choi'})
    assert found.answer[0].text == "x"
    assert found.finish is not None
    assert found.finish.reason is FinishReason.ABORTED


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [({"error": {"message": "too long", "code": "context_length_exceeded"}}, 400, "context_length_exceeded"),
     ({"error": {"message": "too long", "type": "too_many_prompt_tokens", "code": 400}}, 429, "400"),
     ({"detail": "too long"}, 422, None), ("<html>too long</html>", 500, None), ({"error": "too long"}, 404, None)],
)  # fmt: skip
def test_errors_in_every_shape_load(one: One, body: Any, status: int, code: str | None) -> None:
    found = one(chat(USER), body, status=status)
    assert found.error is not None
    assert (found.error.code, found.error.status) == (code, status)
    assert "too long" in found.error.message


def test_an_empty_finish_reason_is_none(one: One) -> None:
    assert one(chat(USER), answer({"content": "x"}, "")).finish is None


def test_the_last_assistant_of_a_bare_list_is_the_answer(one: One) -> None:
    found = one([USER, {"role": "assistant", "content": "ho"}])
    assert [m.text for m in found.answer] == ["ho"]
    assert found.notes


def test_a_prefill_is_no_answer(one: One) -> None:
    found = one(chat(USER, {"role": "assistant", "content": "So"}), answer({"role": "assistant", "content": " it is"}))
    assert [m.text for m in found.messages] == ["hi", "So"]
    assert [m.text for m in found.answer] == [" it is"]


@pytest.mark.parametrize(
    ("usage", "prompt", "output"),
    [
        ({"promptTokens": 330, "completionTokens": 9}, 330, 9),
        ({"inputTokens": 330, "outputTokens": 9}, 330, 9),
        ({"input": 330, "output": 9, "unit": "TOKENS"}, 330, 9),
        ({"input_tokens": 330, "output_tokens": 9}, 330, 9),
        (
            {
                "input_tokens": 30,
                "cache_read_input_tokens": 200,
                "cache_creation_input_tokens": 100,
                "output_tokens": 9,
            },
            330,
            9,
        ),
        ({"prompt_tokens": 330, "completion_tokens": 9, "input_tokens": 1}, 330, 9),
    ],
)
def test_usage_in_the_words_of_gateways_and_frameworks(
    one: One, usage: dict[str, Any], prompt: int, output: int
) -> None:
    found = one(chat(USER), answer({"role": "assistant", "content": "ok"}, **usage)).usage
    assert found is not None
    assert (found.prompt, found.output) == (prompt, output)


def test_a_usage_without_a_count_is_none(one: One) -> None:
    assert one(chat(USER), answer({"role": "assistant", "content": "ok"}, cost=0.2)).usage is None
