"""What Claude Code adds to a prompt by itself: files, memories, reminders, the output of hooks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ctxdebug.decoding.strict_json import compact
from ctxdebug.exchange import DraftMessage
from ctxdebug.model import Document, Kind, Pointer
from ctxdebug.wire.shape import mapping, text_of


@cache
def _rows() -> Mapping[str, Any]:
    rows: Mapping[str, Any] = json.loads(Path(__file__).with_name("attachments.json").read_text("utf-8"))
    return rows


def read_attachment(message: DraftMessage, held: Mapping[str, Any], at: Pointer) -> None:
    """Add an attachment's text: a file as a document, a queued command as the user's, the program's own as opaque."""
    rows = _rows()
    name = text_of(held.get("type")) or ""
    key = next((key for key in rows["texts"] if held.get(key) not in (None, "", [], {})), None)
    if key is None:
        return
    where: Pointer = (*at, key)
    value: Any = held[key]
    while isinstance(value, dict):
        inner = next((key for key in ("file", *rows["texts"]) if value.get(key) not in (None, "", [], {})), None)
        if inner is None:
            break
        value, where = value[inner], (*where, inner)
    kind, more = Kind.OPAQUE, {}
    if name in rows["user"]:
        kind = Kind.TEXT
    elif name in rows["document"]:
        path = (
            text_of(held.get("filename"))
            or text_of(held.get("path"))
            or text_of(mapping(held.get("content")).get("path"))
        )
        kind, more = Kind.DOCUMENT, {"document": Document(id=path, title=path)}
    if isinstance(value, str):
        message.text(value, where, kind, **more)
    else:
        message.rendered(compact(value), where, kind, **more)
