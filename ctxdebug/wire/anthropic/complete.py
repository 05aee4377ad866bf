"""Anthropic's legacy completions: one text in which turns are marked `Human:` and `Assistant:`."""

from __future__ import annotations

from typing import Any

from ctxdebug.exchange import Assembly, Draft, DraftMessage, Exchange, Part
from ctxdebug.model import Finish, FinishReason, Kind, Piece, Pointer, Role
from ctxdebug.text.patterns import lazy
from ctxdebug.wire import STREAM, wire_format
from ctxdebug.wire.shape import (
    count_of,
    items,
    mapping,
    request_of,
    response_of,
    stream_of,
    text_of,
    url_has,
    without,
)
from ctxdebug.wire.shapes.error_body import read_error

_TURN = lazy(r"(?:^|\n\n)(Human|Assistant):[ ]?")
_FINISH = {"stop_sequence": FinishReason.STOP, "max_tokens": FinishReason.LENGTH}


def _sniff(exchange: Exchange) -> int:
    body, response, stream = request_of(exchange), response_of(exchange), stream_of(exchange)
    weight = 9 if "max_tokens_to_sample" in body and "prompt" in body else 0
    weight += 6 if url_has(exchange, "/v1/complete") and "prompt" in body else 0
    weight += 6 if isinstance(response.get("completion"), str) and "stop_reason" in response else 0
    if stream is not None and any(isinstance(mapping(event.data).get("completion"), str) for event in stream.events):
        weight += 6
    return weight


@wire_format(
    "anthropic.complete",
    "`prompt` with `max_tokens_to_sample`; `completion` with `stop_reason`; path /v1/complete",
    _sniff,
    frozenset({"prompt", "completion", STREAM}),
)
def read(exchange: Exchange) -> Draft:
    """Read a legacy completion."""
    body, at = request_of(exchange), exchange.request_at
    draft = Draft(model=text_of(body.get("model")), parameters=without(body, "prompt"))
    if isinstance(body.get("prompt"), str):
        draft.messages.extend(_turns(body["prompt"], (*at, "prompt")))
    draft.has_request = bool(draft.messages)
    draft.set("max_output", count_of(body.get("max_tokens_to_sample")), (*at, "max_tokens_to_sample"))
    for key in ("temperature", "top_p", "stream"):
        draft.set(key, body.get(key), (*at, key))
    draft.set("stop", tuple(map(str, items(body.get("stop_sequences")))) or None, (*at, "stop_sequences"))
    _read_response(draft, exchange)
    return draft


def _turns(prompt: str, at: Pointer) -> list[DraftMessage]:
    """Return the turns of a prompt; the marks belong to the turn they open, and an empty last `Assistant:` to the one before."""
    starts = [(turn.start(), turn[1]) for turn in _TURN.finditer(prompt)]
    if not starts or starts[0][0] > 0:
        starts.insert(0, (0, "system" if starts else "Human"))
    messages: list[DraftMessage] = []
    for (start, captured), end in zip(starts, [*(start for start, _ in starts[1:]), len(prompt)], strict=True):
        role = {"Human": Role.USER, "Assistant": Role.ASSISTANT}.get(captured, Role.SYSTEM)
        if messages and end == len(prompt) and role is Role.ASSISTANT and _TURN.fullmatch(prompt[start:end]):
            message = messages[-1]
        else:
            message = DraftMessage(role, captured, at)
            messages.append(message)
        message.parts.append(Part(Kind.TEXT, prompt[start:end], (Piece(0, end - start, at, start),)))
    return messages


def _read_response(draft: Draft, exchange: Exchange) -> None:
    response: Any = exchange.response
    if response is None:
        return
    draft.has_response = True
    text = Assembly()
    for chunk, at in exchange.bodies():
        data = mapping(chunk)
        if isinstance(data.get("completion"), str):
            text.add(data["completion"], (*at, "completion"))
        draft.id = text_of(data.get("id")) or draft.id
        draft.answered_by = text_of(data.get("model")) or draft.answered_by
        if word := text_of(data.get("stop_reason")):
            draft.finish = Finish(_FINISH.get(word, FinishReason.OTHER), word, (*at, "stop_reason"))
    if text:
        message = DraftMessage(Role.ASSISTANT, "Assistant", text.pieces[0].pointer)
        message.parts.append(Part(Kind.TEXT, text.text, text.pieces))
        draft.answer.append(message)
    draft.error = read_error(response, exchange.response_at, exchange.status)
