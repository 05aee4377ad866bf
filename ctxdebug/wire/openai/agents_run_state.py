"""Run states of the OpenAI Agents SDK: the input, and the items that the run has made so far."""

from __future__ import annotations

from ctxdebug.exchange import Draft, Exchange
from ctxdebug.model import Role, Usage
from ctxdebug.wire import wire_format
from ctxdebug.wire.shape import camel_or_snake, count_of, mapping, objects, request_of, text_of
from ctxdebug.wire.shapes.log_draft import close, rebuilt, say
from ctxdebug.wire.shapes.responses_items import ItemReader


def _sniff(exchange: Exchange) -> int:
    body = request_of(exchange)
    return 40 if "$schemaVersion" in body and {"generated_items", "generatedItems"} & body.keys() else 0


@wire_format("openai.agents-state", "a run state of the OpenAI Agents SDK: `$schemaVersion`, `original_input`, `generated_items`",
             _sniff, frozenset({"generated_items", "generatedItems"}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a state; `model_responses` repeats the items, and its last usage counts."""
    body, at = request_of(exchange), exchange.request_at
    draft = rebuilt(exchange)
    reader = ItemReader()
    key, asked = camel_or_snake(body, "originalInput")
    if not isinstance(asked, str):
        for index, item in objects(asked):
            reader.read(item, (*at, key, index))
    if not asked or not isinstance(asked, (str, list)):
        draft.notes.append("the input that the run began with is not in the state")
    say(draft, Role.USER, "user", asked, (*at, key))
    key, made = camel_or_snake(body, "generatedItems")
    for index, item in objects(made):
        raw_key, raw = camel_or_snake(item, "rawItem")
        if isinstance(raw, dict):
            reader.read(raw, (*at, key, index, raw_key))
        draft.left_out.append((*at, key, index, "output"))
        if isinstance(item.get("agent"), dict):
            draft.left_out.append((*at, key, index, "agent"))
    draft.messages.extend(reader.messages)
    draft.unseen.extend(reader.unseen)
    key, answers = camel_or_snake(body, "modelResponses")
    for index, answer in objects(answers):
        used = mapping(answer.get("usage"))
        prompt = count_of(camel_or_snake(used, "inputTokens")[1])
        output = count_of(camel_or_snake(used, "outputTokens")[1])
        if prompt is not None:
            draft.usage = Usage(prompt, None, None, output, None, used, (*at, key, index, "usage"))
        draft.left_out.append((*at, key, index, "output"))
    draft.left_out.extend((*at, name) for name in ("trace", "session_items", "last_model_response"))
    draft.left_out.extend((*at, "context", name) for name in ("context", "usage", "approvals"))
    draft.model = text_of(mapping(camel_or_snake(body, "currentAgent")[1]).get("model"))
    return close(draft)
