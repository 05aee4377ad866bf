"""Recordings of ctxdebug itself: `ctxdebug capture`, `ctxdebug.record()`, its span exporter; a call or a span a line."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers import Found, Likeness, container, documents
from ctxdebug.containers.shapes.batch import spread
from ctxdebug.containers.shapes.span import exchanges_of, spans_in
from ctxdebug.decoding.http_body import read_body
from ctxdebug.decoding.json_values import mapping
from ctxdebug.decoding.source import Source
from ctxdebug.errors import LoadError
from ctxdebug.exchange import Event, Exchange, Stream
from ctxdebug.model import Decoding, Pointer, Problem, pointer_text
from ctxdebug.records import replace

_MARK = "ctxdebug_recording"
_VERSION = 1
_ENDED = {
    "client": "the application ended the call before the answer was complete",
    "upstream": "the provider's connection broke before the answer was complete",
}


def _sniff(source: Source) -> Likeness:
    if source.shape not in {"json", "json lines"} or not source.opening.startswith(f'{{"{_MARK}"'):
        return Likeness.NO
    return Likeness.CERTAIN


@container("ctxdebug-recording", f"`{_MARK}` and a `request` with its `response`, or a `span`, a line", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a line."""
    for found in documents(source):
        if isinstance(found, Problem):
            yield found
            continue
        at, line = found
        try:
            yield from _line(source, line, at)
        except LoadError as error:
            yield Problem(source.path, error.message, pointer_text(at))


def _line(source: Source, line: Any, at: Pointer) -> Iterator[Found]:
    if not isinstance(line, dict) or _MARK not in line:
        yield Problem(source.path, "is no line of a recording", pointer_text(at))
    elif line[_MARK] != _VERSION:
        yield Problem(
            source.path,
            f"is of version {line[_MARK]!r} of the recording; this ctxdebug reads {_VERSION}",
            pointer_text(at),
        )
    elif isinstance(line.get("span"), dict):
        yield from exchanges_of(list(spans_in(line["span"], (*at, "span"))))
    elif isinstance(frames := line.get("websocket"), list):
        calls = list(_calls(source, line, frames, (*at, "websocket")))
        yield from calls
        status = mapping(line.get("response")).get("status")
        if not calls:
            refused = f"the provider refused a WebSocket ({status})"
            unread = (
                f"a WebSocket conversation of {len(frames)} messages is recorded here; ctxdebug does not read those"
            )
            message = refused if status != 101 else unread
            yield Problem(source.path, message, pointer_text(at), fatal=False)
    else:
        yield from spread(_exchange(source, line, at))


def _calls(source: Source, line: Mapping[str, Any], frames: list[Any], at: Pointer) -> Iterator[Exchange]:
    """Yield the calls of OpenAI's Responses over a WebSocket (Codex): each begins with `response.create`, its events follow.

    A Realtime conversation has no `input` in its `response.create`, and is left alone.
    """
    open_call: Exchange | None = None
    events: list[Event] = []
    for index, frame in enumerate(frames):
        if not (isinstance(frame, list) and len(frame) == 3 and isinstance(frame[2], str)):
            continue
        message, where = source.reader.value(frame[2]), (*at, index, 2, Decoding.JSON)
        if not isinstance(message, dict):
            continue
        kind = message.get("type")
        if frame[1] == "sent" and kind == "response.create" and "input" in message:
            if open_call is not None:
                yield replace(open_call, response=Stream(tuple(events)), response_at=at)
            open_call = _base(line, message, where)
            events = []
        elif frame[1] == "received" and open_call is not None:
            events.append(Event(kind if isinstance(kind, str) else None, message, where))
    if open_call is not None:
        yield replace(open_call, response=Stream(tuple(events)), response_at=at)


def _base(line: Mapping[str, Any], request: dict[str, Any], where: Pointer) -> Exchange:
    url = mapping(line.get("request")).get("url")
    return Exchange(
        where,
        request={key: value for key, value in request.items() if key != "type"},
        request_at=where,
        url=url if isinstance(url, str) else None,
        method="POST",
        status=200,
        format="openai.responses",
        labels={name: value for name, value in _labels(line).items() if name in {"timestamp", "trace"}},
    )


def _exchange(source: Source, line: Mapping[str, Any], at: Pointer) -> Exchange:
    asked, answered = mapping(line.get("request")), mapping(line.get("response"))
    request, request_at = _body(asked, (*at, "request"), source)
    response, response_at = _body(answered, (*at, "response"), source)
    if isinstance(response, Stream) and (line.get("ended") is not None or "body_size" in answered):
        response = replace(response, complete=False)
    status, url, method = answered.get("status"), asked.get("url"), asked.get("method")
    return Exchange(
        at,
        request=request,
        request_at=request_at,
        response=response,
        response_at=response_at,
        url=url if isinstance(url, str) else None,
        method=method if isinstance(method, str) else None,
        status=status if isinstance(status, int) else None,
        notes=tuple(_notes(line, asked, answered)),
        labels=_labels(line),
    )


def _body(side: Mapping[str, Any], at: Pointer, source: Source) -> tuple[Any, Pointer]:
    """Return the body as text where the recorder has it, else from the bytes."""
    key = "text" if isinstance(side.get("text"), str) else "body"
    if not side.get(key):
        return None, (*at, key)
    body, body_at = read_body(side[key], (*at, key), source.reader)
    if isinstance(body, bytes) and (inflated := _inflated(body, side)) is not None:
        return read_body(inflated, body_at, source.reader)
    return body, body_at


def _inflated(data: bytes, side: Mapping[str, Any]) -> bytes | None:
    """Return the content of a body that says that it is deflated; None where it is not, or too large."""
    if ["content-encoding", "deflate"] not in (side.get("headers") or ()):
        return None
    for window in (
        zlib.MAX_WBITS,
        -zlib.MAX_WBITS,
    ):  # with zlib's header, as it should be, and without, as some send it
        try:
            return zlib.decompressobj(window).decompress(data, 64 * 1024 * 1024)
        except zlib.error:
            continue
    return None


def _notes(line: Mapping[str, Any], asked: Mapping[str, Any], answered: Mapping[str, Any]) -> Iterator[str]:
    for name, side in (("request", asked), ("response", answered)):
        if isinstance(size := side.get("body_size"), int):
            yield f"the recorder kept the beginning of the {name}: it has {size:,} bytes"
    ended, error = line.get("ended"), mapping(line.get("error"))
    if isinstance(ended, str):
        yield _ENDED.get(ended, f"the call was ended by {ended}")
    if error:
        yield f"there was no response: {error.get('type')}: {error.get('message')}"


def _labels(line: Mapping[str, Any]) -> dict[str, Any]:
    timings = mapping(line.get("timings_ms"))
    labels = {
        "timestamp": line.get("started"),
        "latency_ms": timings.get("total"),
        "first_byte_ms": timings.get("first_byte"),
        "trace": line.get("trace"),
    }
    return {name: value for name, value in labels.items() if isinstance(value, (str, int, float))}
