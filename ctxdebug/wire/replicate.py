"""Replicate's predictions: an input with a prompt, an output in pieces, and metrics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Assembly, Draft, DraftMessage, Exchange, Part
from ctxdebug.model import Finish, FinishReason, Kind, Pointer, ProviderError, Role, Usage
from ctxdebug.wire import wire_format
from ctxdebug.wire.shape import count_of, items, mapping, number_of, request_of, response_of, text_of
from ctxdebug.wire.shapes.log_draft import add_text, say

_MARKS = frozenset({"version", "urls", "metrics", "created_at", "status", "webhook", "stream"})
_STATUS = {"succeeded": FinishReason.STOP, "canceled": FinishReason.ABORTED, "failed": FinishReason.ERROR}


def _sniff(exchange: Exchange) -> int:
    weight = 0
    for body in (request_of(exchange), response_of(exchange)):
        given = mapping(body.get("input"))
        if isinstance(given.get("prompt"), str) and (_MARKS & body.keys() or body.keys() == {"input"}):
            weight += 12
    return weight


@wire_format("replicate", "a prediction: `input.prompt`, `output` in pieces, `version`, `urls`, `metrics`", _sniff,
             frozenset({"input"}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a prediction; the response repeats the request's input."""
    asked, at = request_of(exchange), exchange.request_at
    answered, answered_at = response_of(exchange), exchange.response_at
    if "output" in asked and not answered:
        answered, answered_at = asked, at
    if not asked:
        asked, at = answered, answered_at
    given, where = mapping(asked.get("input")), (*at, "input")
    draft = Draft(model=text_of(asked.get("model")) or text_of(answered.get("model")) or text_of(asked.get("version")))
    say(draft, Role.SYSTEM, "system", given.get("system_prompt"), (*where, "system_prompt"))
    say(draft, Role.USER, "prompt", given.get("prompt"), (*where, "prompt"))
    draft.parameters = {key: value for key, value in given.items() if key not in {"prompt", "system_prompt"}}
    for name, keys in (
        ("max_output", ("max_tokens", "max_new_tokens")),
        ("temperature", ("temperature",)),
        ("top_p", ("top_p",)),
    ):
        for key in keys:
            value = count_of(given.get(key)) if name == "max_output" else number_of(given.get(key))
            draft.set(name, value, (*where, key))
    draft.has_request = bool(draft.messages)
    if answered:
        _read_answer(draft, answered, answered_at)
    return draft


def _read_answer(draft: Draft, body: Mapping[str, Any], where: Pointer) -> None:
    output = body.get("output")
    message = DraftMessage(Role.ASSISTANT, "output", (*where, "output"))
    if isinstance(output, list):
        held = Assembly()
        for index, piece in enumerate(items(output)):
            held.add(piece if isinstance(piece, str) else "", (*where, "output", index))
        message.parts.append(Part(Kind.TEXT, held.text, held.pieces))
    else:
        add_text(message, output, (*where, "output"))
    if any(part.text for part in message.parts):
        draft.answer.append(message)
    draft.has_response = True
    draft.id = text_of(body.get("id"))
    status = text_of(body.get("status"))
    if status in _STATUS:
        draft.finish = Finish(_STATUS[status], status, (*where, "status"))
    if body.get("error"):
        draft.error = ProviderError(str(body["error"]), None, (*where, "error"))
    counts = mapping(body.get("metrics"))
    prompt = count_of(counts.get("input_token_count"))
    if prompt is not None:
        draft.usage = Usage(
            prompt, None, None, count_of(counts.get("output_token_count")), None, counts, (*where, "metrics")
        )
