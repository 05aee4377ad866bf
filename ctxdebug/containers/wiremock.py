"""WireMock's stubs, alone or in `mappings`, and the requests of its journal (`/__admin/requests`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.containers.shapes.batch import spread
from ctxdebug.decoding.http_body import read_body
from ctxdebug.decoding.safe_yaml import Base64Text
from ctxdebug.decoding.source import Source
from ctxdebug.errors import LoadError
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Pointer, Problem, pointer_text

_URLS = ("url", "absoluteUrl", "urlPath", "urlPattern", "urlPathPattern", "urlPathTemplate")
_OWN = frozenset({"bodyPatterns", "urlPath", "urlPattern", "urlPathPattern", "urlPathTemplate", "queryParameters"})
_ANSWERS = frozenset({"jsonBody", "body", "base64Body", "bodyFileName"})


def _stubs(document: Any, at: Pointer) -> list[tuple[Mapping[str, Any], Pointer]]:
    if not isinstance(document, dict):
        return []
    for key in ("mappings", "requests", "serveEvents"):
        listed = document.get(key)
        if isinstance(listed, list):
            found = [(one, (*at, key, index)) for index, one in enumerate(listed) if _is_stub(one)]
            return found if len(found) == len(listed) else []
    return [(document, at)] if _is_stub(document) else []


def _is_stub(one: Any) -> bool:
    if not isinstance(one, dict) or not isinstance(one.get("request"), dict):
        return False
    asked = one["request"]
    answered = one.get("responseDefinition") or one.get("response")
    marks = bool(_OWN & asked.keys()) or "responseDefinition" in one or "loggedDate" in asked
    plain = "url" in asked and "method" in asked and "body" not in asked and "postData" not in asked
    return (
        (marks or plain) and isinstance(answered, dict) and (bool(_ANSWERS & answered.keys()) or "status" in answered)
    )


def _is_template(one: Mapping[str, Any]) -> bool:
    """Whether a stub makes its answer up (https://wiremock.org/docs/response-templating)."""
    answered = one.get("response")
    held = answered if isinstance(answered, dict) else {}
    transformers = held.get("transformers")
    return (isinstance(transformers, list) and "response-template" in transformers) or "{{" in str(
        held.get("body") or ""
    )[:2000]


def _sniff(source: Source) -> Likeness:
    if source.shape != "json" or ('"request"' not in source.opening and '"requests"' not in source.opening):
        return Likeness.NO
    if source.opening.startswith('{"ctxdebug_recording"'):  # the same two sides, and a container of its own
        return Likeness.NO
    return Likeness.CERTAIN if _stubs(source.document, ()) else Likeness.NO


@container(
    "wiremock",
    "WireMock: a stub or `mappings` of request with bodyPatterns and response, or its journal's `requests`",
    _sniff,
)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a stub that holds a body; what a stub matches by a pattern is no request and is told."""
    for one, at in _stubs(source.document, (*source.root, Decoding.JSON)):
        if _is_template(one):
            told = "is a WireMock stub that answers from a template: it contains no recorded call"
            yield Problem(source.path, told, pointer_text(at), unknown=True)
            continue
        try:
            yield from spread(_exchange(source, one, at))
        except LoadError as error:
            yield Problem(source.path, error.message, pointer_text(at))


def _exchange(source: Source, one: Mapping[str, Any], at: Pointer) -> Exchange:
    asked = one["request"]
    request, request_at, notes = _request(source, asked, (*at, "request"))
    key = (
        "response"
        if isinstance(one.get("response"), dict) and _ANSWERS & one["response"].keys()
        else "responseDefinition"
    )
    answered = one.get(key) if isinstance(one.get(key), dict) else one.get("response")
    answered = answered if isinstance(answered, dict) else {}
    response, response_at = _response(source, answered, (*at, key if key in one else "response"))
    if "bodyFileName" in answered and response is None:
        notes = (*notes, f"the answer is in another file: {str(answered['bodyFileName'])[:100]}")
    status = answered.get("status")
    return Exchange(
        at,
        request=request,
        request_at=request_at,
        response=response,
        response_at=response_at,
        url=next((str(asked[name]) for name in _URLS if isinstance(asked.get(name), str)), None),
        method=str(asked.get("method") or "") or None,
        status=status if isinstance(status, int) else None,
        notes=notes,
    )


def _request(source: Source, asked: Mapping[str, Any], at: Pointer) -> tuple[Any, Pointer, tuple[str, ...]]:
    """Return the body that was received, or the one that a stub asks for word for word."""
    for key in ("body", "bodyAsBase64"):
        if isinstance(asked.get(key), str) and asked[key]:
            held = Base64Text(asked[key]) if key == "bodyAsBase64" else asked[key]
            return (*read_body(held, (*at, key), source.reader), ())
    patterns = asked.get("bodyPatterns")
    for index, pattern in enumerate(patterns if isinstance(patterns, list) else []):
        for key in ("equalToJson", "equalTo"):
            if isinstance(pattern, dict) and pattern.get(key):
                found = read_body(pattern[key], (*at, "bodyPatterns", index, key), source.reader)
                return (*found, ("the request is what the stub waits for",))
    return None, at, ("a stub that matches requests by patterns, and contains none",)


def _response(source: Source, answered: Mapping[str, Any], at: Pointer) -> tuple[Any, Pointer]:
    for key in ("jsonBody", "body", "base64Body"):
        if answered.get(key):
            held = Base64Text(answered[key]) if key == "base64Body" else answered[key]
            return read_body(held, (*at, key), source.reader)
    return None, (*at, "body")
