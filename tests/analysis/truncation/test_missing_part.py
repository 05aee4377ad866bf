"""What the missing tokens match, and the advice that follows from the cause."""

from __future__ import annotations

from typing import Any

import pytest

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.truncation.loss import Loss
from ctxdebug.analysis.truncation.loss_advice import advice
from tests.conversations import analysed, chat_response, exchanged

SYSTEM = (
    "You are the voice of a lighthouse museum. Answer in rhyme, name the year of the lamp, and never talk about prices."
)
QUESTION = "What is there to see today, and what does it cost?"
TOOL = {
    "type": "function",
    "function": {
        "name": "opening_hours",
        "description": "The opening hours of the museum on a day, with the last admission and the price of a ticket.",
        "parameters": {
            "type": "object",
            "properties": {"day": {"type": "string", "description": "The day, as a date."}},
        },
    },
}


def said(role: str, text: str) -> dict[str, Any]:
    return {"role": role, "content": text}


CHAT = [
    said("system", SYSTEM),
    said("user", "Good morning! We are five, with a dog and a pram, and we come by the early ferry from the mainland."),
    said(
        "assistant",
        "Then come to the boat shed first: the tower stairs are steep, and the dog may stay with the keeper.",
    ),
    said("user", QUESTION),
]


def counted(messages: list[dict[str, Any]], left: list[dict[str, Any]], model: str = "gpt-4o", **more: Any) -> Analysis:
    """An exchange of which the provider counted only what is left."""
    tools = more.pop("tools", [])
    bare = more.pop("kept_tools", tools)
    read = analysed(exchanged({"model": model, "messages": left, **({"tools": bare} if bare else {})}, **more))
    body = {"model": model, "messages": messages, **({"tools": tools} if tools else {})}
    return analysed(exchanged(body, chat_response(read.prompt.total.value), **more))


def loss_of(analysis: Analysis) -> Loss:
    found = analysis.truncation
    assert isinstance(found, Loss)
    return found


@pytest.mark.parametrize(
    ("left", "what"),
    [
        (CHAT[1:], "the system message"),
        (CHAT[:1] + CHAT[3:], "the oldest 2 messages"),
        (CHAT[3:], "the system message and the oldest 2 messages"),
        (CHAT[:2] + CHAT[3:], "message 2 (assistant)"),
    ],
)
def test_the_missing_part_is_named(left: list[dict[str, Any]], what: str) -> None:
    loss = loss_of(counted(CHAT, left))
    assert what in [part.what for part in loss.parts]
    assert what in loss.told


@pytest.mark.parametrize("model", ["claude-sonnet-4-5", "gemini-2.5-pro", "mistral-large-latest", "deepseek-chat"])
def test_the_missing_part_is_named_where_the_count_is_an_estimate(model: str) -> None:
    long = [said("system", SYSTEM * 8), *CHAT[1:]]
    loss = loss_of(counted(long, long[1:], model))
    assert loss.parts[0].what == "the system message"
    assert "match the system message" in loss.told


def test_missing_tools_are_named() -> None:
    loss = loss_of(counted(CHAT, CHAT, tools=[TOOL], kept_tools=[]))
    assert loss.parts[0].what == "the tool declarations"


def test_two_parts_of_one_size_are_both_named() -> None:
    twice = [said("system", QUESTION), said("user", QUESTION)]
    told = loss_of(counted([*twice, said("user", "Tell me.")], [twice[1], said("user", "Tell me.")])).told
    assert "the system message or the oldest message" in told


@pytest.mark.parametrize("off", [0, 3])
def test_what_arrived_is_no_loss(off: int) -> None:
    total = analysed(exchanged({"model": "gpt-4o", "messages": CHAT})).prompt.total.value
    assert analysed(exchanged({"model": "gpt-4o", "messages": CHAT}, chat_response(total - off))).truncation is None


def test_a_larger_window_is_not_advised_where_the_prompt_fills_little_of_it() -> None:
    analysis = counted(
        CHAT[:1] + CHAT[3:], CHAT[3:], "gemini/gemini-1.5-pro-latest", url="http://localhost:4000/v1/chat/completions"
    )
    told = advice(analysis, loss_of(analysis))
    assert "system role" in told
    assert "window" not in told


def test_a_prompt_that_does_not_fit_the_servers_default_is_advised_to_raise_it_as_a_guess() -> None:
    knowledge = said("system", SYSTEM * 300)
    analysis = counted([knowledge, CHAT[3]], [CHAT[3]], "qwen3:8b", url="http://localhost:11434/v1/chat/completions")
    told = advice(analysis, loss_of(analysis))
    assert "num_ctx" in told
    assert "a guess" in told
    assert "system role" in told


def test_reasoning_that_a_template_leaves_out_is_no_loss() -> None:
    thinking = "Let me think about the tide, the ferry and the steps of the tower once more. " * 30
    block = {"type": "thinking", "thinking": thinking, "signature": "x"}
    messages: list[dict[str, Any]] = [
        said("user", QUESTION),
        {"role": "assistant", "content": [block, {"type": "text", "text": "The lamp room."}]},
        said("user", "And the shed?"),
    ]
    bare = [messages[0], {"role": "assistant", "content": "The lamp room."}, messages[2]]
    left = analysed(
        exchanged({"model": "claude-3-opus", "messages": bare}, form="anthropic.messages")
    ).prompt.total.value
    answer = {"content": [], "usage": {"input_tokens": left, "output_tokens": 1}, "stop_reason": "end_turn"}
    found = analysed(
        exchanged({"model": "claude-3-opus", "messages": messages}, answer, "anthropic.messages")
    ).truncation
    assert found is None


def test_a_long_history_is_compared_in_linear_time() -> None:
    history = [
        said("user" if at % 2 == 0 else "assistant", f"Number {at} of the visitors came by boat.") for at in range(3001)
    ]
    loss = loss_of(counted(history, history[2000:]))
    assert loss.parts[0].what == "the oldest 2000 messages"
