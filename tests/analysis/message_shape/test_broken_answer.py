from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.analysis.message_shape import broken_answer as module
from ctxdebug.analysis.message_shape.broken_answer import Broken, broken_answer
from tests.conversations import chat_response, exchanged

ROWS = json.loads((Path(module.__file__).parent / "broken_answers.json").read_bytes())["rows"]
TOOL = {"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {}}}}


def found_in(message: dict[str, Any] | str, *, tools: bool = True, finish: str | None = "stop") -> Broken | None:
    body = {
        "model": "qwen3-8b",
        "messages": [{"role": "user", "content": "Rain in Oslo?"}],
        "tools": [TOOL] if tools else [],
    }
    response = chat_response(20, finish=finish)
    response["choices"][0]["message"] = (
        {"role": "assistant", "content": message} if isinstance(message, str) else message
    )
    return broken_answer(exchanged(body, response))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_every_row_is_found_in_its_example(row: dict[str, Any]) -> None:
    found = found_in(row["example"])
    assert found is not None
    assert row["source"]


@pytest.mark.parametrize(
    "text",
    [
        "The shop opens at ten.",
        "A turn ends with `<|im_end|>` in ChatML.",
        '```\n<tool_call>\n{"name": "x"}\n</tool_call>\n```\nThat is the notation of Hermes.',
        'The token "<|eot_id|>" ends a turn of Llama 3, and the next header follows it. '
        + "More of this follows. " * 8,
        "Use <function=NAME> for calls, as the model card of Qwen says.",
        "if a < b and c > d: print('<tool>')",
        "",
    ],
)
def test_talk_about_tokens_is_no_leak(text: str) -> None:
    found = found_in(text, finish="length" if not text else "stop")
    assert found is None


def test_the_bare_json_of_a_declared_tools_call_is_a_call_as_text() -> None:
    found = found_in('{"name": "get_weather", "parameters": {"city": "Oslo"}}')
    assert found is not None
    assert (found.kind, found.start) == ("call", 0)


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "get_weather"}',  # no arguments: data with a name
        '{"name": "Oslo", "parameters": {"city": "Oslo"}}',  # no declared tool
        'Call it so: {"name": "get_weather", "parameters": {"city": "Oslo"}}',  # talk about it
        '[{"name": "get_weather", "description": "rain"}]',
    ],
)
def test_other_json_is_an_answer(text: str) -> None:
    assert found_in(text) is None


def test_a_call_as_text_needs_tools_that_could_have_been_called() -> None:
    assert found_in('<tool_call>\n{"name": "x"}\n</tool_call>', tools=False) is None


@pytest.mark.parametrize(
    ("finish", "broken"), [("stop", True), ("length", False), (None, False), ("tool_calls", False)]
)
def test_an_empty_answer_is_broken_where_the_response_calls_it_complete(finish: str | None, broken: bool) -> None:
    assert (found_in("", finish=finish) is not None) is broken


def test_an_answer_in_the_reasoning_only_is_told_apart() -> None:
    found = found_in({"role": "assistant", "content": "", "reasoning_content": "It rains in Oslo, so I say yes."})
    assert found is not None
    assert found.kind == "reasoning only"


def test_a_parsed_call_is_an_answer() -> None:
    call = {"id": "c", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}
    assert found_in({"role": "assistant", "content": "", "tool_calls": [call]}, finish="stop") is None
