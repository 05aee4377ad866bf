"""Error bodies, in the shapes that servers send them, also inside a stream or under HTTP 200."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Stream
from ctxdebug.model import Pointer, ProviderError
from ctxdebug.wire.shape import mapping, text_of

_BARE_ERROR = frozenset({"message", "Message", "__type", "detail", "request_id"})
"""Keys of a body that is an error where it has no others (AWS, Cohere, FastAPI)."""


def read_error(body: Any, at: Pointer, status: int | None) -> ProviderError | None:
    """Return the error in a body, or None when it is not one."""
    if isinstance(body, Stream):
        return next((found for event in body.events if (found := read_error(event.data, event.pointer, status))), None)
    if isinstance(body, (str, bytes)):
        text = body if isinstance(body, str) else repr(body[:200])
        return ProviderError(text[:2000], None, at, status) if (status or 200) >= 400 else None
    body = mapping(body)
    error = body.get("error")
    if isinstance(error, dict):
        code = error.get("code") or error.get("status") or error.get("type")
        message = text_of(error.get("message")) or text_of(error.get("metadata")) or str(error)
        if passed_on := _passed_on(error.get("metadata")):
            message = f"{message}: {passed_on}"
        where = (*at, "error", "message") if isinstance(error.get("message"), str) else (*at, "error")
        return ProviderError(message, None if code is None else str(code), where, status, _numbers(error))
    if isinstance(error, str) and error:
        return ProviderError(error, text_of(body.get("error_type")), (*at, "error"), status)
    refused = (status or 200) >= 400
    if refused or body.get("object") == "error" or body.get("type") == "error" or body.keys() <= _BARE_ERROR:
        for key in ("message", "Message", "detail", "error_message"):
            said = _said(body.get(key))
            if said:
                code = text_of(body.get("error_type")) or text_of(body.get("type")) or text_of(body.get("code"))
                return ProviderError(said, code, (*at, key), status)
    return ProviderError(str(dict(body))[:2000], None, at, status) if refused else None


def _passed_on(metadata: Any) -> str | None:
    """Return what the provider behind a gateway said: OpenRouter keeps its body as text in `metadata.raw`."""
    raw = mapping(metadata).get("raw")
    if isinstance(raw, str) and raw.lstrip()[:1] == "{":
        try:
            raw = json.loads(raw[:_LONGEST])
        except (ValueError, RecursionError):
            return str(raw)[:2000]
    if isinstance(raw, str):
        return raw[:2000] or None
    held = mapping(raw)
    said = _said(held.get("error")) or _said(held.get("message")) or _said(held.get("detail"))
    return said or (str(dict(held))[:2000] if held else None)


_LONGEST = 20_000
"""Characters of a nested body that are read."""


def _said(held: Any) -> str | None:
    """Return the words of an error: a text, or FastAPI's list of fields with what is wrong with each."""
    if isinstance(held, dict):
        return _said(held.get("message")) or _said(held.get("detail"))
    if not isinstance(held, list):
        return text_of(held)
    rows = [row for row in map(mapping, held) if text_of(row.get("msg"))]
    return "; ".join(f"{'.'.join(map(str, row.get('loc') or ()))}: {row['msg']}" for row in rows) or None


def _numbers(error: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    """Return the counts beside a message, as llama.cpp sends them (`n_prompt_tokens`, `n_ctx`)."""
    return tuple(
        (name, held)
        for name, held in error.items()
        if isinstance(held, int) and not isinstance(held, bool) and held >= 0
    )
