"""OpenAI's legacy completions: a prompt, or several, and the text that goes on."""

from __future__ import annotations

from typing import Any

from ctxdebug.exchange import Assembly, Draft, DraftMessage, Exchange, Part, Stream
from ctxdebug.model import Kind, Pointer, Role, Unseen, UnseenKind
from ctxdebug.wire import STREAM, wire_format
from ctxdebug.wire.shape import (
    count_of,
    items,
    mapping,
    objects,
    request_of,
    response_of,
    stream_of,
    text_of,
    url_has,
    without,
)
from ctxdebug.wire.shapes.chat_messages import read_message
from ctxdebug.wire.shapes.chat_request import read_settings
from ctxdebug.wire.shapes.chat_stream import finish_of, read_choices, usage_of
from ctxdebug.wire.shapes.error_body import read_error

_FOREIGN_KEYS = frozenset(
    {"messages", "max_tokens_to_sample", "input", "max_gen_len", "keep_alive", "options", "system"}
)


def _sniff(exchange: Exchange) -> int:
    body, response, stream = request_of(exchange), response_of(exchange), stream_of(exchange)
    if _FOREIGN_KEYS & body.keys() or url_has(exchange, "/chat/completions"):
        return 0
    weight = 0
    if isinstance(body.get("prompt"), (str, list)):
        weight += 3 if "model" in body or "max_tokens" in body else 0
        weight += 6 if url_has(exchange, "/completions") else 0
    elif isinstance(body.get("variables"), dict) and url_has(exchange, "/completions"):
        weight += 6
    bodies = [response] if stream is None else [mapping(event.data) for event in stream.events]
    weight += 7 if any("text" in choice for answer in bodies for _, choice in objects(answer.get("choices"))) else 0
    return weight


@wire_format(
    "openai.completions",
    "`prompt` (text, a list of texts, or token ids) with a model; `choices[].text`; path /completions",
    _sniff,
    frozenset({"prompt", "variables", "choices", STREAM}),
)
def read(exchange: Exchange) -> Draft:
    """Read a legacy completion."""
    body, at = request_of(exchange), exchange.request_at
    draft = Draft(model=text_of(body.get("model")), parameters=without(body, "prompt"))
    _read_prompt(draft, body.get("prompt"), (*at, "prompt"))
    if isinstance(body.get("suffix"), str):
        draft.notes.append("the request has a suffix: the model fills the gap between the two")
        message = DraftMessage(Role.USER, "suffix", (*at, "suffix"))
        message.text(body["suffix"], (*at, "suffix"))
        draft.messages.append(message)
    if isinstance(body.get("variables"), dict):
        draft.unseen.append(
            Unseen("the prompt template stored on the gateway", (*at, "variables"), UnseenKind.TEMPLATE)
        )
    draft.has_request = bool(draft.messages or draft.unseen)
    read_settings(draft, body, at)
    _read_response(draft, exchange)
    return draft


def _read_prompt(draft: Draft, prompt: Any, at: Pointer) -> None:
    held = (
        [(prompt, at)]
        if isinstance(prompt, str)
        else [(item, (*at, index)) for index, item in enumerate(items(prompt))]
    )
    texts = [(text, where) for text, where in held if isinstance(text, str)]
    for text, where in texts:
        message = DraftMessage(Role.USER, "prompt", where)
        message.text(text, where)
        draft.messages.append(message)
    if len(texts) > 1:
        draft.notes.append(f"{len(texts)} prompts in one request: each is a call of its own, and usage is their sum")
    if items(prompt) and not texts:
        draft.unseen.append(Unseen("a prompt given as token ids", at, UnseenKind.IDS))


def _read_response(draft: Draft, exchange: Exchange) -> None:
    response: Any = exchange.response
    if response is None:
        return
    draft.has_response = True
    if isinstance(response, Stream):
        _read_stream(draft, response)
    elif isinstance(response, str) and exchange.url is None and exchange.status is None:
        message = DraftMessage(Role.ASSISTANT, "assistant", exchange.response_at)
        message.text(response, exchange.response_at)
        draft.answer.append(message)
    elif isinstance(response, dict):
        read_choices(draft, response, exchange.response_at, read_message)
    draft.error = read_error(response, exchange.response_at, exchange.status)


def _read_stream(draft: Draft, stream: Stream) -> None:
    texts: dict[int, Assembly] = {}
    for event in stream.events:
        data = mapping(event.data)
        draft.id = draft.id or text_of(data.get("id"))
        draft.answered_by = text_of(data.get("model")) or draft.answered_by
        draft.usage = usage_of(data.get("usage"), (*event.pointer, "usage")) or draft.usage
        for position, choice in objects(data.get("choices")):
            where = (*event.pointer, "choices", position)
            text = texts.setdefault(count_of(choice.get("index")) or 0, Assembly())
            if isinstance(choice.get("text"), str):
                text.add(choice["text"], (*where, "text"))
            draft.finish = finish_of(choice.get("finish_reason"), (*where, "finish_reason")) or draft.finish
    for _, text in sorted(texts.items()):
        message = DraftMessage(Role.ASSISTANT, "assistant", text.pieces[0].pointer if text else ())
        message.parts.append(Part(Kind.TEXT, text.text, text.pieces))
        draft.answer.append(message)
