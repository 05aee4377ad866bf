"""Alpaca's rows: an instruction, an input beside it, and the output."""

from __future__ import annotations

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Role
from ctxdebug.wire import wire_format
from ctxdebug.wire.shape import items, request_of, text_of
from ctxdebug.wire.shapes.log_draft import add_text, close, say


def _sniff(exchange: Exchange) -> int:
    body = request_of(exchange)
    known = isinstance(body.get("instruction"), str) and isinstance(body.get("output"), str) and "input" in body
    return 30 if known and "messages" not in body else 0


@wire_format("alpaca", "rows of `instruction`, `input` and `output`, with `system` and `history` where they are", _sniff,
             frozenset({"instruction"}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a row; `history` is earlier pairs of a question and an answer."""
    body, at = request_of(exchange), exchange.request_at
    draft = Draft(rebuilt=True, id=text_of(body.get("id")))
    say(draft, Role.SYSTEM, "system", body.get("system"), (*at, "system"))
    for index, pair in enumerate(items(body.get("history"))):
        for number, role in enumerate((Role.USER, Role.ASSISTANT)):
            if isinstance(pair, list) and number < len(pair):
                say(draft, role, role.value, pair[number], (*at, "history", index, number))
    message = DraftMessage(Role.USER, "instruction", (*at, "instruction"))
    add_text(message, body.get("instruction"), (*at, "instruction"))
    add_text(message, body.get("input"), (*at, "input"))
    draft.messages.append(message)
    say(draft, Role.ASSISTANT, "output", body.get("output"), (*at, "output"))
    return close(draft)
