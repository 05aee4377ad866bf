from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ctxdebug.model import FinishReason, Kind, Role, Snapshot

One = Callable[..., Snapshot]
USAGE = {"billed_units": {"input_tokens": 5}, "tokens": {"input_tokens": 90, "output_tokens": 4}, "cached_tokens": 60}


def test_version_two_counts_what_the_model_read(one: One) -> None:
    response = {"id": "r", "message": {"role": "assistant", "content": [{"type": "text", "text": "Oak."}]},
                "finish_reason": "COMPLETE", "usage": USAGE}  # fmt: skip
    found = one({"model": "c", "messages": [{"role": "user", "content": "Which wood?"}]}, response)
    assert found.format == "cohere.chat"
    assert found.usage is not None
    assert (found.usage.prompt, found.usage.cache_read, found.usage.output) == (90, 60, 4)
    assert found.finish is not None
    assert found.finish.reason is FinishReason.STOP


def test_documents_stand_before_the_last_turn(one: One) -> None:
    documents = ["Oak floats.", {"id": "d2", "data": {"title": "Woods", "snippet": "Teak lasts."}}]
    body = {
        "model": "c",
        "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "q"}],
        "documents": documents,
    }
    found = one(body)
    assert [m.captured_role for m in found.messages] == ["system", "documents", "user"]
    second = found.messages[1].segments[1]
    assert (second.kind, second.text) == (Kind.DOCUMENT, "Teak lasts.")
    assert second.document is not None
    assert (second.document.id, second.document.title) == ("d2", "Woods")


def test_a_tool_plan_is_thinking_and_comes_before_the_call(one: One) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    message = {"role": "assistant", "tool_plan": "I will look.", "tool_calls": [call]}
    found = one({"model": "c", "messages": [{"role": "user", "content": "q"}, message]})
    assert [s.kind for s in found.messages[1].segments] == [Kind.THINKING, Kind.TOOL_CALL]


def test_version_one_has_preamble_history_and_message(one: One) -> None:
    body = {"model": "c", "preamble": "Be brief.", "message": "And teak?",
            "chat_history": [{"role": "USER", "message": "Oak?"}, {"role": "CHATBOT", "message": "Yes."}],
            "documents": [{"id": "d1", "title": "Woods", "snippet": "Teak lasts."}]}  # fmt: skip
    response = {
        "text": "Longer.",
        "generation_id": "g",
        "finish_reason": "MAX_TOKENS",
        "meta": {"tokens": {"input_tokens": 30}},
    }
    found = one(body, response)
    assert [m.role for m in found.messages] == [Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.USER, Role.USER]
    assert found.messages[3].segments[0].kind is Kind.DOCUMENT
    assert found.answer[0].text == "Longer."
    assert found.usage is not None
    assert found.usage.prompt == 30


def test_version_two_streams_have_one_call_an_event(one: One) -> None:
    start = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": ""}}
    events: list[dict[str, Any]] = [
        {"type": "message-start", "id": "r"},
        {"type": "tool-plan-delta", "delta": {"message": {"tool_plan": "Look."}}},
        {"type": "tool-call-start", "index": 0, "delta": {"message": {"tool_calls": start}}},
        {
            "type": "tool-call-delta",
            "index": 0,
            "delta": {"message": {"tool_calls": {"function": {"arguments": '{"a": 1}'}}}},
        },
        {"type": "message-end", "delta": {"finish_reason": "TOOL_CALL", "usage": USAGE}},
    ]
    found = one({"model": "c", "messages": [{"role": "user", "content": "q"}]}, {"_chunks": events})
    thought, call = found.answer[0].segments
    assert thought.text == "Look."
    assert call.call is not None
    assert call.call.parsed == {"a": 1}


def test_version_one_streams_end_with_the_whole_response(one: One) -> None:
    events = [{"event_type": "stream-start"}, {"event_type": "text-generation", "text": "Lon"},
              {"event_type": "stream-end", "finish_reason": "COMPLETE", "response": {"text": "Longer.", "generation_id": "g"}}]  # fmt: skip
    found = one({"model": "c", "message": "And teak?", "preamble": "p"}, {"_ndjson": events})
    assert found.answer[0].text == "Longer."


def test_too_many_tokens_is_an_error(one: One) -> None:
    response = {"error_type": "TOO_MANY_TOKENS", "message": "too many tokens: size limit exceeded by 5 tokens"}
    found = one(
        {"model": "c", "messages": [{"role": "user", "content": "q"}]}, response, url="https://x/v2/chat", status=400
    )
    assert found.error is not None
    assert found.error.code == "TOO_MANY_TOKENS"
