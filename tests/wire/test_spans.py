from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ctxdebug.model import FinishReason, Kind, Role, Snapshot

One = Callable[..., Snapshot]


def span(**attributes: Any) -> dict[str, Any]:
    return {"attributes": {name.replace("__", "."): value for name, value in attributes.items()}}


MESSAGES = [{"role": "user", "parts": [{"type": "text", "content": "How long?"}]}]
SAID = [{"role": "assistant", "parts": [{"type": "text", "content": "An hour."}], "finish_reason": "stop"}]


def test_the_newer_attributes_hold_messages_system_and_tools(one: One) -> None:
    found = one(span(
        gen_ai__input__messages=json.dumps(MESSAGES), gen_ai__output__messages=json.dumps(SAID),
        gen_ai__system_instructions=json.dumps([{"type": "text", "content": "Be brief."}]),
        gen_ai__tool__definitions=json.dumps([{"type": "function", "name": "clock", "parameters": {}}]),
        gen_ai__usage__input_tokens=9, gen_ai__usage__output_tokens="4", gen_ai__request__model="m",
    ))  # fmt: skip
    assert found.format == "otel.genai"
    assert [(m.role, m.text) for m in found.messages] == [(Role.SYSTEM, "Be brief."), (Role.USER, "How long?")]
    assert found.answer[0].text == "An hour."
    assert [tool.name for tool in found.tools] == ["clock"]
    assert found.usage is not None
    assert (found.usage.prompt, found.usage.output) == (9, 4)


def test_the_older_attributes_are_spread_over_keys(one: One) -> None:
    found = one(span(gen_ai__prompt__0__role="system", gen_ai__prompt__0__content="Be brief.",
                     gen_ai__prompt__1__role="user", gen_ai__prompt__1__content="How long?",
                     gen_ai__completion__0__content="An hour."))  # fmt: skip
    assert [m.text for m in found.messages] == ["Be brief.", "How long?"]
    assert found.answer[0].text == "An hour."


def test_span_events_are_messages(one: One) -> None:
    events = [{"name": "gen_ai.user.message", "attributes": {"content": "How long?"}},
              {"name": "gen_ai.choice", "attributes": {"message": '{"role": "assistant", "content": "An hour."}', "finish_reason": "stop"}}]  # fmt: skip
    found = one({**span(gen_ai__system="openai"), "events": events})
    assert found.messages[0].text == "How long?"
    assert found.answer[0].text == "An hour."


def test_a_span_without_content_says_so(one: One) -> None:
    found = one(span(gen_ai__request__model="m", gen_ai__usage__input_tokens=9))
    assert not found.messages
    assert len(found.unseen) == 1


def test_json_that_a_length_limit_cut_is_kept_as_text(one: One) -> None:
    found = one(span(gen_ai__input__messages=json.dumps(MESSAGES)[:30]))
    assert found.messages[0].text == json.dumps(MESSAGES)[:30]
    assert any("cut" in note for note in found.notes)


def test_a_request_that_differs_from_the_spans_own_list_is_said(one: One) -> None:
    held = {"llm.input_messages.0.message.role": "user", "llm.input_messages.0.message.content": "Add 2."}
    for sent, said in (("Add 2.", 0), ("Add 3.", 1)):
        found = one(
            {"attributes": {**held, "input.value": json.dumps({"messages": [{"role": "user", "content": sent}]})}}
        )
        assert found.messages[0].text == "Add 2."
        assert sum("other words for message 0" in note for note in found.notes) == said


def test_openinference_lists_may_have_holes(one: One) -> None:
    found = one(span(**{
        "llm.input_messages.0.message.role": "user", "llm.input_messages.0.message.content": "Add.",
        "llm.input_messages.2.message.role": "tool", "llm.input_messages.2.message.content": "5",
        "llm.output_messages.0.message.role": "assistant",
        "llm.output_messages.0.message.contents.0.message_content.text": "Five.",
        "llm.tools.0.tool.json_schema": '{"function": {"name": "add", "parameters": {}}}',
        "llm.token_count.prompt": 12,
    }))  # fmt: skip
    assert found.format == "openinference"
    assert [m.role for m in found.messages] == [Role.USER, Role.TOOL]
    assert found.answer[0].text == "Five."
    assert [tool.name for tool in found.tools] == ["add"]
    assert found.usage is not None
    assert found.usage.prompt == 12


def test_retrieved_documents_of_a_span(one: One) -> None:
    found = one(span(**{"input.value": "rows?", "retrieval.documents.0.document.content": "Row 3.",
                        "retrieval.documents.0.document.id": "d1"}))  # fmt: skip
    segment = found.messages[-1].segments[0]
    assert segment.kind is Kind.DOCUMENT
    assert segment.document is not None
    assert segment.document.id == "d1"


def test_vercel_spans_hold_json_in_their_attributes(one: One) -> None:
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "Weather?"}]},
    ]
    tool = json.dumps({"type": "function", "name": "weather", "inputSchema": {"type": "object"}})
    calls = [{"toolCallId": "call_1", "toolName": "weather", "input": '{"city": "Bern"}'}]
    found = one(span(**{"ai.operationId": "ai.generateText.doGenerate", "ai.prompt.messages": json.dumps(messages),
                        "ai.prompt.tools": [tool], "ai.response.toolCalls": json.dumps(calls),
                        "ai.response.finishReason": "tool-calls", "ai.usage.promptTokens": 50, "ai.model.provider": "openai.chat"}))  # fmt: skip
    assert (found.format, found.provider) == ("vercel.ai", "openai")
    assert [m.text for m in found.messages] == ["Be brief.", "Weather?"]
    call = found.answer[0].segments[0].call
    assert call is not None
    assert (call.name, call.parsed) == ("weather", {"city": "Bern"})
    assert [declared.name for declared in found.tools] == ["weather"]
    assert found.finish is not None
    assert found.finish.reason is FinishReason.TOOL_CALLS


def test_a_hole_is_said_or_filled_from_the_whole_request(one: One) -> None:
    held = {"llm.input_messages.0.message.role": "user", "llm.input_messages.0.message.content": "Add.",
            "llm.input_messages.2.message.role": "tool", "llm.input_messages.2.message.content": "5"}  # fmt: skip
    assert any("leaves out message 1" in note for note in one(span(**held)).notes)
    call = {"id": "c1", "function": {"name": "add", "arguments": "{}"}}
    messages = [{"role": "user", "content": "Add."}, {"role": "assistant", "content": None, "tool_calls": [call]},
                {"role": "tool", "tool_call_id": "c1", "content": "5"}]  # fmt: skip
    found = one(span(**held, **{"input.value": json.dumps({"messages": messages})}))
    assert [m.role for m in found.messages] == [Role.USER, Role.ASSISTANT, Role.TOOL]
    assert found.notes == ()
