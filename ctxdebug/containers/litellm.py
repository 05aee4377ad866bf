"""LiteLLM's logs: a payload a call, with messages, parameters and response side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ctxdebug.containers import Found, Likeness, container, documents
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Pointer, Problem, Usage

_LABELS = ("startTime", "endTime", "response_time", "response_cost", "cache_hit", "status", "call_type", "error_str")


def _is_payload(value: Any) -> bool:
    return isinstance(value, dict) and "call_type" in value and "messages" in value and "response" in value


def _listed(document: Any) -> list[Any]:
    listed = document if isinstance(document, list) else [document]
    return listed if listed and _is_payload(listed[0]) else []


def _sniff(source: Source) -> Likeness:
    if source.shape not in {"json", "json lines"} or '"call_type"' not in source.opening:
        return Likeness.NO
    document = source.document if source.shape == "json" else source.first_line
    return Likeness.CERTAIN if _listed(document) else Likeness.NO


@container("litellm", "payloads with call_type, messages, model_parameters and response (JSON or JSON lines)", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a payload."""
    for found in documents(source):
        if isinstance(found, Problem):
            yield found
            continue
        at, document = found
        listed = isinstance(document, list)
        for index, payload in enumerate(document if listed else [document]):
            if _is_payload(payload):
                yield _exchange(source, payload, (*at, index) if listed else at)


def _exchange(source: Source, payload: dict[str, Any], at: Pointer) -> Exchange:
    """Return the request is put together from messages and parameters; what the proxy received is better where it is kept."""
    origins: dict[Pointer, Pointer] = {}
    held = payload.get("proxy_server_request")
    held_at: Pointer = (*at, "proxy_server_request")
    if isinstance(held, dict) and isinstance(held.get("body"), dict):
        held, held_at = held["body"], (*held_at, "body")
    if isinstance(held, dict) and held.get("messages"):
        request, request_at = held, held_at
    else:
        parameters = payload.get("model_parameters") or payload.get("optional_params")
        key = "model_parameters" if payload.get("model_parameters") else "optional_params"
        request = {**(parameters if isinstance(parameters, dict) else {}), "messages": _messages(payload, source)}
        request_at = at
        origins = {(*at, name): (*at, key, name) for name in request if name != "messages"}
        if isinstance(payload.get("messages"), str):
            origins[(*at, "messages")] = (*at, "messages", Decoding.JSON)
    response, response_at = payload.get("response"), (*at, "response")
    if isinstance(response, str):
        value = source.reader.value(response)
        response, response_at = (response, response_at) if value is None else (value, (*response_at, Decoding.JSON))
    error = payload.get("error_information") or payload.get("error_str")
    if not response and error:
        key = "error_information" if payload.get("error_information") else "error_str"
        response, response_at = {"error": _error(error)}, at
        origins[(*at, "error")] = (*at, key)
    model = payload.get("model")
    session = payload.get("session_id")
    labels = {key: payload[key] for key in _LABELS if payload.get(key) is not None}
    if isinstance(payload.get("trace_id"), str):
        labels["trace"] = payload["trace_id"]
    sent_on, sent_on_at = _sent_on(payload, at, source)
    where = payload.get("api_base")
    return Exchange(
        at,
        request=request,
        request_at=request_at,
        sent_on=sent_on,
        sent_on_at=sent_on_at,
        sent_on_to=where if isinstance(where, str) and sent_on is not None else None,
        response=response,
        response_at=response_at,
        provider=payload.get("custom_llm_provider") if isinstance(payload.get("custom_llm_provider"), str) else None,
        model=model if isinstance(model, str) else None,
        session=session if isinstance(session, str) else None,
        usage=_usage(payload, at),
        labels=labels,
        origins=origins,
    )


def _sent_on(payload: dict[str, Any], at: Pointer, source: Source) -> tuple[Any, Pointer]:
    """Return the body that LiteLLM sent to the provider, which callbacks are given as `complete_input_dict`."""
    beside = payload.get("additional_args")
    held = beside.get("complete_input_dict") if isinstance(beside, dict) else None
    where: Pointer = (*at, "additional_args", "complete_input_dict")
    if isinstance(held, str):
        held, where = source.reader.value(held), (*where, Decoding.JSON)
    return (held, where) if isinstance(held, dict) else (None, ())


def _messages(payload: dict[str, Any], source: Source) -> Any:
    messages = payload.get("messages")
    return source.reader.value(messages) if isinstance(messages, str) else messages


def _error(error: Any) -> Any:
    if isinstance(error, dict):
        return {"message": str(error.get("error_message") or error), "code": error.get("error_code")}
    return str(error)


def _usage(payload: dict[str, Any], at: Pointer) -> Usage | None:
    counts = [payload.get(key) for key in ("prompt_tokens", "completion_tokens")]
    prompt, output = (count if isinstance(count, int) and not isinstance(count, bool) else None for count in counts)
    return None if prompt is None else Usage(prompt, output=output, raw={}, pointer=(*at, "prompt_tokens"))
