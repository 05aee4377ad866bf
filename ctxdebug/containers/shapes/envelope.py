"""The ways in which people write down one exchange as one JSON object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.containers.shapes.langfuse_observation import is_observation, read_observation, usage_of
from ctxdebug.containers.shapes.pairs import call_of, has_own_names, pair_of
from ctxdebug.decoding.http_body import read_body
from ctxdebug.decoding.strict_json import JsonReader
from ctxdebug.exchange import Event, Exchange, Stream
from ctxdebug.model import Pointer

_REQUEST_KEYS = (
    "request",
    "req",
    "request_body",
    "kwargs",
    "full_request",
    "requestBody",
    "RequestBody",
    "BackendRequestBody",
)
_RESPONSE_KEYS = ("response", "res", "response_body", "completion", "full_response", "responseBody", "ResponseBody",
    "BackendResponseBody")  # fmt: skip
_LOGGED_PAIRS = (("inputs", "outputs"), ("inputs", "output"), ("input", "output"))
_OWN_SHAPES = frozenset(
    {"event", "config", "messages", "traceId", "object", "role", "model", "run_type", "urls", "metrics"}
)
_BODY_KEYS = ("body", "parsed_body", "payload", "json", "data", "content")
_HTTP_KEYS = frozenset({"url", "uri", "method", "headers", "status", "status_code", "endpoint", "is_streaming"})


def is_envelope(value: Any) -> bool:
    """Whether an object is a request with its response, rather than one of the two."""
    return (
        isinstance(value, dict)
        and "lc" not in value
        and (
            any(isinstance(value.get(key), (dict, list, str)) for key in _REQUEST_KEYS)
            or (isinstance(value.get("response"), (dict, list)) and bool({"request", "custom_id"} & value.keys()))
            or (_is_response(value.get("response")) and not _REQUEST_MARKS & value.keys())
            or ("body" in value and bool({"url", "uri", "method", "custom_id"} & value.keys()))
            or _logged_pair(value) is not None
        )
    )


_PROVIDERS_OWN = frozenset(
    {
        "messages",
        "contents",
        "choices",
        "candidates",
        "chat_history",
        "custom_id",
        "mapping",
        "prompt_token_ids",
        "chosen",
        "preferred_output",
    }
)


def _guessed(value: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the keys of a prompt and an answer that stand side by side, where nothing reads the object better."""
    if "lc" in value or _PROVIDERS_OWN & value.keys() or {"instruction", "input"} <= value.keys():
        return None
    pair = pair_of(value)
    if pair is None or (is_envelope(value) and not has_own_names(pair)):
        return None
    if not has_own_names(pair) and ("object" in value or "usage" in value or "done" in value or "event" in value):
        return None
    return pair


def _row(value: Mapping[str, Any], pair: tuple[str, str], at: Pointer) -> Exchange:
    asked, answered = pair
    note = f"a guess: `{asked}` is taken as the prompt and `{answered}` as the answer"
    return Exchange(
        at,
        request=call_of(value, pair),
        request_at=at,
        response=value[answered],
        response_at=(*at, answered),
        format="logged-row",
        guess=True,
        notes=(note,),
        labels={key: value[key] for key in _LABELS if isinstance(value.get(key), (str, int, float))},
        session=_first_str(value, keys=("session_id", "conversation_id", "thread_id")),
    )


def _logged_pair(value: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the keys of an input and an output, as experiment trackers log a call."""
    if _OWN_SHAPES & value.keys():
        return None
    for asked, answered in _LOGGED_PAIRS:
        if isinstance(value.get(asked), (dict, list)) and isinstance(value.get(answered), (dict, list, str)):
            return asked, answered
    return None


def read_envelope(value: Any, at: Pointer, reader: JsonReader) -> Exchange:
    """Return the exchange in a JSON value: an envelope, a bare request, a bare message list or a bare response."""
    if isinstance(value, dict) and (guessed := _guessed(value)) is not None:
        return _row(value, guessed, at)
    if not is_envelope(value):
        body, body_at = read_body(value, at, reader)
        if _is_response(body):
            return Exchange(at, response=body, response_at=body_at)
        return Exchange(at, request=body, request_at=body_at)
    request_key = next((key for key in _REQUEST_KEYS if value.get(key) is not None), None)
    response_key = next((key for key in _RESPONSE_KEYS if value.get(key) is not None), None)
    if request_key is None and response_key is None and (pair := _logged_pair(value)) is not None:
        request_key, response_key = pair
    request, request_at, sent = _side(value, "request", request_key, at, reader)
    response, response_at, received = _side(value, "response", response_key, at, reader)
    if isinstance(response, list) and response and is_chunk(response[0]):
        response = Stream(tuple(Event(None, item, (*response_at, number)) for number, item in enumerate(response)))
    origins: Mapping[Pointer, Pointer] = {}
    usage = None
    labels = {key: value[key] for key in _LABELS if isinstance(value.get(key), (str, int, float))}
    if is_observation(request):
        output = response.get("output") if isinstance(response, dict) else None
        request, request_at, response, response_at, origins = read_observation(
            request, request_at, reader, output, (*response_at, "output")
        )
        used = value.get("usage")
        usage = usage_of(used.get("raw"), (*at, "usage", "raw")) if isinstance(used, dict) else None
        labels["observation"] = str(value.get("id") or value.get("index") or "")
    return Exchange(
        at,
        request=request,
        request_at=request_at,
        response=response,
        response_at=response_at,
        origins=origins,
        usage=usage,
        model=_model(value),
        url=_first_str(sent, value, keys=("url", "uri")),
        method=_first_str(sent, value, keys=("method",)),
        status=_status(received, value),
        session=_first_str(value, keys=("session_id", "conversation_id", "thread_id")),
        labels=labels,
        beside=_beside(value, request_key, response_key),
    )


_LABELS = ("id", "timestamp", "created_at", "latency", "latency_s", "duration", "cost", "session_id", "trace_id",
           "request_id", "conversation_id", "thread_id", "user_id")  # fmt: skip


def _side(
    envelope: Mapping[str, Any], side: str, key: str | None, at: Pointer, reader: JsonReader
) -> tuple[Any, Pointer, Mapping[str, Any]]:
    """Return a side's body, the pointer to it, and what HTTP says around it."""
    if key is None and side == "request" and envelope.get("body") is not None:
        body, body_at = read_body(envelope["body"], (*at, "body"), reader)
        return body, body_at, {}
    if key is None:
        return None, (*at, side), {}
    found, found_at = read_body(envelope[key], (*at, key), reader)
    if (
        isinstance(found, dict)
        and (_HTTP_KEYS & found.keys())
        and not ({"messages", "choices", "input"} & found.keys())
    ):
        inner = next((name for name in _BODY_KEYS if found.get(name) is not None), None)
        if inner is not None:
            body, body_at = read_body(found[inner], (*found_at, inner), reader)
            return body, body_at, found
    return found, found_at, {}


def _beside(value: Mapping[str, Any], request_key: str | None, response_key: str | None) -> dict[str, Any]:
    """Return what may be a side, or a part of one, under a key that nobody knows: it has the shape of a body or of messages."""
    others = {key: item for key, item in value.items() if key not in {request_key, response_key, "body"}}
    if request_key is not None and response_key is not None:
        others = {key: item for key, item in others.items() if isinstance(item, list)}
    return {key: item for key, item in others.items() if any(map(_is_body, (item, *_inside(item))))}


def _inside(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value[:1] if isinstance(value, list) else []


def _is_body(value: Any) -> bool:
    marks = _REQUEST_MARKS | {"content", "parts"}
    return isinstance(value, dict) and (_is_response(value) or bool(marks & value.keys()))


def _model(value: Mapping[str, Any]) -> str | None:
    """Return a model that is named beside the call."""
    for holder in (value, value.get("metadata"), value.get("attributes")):
        if isinstance(holder, dict) and isinstance(holder.get("model"), str):
            return str(holder["model"])
    return None


def _first_str(*places: Mapping[str, Any], keys: tuple[str, ...]) -> str | None:
    for place in places:
        for key in keys:
            if isinstance(place.get(key), str):
                return str(place[key])
    return None


def _status(*places: Mapping[str, Any]) -> int | None:
    for place in places:
        for key in ("status", "status_code", "statusCode"):
            if isinstance(place.get(key), int) and not isinstance(place.get(key), bool):
                return int(place[key])
    return None


_RESPONSE_MARKS = frozenset({"choices", "candidates", "usageMetadata", "promptFeedback", "completion", "generations",
    "generation", "results", "outputs", "done", "prompt_eval_count"})  # fmt: skip
_REQUEST_MARKS = frozenset({"messages", "input", "contents", "prompt", "history", "message"})


def _is_response(value: Any) -> bool:
    if isinstance(value, Stream):
        return True
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, dict) and "candidates" in item for item in value)
    if not isinstance(value, dict):
        return False
    return (
        bool(_RESPONSE_MARKS & value.keys() and not _REQUEST_MARKS & value.keys())
        or (isinstance(value.get("message"), dict) and bool({"done", "finish_reason", "usage"} & value.keys()))
        or (isinstance(value.get("text"), str) and "generation_id" in value)
        or (value.get("type") == "message" and isinstance(value.get("content"), list))
        or str(value.get("object", "")).startswith(("response", "thread"))
        or (isinstance(value.get("output"), dict) and "stopReason" in value)
        or (("error" in value or "error_type" in value) and not (_REQUEST_MARKS - {"message"}) & value.keys())
    )


_CHUNK_OBJECTS = frozenset({"chat.completion.chunk", "text_completion.chunk"})
_CHUNK_TYPES = frozenset({"message_start", "message-start", "response.created", "stream-start", "content_block_start"})
_CHUNK_KEYS = frozenset({"messageStart", "contentBlockDelta", "contentBlockStart"})


def is_chunk(value: Any) -> bool:
    """Whether a line is the first event of a streamed response."""
    if not isinstance(value, dict):
        return False
    unfinished = value.get("done") is False and ("message" in value or "response" in value)
    choices = value.get("choices")
    listed = choices if isinstance(choices, list) else []
    deltas = any(isinstance(choice, dict) and "delta" in choice for choice in listed)
    return (
        str(value.get("object")) in _CHUNK_OBJECTS
        or deltas
        or unfinished
        or str(value.get("type")) in _CHUNK_TYPES
        or str(value.get("event_type")) in _CHUNK_TYPES
        or bool(_CHUNK_KEYS & value.keys())
        or ("candidates" in value and "contents" not in value and "finishReason" not in str(value["candidates"])[-400:])
    )
