"""Recordings of the Rust crate httpmock: YAML documents of `when` (the request) and `then` (the response)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.containers.shapes.batch import spread
from ctxdebug.decoding.http_body import read_body
from ctxdebug.decoding.json_values import mapping
from ctxdebug.decoding.safe_yaml import CAPTURE, Base64Text, parse_yaml
from ctxdebug.decoding.source import Source
from ctxdebug.errors import LoadError
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Pointer, Problem, pointer_text
from ctxdebug.text.patterns import lazy

_HEAD = lazy(r"(?:---\s{1,5})?when:\s")
_THEN = lazy(r"^then:", re.MULTILINE)
_BREAK = lazy(r"^---[ \t]*$", re.MULTILINE)


def _sniff(source: Source) -> Likeness:
    known = source.shape == "text" and _HEAD.match(source.opening) and _THEN.search(source.text)
    return Likeness.CERTAIN if known else Likeness.NO


@container(
    "httpmock",
    "YAML documents of `when` with path, method, body and `then` with status, body (httpmock for Rust)",
    _sniff,
)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a document."""
    text = source.text
    breaks = [match.span() for match in _BREAK.finditer(text)]
    starts = [0, *(end for _, end in breaks)]
    ends = [*(start for start, _ in breaks), len(text)]
    for start, end in zip(starts, ends, strict=True):
        if not text[start:end].strip():
            continue
        at: Pointer = (*source.root, Decoding.SLICE, start, end, Decoding.YAML)
        try:
            yield from spread(_exchange(source, parse_yaml(text[start:end], CAPTURE), at))
        except LoadError as error:
            yield Problem(source.path, error.message, pointer_text(at))


def _exchange(source: Source, document: Any, at: Pointer) -> Exchange:
    if not isinstance(document, dict):
        raise LoadError("is no document of `when` and `then`")
    asked, answered = mapping(document.get("when")), mapping(document.get("then"))
    request, request_at = _body(source, asked, (*at, "when"))
    response, response_at = _body(source, answered, (*at, "then"))
    status = answered.get("status")
    return Exchange(
        at,
        request=request,
        request_at=request_at,
        response=response,
        response_at=response_at,
        url=str(asked.get("path") or "") or None,
        method=str(asked.get("method") or "") or None,
        status=status if isinstance(status, int) else None,
    )


def _body(source: Source, side: Mapping[str, Any], at: Pointer) -> tuple[Any, Pointer]:
    for key in ("body", "json_body", "body_base64"):
        if side.get(key):
            held = Base64Text(side[key]) if key == "body_base64" else side[key]
            return read_body(held, (*at, key), source.reader)
    return None, (*at, "body")
