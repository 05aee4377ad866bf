"""Text that somebody pasted or logged: calls inside log lines, fences and curl commands, and chats with labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.containers.shapes.batch import spread
from ctxdebug.containers.shapes.envelope import is_chunk, is_envelope, read_envelope
from ctxdebug.decoding.embedded import Found as Value
from ctxdebug.decoding.embedded import embedded
from ctxdebug.decoding.http_body import read_body
from ctxdebug.decoding.pasted_turns import pasted_turns
from ctxdebug.decoding.source import Source
from ctxdebug.decoding.transcript_lines import looks_like_transcript
from ctxdebug.errors import LoadError
from ctxdebug.exchange import Event, Exchange, Stream
from ctxdebug.model import Decoding, Pointer, Problem
from ctxdebug.records import replace
from ctxdebug.text.patterns import lazy

_URL = lazy(r"https?://[^\s'\"\\<>]{4,400}")
_POST = lazy(r"POST[ ](/[^\s?'\"]{1,300})")
_STATUS = lazy(r"HTTP/[\d.]{1,3}[ ](\d{3})|\bstatus(?:_code)?[\"' ]{0,2}[:=][ ]{0,2}(\d{3})\b")
_CALL_KEYS = frozenset({"messages", "contents", "prompt", "choices", "candidates", "input", "content", "output", "json_data",
    "request", "response", "inputText", "generation", "message", "error"})  # fmt: skip
_MESSAGE_KEY = lazy(
    r"""
    ["'](?:messages|contents|choices|candidates|response|request|role|content|parts)\\{0,3}["'][ ]?:
    | (?:Message|Choice|Completion|Content)\([a-z_]{1,30}=
    """,
    re.VERBOSE,
)
"""How a message begins in JSON, in JSON inside a text, and in the printed objects of the client libraries."""
_OPTION_KEYS = ("json_data", "json", "body", "data")
"""Where a client library's log line keeps the body of a request."""


def _sniff(source: Source) -> Likeness:
    if source.shape != "text" or looks_like_transcript(source.opening):
        return Likeness.NO
    opening = source.opening
    if opening.startswith('"') or pasted_turns(opening) or any(_is_call(found.value) for found in embedded(opening)):
        return Likeness.GENERIC
    return Likeness.GENERIC if len(source.head) > len(opening.encode()) - 1 and "{" in opening else Likeness.NO


@container("pasted", "text with calls in it (log lines, a Markdown fence, a curl command), or a chat with `User:`, `**AI:**`, "
           "`### User`, `You said:`", _sniff)  # fmt: skip
def exchanges(source: Source) -> Iterator[Found]:
    """Yield the calls that a text holds; else its turns as one exchange."""
    text = source.text
    if text.lstrip().startswith('"'):
        yield from _quoted(source)
        return
    turns = pasted_turns(text)
    calls = [] if turns and turns[0].start < _NEAR else list(_calls(source))
    if calls:
        yield from calls
        if _is_cut(text):
            told = "the beginning is cut: what is left of the JSON was read as pasted text"
            yield Problem(source.path, told, fatal=False)
    elif turns:
        yield Exchange(source.root, request=text, request_at=source.root, format="pasted-chat")


def _is_cut(text: str) -> bool:
    """Whether a text is the end of JSON whose beginning is missing: it closes more objects than it opens."""
    held = text.strip()
    return not held.startswith(("{", "[")) and held.endswith(("}", "]")) and held.count("}") > held.count("{")


_NEAR = 400
"""A text that opens with a label is a chat, whatever the turns quote."""


def _quoted(source: Source) -> Iterator[Found]:
    """JSON that was printed once more as a JSON string."""
    value = source.reader.read(source.text)
    if not isinstance(value, str):
        raise LoadError("is one JSON value that is no object and no list")
    body, at = read_body(value, (*source.root, Decoding.JSON), source.reader)
    yield from spread(read_envelope(body, at, source.reader))


def _calls(source: Source) -> Iterator[Found]:
    """Yield the calls in a text; an answer joins the request before it."""
    text = source.text
    waiting: Exchange | None = None
    events: list[Event] = []
    end = read_to = 0
    broken = None
    for found in embedded(text):
        broken = broken or _MESSAGE_KEY.search(text, read_to, found.start)
        read_to = found.end
        if text[max(0, found.start - 6) : found.start].strip().endswith("data:") or is_chunk(found.value):
            events.append(Event(None, found.value, _place(source, found)))
            end = found.end
            continue
        if not _is_call(found.value):
            broken = broken or _MESSAGE_KEY.search(text, found.start, found.end)
            continue
        if events:
            yield _streamed(waiting, events)
            waiting, events = None, []
        between = text[end : found.start]
        end = found.end
        read = _read(source, found, between)
        if waiting is not None and waiting.response is None and read.request is None:
            status = _status_in(between)
            yield replace(waiting, response=read.response, response_at=read.response_at, status=status)
            waiting = None
            continue
        if waiting is not None:
            yield waiting
        waiting = read
        if read.request is None:
            yield read
            waiting = None
    if events:
        yield _streamed(waiting, events)
    elif waiting is not None:
        yield waiting
    broken = broken or _MESSAGE_KEY.search(text, read_to)
    if end and broken is not None:
        yield Problem(source.path, f"text around the calls has {broken[0]!r} at character {broken.start():,}, as a message "
                      "that is cut or broken; it was not read", fatal=False)  # fmt: skip


def _streamed(waiting: Exchange | None, events: list[Event]) -> Exchange:
    """Return the chunks of a stream as the answer to the request before them."""
    at = events[0].pointer
    asked = waiting or Exchange(at, notes=("a streamed response without its request",))
    return replace(asked, response=Stream(tuple(events)), response_at=at)


def _place(source: Source, found: Value) -> Pointer:
    return (*source.root, Decoding.SLICE, found.start, found.end, Decoding.PYTHON if found.printed else Decoding.JSON)


def _read(source: Source, found: Value, before: str) -> Exchange:
    at = _place(source, found)
    value, where = found.value, at
    url = None
    if isinstance(value, dict) and not is_envelope(value):
        key = next((key for key in _OPTION_KEYS if isinstance(value.get(key), dict)), None)
        if key is not None:
            url = value.get("url") if isinstance(value.get("url"), str) else None
            value, where = value[key], (*at, key)
    read = next(iter(spread(read_envelope(value, where, source.reader))))
    return replace(read, pointer=at, url=read.url or url or _url_in(before))


def _is_call(value: Any) -> bool:
    if isinstance(value, list):
        first = value[0] if value and isinstance(value[0], dict) else {}
        return bool({"role", "type"} & first.keys()) and bool({"content", "parts", "tool_calls"} & first.keys())
    return isinstance(value, dict) and bool(_CALL_KEYS & value.keys())


def _url_in(text: str) -> str | None:
    posted, full = _POST.search(text), _URL.search(text)
    return full[0] if full else posted[1] if posted else None


def _status_in(text: str) -> int | None:
    found = _STATUS.search(text)
    return int(found[1] or found[2]) if found else None
