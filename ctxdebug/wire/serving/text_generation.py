"""Hugging Face's text-generation-inference: `inputs` and `parameters`, `generated_text` whole or token by token."""

from __future__ import annotations

from typing import Any

from ctxdebug.exchange import Assembly, Draft, DraftMessage, Exchange, Part
from ctxdebug.model import Kind, Pointer, Role, Usage
from ctxdebug.wire import LIST, STREAM, wire_format
from ctxdebug.wire.logged_answer import logged_finish
from ctxdebug.wire.shape import count_of, mapping, number_of, request_of, stream_of, text_of, url_has, without
from ctxdebug.wire.shapes.error_body import read_error


def _answers(exchange: Exchange) -> list[tuple[Any, Pointer]]:
    stream = stream_of(exchange)
    if stream is not None:
        return [(event.data, event.pointer) for event in stream.events]
    response = exchange.response
    if isinstance(response, list):
        return [(one, (*exchange.response_at, index)) for index, one in enumerate(response)]
    return [(response, exchange.response_at)] if isinstance(response, dict) else []


def _sniff(exchange: Exchange) -> int:
    body = request_of(exchange)
    asked = isinstance(body.get("inputs"), str) and (
        "parameters" in body or url_has(exchange, "/generate", "/generate_stream")
    )
    answers = [mapping(one) for one, _ in _answers(exchange)[:3]]
    answered = any("generated_text" in one and ("token" in one or "details" in one or len(one) == 1) for one in answers)
    return 12 if answered else 9 if asked and not answers else 0


@wire_format("tgi", "text-generation-inference: `inputs` with `parameters`; `generated_text`, or events with `token`", _sniff,
             frozenset({"inputs", "generated_text", LIST, STREAM}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a call; the prompt is one text, with the marks of the model's own template."""
    body, at = request_of(exchange), exchange.request_at
    draft = Draft(model=text_of(body.get("model")), parameters=without(body, "inputs"))
    if text_of(body.get("inputs")):
        message = DraftMessage(Role.USER, "inputs", (*at, "inputs"))
        message.text(body["inputs"], (*at, "inputs"))
        draft.messages.append(message)
    settings = mapping(body.get("parameters"))
    for name, key in (
        ("max_output", "max_new_tokens"),
        ("temperature", "temperature"),
        ("top_p", "top_p"),
        ("seed", "seed"),
    ):
        draft.set(name, number_of(settings.get(key)), (*at, "parameters", key))
    draft.has_request = bool(draft.messages)
    _read_answer(draft, exchange)
    return draft


def _read_answer(draft: Draft, exchange: Exchange) -> None:
    said = Assembly()
    for data, at in _answers(exchange):
        held = mapping(data)
        details = mapping(held.get("details"))
        if details:
            draft.finish = logged_finish(details.get("finish_reason"), (*at, "details", "finish_reason"))
            if (made := count_of(details.get("generated_tokens"))) is not None:
                asked = count_of(details.get("input_length")) or _prefilled(details.get("prefill"))
                draft.usage = Usage(asked, None, None, made, None, details, (*at, "details"))
        token = mapping(held.get("token"))
        if token:
            if token.get("special") is not True and isinstance(token.get("text"), str):
                said.add(token["text"], (*at, "token", "text"))
            draft.left_out.append((*at, "generated_text"))
        elif isinstance(held.get("generated_text"), str):
            said.add(held["generated_text"], (*at, "generated_text"))
        elif "error" in held:
            draft.error = read_error(held, at, exchange.status)
    if said:
        message = DraftMessage(Role.ASSISTANT, "assistant", exchange.response_at)
        message.parts.append(Part(Kind.TEXT, said.text, said.pieces))
        draft.answer.append(message)
    draft.has_response = exchange.response is not None


def _prefilled(value: Any) -> int | None:
    return len(value) if isinstance(value, list) and value else None
