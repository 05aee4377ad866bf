from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctxdebug.tokens.accounting import Account, BlockKind, account
from ctxdebug.tokens.accounts import estimated, openai
from ctxdebug.tokens.accounts.estimated import table
from ctxdebug.tokens.accounts.response_schema import response_schema
from ctxdebug.tokens.count import Counter
from tests.conversations import exchanged

COUNT = Counter("o200k_base").count
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
DECLARED = "// The weather in a city.\ntype get_weather = (_: {city: string}) => any;\n\n"
SECTION = f"# Tools\n\n## functions\n\nnamespace functions {{\n\n{DECLARED}}} // namespace functions"
CALL = {"id": "c1", "type": "function", "function": {"name": "get_weather", "arguments": '{"city": "Oslo"}'}}


def chat(*messages: dict[str, Any], model: str = "gpt-4o-mini", **more: Any) -> Account:
    return account(exchanged({"model": model, "messages": list(messages), **more}))


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def test_chat_is_three_tokens_a_message_and_three_for_the_answer() -> None:
    said = ["You are brief.", "What is the capital of Norway?"]
    found = chat({"role": "system", "content": said[0]}, user(said[1]))
    assert found.total.exact
    assert found.total.value == 3 + 2 * (3 + 1) + sum(map(COUNT, said))


def test_reasoning_models_count_one_less() -> None:
    assert chat(user("Hi"), model="gpt-5-mini").total.value == chat(user("Hi")).total.value - 1


def test_older_models_have_an_older_vocabulary() -> None:
    text = "こんにちは、元気ですか"
    assert chat(user(text), model="gpt-4").total.value == 7 + Counter("cl100k_base").count(text)


def test_tools_are_a_typescript_namespace_in_a_message_of_its_own() -> None:
    found = chat(user("Hi"), tools=[WEATHER])
    assert found.total.exact
    assert found.total.value == chat(user("Hi")).total.value + 3 + 1 + COUNT(SECTION) - 1


def test_tools_follow_the_system_message_where_there_is_one() -> None:
    system = {"role": "system", "content": "Be brief."}
    with_tools = chat(system, user("Hi"), tools=[WEATHER]).total.value
    assert (
        with_tools - chat(system, user("Hi")).total.value == COUNT(f"Be brief.\n\n{SECTION}") - COUNT("Be brief.") - 1
    )


def test_a_call_and_its_result() -> None:
    asked = user("Weather in Oslo?")
    result = {"role": "tool", "tool_call_id": "c1", "content": "Rain"}
    found = chat(asked, {"role": "assistant", "content": None, "tool_calls": [CALL]}, result, tools=[WEATHER])
    words = COUNT('{"city":"Oslo"}') + COUNT("functions.get_weather") + COUNT("get_weather") + COUNT("Rain")
    assert found.total.value - chat(asked, tools=[WEATHER]).total.value == 12 + words


def test_a_forced_tool_costs_its_name() -> None:
    choice = {"type": "function", "function": {"name": "get_weather"}}
    more = (
        chat(user("Hi"), tools=[WEATHER], tool_choice=choice).total.value
        - chat(user("Hi"), tools=[WEATHER]).total.value
    )
    assert more == 6 + COUNT("functions.get_weather")


def test_an_unknown_keyword_in_a_schema_makes_it_an_estimate() -> None:
    tool = json.loads(json.dumps(WEATHER))
    tool["function"]["parameters"]["properties"]["city"]["minLength"] = 2
    total = chat(user("Hi"), tools=[tool]).total
    assert not total.exact
    assert total.low < total.value < total.high


def test_responses_count_plain_text_as_chat_does() -> None:
    body = {"model": "gpt-4o-mini", "instructions": "Be brief.", "input": "Hi"}
    expected = chat({"role": "system", "content": "Be brief."}, user("Hi")).total
    assert account(exchanged(body, form="openai.responses")).total == expected


def test_a_gateway_is_not_taken_for_openai() -> None:
    body = {"model": "openai/gpt-4o-mini", "messages": [user("Hi")]}
    total = account(exchanged(body, url="https://openrouter.ai/api/v1/chat/completions")).total
    assert not total.exact


@pytest.mark.parametrize(
    ("form", "body"),
    [
        ("openai.chat", {"model": "gpt-4o", "messages": [user("Hi " * 40)], "tools": [WEATHER]}),
        ("openai.chat", {"model": "qwen2.5:7b", "messages": [user("Hi " * 40)], "tools": [WEATHER]}),
        (
            "anthropic.messages",
            {"model": "claude-sonnet-4-5", "max_tokens": 9, "system": "Be brief.", "messages": [user("Hi")]},
        ),
        ("google.generate_content", {"contents": [{"role": "user", "parts": [{"text": "Hi there"}]}]}),
    ],
)
def test_the_blocks_add_up_and_the_band_holds_the_total(form: str, body: Any) -> None:
    found = account(exchanged(body, form=form))
    assert sum(block.count.value for block in found.blocks) == found.total.value
    assert 0 <= found.total.low <= found.total.value <= found.total.high
    segments = {segment.id for segment in exchanged(body, form=form).segments()}
    assert set(found.segments()) == segments


def test_other_vocabularies_are_estimates() -> None:
    body = {"model": "claude-sonnet-4-5", "max_tokens": 9, "messages": [user("What is the capital of Norway?")]}
    found = account(exchanged(body, form="anthropic.messages"))
    assert not found.total.exact
    assert found.estimable
    assert found.total.low <= 14 <= found.total.high


def test_tools_cost_claude_a_prompt_of_its_own() -> None:
    tool = {"name": "now", "description": "The time.", "input_schema": {"type": "object", "properties": {}}}
    body = {"model": "claude-sonnet-4-5", "max_tokens": 9, "messages": [user("Hi")], "tools": [tool]}
    assert account(exchanged(body, form="anthropic.messages")).of(BlockKind.FRAMING) > 300


def test_an_unknown_model_has_a_wide_band() -> None:
    total = chat(user("word " * 500), model="nobody-knows-7b").total
    assert total.low < 400 < 600 < total.high


def test_a_picture_without_a_size_cannot_be_counted() -> None:
    picture = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    found = chat({"role": "user", "content": [{"type": "text", "text": "What is it?"}, picture]})
    assert not found.estimable
    assert "image" in found.why_not


def test_a_small_picture_costs_one_price() -> None:
    picture = {"type": "image_url", "image_url": {"url": "https://example.com/a.png", "detail": "low"}}
    found = chat({"role": "user", "content": [{"type": "text", "text": "What is it?"}, picture]}, model="gpt-4o")
    assert [block.count.value for block in found.blocks if block.label == "image"] == [85]


def test_thought_signatures_cannot_be_counted() -> None:
    part = {"functionCall": {"name": "now", "args": {}}, "thoughtSignature": "abc="}
    body = {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}, {"role": "model", "parts": [part]}]}
    found = account(exchanged(body, form="google.generate_content"))
    assert not found.estimable
    assert "signature" in found.why_not


def test_an_earlier_response_cannot_be_counted() -> None:
    body = {"model": "gpt-4o", "input": "And then?", "previous_response_id": "resp_1"}
    assert not account(exchanged(body, form="openai.responses")).estimable


def test_text_cut_into_segments_counts_as_one_text() -> None:
    documents = "".join(f'<document id="{n}">\nNote {n} says so.\n</document>\n' for n in range(5))
    text = f"Answer from these.\n{documents}Question: why?"
    assert chat(user(text)).total.value == 7 + COUNT(text)


def test_every_family_tells_its_evidence() -> None:
    for row in table()["families"]:
        assert row["evidence"]["n"] == 0 or row["evidence"]["held_out_error"]["median"] >= 0
    assert table()["families"][-1]["tokenizer"] == "*"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
WORDS = st.sampled_from(["type", "properties", "items", "anyOf", "required", "enum", "$ref", "title", "default", "a"])
SCHEMA = st.recursive(JSON, lambda inner: st.dictionaries(WORDS, inner, max_size=4), max_leaves=16)


@settings(max_examples=60, deadline=None)
@given(content=JSON, schema=SCHEMA, choice=JSON, model=st.sampled_from(["gpt-4o", "gpt-5", "claude-opus-4-5", "x"]))
def test_no_request_is_too_odd(content: Any, schema: Any, choice: Any, model: str) -> None:
    tool = {"type": "function", "function": {"name": "f", "description": content, "parameters": schema}}
    call = {"id": "1", "type": "function", "function": {"name": "f", "arguments": content}}
    messages = [{"role": "user", "content": content}, {"role": "assistant", "tool_calls": [call, call]}]
    found = chat(
        *messages, model=model, tools=[tool], tool_choice=choice, response_format={"json_schema": {"schema": schema}}
    )
    assert found.total.low <= found.total.value <= found.total.high


@pytest.mark.parametrize("model", ["gpt-4o", "gpt-5", "llama3.1:8b"])
def test_a_session_counts_as_its_requests_would_alone(model: str) -> None:
    turns = [user("First question?"), {"role": "assistant", "content": "Answer."}, user("And then?")]
    together = [chat(*turns[:length], model=model) for length in (1, 2, 3)]
    for memory in (openai._PLAIN, estimated._TEXTS):
        memory.clear()
    assert chat(*turns, model=model) == together[-1]


def test_the_same_words_cost_another_model_another_price() -> None:
    turns = [user("Question?"), {"role": "assistant", "content": "Answer."}, user("More?")]
    assert chat(*turns, model="gpt-5").total.value == chat(*turns, model="gpt-4o").total.value + 2 - 1


def test_the_own_description_of_a_schema_is_one_line_of_ascii() -> None:
    text = 'What "found" means — in two\n\nlines.'
    schema = {"type": "object", "description": text, "properties": {"a": {"type": "string", "description": "über"}}}
    held = {"type": "json_schema", "json_schema": {"name": "note", "strict": True, "schema": schema}}
    body = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hi"}], "response_format": held}
    found = response_schema(exchanged(body), "chat")
    assert found is not None
    assert 'What "found" means \\u2014 in two\\n\\nlines.\n' in found.text
    assert '"description":"\\u00fcber"' in found.text
