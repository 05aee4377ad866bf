"""What the fits may not do: no family counts prose as next to nothing, and nothing invented claims to be exact."""

from __future__ import annotations

from typing import Any

import pytest

from ctxdebug.tokens.accounting import Account, account
from ctxdebug.tokens.accounts.estimated import table
from ctxdebug.tokens.count import Counter
from ctxdebug.tokens.token_account import BlockKind
from tests.conversations import exchanged

PROSE = {
    "English": "The keeper climbs the tower before dusk, trims the wick, and writes the hour into the book beside the "
    "lamp. Nobody has asked for that book in thirty years, and still every line of it is neat and complete. ",
    "German": "Der Wärter steigt vor der Dämmerung auf den Turm, schneidet den Docht und schreibt die Stunde in das "
    "Buch neben der Lampe. Seit dreißig Jahren hat niemand nach diesem Buch gefragt. ",
    "French": "Le gardien monte dans la tour avant le crépuscule, coupe la mèche et note l'heure dans le livre à côté "
    "de la lampe. Personne n'a demandé ce livre depuis trente ans. ",
}
WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather of a place, as text, with the wind and the rain of the next few hours.",
        "parameters": {
            "type": "object",
            "properties": {"latitude": {"type": "string"}, "longitude": {"type": "string"}},
        },
    },
}


def asked(model: str, form: str = "openai.chat", **body: Any) -> Account:
    said = {"model": model, "messages": [{"role": "user", "content": "What is the capital of France?"}], **body}
    return account(exchanged(said, form=form))


@pytest.mark.parametrize("language", PROSE)
@pytest.mark.parametrize("family", table()["families"], ids=lambda family: family["name"])
def test_every_family_counts_prose_as_prose(family: dict[str, Any], language: str) -> None:
    text = PROSE[language] * 20
    tokens = family["weights"]["text"] * Counter("o200k_base").count(text)
    assert 0.12 <= tokens / len(text) <= 0.6


@pytest.mark.parametrize("model", ["deepseek-chat", "deepseek-reasoner", "deepseek/deepseek-v3.2"])
def test_a_long_prompt_is_estimated_by_its_text(model: str) -> None:
    text = PROSE["English"] * 200
    found = account(exchanged({"model": model, "messages": [{"role": "user", "content": text}]}))
    exact = Counter("o200k_base").count(text)
    assert 0.8 * exact < found.total.low < found.total.value < found.total.high < 1.35 * exact


def test_a_raw_completion_has_no_template() -> None:
    found = asked("meta-llama/Llama-3.2-1B-Instruct", "openai.completions", prompt="Tell me a joke about lighthouses")
    assert found.total.low <= 9 <= found.total.high
    assert found.total.value <= 10


def test_a_raw_completion_of_a_server_that_renders_it_may_be_longer() -> None:
    body = {"model": "llama3.2:3b", "prompt": "Tell me a joke about lighthouses"}
    found = account(exchanged(body, form="openai.completions", url="http://localhost:11434/v1/completions"))
    assert found.total.low > 10


def test_tools_that_are_left_out_are_not_counted() -> None:
    bare, declared = asked("mistral-small-latest"), asked("mistral-small-latest", tools=[WEATHER], tool_choice="none")
    assert declared.total == bare.total


def test_tools_that_stay_are_counted_as_always() -> None:
    body = {"tools": [{"name": "weather", "description": "Rain.", "input_schema": {}}], "max_tokens": 10}
    choosing = asked("claude-sonnet-4-5", "anthropic.messages", **body)
    assert (
        asked("claude-sonnet-4-5", "anthropic.messages", **body, tool_choice={"type": "none"}).total == choosing.total
    )


def test_where_nobody_knows_both_are_plausible() -> None:
    bare, declared = asked("gpt-4o"), asked("gpt-4o", tools=[WEATHER])
    either = asked("gpt-4o", tools=[WEATHER], tool_choice="none")
    assert (either.total.low, either.total.high) == (bare.total.low, declared.total.high)
    assert not either.total.exact


def test_the_model_that_answered_names_the_rule_where_the_request_names_none() -> None:
    body = {
        "contents": [{"role": "user", "parts": [{"text": "What is the weather in Paris?"}]}],
        "tools": [{"functionDeclarations": [{"name": "weather", "description": "Rain.", "parameters": {}}]}],
    }
    answer = {"candidates": [], "modelVersion": "gemini-2.0-flash-001"}
    assert account(exchanged(body, answer, "google.generate_content")).rule == "estimate, gemini 1 and 2.0"


def test_instructions_change_what_a_call_costs_gpt_4_1() -> None:
    turn = [
        {"role": "user", "content": "Rain?"},
        {"type": "function_call", "call_id": "c", "name": "weather", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c", "output": "No."},
    ]
    tool = {"type": "function", **WEATHER["function"]}  # type: ignore[dict-item]  # a document as JSON has it
    body = {"model": "gpt-4.1", "tools": [tool]}
    system = [{"role": "system", "content": "Be brief."}]
    spoken = account(exchanged({**body, "input": [*system, *turn]}, form="openai.responses")).total
    given = account(exchanged({**body, "instructions": "Be brief.", "input": turn}, form="openai.responses")).total
    assert given.value - spoken.value == 3


@pytest.mark.parametrize("content", [" Hi", "Hi\n", ""])
def test_white_space_at_an_edge_is_not_exact_for_the_newest_models(content: str) -> None:
    assert not account(exchanged({"model": "gpt-5.4", "messages": [{"role": "user", "content": content}]})).total.exact


def test_a_result_in_parts_is_not_exact() -> None:
    call = {"id": "c", "type": "function", "function": {"name": "weather", "arguments": "{}"}}

    def answered(content: Any) -> Account:
        turns = [
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "c", "content": content},
        ]
        return account(exchanged({"model": "gpt-4o", "messages": turns}))

    assert answered("Rain. Wind.").total.exact
    assert not answered([{"type": "text", "text": "Rain."}, {"type": "text", "text": "Wind."}]).total.exact


SHORT = "The house is on the hill, and the road to it is long. "
RARE = "Zygomorphic inflorescences disambiguate saxicolous bryophytes. "


def test_rare_words_cost_claude_more() -> None:
    """A vocabulary of two thirds the size has common words whole and cuts the rest."""

    def per_token(text: str) -> float:
        body = {"model": "claude-sonnet-4-5", "max_tokens": 9, "messages": [{"role": "user", "content": text * 40}]}
        return account(exchanged(body, form="anthropic.messages")).total.value / Counter("o200k_base").count(text * 40)

    assert per_token(SHORT) < 1.1
    assert per_token(RARE) > 1.2


def test_segments_of_an_estimate_add_up_to_its_total() -> None:
    body = {
        "model": "claude-sonnet-4-5",
        "max_tokens": 9,
        "system": RARE,
        "messages": [{"role": "user", "content": RARE * 9}],
    }
    found = account(exchanged(body, form="anthropic.messages"))
    assert sum(block.count.value for block in found.blocks) == found.total.value
    assert found.of(BlockKind.FRAMING) < 20


@pytest.mark.parametrize("model", ["meta-llama/llama-4-scout", "grok-4-fast", "command-r7b-12-2024"])
def test_what_a_server_writes_for_tools_may_be_much_where_it_is_not_known(model: str) -> None:
    declared = asked(model, tools=[WEATHER])
    assert declared.total.high - declared.total.low > declared.total.value


@pytest.mark.parametrize(
    ("form", "body", "why"),
    [
        ("anthropic.messages", {"context_management": {"edits": [{"type": "compact_20260112"}]}}, "compaction"),
        ("anthropic.messages", {"output_config": {"task_budget": {"type": "tokens", "total": 20_000}}}, "task budget"),
        ("openai.chat", {"preset": "@preset/comedian"}, "preset"),
        ("openai.chat", {"model": "openai/gpt-4o:online"}, "web search"),
        ("openai.chat", {"plugins": [{"id": "web", "max_results": 3}]}, "plugin web"),
        ("openai.responses", {"input": [{"type": "reasoning", "id": "rs_1", "summary": []}]}, "reasoning"),
    ],
)
def test_text_that_the_server_adds_of_its_own_is_not_estimable(form: str, body: dict[str, Any], why: str) -> None:
    found = asked(**{"model": "gpt-4o", "form": form, "max_tokens": 9, **body})
    assert not found.estimable
    assert why in found.why_not


@pytest.mark.parametrize(
    ("form", "body"),
    [
        (
            "anthropic.messages",
            {"context_management": {"edits": [{"type": "clear_tool_uses_20250919"}]}, "max_tokens": 9},
        ),
        ("anthropic.messages", {"output_config": {"effort": "high"}, "max_tokens": 9}),
        ("openai.chat", {"plugins": [{"id": "response-healing"}]}),
        ("openai.chat", {"plugins": [{"id": "web", "enabled": False}]}),
        (
            "openai.responses",
            {"input": [{"type": "reasoning", "content": [{"type": "reasoning_text", "text": "Hm."}]}]},
        ),
    ],
)
def test_settings_that_add_no_text_leave_a_prompt_estimable(form: str, body: dict[str, Any]) -> None:
    assert asked("gpt-4o", form, **body).estimable
