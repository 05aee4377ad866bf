"""One recorded exchange that holds several calls: a batch, or the log of a session."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ctxdebug.containers.shapes.sessions import sessions
from ctxdebug.decoding.agent_logs import session_kind
from ctxdebug.exchange import Exchange
from ctxdebug.model import Pointer
from ctxdebug.records import replace

_LOOKED_AT = 30


def spread(exchange: Exchange) -> Iterator[Exchange]:
    """Yield the calls inside an exchange; the exchange itself when it is one call."""
    request = exchange.request
    if isinstance(request, dict) and isinstance(request.get("loglines"), list):  # Claude Code's export
        exchange = replace(exchange, request=request["loglines"], request_at=(*exchange.request_at, "loglines"))
        request = exchange.request
    if isinstance(request, list) and (kind := session_kind(request[:_LOOKED_AT])) is not None:
        if exchange.response is not None:
            yield exchange
            return
        yield from sessions(kind, request, exchange.request_at, exchange)
        return
    inner = _batched(request, exchange.request_at)
    if not inner:
        yield exchange
        return
    for body, at in inner:
        note = "one request of a batch; its answer is delivered elsewhere"
        yield replace(
            exchange,
            pointer=at,
            request=body,
            request_at=at,
            response=None,
            format="anthropic.messages" if at[-1] == "params" else "google.generate_content",
            notes=(*exchange.notes, note),
        )


def _batched(request: Any, at: Pointer) -> list[tuple[Any, Pointer]]:
    """Return the bodies inside a batch request of Anthropic or Gemini."""
    if not isinstance(request, dict):
        return []
    listed, key = request.get("requests"), "params"
    where = (*at, "requests")
    if not isinstance(listed, list):
        held: Any = request
        for step in ("batch", "inputConfig", "requests", "requests"):
            held = held.get(step) if isinstance(held, dict) else None
            where = (*(at if step == "batch" else where), step)
        listed, key = held, "request"
    if not isinstance(listed, list):
        return []
    found = [
        (n, item[key]) for n, item in enumerate(listed) if isinstance(item, dict) and isinstance(item.get(key), dict)
    ]
    return [(body, (*where, n, key)) for n, body in found]
