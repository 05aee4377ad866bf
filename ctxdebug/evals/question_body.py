"""One question with its instructions, as each dialect writes it."""

from __future__ import annotations

from typing import Any

_LONGEST_VERDICT = 200
"""Tokens of an answer where the API demands a limit."""


def question_body(format: str, model: str, rules: str, text: str, temperature: float | None = None) -> dict[str, Any]:
    """Return the body that asks `text` under the instructions `rules`."""
    said = {"role": "user", "content": text}
    sampled = {} if temperature is None else {"temperature": temperature}
    if format == "anthropic.messages":
        return {"model": model, "max_tokens": _LONGEST_VERDICT, "system": rules, "messages": [said], **sampled}
    if format == "openai.responses":
        return {"model": model, "instructions": rules, "input": text}
    if format == "google.generate_content":
        contents = [{"role": "user", "parts": [{"text": text}]}]
        body: dict[str, Any] = {"model": model, "systemInstruction": {"parts": [{"text": rules}]}, "contents": contents}
        return body | ({"generationConfig": sampled} if sampled else {})
    messages = [{"role": "system", "content": rules}, said]
    if format == "ollama.chat":
        return {"model": model, "messages": messages} | ({"options": sampled} if sampled else {})
    return {"model": model, "messages": messages, **sampled}
