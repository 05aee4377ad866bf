"""An error with nothing around it that tells whose it is."""

from __future__ import annotations

from ctxdebug.exchange import Draft, Exchange
from ctxdebug.wire import wire_format
from ctxdebug.wire.shape import request_of, text_of
from ctxdebug.wire.shapes.error_body import read_error


def _sniff(exchange: Exchange) -> int:
    found = read_error(exchange.response, exchange.response_at, exchange.status)
    return 1 if exchange.request is None and found is not None else 0


@wire_format(
    "error", "an error body (`error.message`, `message` with a status of 400 or more) without its request", _sniff
)
def read(exchange: Exchange) -> Draft:
    """Read the error; nothing else is there."""
    draft = Draft(model=text_of(request_of(exchange).get("model")), has_request=False, has_response=True)
    draft.error = read_error(exchange.response, exchange.response_at, exchange.status)
    return draft
