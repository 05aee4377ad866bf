"""Passages that a retriever run returned, in the shapes of LangChain, LlamaIndex, Haystack and plain vector stores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_TEXTS = ("page_content", "pageContent", "content", "text", "document", "chunk", "body")
_NAMES = ("id", "source", "title", "file_name", "filename", "name", "url", "doc_id", "document_id")
_INSIDE = (
    "documents",
    "results",
    "matches",
    "hits",
    "nodes",
    "output",
    "data",
    "chunks",
    "passages",
    "metadata",
    "node",
    "payload",
    "kwargs",
)
_SHORTEST = 12
"""Characters from which a text is a passage and no status."""
_MOST = 200
_DEEPEST = 6


def retrieved(output: Any) -> list[dict[str, str]]:
    """Return the passages in a retriever's output, each `{"id", "text"}`; at most 200."""
    return [found for found, _ in zip(_passages(output, "", 0), range(_MOST), strict=False)]


def _passages(value: Any, name: str, depth: int) -> Iterator[dict[str, str]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            if isinstance(item, str) and len(item) >= _SHORTEST:
                yield {"id": name, "text": item}
            else:
                yield from _passages(item, name, depth + 1)
    elif isinstance(value, Mapping):
        own = _name(value) or name
        text = next((value[key] for key in _TEXTS if isinstance(value.get(key), str)), "")
        if len(text) >= _SHORTEST:
            yield {"id": own, "text": text}
            return
        for key in (*_INSIDE, *_TEXTS):
            if isinstance(value.get(key), (list, Mapping)):
                yield from _passages(value[key], own, depth + 1)


def _name(value: Mapping[str, Any]) -> str:
    metadata = value.get("metadata")
    for held in (value, metadata if isinstance(metadata, Mapping) else {}):
        for key in _NAMES:
            if isinstance(held.get(key), str) and held[key]:
                return str(held[key])
    return ""
