"""VCR cassettes: recorded HTTP exchanges in YAML or JSON, as vcrpy, go-vcr, Ruby's and R's vcr write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.containers.shapes.batch import spread
from ctxdebug.decoding.http_body import read_body
from ctxdebug.decoding.safe_yaml import CAPTURE, Base64Text, parse_beginning
from ctxdebug.decoding.source import Source
from ctxdebug.errors import LoadError
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Pointer, Problem, pointer_text
from ctxdebug.text.patterns import lazy

_LISTS = ("interactions", "http_interactions")
_YAML_HEAD = lazy(r"^(?:http_)?interactions:|^requests:\s*$", re.MULTILINE)
_BODY_KEYS = ("string", "base64_string", "text")


def _sniff(source: Source) -> Likeness:
    if source.shape == "text":
        return Likeness.CERTAIN if _YAML_HEAD.search(source.opening) else Likeness.NO
    if source.shape != "json" or (
        '"interactions"' not in source.opening and '"http_interactions"' not in source.opening
    ):
        return Likeness.NO
    return Likeness.CERTAIN if _interactions(source.document, ()) else Likeness.NO


@container(
    "vcr",
    "`interactions` or `http_interactions` of request and response (YAML or JSON), or parallel lists `requests` and `responses`",
    _sniff,
)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange an interaction; a cassette that breaks off is read up to there."""
    if source.shape == "json":
        document, at, fault = source.document, (*source.root, Decoding.JSON), None
    else:
        document, fault = parse_beginning(source.text, CAPTURE)
        at = (*source.root, Decoding.YAML)
    found = _interactions(document, at)
    if fault is not None:
        if not found:
            raise fault
        message = f"the cassette breaks off and its last interaction was left out: {fault.message}"
        yield Problem(source.path, message, pointer_text(found[-1][0]), fatal=False)
        found.pop()
    for where, (request, request_at), (response, response_at) in found:
        try:
            yield from spread(_exchange(source, where, request, request_at, response, response_at))
        except LoadError as error:
            yield Problem(source.path, error.message, pointer_text(where))


_Side = tuple[Any, Pointer]


def _interactions(document: Any, at: Pointer) -> list[tuple[Pointer, _Side, _Side]]:
    """Place, request and response of each interaction."""
    if not isinstance(document, dict):
        return []
    for key in _LISTS:
        listed = document.get(key)
        if isinstance(listed, list):
            return [
                (
                    (*at, key, n),
                    (item.get("request"), (*at, key, n, "request")),
                    (item.get("response"), (*at, key, n, "response")),
                )
                for n, item in enumerate(listed)
                if isinstance(item, dict)
            ]
    asked, answered = document.get("requests"), document.get("responses")
    if isinstance(asked, list) and (answered is None or isinstance(answered, list)):
        answers = answered or []
        return [
            (
                (*at, "requests", n),
                (item, (*at, "requests", n)),
                (answers[n] if n < len(answers) else None, (*at, "responses", n)),
            )
            for n, item in enumerate(asked)
        ]
    return []


def _exchange(
    source: Source, where: Pointer, request: Any, request_at: Pointer, response: Any, response_at: Pointer
) -> Exchange:
    asked = request if isinstance(request, dict) else {}
    answered = response if isinstance(response, dict) else {}
    body, body_at = _body(asked, request_at, source)
    answer, answer_at = _body(answered, response_at, source)
    return Exchange(
        where,
        request=body,
        request_at=body_at,
        response=answer,
        response_at=answer_at,
        url=next((str(asked[key]) for key in ("uri", "url") if isinstance(asked.get(key), str)), None),
        method=str(asked["method"]).upper() if isinstance(asked.get("method"), str) else None,
        status=_status(answered),
    )


def _body(side: dict[str, Any], at: Pointer, source: Source) -> _Side:
    """Return the parsed body if there is one, else the text or the bytes; empty text is no body."""
    if side.get("parsed_body") is not None:
        return read_body(side["parsed_body"], (*at, "parsed_body"), source.reader)
    held, held_at = side.get("body"), (*at, "body")
    if isinstance(held, dict):
        key = next((key for key in _BODY_KEYS if held.get(key) is not None), None)
        if key is None:
            return (held, held_at) if held.keys() - {"encoding", "string", "base64_string"} else (None, held_at)
        held, held_at = held[key], (*held_at, key)
        if key == "base64_string" and isinstance(held, str):
            held = Base64Text(held)
    if held is None or held == "":
        return None, held_at
    return read_body(held, held_at, source.reader)


def _status(response: dict[str, Any]) -> int | None:
    status = response.get("status")
    if isinstance(status, dict):
        status = status.get("code", status.get("status_code"))
    for value in (response.get("code"), status):
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and value[:3].isdigit():
            return int(value[:3])
    return None
