from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ctxdebug.analysis.message_shape import Prediction, RoleVerdict, check, matters, recorded, role_verdict
from ctxdebug.analysis.message_shape.wording import changes, rejections
from ctxdebug.model import Hit, NotChecked, Severity, Snapshot
from ctxdebug.models.roles import Behaviour, role_rows
from tests.conversations import captured, exchanged

S = {"role": "system", "content": "Be brief."}
D = {"role": "developer", "content": "Be kind."}
U = {"role": "user", "content": "What is new?"}
A = {"role": "assistant", "content": "Nothing much."}
TOOL = {"role": "tool", "tool_call_id": "abcdefgh1", "content": "4 degrees"}
OTHER = {"role": "tool", "tool_call_id": "abcdefgh9", "content": "4 degrees"}


def calling(*ids: str) -> dict[str, Any]:
    function = {"name": "look", "arguments": "{}"}
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": i, "type": "function", "function": function} for i in ids],
    }


CALL = calling("abcdefgh1")
URLS = {
    "openai": "https://api.openai.com/v1/chat/completions",
    "deepseek": "https://api.deepseek.com/chat/completions",
    "mistral": "https://api.mistral.ai/v1/chat/completions",
    "perplexity": "https://api.perplexity.ai/chat/completions",
    "fireworks": "https://api.fireworks.ai/inference/v1/chat/completions",
}


def chat(host: str, model: str, *messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    exchange: dict[str, Any] = {"request": {"model": model, "messages": list(messages)}, **more}
    return exchange | ({"url": URLS[host]} if host in URLS else {"provider": host})


def claude(model: str, *messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    request = {"model": model, "max_tokens": 100, "system": "Be brief.", "messages": list(messages)}
    return {"url": "https://api.anthropic.com/v1/messages", "request": request, **more}


def use(*ids: str) -> dict[str, Any]:
    return {"role": "assistant", "content": [{"type": "tool_use", "id": i, "name": "look", "input": {}} for i in ids]}


def result(*ids: str) -> dict[str, Any]:
    return {"role": "user", "content": [{"type": "tool_result", "tool_use_id": i, "content": "4 degrees"} for i in ids]}


def gemini(*contents: dict[str, Any], model: str = "gemini-2.5-flash", **more: Any) -> dict[str, Any]:
    url = f"https://generativelanguage.googleapis.com/v1beta/models/{model}:generateContent"
    return {"url": url, "model": model, "request": {"contents": list(contents), **more}}


def said(role: str, *texts: str) -> dict[str, Any]:
    return {"role": role, "parts": [{"text": text} for text in texts]}


FCALL: dict[str, Any] = {"role": "model", "parts": [{"functionCall": {"name": "look", "args": {}}}]}
FANSWER: dict[str, Any] = {"role": "user", "parts": [{"functionResponse": {"name": "look", "response": {"x": 1}}}]}


def converse(*messages: dict[str, Any]) -> dict[str, Any]:
    model = "us.anthropic.claude-3-7-sonnet-20250219-v1%3A0"
    url = f"https://bedrock-runtime.us-east-1.amazonaws.com/model/{model}/converse"
    return {
        "url": url,
        "model": "us.anthropic.claude-3-7-sonnet-20250219-v1:0",
        "request": {"messages": list(messages)},
    }


def spoke(role: str, text: str = "Hello there.") -> dict[str, Any]:
    return {"role": role, "content": [{"text": text}]}


BCALL = {"role": "assistant", "content": [{"toolUse": {"toolUseId": "t1", "name": "look", "input": {}}}]}
BANSWER = {"role": "user", "content": [{"toolResult": {"toolUseId": "t1", "content": [{"text": "4 degrees"}]}}]}


def responses(host: str, *items: dict[str, Any]) -> dict[str, Any]:
    address = {"openai": "https://api.openai.com/v1/responses", "deepseek": "https://api.deepseek.com/v1/responses"}
    return {
        "url": address[host],
        "request": {"model": "gpt-5" if host == "openai" else "deepseek-v4-flash", "input": list(items)},
    }


ICALL = {"type": "function_call", "call_id": "call_1", "name": "look", "arguments": "{}"}
IOUT = {"type": "function_call_output", "call_id": "call_1", "output": "4 degrees"}
MUST = "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'."
ALTERNATE = "Conversation roles must alternate user/assistant/user/assistant/..."

REJECTED: dict[str, tuple[dict[str, Any], str]] = {
    "R1": (
        chat("openai", "gpt-4o", U, TOOL),
        "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
    ),
    "R1.id": (
        chat("openai", "gpt-4o", U, calling("call_1"), {**TOOL, "tool_call_id": "call_1"}, {**TOOL, "tool_call_id": "call_2"}),
        "Invalid parameter: 'tool_call_id' of 'call_2' not found in 'tool_calls' of previous message.",
    ),
    "R1.deepseek": (
        chat("deepseek", "deepseek-chat", U, TOOL),
        "Messages with role 'tool' must be a response to a preceding message with 'tool_calls'",
    ),
    "R2": (
        chat("openai", "gpt-4o", U, calling("call_1", "call_2", "call_3"), {**TOOL, "tool_call_id": "call_2"}, U),
        f"{MUST} The following tool_call_ids did not have response messages: call_1, call_3",
    ),
    "R2.deepseek": (
        chat("deepseek", "deepseek-chat", U, CALL, U),
        f"{MUST} (insufficient tool messages following tool_calls message)",
    ),
    "R3": (responses("openai", U, ICALL, U), "No tool output found for function call call_1."),
    "R3.output": (
        responses("openai", U, IOUT),
        "No tool call found for function call output with call_id call_1.",
    ),
    "R3.deepseek": (responses("deepseek", U, ICALL, A, IOUT), "No tool output found for tool call call_1."),
    "R4": (
        chat("openai", "o1-mini", U, S),
        "Unsupported value: 'messages[1].role' does not support 'system' with this model.",
    ),
    "R4.developer": (
        chat("openai", "o1-preview", D, U),
        "Unsupported value: 'messages[0].role' does not support 'developer' with this model.",
    ),
    "R5": (
        claude("claude-sonnet-4-5", U, A, S, U),
        ('messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an '
        "input message role."),
    ),
    "R6": (
        claude("claude-sonnet-4-5", U, use("toolu_1", "toolu_2"), result("toolu_1"), A, U),
        ("messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_2. Each `tool_use` "
        "block must have a corresponding `tool_result` block in the next message."),
    ),
    "R7": (
        claude("claude-sonnet-4-5", U, use("toolu_1"), result("toolu_1", "toolu_9")),
        ("messages.2.content.1: unexpected `tool_use_id` found in `tool_result` blocks: toolu_9. Each `tool_result` block "
        "must have a corresponding `tool_use` block in the previous message."),
    ),
    "R8": (
        converse(spoke("user"), spoke("user")),
        ("A conversation must alternate between user and assistant roles. Make sure the conversation alternates between "
        "user and assistant roles and try again."),
    ),
    "R8.first": (
        converse(spoke("assistant"), spoke("user")),
        "A conversation must start with a user message. Try again with a conversation that starts with a user message.",
    ),
    "R9": (gemini(said("system", "Be brief."), said("user", "Hello")), "Please use a valid role: user, model."),
    "R10": (
        gemini(FCALL, FANSWER, said("user", "And now?")),
        "Please ensure that function call turn comes immediately after a user turn or after a function response turn.",
    ),
    "R10.response": (
        gemini(said("user", "Hello"), said("model", "Hi"), FANSWER),
        "Please ensure that function response turn comes immediately after a function call turn.",
    ),
    "R10.number": (
        gemini(said("user", "Hello"), {"role": "model", "parts": FCALL["parts"] * 2}, FANSWER),
        ("Please ensure that the number of function response parts is equal to the number of function call parts of the "
        "function call turn."),
    ),
    "R11": (
        gemini(said("user", "Hello"), model="gemma-3-27b-it", systemInstruction=said("user", "Be brief.")),
        "Developer instruction is not enabled for models/gemma-3-27b-it",
    ),
    "R12": (
        gemini(said("user", "Hello"), said("model", "Hi")),
        "Please ensure that multiturn requests ends with a user role or a function response.",
    ),
    "R13": (
        chat("mistral", "mistral-large-latest", U, CALL, TOOL, U),
        "Unexpected role 'user' after role 'tool'",
    ),
    "R13.tool": (
        chat("mistral", "mistral-large-latest", U, CALL, TOOL, A, U, TOOL),
        "Unexpected role 'tool' after role 'user'",
    ),
    "R13.system": (
        chat("mistral", "mistral-large-latest", U, A, S, U),
        "Unexpected role 'system' after role 'assistant'",
    ),
    "R13.last": (
        chat("mistral", "mistral-large-latest", U, A),
        "Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant",
    ),
    "R14": (
        chat("mistral", "mistral-large-latest", U, calling("abcdefgh1", "abcdefgh2"), TOOL),
        "Not the same number of function calls and responses",
    ),
    "R14.more": (
        chat("mistral", "mistral-large-latest", U, CALL, TOOL, OTHER),
        "More tool responses than tool calls",
    ),
    "R14.twice": (
        chat("mistral", "mistral-large-latest", U, calling("abcdefgh1", "abcdefgh2"), TOOL, TOOL),
        "Duplicate tool call id abcdefgh1 in tool results",
    ),
    "R14.unexpected": (
        chat("mistral", "mistral-large-latest", U, CALL, OTHER),
        "Unexpected tool call id abcdefgh9 in tool results",
    ),
    "R14.id": (
        chat("mistral", "mistral-large-latest", U, calling("call_1"), {**TOOL, "tool_call_id": "call_1"}),
        "Tool call id was call_1 but must be a-z, A-Z, 0-9, with a length of 9.",
    ),
    "R15": (chat("vllm", "google/gemma-3-27b-it", S, U, U), ALTERNATE),
    "R15.strict": (chat("vllm", "mistralai/Mistral-7B-Instruct-v0.2", S, U), ALTERNATE),
    "R15.system": (
        chat("vllm", "mistralai/Mistral-7B-Instruct-v0.3", S, U, U),
        "After the optional system message, conversation roles must alternate user/assistant/user/assistant/...",
    ),
    "R15.roles": (
        chat("vllm", "mistralai/Mistral-7B-Instruct-v0.2", U, S, U),
        "Only user and assistant roles are supported!",
    ),
    "R15.initial": (
        chat("vllm", "mistralai/Mistral-7B-Instruct-v0.3", U, A, S, U),
        "Only user and assistant roles are supported, with the exception of an initial optional system message!",
    ),
    "R16": (chat("fireworks", "accounts/fireworks/models/qwen3.5-27b", S, S, U), "System message must be at the beginning."),
    "R17": (chat("vllm", "google/gemma-2-9b-it", S, U), "System role not supported"),
    "R18": (
        chat("vllm", "meta-llama/Llama-3.1-8B-Instruct", U, calling("a", "b"), {**TOOL, "tool_call_id": "a"},
             {**TOOL, "tool_call_id": "b"}),
        "This model only supports single tool-calls at once!",
    ),
    "R19": (
        chat("perplexity", "sonar", S, U, U),
        "After the (optional) system message(s), user and assistant roles should be alternating.",
    ),
    "R20": (
        converse(spoke("user"), BCALL, spoke("user")),
        "Expected toolResult blocks at messages.2.content for the following Ids: t1",
    ),
    "R20.more": (
        converse(spoke("user"), spoke("assistant"), BANSWER),
        "The number of toolResult blocks at messages.2.content exceeds the number of toolUse blocks of previous turn.",
    ),
    "R21": (
        claude("claude-sonnet-4-6", U, A),
        "This model does not support assistant message prefill. The conversation must end with a user message.",
    ),
    "R22": (
        responses("openai", U, {"type": "reasoning", "id": "rs_1", "summary": []}, A, U),
        "Item 'rs_1' of type 'reasoning' was provided without its required following item.",
    ),
}  # fmt: skip

CHANGED: dict[str, dict[str, Any]] = {
    "S1": chat("openai", "o3-mini", S, U),
    "S1.developer": chat("openai", "gpt-4o", D, U),
    "S2": chat("litellm", "groq/llama-3.3-70b-versatile", D, U),
    "S4.v1": chat("mistral", "open-mistral-7b", U, A, S, U),
    "S4": chat("mistral", "open-mistral-nemo", S, U, A, U),
    "S5": chat("vllm", "google/gemma-3-27b-it", S, U),
    "S6": chat("vllm", "Qwen/Qwen2.5-7B-Instruct", U),
    "S7": chat("litellm", "gpt-4o", U, CALL, U),
    "R8.merged": claude("claude-sonnet-4-5", U, U),
}

TAKEN: list[dict[str, Any]] = [
    chat("openai", "gpt-4o", S, U),
    chat("openai", "gpt-4o", U, S, U, A, S, U),
    chat("openai", "gpt-4o", U, CALL, TOOL, U),
    chat("openai", "gpt-4o", U, calling("a", "b"), {**TOOL, "tool_call_id": "b"}, {**TOOL, "tool_call_id": "a"}),
    chat("openai", "gpt-4o", U, CALL, TOOL, CALL, TOOL, A, U),
    chat("openai", "gpt-4o", U, CALL),
    chat("openai", "gpt-4o", U, A),
    chat("deepseek", "deepseek-chat", S, U, CALL, TOOL),
    chat("groq", "llama-3.3-70b-versatile", S, S, U, U, A),
    chat("mistral", "mistral-large-latest", S, U, CALL, TOOL, A, U),
    chat("mistral", "mistral-large-latest", U, {**A, "prefix": True}),
    chat("perplexity", "sonar", S, S, U, A, U),
    chat("vllm", "Qwen/Qwen3.5-27B", S, U, A, U),
    chat("vllm", "mistralai/Mistral-7B-Instruct-v0.3", S, U, CALL, TOOL, A, U),
    chat("vllm", "meta-llama/Llama-3.1-8B-Instruct", S, U, CALL, TOOL, U),
    claude("claude-sonnet-4-5", U, A),
    claude("claude-sonnet-4-5", A, U),
    claude("claude-opus-4-8", U, A, U, S),
    claude("claude-sonnet-4-5", U, use("a", "b"), result("b", "a"), A, U),
    claude("claude-sonnet-4-5", U, use("a"), use("b"), result("a", "b")),
    claude("claude-sonnet-4-5", U, use("a"), result("a"), U),
    gemini(said("user", "Hello"), FCALL, FANSWER, FCALL, FANSWER),
    gemini(said("user", "Hello"), FCALL, FCALL, {"role": "user", "parts": FANSWER["parts"] * 2}),
    gemini(said("user", "Hello"), said("user", "Are you there?"), systemInstruction=said("user", "Be brief.")),
    converse(spoke("user"), BCALL, BANSWER, spoke("assistant"), spoke("user")),
    responses("openai", U, ICALL, IOUT, U),
    responses("openai", U, {"type": "reasoning", "id": "rs_1", "summary": []}, {**ICALL, "id": "fc_1"}, IOUT),
    responses("openai", {"role": "system", "content": "Be brief."}, U, A, U),
    responses("deepseek", U, ICALL, {**ICALL, "call_id": "call_2"}, IOUT, {**IOUT, "call_id": "call_2"}),
]


def loaded(exchange: dict[str, Any]) -> Snapshot:
    return replace(captured(exchange), provider=exchange.get("provider"))


def judged(exchange: dict[str, Any]) -> RoleVerdict:
    return role_verdict(loaded(exchange))


@pytest.mark.parametrize("row", REJECTED)
def test_a_rejection_is_predicted_word_for_word(row: str) -> None:
    exchange, expected = REJECTED[row]
    predicted = {found.row.id: found.said for found in judged(exchange).predictions}
    assert predicted.get(row) == expected


@pytest.mark.parametrize("row", CHANGED)
def test_a_silent_change_is_predicted(row: str) -> None:
    found = judged(CHANGED[row]).predictions
    assert row in {prediction.row.id for prediction in found if prediction.row.behaviour is Behaviour.CHANGED}
    assert all(prediction.row.effect for prediction in found if prediction.row.id == row)


@pytest.mark.parametrize("exchange", TAKEN, ids=range(len(TAKEN)))
def test_what_the_provider_takes_is_not_predicted_to_fail(exchange: dict[str, Any]) -> None:
    rejected = [p for p in judged(exchange).predictions if p.row.behaviour is Behaviour.REJECTED]
    assert [prediction.row.id for prediction in rejected if prediction.row.certain] == []


def test_every_row_of_the_table_has_its_case() -> None:
    accepted = {row.id for row in role_rows() if row.behaviour is Behaviour.ACCEPTED}
    assert {row.id for row in role_rows()} == {*REJECTED, *CHANGED, *accepted, "R14.empty"}


def test_every_check_that_a_row_names_exists() -> None:
    from ctxdebug.analysis.message_shape.role_turns import read_turns

    reading = read_turns(loaded(chat("openai", "gpt-4o", U)))
    for row in role_rows():
        for name in filter(None, (row.check, row.report if row.report != "never" else None)):
            assert not list(check(name, reading)) or name == "no-system-message"


def test_a_system_message_in_the_middle_is_taken_by_the_newer_claude_only() -> None:
    messages = (U, A, U, S)
    assert not judged(claude("claude-opus-4-8", *messages)).predictions
    assert [p.row.id for p in judged(claude("claude-opus-4-7", *messages)).predictions] == ["R5"]


def test_a_recorded_answer_refutes_a_predicted_rejection() -> None:
    answer = {"choices": [{"finish_reason": "stop", "message": {"role": "assistant", "content": "Hi"}}]}
    exchange = chat("openai", "gpt-4o", U, TOOL, response=answer, status=200)
    assert not judged(exchange).predictions
    assert [p.row.id for p in role_verdict(loaded(exchange), refuted=True).predictions] == ["R1"]


def test_a_recorded_error_is_explained_by_the_row_that_predicts_it() -> None:
    error = {"error": {"message": REJECTED["R4"][1].replace("[1]", "[0]"), "code": "unsupported_value", "param": None}}
    snapshot = loaded(chat("openai", "o1-mini", S, U, response=error, status=400))
    (hit,) = rejections(snapshot, "role")
    assert isinstance(hit, Hit)
    assert hit.severity is Severity.ERROR
    assert hit.facts["recorded"] is True
    assert hit.message.startswith("openai rejected the request")
    assert [evidence.note for evidence in hit.evidence] == ["the reason", "what the provider said, as predicted"]


def test_a_recorded_error_of_the_kind_is_told_even_when_the_request_does_not_show_why() -> None:
    error = {"error": {"message": REJECTED["R1"][1], "type": "invalid_request_error", "code": None}}
    snapshot = loaded(chat("openai", "gpt-4o", U, response=error, status=400))
    (hit,) = rejections(snapshot, "tools")
    assert isinstance(hit, Hit)
    assert hit.facts["row"] in {"R1", "R1.deepseek"}
    assert not list(rejections(snapshot, "role"))


@pytest.mark.parametrize(
    "message",
    [
        "Incorrect API key provided: sk-.",
        "The model `gpt-9` does not exist",
        "Rate limit reached",
        "Invalid 'messages[3]'.",
    ],
)
def test_another_error_is_no_matter_of_roles(message: str) -> None:
    snapshot = loaded(chat("openai", "gpt-4o", U, response={"error": {"message": message}}, status=400))
    assert recorded(snapshot) is None


def test_an_unnamed_servers_error_is_explained_at_its_place() -> None:
    error = {"object": "error", "message": ALTERNATE, "type": "BadRequestError", "code": 400}
    exchange = chat("", "mistralai/Mistral-7B-Instruct-v0.2", S, U, response=error, status=400)
    exchange["url"] = "http://localhost:8000/v1/chat/completions"
    snapshot = loaded(exchange)
    found = recorded(snapshot)
    assert isinstance(found, Prediction)
    assert found.row.id == "R15.strict"
    (hit,) = rejections(snapshot, "order")
    assert isinstance(hit, Hit)
    assert hit.message == "the server rejected the request: a system message out of turn"


def test_with_an_unknown_provider_it_depends_on_the_backend_and_is_no_error() -> None:
    exchange = {
        "url": "http://proxy.example/v1/chat/completions",
        "request": {"model": "gemma-2-9b-it", "messages": [S, U]},
    }
    (told,) = rejections(loaded(exchange), "role")
    assert isinstance(told, NotChecked)
    assert "depends on the backend" in told.reason


def test_with_an_unknown_provider_an_ordinary_request_is_nobodys_business() -> None:
    exchange = {
        "url": "http://proxy.example/v1/chat/completions",
        "request": {"model": "gpt-4o", "messages": [S, S, U, U]},
    }
    assert judged(exchange) == RoleVerdict(None)


def test_a_provider_that_only_the_models_name_tells_gives_a_warning() -> None:
    exchange = {"request": {"model": "gpt-4o", "messages": [U, TOOL, U]}}
    (hit,) = rejections(loaded(exchange), "tools")
    assert isinstance(hit, Hit)
    assert hit.severity is Severity.WARNING
    assert hit.message.endswith("if openai serves it")


def test_a_change_that_loses_nothing_is_not_told() -> None:
    alone, both = chat("openai", "o3-mini", S, U), chat("openai", "o3-mini", S, D, U)
    assert not list(changes(loaded(alone)))
    assert len(list(changes(loaded(both)))) == 1
    merged = loaded(claude("claude-sonnet-4-5", U, U))
    assert not any(matters(prediction, merged) for prediction in role_verdict(merged).predictions)


def test_a_moved_system_text_is_a_warning_and_a_folded_one_a_note() -> None:
    (moved,) = changes(loaded(CHANGED["S4"]))
    (folded,) = changes(loaded(CHANGED["S5"]))
    assert (moved.severity, folded.severity) == (Severity.WARNING, Severity.NOTE)


def test_an_empty_message_list_is_rejected_by_mistral_and_a_response_alone_is_not_judged() -> None:
    empty = replace(loaded(chat("mistral", "mistral-large-latest", U)), messages=())
    assert [p.said for p in role_verdict(empty).predictions] == ["Conversation must have at least one message"]
    assert role_verdict(replace(empty, has_request=False)).predictions == ()


def test_many_broken_pairs_give_few_findings() -> None:
    messages = [message for _ in range(40) for message in (U, use("a", "b"), result("c"), A)]
    found = list(rejections(loaded(claude("claude-sonnet-4-5", *messages, U)), "tools"))
    assert len(found) == 5


def test_calls_without_results_in_turns_that_the_provider_merges_are_told() -> None:
    (hit,) = rejections(loaded(claude("claude-sonnet-4-5", U, use("a"), use("b"), A, U)), "tools")
    assert isinstance(hit, Hit)
    assert "immediately after: a, b." in hit.evidence[0].note


def test_every_row_that_is_told_says_what_to_do() -> None:
    told = [row for row in role_rows() if row.behaviour is not Behaviour.ACCEPTED and row.report != "never"]
    assert all(row.advice for row in told)


def test_the_advice_is_the_rows_own() -> None:
    (hit,) = rejections(loaded(REJECTED["R5"][0]), "role")
    assert isinstance(hit, Hit)
    assert hit.advice == "move the text to the top-level `system` parameter, or to the next user message"


def test_parallel_calls_that_are_split_are_to_be_merged() -> None:
    def call(number: int) -> dict[str, Any]:
        held = {"id": f"c{number}", "type": "function", "function": {"name": "stock", "arguments": "{}"}}
        return {"role": "assistant", "content": None, "tool_calls": [held]}

    def result(number: int) -> dict[str, Any]:
        return {"role": "tool", "tool_call_id": f"c{number}", "content": "4"}

    def advice(*turns: dict[str, Any]) -> str | None:
        messages = [{"role": "user", "content": "How many?"}, *turns, {"role": "user", "content": "And now?"}]
        body = {"model": "deepseek-chat", "messages": messages}
        snapshot = exchanged(body, url="https://api.deepseek.com/v1/chat/completions")
        hits = [hit for hit in rejections(snapshot, "tools") if isinstance(hit, Hit)]
        return hits[0].advice if hits else None

    split, missing = advice(call(1), call(2), result(1), result(2)), advice(call(1), result(2))
    assert split is not None
    assert "one assistant message" in split
    assert missing is not None
    assert "one assistant message" not in missing
    assert advice(call(1), result(1), call(2), result(2)) is None
