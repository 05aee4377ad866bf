"""Requests of every wire format, as the tests of proofs edit and send them."""

from __future__ import annotations

from typing import Any

from ctxdebug.cases.exchanges import Sender
from ctxdebug.proof.request import Request

CITIES = ("Oslo", "Rome", "Paris", "Madrid", "Vienna", "Lisbon", "Athens", "Dublin")
FACTS = [f"The hotel limit for {city} is 100 EUR a night." for city in CITIES]
BERLIN = "The hotel limit for Berlin is 120 EUR a night."
ASKED = "What is the hotel limit for Berlin?"
TOOL = {"type": "object", "properties": {"city": {"type": "string"}}}


def request(body: dict[str, Any], form: str = "openai.chat") -> Request:
    return Request(body, Sender(form, "m"))


def chat(*sentences: str, asked: str = ASKED, **more: Any) -> Request:
    text = "\n".join([*sentences, "", asked])
    messages = [{"role": "system", "content": "Answer from the text."}, {"role": "user", "content": text}]
    return request({"model": "m", "messages": messages, **more})


def with_documents(**documents: str) -> Request:
    blocks = "\n\n".join(f'<document id="{name}">\n{text}\n</document>' for name, text in documents.items())
    return request({"model": "m", "messages": [{"role": "user", "content": f"{blocks}\n\n{ASKED}"}]})


def agent(form: str) -> Request:
    return request(AGENTS[form], form)


AGENTS: dict[str, dict[str, Any]] = {
    "openai.chat": {
        "model": "m", "tool_choice": "auto",
        "tools": [{"type": "function", "function": {"name": "limits", "parameters": TOOL}}],
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Look up Berlin."},
            {"role": "assistant", "content": None, "tool_calls": [
                {"id": "c1", "type": "function", "function": {"name": "limits", "arguments": '{"city": "Berlin"}'}}]},
            {"role": "tool", "tool_call_id": "c1", "content": "120 EUR"},
            {"role": "assistant", "content": "It is 120 EUR."},
            {"role": "user", "content": "And what is it for Rome?"},
        ],
    },
    "openai.responses": {
        "model": "m", "instructions": "Be brief.",
        "input": [
            {"role": "user", "content": "Look up Berlin."},
            {"type": "function_call", "call_id": "c1", "name": "limits", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "c1", "output": "120 EUR"},
            {"role": "user", "content": "And what is it for Rome?"},
        ],
    },
    "anthropic.messages": {
        "model": "m", "max_tokens": 50, "system": "Be brief.",
        "tools": [{"name": "limits", "input_schema": TOOL}],
        "messages": [
            {"role": "user", "content": "Look up Berlin."},
            {"role": "assistant", "content": [
                {"type": "text", "text": "Looking."}, {"type": "tool_use", "id": "c1", "name": "limits", "input": {}}]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "c1", "content": "120 EUR"},
                {"type": "text", "text": "And what is it for Rome?"}]},
        ],
    },
    "google.generate_content": {
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "tools": [{"functionDeclarations": [{"name": "limits"}]}],
        "contents": [
            {"role": "user", "parts": [{"text": "Look up Berlin."}]},
            {"role": "model", "parts": [{"functionCall": {"name": "limits", "args": {}}}]},
            {"role": "user", "parts": [{"functionResponse": {"name": "limits", "response": {"result": "120 EUR"}}}]},
            {"role": "user", "parts": [{"text": "And what is it for Rome?"}]},
        ],
    },
    "ollama.chat": {
        "model": "m", "options": {"num_predict": 20},
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Look up Berlin."},
            {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "limits", "arguments": {}}}]},
            {"role": "tool", "tool_name": "limits", "content": "120 EUR"},
            {"role": "user", "content": "And what is it for Rome?"},
        ],
    },
}  # fmt: skip
