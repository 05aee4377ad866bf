"""Server-sent events, as providers write them: the events of a streamed body, each with its place."""

from __future__ import annotations

from ctxdebug.decoding.strict_json import JsonReader
from ctxdebug.exchange import Event, Stream
from ctxdebug.model import Decoding, Pointer
from ctxdebug.text.patterns import lazy

_LOOKED_AT = 65536
_LOOKS_LIKE = lazy(r"\s{0,20}(?::[^\n]{0,200}\n\s{0,20}){0,5}(?:event|data|id|retry):")


def looks_like_sse(text: str) -> bool:
    """Whether a body begins as an event stream does."""
    if _LOOKS_LIKE.match(text) is not None:
        return True
    head = text[:_LOOKED_AT] if text.startswith(":") else ""
    return "\ndata:" in head or "\nevent:" in head


def data_of(block: str) -> tuple[str | None, str | None]:
    """Return the name and the joined data lines of one event; (None, None) for a comment."""
    name: str | None = None
    data: list[str] = []
    for line in block.split("\n"):
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            name = value.strip()
        elif field == "data":
            data.append(value)
    return name, "\n".join(data) if data else None


def blocks(text: str) -> list[str]:
    """Return the blocks of a stream, in order; the `n` of a pointer `(SSE, n, …)` counts these."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n")


def read_sse(text: str, at: Pointer, reader: JsonReader) -> Stream:
    """Return the JSON events of a stream. `at` leads to the string that holds it.

    Comments, keep-alives and `[DONE]` are left out. An event that is not JSON ends the stream as
    incomplete when it is the last one, and is kept as text otherwise.
    """
    events: list[Event] = []
    complete = True
    all_blocks = blocks(text)
    for index, block in enumerate(all_blocks):
        name, data = data_of(block.strip("\n"))
        if data is None or data.strip() in {"", "[DONE]"} or name in {"ping", "keepalive"}:
            continue
        value = reader.value(data)
        if value is None and data.strip() != "null":
            if all(not rest.strip() for rest in all_blocks[index + 1 :]):
                complete = False
                continue
            value = data
        events.append(Event(name, value, (*at, Decoding.SSE, index, Decoding.JSON)))
    return Stream(tuple(events), complete)
