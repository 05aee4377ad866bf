"""Cursor's databases: `state.vscdb` with composers and their bubbles, and an agent's `store.db` with blobs."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.decoding.source import Source
from ctxdebug.decoding.sqlite_rows import rows, tables
from ctxdebug.errors import LoadError
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Problem
from ctxdebug.text.patterns import lazy

_KEY_VALUE = "cursorDiskKV"
_CHILD = lazy(r"\x0a\x20(.{32})", re.DOTALL)
_MOST_BUBBLES = 200_000


def _sniff(source: Source) -> Likeness:
    if source.shape != "sqlite":
        return Likeness.NO
    held = tables(source)
    known = _KEY_VALUE in held or {"blobs", "meta"} <= held.keys()
    return Likeness.CERTAIN if known else Likeness.NO


@container(
    "cursor", "Cursor's SQLite files: `cursorDiskKV` with composerData and bubbleId, or `blobs` and `meta`", _sniff
)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a composer or agent, read without opening any other file."""
    found = 0
    for exchange in _composers(source) if _KEY_VALUE in tables(source) else _agent(source):
        found += 1
        yield exchange
    if not found:
        yield Problem(source.path, "is a Cursor database that contains no messages")


def _composers(source: Source) -> Iterator[Exchange]:
    bubbles: dict[str, dict[str, Any]] = {}
    for count, (key, value) in enumerate(rows(source, _KEY_VALUE, ("key", "value"), "bubbleId:")):
        if count > _MOST_BUBBLES:
            raise LoadError(f"contains more than {_MOST_BUBBLES:,} messages")
        _, composer, bubble = (*key.split(":", 2), "", "")[:3]
        held = source.reader.value(_text(value))
        if isinstance(held, dict):
            bubbles.setdefault(composer, {})[bubble] = held
    for key, value in rows(source, _KEY_VALUE, ("key", "value"), "composerData:"):
        held = source.reader.value(_text(value))
        if not isinstance(held, dict):
            continue
        composer = key.partition(":")[2]
        at = (*source.root, Decoding.SQLITE, _KEY_VALUE, key)
        listed = _ordered(held, bubbles.get(composer, {}))
        if listed:
            config = held.get("modelConfig")
            model = config.get("modelName") if isinstance(config, dict) else None
            yield Exchange(at, request={"bubbles": listed}, request_at=at, session=composer, format="cursor-composer",
                           model=model if isinstance(model, str) else None)  # fmt: skip


def _ordered(composer: Mapping[str, Any], bubbles: Mapping[str, Any]) -> list[Any]:
    """Return a composer's bubbles: as its headers list them, or as older versions keep them inside."""
    headers = composer.get("fullConversationHeadersOnly")
    if isinstance(headers, list) and headers:
        names = [str(header.get("bubbleId")) for header in headers if isinstance(header, dict)]
        return [bubbles[name] for name in names if name in bubbles]
    inside = composer.get("conversation")
    return inside if isinstance(inside, list) else list(bubbles.values())


def _agent(source: Source) -> Iterator[Exchange]:
    """Yield an agent's blobs: the root lists its messages by their hashes; what no root lists is in the order of the rows."""
    about: dict[str, Any] = {}
    for _, value in rows(source, "meta", ("key", "value")):
        held = source.reader.value(_unhexed(_text(value)))
        about |= held if isinstance(held, dict) else {}
    blobs = {
        key: value if isinstance(value, bytes) else _text(value).encode()
        for key, value in rows(source, "blobs", ("id", "data"))
    }
    root = blobs.get(str(about.get("latestRootBlobId")), b"")
    order = [child.encode("latin-1").hex() for child in _CHILD.findall(root.decode("latin-1"))] or list(blobs)
    messages = [source.reader.value(blobs[key].decode("utf-8", "replace")) for key in order if key in blobs]
    messages = [message for message in messages if isinstance(message, dict) and "role" in message]
    if messages:
        at = (*source.root, Decoding.SQLITE, "blobs")
        model = about.get("lastUsedModel")
        yield Exchange(at, request=messages, request_at=at, session=str(about.get("agentId") or ""), format="messages",
                       model=model if isinstance(model, str) else None)  # fmt: skip


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _unhexed(text: str) -> str:
    try:
        return binascii.unhexlify(text).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return text
