"""LlamaIndex's chat stores, memories and workflow contexts: message lists by key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Pointer
from ctxdebug.records import field, record

_MARKS = ('"store"', '"chat_store"', '"sql_store"', '"state_data"')
_WRAPPED = ("value", "data")
"""Where a message is inside a row: of a serialised object, of a memory's table."""


@record(slots=True)
class _Stored:
    key: str
    messages: list[Any]
    at: Pointer
    origins: dict[Pointer, Pointer] = field(default_factory=dict)


def _stores(document: Any, at: Pointer, source: Source, name: str = "") -> Iterator[_Stored]:
    """Each list of messages in a store, a memory, or the state of a workflow."""
    if isinstance(document, list):
        yield from _listed(document, at, name)
        return
    if not isinstance(document, dict):
        return
    held = document.get("store")
    if isinstance(held, dict):
        for key, messages in held.items():
            yield from _listed(messages, (*at, "store", key), key)
    for key in ("chat_store", "memory", "value"):
        if isinstance(document.get(key), (dict, list)):
            yield from _stores(document[key], (*at, key), source, name)
    table = document.get("sql_store")
    if isinstance(table, dict):
        yield from _listed(table.get("db_data"), (*at, "sql_store", "db_data"), str(document.get("session_id") or name))
    for key, text, where in _state(document, at):
        value = source.reader.value(text) if text.lstrip().startswith(("{", "[")) else None
        yield from _stores(value, (*where, Decoding.JSON), source, key)


def _state(document: dict[str, Any], at: Pointer) -> Iterator[tuple[str, str, Pointer]]:
    """Yield the values of a workflow's state, each JSON in a text."""
    state = document.get("state")
    data = state.get("state_data") if isinstance(state, dict) else None
    held = data.get("_data") if isinstance(data, dict) else None
    for key, value in held.items() if isinstance(held, dict) else ():
        if isinstance(value, str):
            yield key, value, (*at, "state", "state_data", "_data", key)


def _listed(messages: Any, at: Pointer, key: str) -> Iterator[_Stored]:
    """Yield a list of messages, bare or each in a row of its own."""
    if not isinstance(messages, list) or not messages or not all(isinstance(one, dict) for one in messages):
        return
    found = _Stored(key, [], at)
    for index, row in enumerate(messages):
        wrapper = next((name for name in _WRAPPED if "role" not in row and isinstance(row.get(name), dict)), None)
        found.messages.append(row[wrapper] if wrapper else row)
        if wrapper:
            found.origins[(*at, index)] = (*at, index, wrapper)
    if any("role" in message for message in found.messages):
        yield found


def _sniff(source: Source) -> Likeness:
    if source.shape != "json" or not any(mark in source.opening for mark in _MARKS):
        return Likeness.NO
    document = source.document
    known = isinstance(document, dict) and next(_stores(document, (), source), None) is not None
    return Likeness.CERTAIN if known else Likeness.NO


@container("llama-index-store", "LlamaIndex: `store` of message lists by key, a memory around one, or a workflow's context with one",
           _sniff)  # fmt: skip
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a list of messages."""
    for stored in _stores(source.document, (*source.root, Decoding.JSON), source):
        form = "llama-index" if any("blocks" in message for message in stored.messages) else "messages"
        yield Exchange(stored.at, request=stored.messages, request_at=stored.at, session=stored.key or None, format=form,
                       origins=stored.origins)  # fmt: skip
