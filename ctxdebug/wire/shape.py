"""What several wire formats ask of raw bodies: total accessors that never trust a type."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from ctxdebug.decoding import json_values
from ctxdebug.decoding.strict_json import compact
from ctxdebug.exchange import Exchange, Stream, is_finite
from ctxdebug.model import Media, Pointer, Tool, ToolCall
from ctxdebug.text.patterns import lazy

_URL_MODEL = lazy(r"/models?/([^/:?]{1,200}(?::[0-9]{1,3}(?=/))?)[/:]")
_LENIENT = json.JSONDecoder(parse_constant=lambda _: None)
_LOOKED_AT = 32
_HUMP = lazy(r"[A-Z]")
mapping = json_values.mapping
"""The same accessor under this name: readers take all of theirs from here."""
_TEXT_FILES = frozenset({"txt", "md", "csv", "html", "application/json"})


def items(value: Any) -> list[Any]:
    """Return the value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def objects(value: Any) -> Sequence[tuple[int, Mapping[str, Any]]]:
    """Indexes and objects of a list, leaving out what is no object."""
    if not isinstance(value, list):
        return ()
    return [(index, item) for index, item in enumerate(value) if isinstance(item, dict)]


def lines_of(exchange: Exchange) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield numbers and lines of a log, as the model read them."""
    lines = items(exchange.request)
    for number in range(len(lines)) if exchange.order is None else exchange.order:
        if isinstance(lines[number], dict):
            yield number, lines[number]


def sample(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects at the beginning and the end of a list: enough to tell what all of them look like."""
    if not isinstance(value, list):
        return []
    looked_at = value if len(value) <= _LOOKED_AT else [*value[: _LOOKED_AT - 8], *value[-8:]]
    return [item for item in looked_at if isinstance(item, dict)]


def text_of(value: Any) -> str | None:
    """Return the value if it is a string."""
    return value if isinstance(value, str) else None


def number_of(value: Any) -> float | None:
    """Return the value if it is a finite number."""
    return value if isinstance(value, (int, float)) and is_finite(value) and not isinstance(value, bool) else None


def count_of(value: Any) -> int | None:
    """Return the value if it is a whole number."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def request_of(exchange: Exchange) -> Mapping[str, Any]:
    """Return the request body, or an empty object."""
    return mapping(exchange.request)


def response_of(exchange: Exchange) -> Mapping[str, Any]:
    """Return the response body, or an empty object (also for a stream)."""
    return mapping(exchange.response)


def stream_of(exchange: Exchange) -> Stream | None:
    """Return the response's events, when it was streamed."""
    return exchange.response if isinstance(exchange.response, Stream) else None


def url_has(exchange: Exchange, *parts: str) -> bool:
    """Whether the path of the URL ends with one of `parts` (query left out)."""
    path = (exchange.url or "").split("?")[0].rstrip("/")
    return any(path.endswith(part) for part in parts)


def url_model(exchange: Exchange) -> str | None:
    """Return the model that a URL names, as Google and Bedrock write it."""
    named = _URL_MODEL.search((exchange.url or "").split("?")[0])
    return unquote(named[1]) if named else None


def camel_or_snake(body: Mapping[str, Any], name: str) -> tuple[str, Any]:
    """Return the key and value of a field that is spelled `likeThis` or `like_this`; the value is None without it."""
    if body.get(name) is not None:
        return name, body[name]
    snake = _HUMP.sub(lambda hump: f"_{hump[0].lower()}", name)
    return (snake, body[snake]) if body.get(snake) is not None else (name, None)


def inline_text(data: Any, kind: Any) -> str | None:
    """Return the text of a file given as base64, if its media type or extension says that it is text; else None."""
    if not isinstance(data, str) or not isinstance(kind, str) or not (kind.startswith("text/") or kind in _TEXT_FILES):
        return None
    try:
        return base64.b64decode(data, validate=True).decode()
    except (binascii.Error, ValueError):
        return None


def url_host(exchange: Exchange) -> str:
    """Return the host of the URL, or nothing when there is none."""
    try:
        return urlsplit(exchange.url or "").hostname or ""
    except ValueError:
        return ""


def call_from(name: Any, arguments: Any, call_id: Any, *, server_side: bool = False) -> ToolCall:
    """Return a tool call; arguments may be JSON text, broken JSON, an object or nothing."""
    raw = arguments if isinstance(arguments, str) else compact({} if arguments is None else arguments)
    parsed: Any = None
    error: str | None = None
    if isinstance(arguments, str):
        try:
            parsed = _LENIENT.decode(arguments) if arguments.strip() else {}
        except (ValueError, RecursionError) as fault:
            error = str(fault)
    else:
        parsed = {} if arguments is None else arguments
    return ToolCall(text_of(call_id), str(name or ""), raw, parsed, error, server_side)


def tool_from(declared: Any, at: Pointer, *, name: Any, description: Any, schema: Any, **more: Any) -> Tool:
    """Return a declared tool; its text is the declaration as compact JSON."""
    return Tool(
        name=str(name or ""),
        description=description if isinstance(description, str) else "",
        schema=schema if isinstance(schema, dict) else None,
        text=compact(declared),
        pointer=at,
        **more,
    )


def media_from(kind: str, data: Any, reference: Any = None, detail: Any = None) -> Media:
    """Return an image, sound or file, from base64 data or a URL (which may itself be a `data:` URL)."""
    source = data if isinstance(data, str) else None
    link = reference if isinstance(reference, str) else None
    if link is not None and link.startswith("data:"):
        source, link = link.partition(",")[2], None
    if source is None:
        return Media(kind, None, link, detail=text_of(detail))
    from ctxdebug.wire.images import pixels

    width, height = pixels(source)
    return Media(kind, len(source) * 3 // 4 - source[-2:].count("="), link, width, height, text_of(detail))


def without(body: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """Return a body's parameters: everything but `keys`."""
    return {key: item for key, item in body.items() if key not in keys}
