"""What a retriever's run beside a call returned, and what it looked for, in the shapes of tracers, frameworks and vector stores."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from ctxdebug.model import Pointer
from ctxdebug.text.patterns import lazy

Row: TypeAlias = dict[str, Any]
"""A passage: `id`, `text`, and `at`, the pointer of the value that has it."""

_TEXTS = ("page_content", "pageContent", "content", "text", "document", "chunk", "body")
_NAMES = ("id", "doc_uri", "source", "title", "file_name", "filename", "name", "url", "doc_id", "document_id")
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
_QUERIES = ("query", "question", "search_query", "query_text", "input", "text", "q", "prompt")
_SHORTEST = 12
"""Characters from which a text is a passage and no status."""
_MOST = 200
_DEEPEST = 6
_LONGEST_QUERY = 2000
_RETRIEVES = lazy(r"retriev|vector.?(?:store|search)|similarity.?search", re.IGNORECASE)
"""Names of spans that retrieve, where nothing else says so."""
_ANSWERS = lazy(r"qa|chain|agent|conversation|answer|generat|workflow|pipeline|graph", re.IGNORECASE)
"""Names of spans that retrieve and answer: what they return is the answer."""
_OUTPUTS = ("traceloop.entity.output", "output.value", "gen_ai.tool.call.result")
_INPUTS = ("gen_ai.retrieval.query.text", "input.value", "traceloop.entity.input")


def retrieved(output: Any, at: Pointer = ()) -> list[Row]:
    """Return the passages in a retriever's output, also one that is JSON in a string; at most 200."""
    rows = zip(_passages(opened(output), "", 0), range(_MOST), strict=False)
    return [{"id": name, "text": text, "at": at} for (name, text), _ in rows]


def query_of(value: Any) -> list[str]:
    """Return what a retriever looked for: its input as a text, or the field of it that is the query."""
    held = opened(value)
    if isinstance(held, Mapping):
        held = next((held[key] for key in _QUERIES if isinstance(held.get(key), str)), None)
    if held is None and isinstance(value, str) and not value.lstrip().startswith(("{", "[")):
        held = value
    return [held] if isinstance(held, str) and 0 < len(held.strip()) <= _LONGEST_QUERY else []


def labels_of(rows: Sequence[Row], queries: Iterable[str]) -> dict[str, Any]:
    """Return what an exchange says of the retrieval beside it; nothing where there was none."""
    asked = list(dict.fromkeys(queries))
    return {**({"retrieved": list(rows)} if rows else {}), **({"queries": asked[:_MOST]} if asked else {})}


def retrieves(name: str) -> bool:
    """Whether a span retrieves, by its name."""
    return _RETRIEVES.search(name) is not None and _ANSWERS.search(name) is None


def retrieved_by_span(
    name: str, attributes: Mapping[str, Any], events: Sequence[Mapping[str, Any]], at: Pointer
) -> tuple[list[Row], list[str]]:
    """Return the passages and the query of a span, by the conventions of OpenInference, OpenTelemetry and Traceloop."""
    told = str(attributes.get("openinference.span.kind") or "").upper()
    found = _numbered(attributes, "retrieval.documents", at) or _numbered(attributes, "reranker.output_documents", at)
    for key in ("retrieval.documents", "gen_ai.retrieval.documents"):
        found = found or retrieved(attributes.get(key), (*at, key))
    for event in events:
        held = event.get("attributes")
        if event.get("name") == "db.query.result" and isinstance(held, Mapping):
            text = held.get("db.query.result.document")
            found += (
                [{"id": str(held.get("db.query.result.id") or ""), "text": text, "at": at[:-1]}]
                if isinstance(text, str)
                else []
            )
    if not found and (told == "RETRIEVER" or retrieves(name)):
        for key in _OUTPUTS:
            found = found or retrieved(attributes.get(key), (*at, key))
    queries = [query for key in _INPUTS for query in query_of(attributes.get(key))] if found else []
    return found[:_MOST], queries[:1]


def _numbered(attributes: Mapping[str, Any], key: str, at: Pointer) -> list[Row]:
    """Documents whose fields are attributes of their own: `retrieval.documents.0.document.content`."""
    found: dict[str, Row] = {}
    for name, value in attributes.items():
        parts = name.removeprefix(f"{key}.").split(".") if name.startswith(f"{key}.") else []
        if len(parts) == 3 and parts[1] == "document" and parts[2] in {"content", "id"} and isinstance(value, str):
            row = found.setdefault(parts[0], {"id": "", "text": "", "at": at})
            row["text" if parts[2] == "content" else "id"] = value
            if parts[2] == "content":
                row["at"] = (*at, name)
    return [row for row in found.values() if len(row["text"]) >= _SHORTEST]


def opened(value: Any) -> Any:
    """Return a value, read as JSON where it is JSON in a string; None for a string that is none."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def _passages(value: Any, name: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            if isinstance(item, str) and len(item) >= _SHORTEST:
                yield name, item
            else:
                yield from _passages(item, name, depth + 1)
    elif isinstance(value, Mapping):
        own = _name(value) or name
        text = next((value[key] for key in _TEXTS if isinstance(value.get(key), str)), "")
        if len(text) >= _SHORTEST:
            yield own, text
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
