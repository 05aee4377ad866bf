from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from ctxdebug.model import FinishReason, Kind, Role, Snapshot

One = Callable[..., Snapshot]
CONVERSE = "https://bedrock-runtime.us-east-1.amazonaws.com/model/us.vendor.model-v1%3A0/converse"
INVOKE = "https://bedrock-runtime.us-east-1.amazonaws.com/model/{}/invoke"


def user(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"role": "user", "content": list(blocks)}


def test_converse_names_its_model_in_the_url(one: One) -> None:
    found = one({"messages": [user({"text": "hi"})], "system": [{"text": "Be brief."}]}, url=CONVERSE)
    assert (found.format, found.model, found.provider) == ("bedrock.converse", "us.vendor.model-v1:0", "bedrock")
    assert [(m.role, m.text) for m in found.messages] == [(Role.SYSTEM, "Be brief."), (Role.USER, "hi")]


def test_the_prompt_is_input_and_cache_once_under_either_spelling(one: One) -> None:
    usage = {"inputTokens": 3, "outputTokens": 2, "cacheReadInputTokens": 7, "cacheReadInputTokenCount": 7,
             "cacheWriteInputTokens": 5}  # fmt: skip
    response = {
        "output": {"message": {"role": "assistant", "content": [{"text": "ok"}]}},
        "stopReason": "end_turn",
        "usage": usage,
    }
    found = one({"messages": [user({"text": "hi"})]}, response)
    assert found.usage is not None
    assert (found.usage.prompt, found.usage.cache_read, found.usage.cache_write) == (15, 7, 5)


def test_results_belong_to_their_calls_and_errors_are_marked(one: One) -> None:
    call = {
        "role": "assistant",
        "content": [{"toolUse": {"toolUseId": "t1", "name": "stock", "input": {"item": "bolt"}}}],
    }
    result = user({"toolResult": {"toolUseId": "t1", "status": "error", "content": [{"text": "no such item"}]}})
    segment = one({"messages": [user({"text": "x"}), call, result]}).messages[2].segments[0]
    assert (segment.kind, segment.tool, segment.is_error) == (Kind.TOOL_RESULT, "stock", True)


def test_a_text_document_given_as_bytes_is_read(one: One) -> None:
    source = {"bytes": base64.b64encode(b"Bolts are in row 3.").decode()}
    found = one({"messages": [user({"document": {"name": "rows", "format": "txt", "source": source}})]})
    segment = found.messages[0].segments[0]
    assert (segment.kind, segment.text) == (Kind.DOCUMENT, "Bolts are in row 3.")
    assert segment.document is not None
    assert segment.document.title == "rows"


def test_a_cache_point_marks_what_stands_before_it(one: One) -> None:
    segments = (
        one({"messages": [user({"text": "long"}, {"cachePoint": {"type": "default"}}, {"text": "short"})]})
        .messages[0]
        .segments
    )
    assert [segment.cache_mark for segment in segments] == [True, False]


def test_a_converse_stream_is_put_together(one: One) -> None:
    events = [
        ("messageStart", {"role": "assistant"}),
        ("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "Let me "}}),
        ("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "look."}}),
        ("contentBlockStart", {"contentBlockIndex": 1, "start": {"toolUse": {"toolUseId": "t1", "name": "stock"}}}),
        ("contentBlockDelta", {"contentBlockIndex": 1, "delta": {"toolUse": {"input": '{"item":'}}}),
        ("contentBlockDelta", {"contentBlockIndex": 1, "delta": {"toolUse": {"input": '"bolt"}'}}}),
        ("messageStop", {"stopReason": "tool_use"}),
        ("metadata", {"usage": {"inputTokens": 9, "outputTokens": 4}}),
    ]
    response = {"_eventstream": [{"type": name, "payload": payload} for name, payload in events]}
    found = one({"messages": [user({"text": "x"})]}, response)
    text, call = found.answer[0].segments
    assert text.text == "Let me look."
    assert call.call is not None
    assert call.call.parsed == {"item": "bolt"}
    assert found.finish is not None
    assert found.finish.reason is FinishReason.TOOL_CALLS


def test_an_exception_inside_a_stream_is_an_error(one: One) -> None:
    events = [{"type": "messageStart", "payload": {"role": "assistant"}},
              {"type": "modelStreamErrorException", "payload": {"message": "lost the model"}}]  # fmt: skip
    found = one({"messages": [user({"text": "x"})]}, {"_eventstream": events}, url=CONVERSE + "-stream", status=200)
    assert found.error is not None
    assert found.error.message == "lost the model"


@pytest.mark.parametrize(
    ("model", "request_body", "response", "prompt", "answer", "tokens"),
    [
        ("amazon.titan-text-v1", {"inputText": "hi"},
         {"inputTextTokenCount": 3, "results": [{"outputText": "hello", "completionReason": "FINISH", "tokenCount": 2}]},
         "hi", "hello", 3),
        ("meta.llama3", {"prompt": "hi", "max_gen_len": 9}, {"generation": "hello", "stop_reason": "stop", "prompt_token_count": 4},
         "hi", "hello", 4),
        ("mistral.m7b", {"prompt": "hi"}, {"outputs": [{"text": "hello", "stop_reason": "length"}]}, "hi", "hello", None),
        ("cohere.command-text", {"prompt": "hi"}, {"generations": [{"text": "hello", "finish_reason": "COMPLETE"}]},
         "hi", "hello", None),
        ("cohere.command-r", {"message": "hi"}, {"text": "hello", "generation_id": "g", "finish_reason": "COMPLETE"},
         "hi", "hello", None),
        ("ai21.jamba", {"messages": [{"role": "user", "content": "hi"}]},
         {"choices": [{"message": {"role": "assistant", "content": "hello"}}], "usage": {"prompt_tokens": 5}}, "hi", "hello", 5),
        ("anthropic.claude", {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]},
         {"type": "message", "role": "assistant", "content": [{"type": "text", "text": "hello"}], "stop_reason": "end_turn",
          "usage": {"input_tokens": 6, "output_tokens": 1}}, "hi", "hello", 6),
        ("amazon.nova", {"schemaVersion": "messages-v1", "messages": [{"role": "user", "content": [{"text": "hi"}]}]},
         {"output": {"message": {"role": "assistant", "content": [{"text": "hello"}]}}, "stopReason": "end_turn",
          "usage": {"inputTokens": 7, "outputTokens": 1}}, "hi", "hello", 7),
    ],
)  # fmt: skip
def test_invoke_reads_each_vendors_body(
    one: One, model: str, request_body: Any, response: Any, prompt: str, answer: str, tokens: int | None
) -> None:
    found = one(request_body, response, url=INVOKE.format(model))
    assert found.format == "bedrock.invoke"
    assert found.model == model
    assert found.messages[-1].text == prompt
    assert found.answer[0].text == answer
    assert (found.usage.prompt if found.usage else None) == tokens


def test_the_last_chunk_of_any_vendors_stream_counts_the_tokens(one: One) -> None:
    metrics = {"amazon-bedrock-invocationMetrics": {"inputTokenCount": 8, "outputTokenCount": 2}}
    chunks = [
        {"type": "chunk", "payload": {"generation": "hel"}},
        {"type": "chunk", "payload": {"generation": "lo", **metrics}},
    ]
    found = one(
        {"prompt": "hi", "max_gen_len": 9},
        {"_eventstream": chunks},
        url=INVOKE.format("meta.llama3") + "-with-response-stream",
    )
    assert found.answer[0].text == "hello"
    assert found.usage is not None
    assert found.usage.prompt == 8


def test_an_agents_prompt_is_read_from_its_trace(one: One) -> None:
    prompt = json.dumps({"system": "You book rooms.", "messages": [{"role": "user", "content": "Room 4?"}]})
    trace = {
        "trace": {"orchestrationTrace": {"modelInvocationInput": {"text": prompt, "foundationModel": "m"}}},
        "agentAliasId": "a",
    }
    chunk = {"bytes": base64.b64encode(b"Room 4 is free.").decode()}
    events = [{"type": "trace", "payload": trace}, {"type": "chunk", "payload": chunk}]
    found = one({"inputText": "Room 4?", "enableTrace": True}, {"_eventstream": events})
    assert (found.format, found.model) == ("bedrock.agent", "m")
    assert [m.text for m in found.messages] == ["You book rooms.", "Room 4?"]
    assert found.answer[0].text == "Room 4 is free."


def test_an_agent_without_a_trace_says_that_its_prompt_is_unseen(one: One) -> None:
    found = one({"inputText": "Room 4?", "enableTrace": False})
    assert found.messages[0].text == "Room 4?"
    assert len(found.unseen) == 1
