"""Documents in a JSON list, as search tools return them: one object, one document."""

from __future__ import annotations

import json
import re
from typing import Any

from ctxdebug.model import Document
from ctxdebug.segmentation.cut import Cut
from ctxdebug.segmentation.descriptions import from_fields, marked_date
from ctxdebug.text.patterns import lazy

_TEXT_KEYS = (
    "content",
    "text",
    "snippet",
    "body",
    "page_content",
    "chunk",
    "passage",
    "abstract",
    "summary",
    "excerpt",
)
_LIST_KEYS = ("results", "documents", "docs", "items", "data", "hits", "chunks", "passages", "sources", "matches", "articles",
    "search_results", "records", "pages", "value")  # fmt: skip
_SPACE = lazy(r"[\s,]*")
_SHORTEST = 20


def listed(text: str) -> list[Cut]:
    """Return the document objects of a JSON list, which may stand alone or as a member of an object."""
    stripped = text.lstrip()
    if not stripped or stripped[0] not in "[{":
        return []
    decoder = json.JSONDecoder()
    try:
        value, _ = decoder.raw_decode(text, len(text) - len(stripped))
    except (ValueError, RecursionError):
        return []
    if isinstance(value, dict):
        key = next((key for key in _LIST_KEYS if isinstance(value.get(key), list)), None)
        if key is None or not _documents(value[key]):
            return []
        opening = re.search(rf'"{key}"\s*:\s*\[', text)
        start = opening.end() if opening else -1
    else:
        if not _documents(value):
            return []
        start = text.index("[") + 1
    return _items(text, start, decoder) if start > 0 else []


def _documents(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(is_document(item) for item in value)


def is_document(item: Any) -> bool:
    """Whether a JSON object reads as a document: it has a text field of some length."""
    return isinstance(item, dict) and any(
        isinstance(item.get(key), str) and len(item[key]) >= _SHORTEST for key in _TEXT_KEYS
    )


def describe(item: dict[str, Any]) -> Document:
    """Return what a document object says of itself."""
    document = from_fields(item)
    if document.date is None:
        body = next((item[key] for key in _TEXT_KEYS if isinstance(item.get(key), str)), "")
        return Document(document.id, document.title, marked_date(body[:600]), document.url)
    return document


def _items(text: str, at: int, decoder: json.JSONDecoder) -> list[Cut]:
    cuts: list[Cut] = []
    while True:
        spaces = _SPACE.match(text, at)
        at = spaces.end() if spaces else at
        if at >= len(text) or text[at] != "{":
            return cuts
        try:
            item, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return cuts
        cuts.append(Cut(at, end, describe(item)))
        at = end
