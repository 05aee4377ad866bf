"""OpenAI chat completions, whole or as server-sent events."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scripts.captures import accounting
from scripts.captures.scripted import epoch, hexadecimal, token
from scripts.captures.stub import Answer, Body, Reply

if TYPE_CHECKING:
    from collections.abc import Sequence

Call = tuple[str, Any]
"""The name of a tool and its arguments: an object, or the text itself where it is malformed."""


def answer(
    seed: str,
    when: str,
    text: str | None = None,
    calls: Sequence[Call] = (),
    finish: str | None = None,
    model: str | None = None,
    reasoning: int = 0,
) -> Answer:
    """Say `text` or make `calls`; `model` is the dated name that the server reports."""

    def reply(request: Body) -> Reply:
        made = [
            {
                "id": "call_" + token(f"{seed}/call/{index}", 24),
                "type": "function",
                "function": {"name": name, "arguments": _arguments(arguments)},
            }
            for index, (name, arguments) in enumerate(calls)
        ]
        head = {
            "id": "chatcmpl-" + token(seed, 29),
            "object": "chat.completion",
            "created": epoch(when),
            "model": model or request["model"],
            "service_tier": "default",
            "system_fingerprint": "fp_" + hexadecimal(request["model"], 10),
        }
        reason = finish or ("tool_calls" if made else "stop")
        usage = _usage(request, text, made, reasoning)
        if request.get("stream"):
            return _stream(head, text, made, reason, usage if request.get("stream_options") else None)
        message: Body = {"role": "assistant", "content": text, "refusal": None, "annotations": []}
        if made:
            message["tool_calls"] = made
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": reason}
        body = {key: head[key] for key in ("id", "object", "created", "model")}
        body |= {"choices": [choice], "usage": usage}
        body |= {key: head[key] for key in ("service_tier", "system_fingerprint")}
        return Reply(json.dumps(body, ensure_ascii=False).encode())

    return reply


def overflow(limit: int, reserved: int, vocabulary: str) -> Answer:
    """Refuse with the 400 of a prompt that does not fit; the numbers are counted from the request."""

    def reply(request: Body) -> Reply:
        sent = accounting.openai_chat(request, vocabulary)
        message = (
            f"This model's maximum context length is {limit} tokens. However, you requested {sent + reserved} tokens "
            f"({sent} in the messages, {reserved} in the completion). "
            "Please reduce the length of the messages or completion."
        )
        error = {
            "message": message,
            "type": "invalid_request_error",
            "param": "messages",
            "code": "context_length_exceeded",
        }
        return Reply(json.dumps({"error": error}).encode(), status=400)

    return reply


def _arguments(arguments: Any) -> str:
    return arguments if isinstance(arguments, str) else accounting.compact(arguments)


def _usage(request: Body, text: str | None, calls: list[Body], reasoning: int) -> Body:
    prompt = accounting.openai_chat(request) - bool(reasoning)  # reasoning models bill one token less
    written = (
        reasoning
        + accounting.count(text or "")
        + sum(
            accounting.count(call["function"]["name"]) + accounting.count(call["function"]["arguments"]) + 7
            for call in calls
        )
    )
    return {
        "prompt_tokens": prompt,
        "completion_tokens": written,
        "total_tokens": prompt + written,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": reasoning,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def _stream(head: Body, text: str | None, calls: list[Body], reason: str, usage: Body | None) -> Reply:
    deltas: list[Body] = [{"role": "assistant", "content": "" if text else None, "refusal": None}]
    deltas += [{"content": piece} for piece in accounting.pieces(text or "", 2)]
    for index, call in enumerate(calls):
        opening = {**call, "function": {"name": call["function"]["name"], "arguments": ""}}
        deltas.append({"tool_calls": [{"index": index, **opening}]})
        deltas += [
            {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}
            for piece in accounting.pieces(call["function"]["arguments"], 4)
        ]
    base = {**head, "object": "chat.completion.chunk"}
    tail = {} if usage is None else {"usage": None}
    chunks = [
        {**base, "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": None}], **tail}
        for delta in deltas
    ]
    chunks.append({**base, "choices": [{"index": 0, "delta": {}, "logprobs": None, "finish_reason": reason}], **tail})
    if usage is not None:
        chunks.append({**base, "choices": [], "usage": usage})
    lines = [f"data: {accounting.compact(chunk)}\n\n" for chunk in chunks] + ["data: [DONE]\n\n"]
    return Reply("".join(lines).encode(), "text/event-stream; charset=utf-8")
