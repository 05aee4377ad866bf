"""llama.cpp's completion endpoint: a raw prompt, no chat template, and what the server counted and cut."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Assembly, Draft, DraftMessage, Exchange, Part
from ctxdebug.model import Finish, FinishReason, Kind, Pointer, Role, Unseen, UnseenKind, Usage
from ctxdebug.wire import STREAM, wire_format
from ctxdebug.wire.shape import (
    count_of,
    items,
    mapping,
    number_of,
    request_of,
    response_of,
    stream_of,
    text_of,
    url_has,
    without,
)
from ctxdebug.wire.shapes.error_body import read_error

_OWN_SETTINGS = frozenset(
    {"n_predict", "n_keep", "cache_prompt", "id_slot", "n_probs", "grammar", "mirostat", "n_discard"}
)
_OWN_ANSWER = frozenset(
    {"tokens_evaluated", "tokens_predicted", "stop_type", "stopped_eos", "stopped_limit", "id_slot"}
)
_ENDS = {
    "eos": FinishReason.STOP,
    "word": FinishReason.STOP,
    "limit": FinishReason.LENGTH,
    "stopped_eos": FinishReason.STOP,
    "stopped_word": FinishReason.STOP,
    "stopped_limit": FinishReason.LENGTH,
}


def _sniff(exchange: Exchange) -> int:
    body, response, stream = request_of(exchange), response_of(exchange), stream_of(exchange)
    weight = 0
    if isinstance(body.get("prompt"), (str, list)):
        weight += 6 if _OWN_SETTINGS & body.keys() else 0
        weight += 6 if url_has(exchange, "/completion") and not url_has(exchange, "/completions") else 0
    bodies = [response] if stream is None else [mapping(event.data) for event in stream.events]
    if any("content" in answer and len(_OWN_ANSWER & answer.keys()) > 1 for answer in bodies):
        weight += 9
    return weight


@wire_format(
    "llama_cpp.completion",
    "`prompt` with `n_predict`, `n_keep` or `cache_prompt`; answers with `content` and `tokens_evaluated`; path /completion",
    _sniff,
    frozenset({"prompt", "content", STREAM}),
)
def read(exchange: Exchange) -> Draft:
    """Read a completion of llama.cpp's server."""
    body, at = request_of(exchange), exchange.request_at
    draft = Draft(model=text_of(body.get("model")), provider="llama.cpp", parameters=without(body, "prompt"))
    prompt = body.get("prompt")
    held: list[tuple[Any, Pointer]] = [(part, (*at, "prompt", index)) for index, part in enumerate(items(prompt))]
    for text, where in [(prompt, (*at, "prompt"))] if isinstance(prompt, str) else held:
        if isinstance(text, str) and text:
            message = DraftMessage(Role.USER, "prompt", where)
            message.text(text, where)
            draft.messages.append(message)
    if any(isinstance(token, int) for part, _ in held for token in (items(part) or (part,))):
        draft.unseen.append(Unseen("a prompt given as token ids", (*at, "prompt"), UnseenKind.IDS))
    draft.has_request = bool(draft.messages or draft.unseen)
    _read_settings(draft, body, at)
    _read_response(draft, exchange)
    return draft


def _read_settings(draft: Draft, body: Mapping[str, Any], at: Pointer) -> None:
    for name, key in (("max_output", "n_predict"), ("seed", "seed")):
        count = count_of(body.get(key))
        draft.set(name, count if count is not None and count >= 0 else None, (*at, key))
    for name in ("temperature", "top_p"):
        draft.set(name, body.get(name) if number_of(body.get(name)) is not None else None, (*at, name))
    draft.set("stop", tuple(map(str, items(body.get("stop")))) or None, (*at, "stop"))
    draft.set("stream", body.get("stream") if isinstance(body.get("stream"), bool) else None, (*at, "stream"))
    if isinstance(body.get("json_schema"), dict):
        draft.set("response_format", "json_schema", (*at, "json_schema"))
        draft.set("response_schema", body["json_schema"], (*at, "json_schema"))


def _read_response(draft: Draft, exchange: Exchange) -> None:
    response: Any = exchange.response
    if response is None:
        return
    draft.has_response = True
    bodies = exchange.bodies()
    text = Assembly()
    for raw, at in bodies:
        data = mapping(raw)
        draft.answered_by = text_of(data.get("model")) or draft.answered_by
        if isinstance(data.get("content"), str):
            text.add(data["content"], (*at, "content"))
        draft.usage = _usage(data, at) or draft.usage
        draft.finish = _finish(data, at) or draft.finish
        window = count_of(mapping(data.get("generation_settings")).get("n_ctx"))
        draft.set("window", window or None, (*at, "generation_settings", "n_ctx"))
    if text:
        message = DraftMessage(Role.ASSISTANT, "assistant", bodies[0][1])
        message.parts.append(Part(Kind.TEXT, text.text, text.pieces))
        draft.answer.append(message)
    draft.error = read_error(response, exchange.response_at, exchange.status)


def _usage(data: Mapping[str, Any], at: Pointer) -> Usage | None:
    """Counts of the call; `truncated` says that the server dropped part of the context to go on."""
    prompt, output = count_of(data.get("tokens_evaluated")), count_of(data.get("tokens_predicted"))
    if prompt is None or data.get("stop") is False:
        return None
    cut = (*at, "truncated") if data.get("truncated") is True else None
    return Usage(prompt, output=output, raw={}, pointer=(*at, "tokens_evaluated"), said_cut=cut)


def _finish(data: Mapping[str, Any], at: Pointer) -> Finish | None:
    word = text_of(data.get("stop_type"))
    if word and word != "none":
        return Finish(_ENDS.get(word, FinishReason.OTHER), word, (*at, "stop_type"))
    older = next((key for key in _ENDS if data.get(key) is True), None)  # servers of before the end of 2024
    return None if older is None else Finish(_ENDS[older], older, (*at, older))
