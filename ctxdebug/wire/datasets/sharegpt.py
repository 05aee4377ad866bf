"""ShareGPT's rows, which many training sets share: `conversations` of `from` and `value`."""

from __future__ import annotations

from typing import Any

from ctxdebug.decoding.strict_json import JsonReader
from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Decoding, Kind, Role
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.loose_messages import role_of
from ctxdebug.wire.pairing import pair_calls
from ctxdebug.wire.shape import items, mapping, objects, request_of, sample, text_of, tool_from
from ctxdebug.wire.shapes.beside import read_beside
from ctxdebug.wire.shapes.log_draft import add_call, add_text, close

_NAMES = {"gpt": Role.ASSISTANT, "chatgpt": Role.ASSISTANT, "bing": Role.ASSISTANT, "bard": Role.ASSISTANT,
          "function_call": Role.ASSISTANT, "observation": Role.TOOL, "function_response": Role.TOOL}  # fmt: skip
"""Who speaks, beyond the common names (LLaMA-Factory's documentation has the tools' names)."""


def _sniff(exchange: Exchange) -> int:
    turns = sample(request_of(exchange).get("conversations")) or sample(exchange.request)
    return 30 if turns and all("from" in one and "value" in one for one in turns) else 0


@wire_format("sharegpt", "`conversations` of `from` (human, gpt, system, function_call, observation) and `value`", _sniff,
             frozenset({"conversations", LIST}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a row; its last turn is the answer that the model is trained to give."""
    body, at = request_of(exchange), exchange.request_at
    listed, where = (body["conversations"], (*at, "conversations")) if body else (exchange.request, at)
    draft = Draft(rebuilt=True, id=text_of(body.get("id")))
    reader = JsonReader()
    tool: str | None = None
    for index, raw in objects(listed):
        captured = text_of(raw.get("from")) or ""
        place = (*where, index, "value")
        message = DraftMessage(_NAMES.get(captured.lower()) or role_of(captured), captured, (*where, index))
        call = (
            mapping(reader.value(raw["value"])) if captured == "function_call" and isinstance(raw["value"], str) else {}
        )
        if call:
            tool = text_of(call.get("name"))
            add_call(message, call.get("name"), call.get("arguments"), None, (*place, Decoding.JSON))
        elif message.role is Role.TOOL:
            add_text(message, raw.get("value"), place, Kind.TOOL_RESULT, tool=tool)
        else:
            add_text(message, raw.get("value"), place)
        draft.messages.append(message)
    read_beside(draft, body, at)
    held: Any = reader.value(body["tools"]) if isinstance(body.get("tools"), str) else body.get("tools")
    steps = (Decoding.JSON,) if isinstance(body.get("tools"), str) else ()
    for index, declared in objects(items(held)):
        function = mapping(declared.get("function")) or declared
        draft.tools.append(tool_from(declared, (*at, "tools", *steps, index), name=function.get("name"),
                                     description=function.get("description"), schema=function.get("parameters")))  # fmt: skip
    pair_calls(draft.messages)
    return close(draft)
