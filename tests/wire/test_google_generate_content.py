from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from ctxdebug.model import FinishReason, Kind, Role, Snapshot

One = Callable[..., Snapshot]


def user(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"role": "user", "parts": list(parts)}


def answer(*parts: dict[str, Any], finish: Any = "STOP", **usage: int) -> dict[str, Any]:
    counts = {"promptTokenCount": 10, "candidatesTokenCount": 4, **usage}
    return {
        "candidates": [{"content": {"role": "model", "parts": list(parts)}, "finishReason": finish}],
        "usageMetadata": counts,
    }


@pytest.mark.parametrize("key", ["systemInstruction", "system_instruction"])
@pytest.mark.parametrize(
    "system", ["Be brief.", {"parts": [{"text": "Be brief."}]}, {"parts": {"text": "Be brief."}, "role": "user"}]
)
def test_a_system_instruction_in_any_form_comes_first(one: One, key: str, system: Any) -> None:
    found = one({key: system, "contents": [user({"text": "hi"})]})
    assert found.format == "google.generate_content"
    assert [(m.role, m.text) for m in found.messages] == [(Role.SYSTEM, "Be brief."), (Role.USER, "hi")]


@pytest.mark.parametrize(
    ("call", "response"), [("functionCall", "functionResponse"), ("function_call", "function_response")]
)
def test_calls_without_ids_are_paired_by_name_and_order(one: One, call: str, response: str) -> None:
    model = {
        "role": "model",
        "parts": [{call: {"name": "f", "args": {"n": 1}}}, {call: {"name": "f", "args": {"n": 2}}}],
    }
    results = user(
        {response: {"name": "f", "response": {"result": "one"}}}, {response: {"name": "f", "response": {"n": 2}}}
    )
    found = one({"contents": [user({"text": "x"}), model, results]})
    made = [s.call.id for s in found.messages[1].segments if s.call]
    assert made == [s.call_id for s in found.messages[2].segments]
    assert [s.text for s in found.messages[2].segments] == ["one", '{"n":2}']


def test_the_model_is_in_the_url(one: One) -> None:
    url = "https://generativelanguage.googleapis.com/v1beta/models/gemini-x:generateContent"
    found = one({"contents": [user({"text": "x"})]}, url=url)
    assert found.model == "gemini-x"
    assert found.provider == "gemini"


def test_tool_use_is_part_of_the_prompt_and_thoughts_of_the_output(one: One) -> None:
    response = answer({"text": "y"}, toolUsePromptTokenCount=5, thoughtsTokenCount=3, cachedContentTokenCount=2)
    usage = one({"contents": [user({"text": "x"})]}, response).usage
    assert usage is not None
    assert (usage.prompt, usage.output, usage.reasoning, usage.cache_read) == (15, 7, 3, 2)


@pytest.mark.parametrize(
    ("captured", "reason"),
    [("STOP", FinishReason.STOP), ("MAX_TOKENS", FinishReason.LENGTH), (2, FinishReason.LENGTH), (1, FinishReason.STOP),
     ("SAFETY", FinishReason.FILTER), ("SOMETHING_NEW", FinishReason.OTHER)],
)  # fmt: skip
def test_finish_reasons_as_words_and_numbers(one: One, captured: Any, reason: FinishReason) -> None:
    finish = one({"contents": [user({"text": "x"})]}, answer({"text": "y"}, finish=captured)).finish
    assert finish is not None
    assert finish.reason is reason


def test_a_blocked_prompt_has_no_candidates(one: One) -> None:
    found = one({"contents": [user({"text": "x"})]}, {"promptFeedback": {"blockReason": "SAFETY"}})
    assert found.finish is not None
    assert found.finish.reason is FinishReason.FILTER


def test_both_streamed_forms_give_the_same_answer(one: One) -> None:
    chunks = [{"candidates": [{"content": {"parts": [{"text": text}]}}], "usageMetadata": {"promptTokenCount": count}}
              for text, count in (("th", 3), ("ree", 4))]  # fmt: skip
    as_array = one({"contents": [user({"text": "x"})]}, chunks)
    as_stream = one({"contents": [user({"text": "x"})]}, {"_chunks": chunks})
    assert as_array.answer[0].text == as_stream.answer[0].text == "three"
    assert as_array.usage is not None
    assert as_array.usage.prompt == 4


def test_inline_text_is_a_document_and_an_image_is_media(one: One) -> None:
    data = base64.b64encode(b"row 3: bolts").decode()
    parts = [
        {"inline_data": {"mime_type": "text/plain", "data": data}},
        {"inlineData": {"mimeType": "image/png", "data": "AAAA"}},
    ]
    segments = one({"contents": [user(*parts)]}).messages[0].segments
    assert [(s.kind, s.text) for s in segments] == [(Kind.DOCUMENT, "row 3: bolts"), (Kind.MEDIA, "")]


def test_cached_content_and_files_are_unseen(one: One) -> None:
    part = {"fileData": {"fileUri": "gs://bucket/a.pdf", "mimeType": "application/pdf"}}
    found = one({"cachedContent": "cachedContents/1", "contents": [user(part)]})
    assert len(found.unseen) == 2


def test_an_sdks_call_keeps_system_and_tools_in_its_config(one: One) -> None:
    declared = [{"function_declarations": [{"name": "f", "parameters_json_schema": {"type": "object"}}]}]
    config = {"system_instruction": "Be brief.", "tools": declared, "max_output_tokens": 5}
    found = one({"model": "g", "contents": "hi", "config": config})
    assert [m.text for m in found.messages] == ["Be brief.", "hi"]
    assert [tool.name for tool in found.tools] == ["f"]
    assert found.settings.max_output == 5


def test_thoughts_are_thinking(one: One) -> None:
    found = one({"contents": [user({"text": "x"})]}, answer({"text": "hm", "thought": True}, {"text": "y"}))
    assert [s.kind for s in found.answer[0].segments] == [Kind.THINKING, Kind.TEXT]
