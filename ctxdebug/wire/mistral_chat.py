"""Mistral chat: close to Chat Completions, with marks of its own."""

from __future__ import annotations

from typing import Any

from ctxdebug.exchange import Draft, Exchange
from ctxdebug.wire import wire_format
from ctxdebug.wire.shape import mapping, request_of, response_of, sample, stream_of, text_of, url_host, without
from ctxdebug.wire.shapes.chat_answer import read_answer
from ctxdebug.wire.shapes.chat_request import messages_of, read_messages, read_settings, read_tools
from ctxdebug.wire.shapes.chat_shape import chat_weight

_REQUEST_MARKS = frozenset({"safe_prompt", "random_seed", "prompt_mode"})


def _sniff(exchange: Exchange) -> int:
    marks = _marks(exchange)
    weight = chat_weight(exchange) if marks else 0
    return weight + marks if weight else 0


def _marks(exchange: Exchange) -> int:
    bodies: list[Any] = [response_of(exchange)]
    if (stream := stream_of(exchange)) is not None:
        bodies.extend(event.data for event in stream.events)
    messages = sample(messages_of(exchange)[0])
    parts = [part for message in messages for part in sample(message.get("content"))]
    return sum((
        bool(_REQUEST_MARKS & request_of(exchange).keys()),
        any("prefix" in message for message in messages),
        any("document_url" in part or isinstance(part.get("thinking"), list) for part in parts),
        any("num_cached_tokens" in mapping(mapping(body).get("usage")) for body in bodies),
        "mistral.ai" in (exchange.url or "") and url_host(exchange).endswith("mistral.ai"),
    ))  # fmt: skip


@wire_format(
    "mistral.chat",
    "as openai.chat, with safe_prompt, random_seed, `prefix`, document_url or thinking parts, or num_cached_tokens; "
    "host mistral.ai",
    _sniff,
)
def read(exchange: Exchange) -> Draft:
    """Read a Mistral chat call."""
    body, at = request_of(exchange), exchange.request_at
    draft = Draft(model=text_of(body.get("model")), parameters=without(body, "messages", "tools"))
    draft.has_request = bool(messages_of(exchange)[0])
    read_messages(draft, exchange)
    read_tools(draft, body, at)
    read_settings(draft, body, at)
    draft.set("seed", body.get("random_seed"), (*at, "random_seed"))
    read_answer(draft, exchange)
    return draft
