"""Inspect logs: one call of a model, or one sample's conversation."""

from __future__ import annotations

from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Role
from ctxdebug.wire import wire_format
from ctxdebug.wire.logged_answer import logged_finish
from ctxdebug.wire.loose_messages import read_message
from ctxdebug.wire.pairing import pair_calls
from ctxdebug.wire.shape import (
    count_of,
    items,
    mapping,
    number_of,
    objects,
    request_of,
    response_of,
    sample,
    text_of,
    tool_from,
)
from ctxdebug.wire.shapes.usage_dialects import logged_usage

_CONFIG = (("max_tokens", "max_output"), ("temperature", "temperature"), ("top_p", "top_p"), ("seed", "seed"))


def _sniff(exchange: Exchange) -> int:
    body, response = request_of(exchange), response_of(exchange)
    output = mapping(response.get("output")) or mapping(body.get("output"))
    answered = any("message" in choice and "stop_reason" in choice for choice in sample(output.get("choices")))
    called = "config" in body and "tool_choice" in body and isinstance(body.get("input"), list)
    sampled = items(body.get("messages")) and "input" in body
    return 20 if called or (sampled and (answered or "output" in response or "epoch" in body)) else 0


@wire_format(
    "inspect",
    "a model event with `input`, `tools`, `config` and `output.choices[].stop_reason`; or a sample with `messages` and "
    "`output`",
    _sniff,
    frozenset({"input", "messages"}),
)
def read(exchange: Exchange) -> Draft:
    """Read one model event, or one sample of an older log."""
    body, at = request_of(exchange), exchange.request_at
    draft = Draft(rebuilt=True, model=text_of(body.get("model")))
    key = "messages" if items(body.get("messages")) else "input"
    for index, raw in objects(body.get(key)):
        draft.messages.append(read_message(raw, (*at, key, index)))
    if isinstance(body.get(key), str):
        message = DraftMessage(Role.USER, "user", (*at, key))
        message.text(body[key], (*at, key))
        draft.messages.append(message)
    for index, tool in objects(body.get("tools")):
        draft.tools.append(
            tool_from(tool, (*at, "tools", index), name=tool.get("name"), description=tool.get("description"),
                      schema=tool.get("parameters"))
        )  # fmt: skip
    config = mapping(body.get("config"))
    for setting, name in _CONFIG:
        draft.set(
            name, config.get(setting) if number_of(config.get(setting)) is not None else None, (*at, "config", setting)
        )
    draft.set("stop", tuple(map(str, items(config.get("stop_seqs")))) or None, (*at, "config", "stop_seqs"))
    draft.set("tool_choice", body.get("tool_choice"), (*at, "tool_choice"))
    _read_output(draft, exchange)
    pair_calls(draft.messages)
    return draft


def _read_output(draft: Draft, exchange: Exchange) -> None:
    response, at = response_of(exchange), exchange.response_at
    output, where = mapping(response.get("output")), (*at, "output")
    if not output:
        output, where = mapping(request_of(exchange).get("output")), (*exchange.request_at, "output")
    if not output:
        return
    draft.has_response = True
    draft.answered_by = text_of(output.get("model"))
    draft.usage = logged_usage(output.get("usage"), (*where, "usage"))
    draft.usage = _whole_prompt(draft.usage)
    for index, choice in objects(output.get("choices")):
        inner = (*where, "choices", index)
        if isinstance(choice.get("message"), dict):
            draft.answer.append(read_message(choice["message"], (*inner, "message")))
        draft.finish = draft.finish or logged_finish(choice.get("stop_reason"), (*inner, "stop_reason"))
    last, said = draft.messages[-1:], draft.answer[:1]
    if last and said and last[0].role is Role.ASSISTANT and _same(last[0], said[0]):
        draft.messages.pop()


def _same(left: DraftMessage, right: DraftMessage) -> bool:
    return [part.text for part in left.parts] == [part.text for part in right.parts]


def _whole_prompt(usage: Any) -> Any:
    """Whether `input_tokens` holds the cached ones too depends on the provider; `total_tokens` tells."""
    from ctxdebug.records import replace

    if usage is None or usage.prompt is None:
        return usage
    written = count_of(usage.raw.get("input_tokens_cache_write"))
    beside = (usage.cache_read or 0) + (written or 0)
    total = count_of(usage.raw.get("total_tokens"))
    if beside and total == usage.prompt + (usage.output or 0) + beside:
        return replace(usage, prompt=usage.prompt + beside, cache_write=written)
    return replace(usage, cache_write=written)
