"""AgentDojo run logs: text parts under `content`, calls with a function's name and `args`."""

from __future__ import annotations

from ctxdebug.exchange import Draft, Exchange
from ctxdebug.wire import wire_format
from ctxdebug.wire.logged_answer import split_answer
from ctxdebug.wire.loose_messages import read_message
from ctxdebug.wire.pairing import pair_calls
from ctxdebug.wire.shape import objects, request_of, sample, text_of

_LABELS = ("suite_name", "pipeline_name", "user_task_id", "injection_task_id", "attack_type", "injections", "utility",
    "security", "error", "duration")  # fmt: skip


def _sniff(exchange: Exchange) -> int:
    messages = sample(request_of(exchange).get("messages"))
    parts = [part for message in messages for part in sample(message.get("content"))]
    calls = [call for message in messages for call in sample(message.get("tool_calls"))]
    own_parts = any(part.get("type") == "text" and "content" in part and "text" not in part for part in parts)
    own_calls = any(isinstance(call.get("function"), str) and "args" in call for call in calls)
    return 20 * own_parts + 20 * own_calls + (10 if "suite_name" in request_of(exchange) and messages else 0)


@wire_format(
    "agentdojo",
    "`messages` whose text parts contain `content` and whose tool calls contain `function` as a name and `args`; suite_name, "
    "injection_task_id",
    _sniff,
    frozenset({"messages"}),
)
def read(exchange: Exchange) -> Draft:
    """Read one run."""
    body, at = request_of(exchange), exchange.request_at
    draft = Draft(rebuilt=True, model=text_of(body.get("pipeline_name")))
    for index, raw in objects(body.get("messages")):
        message = read_message(raw, (*at, "messages", index))
        call = raw.get("tool_call")
        if isinstance(call, dict):
            for part in message.parts:
                part.tool = text_of(call.get("function"))
        draft.messages.append(message)
    pair_calls(draft.messages)
    draft.labels.update({key: body[key] for key in _LABELS if key in body})
    draft.notes.append("the log keeps no tool declarations, parameters or usage")
    split_answer(draft)
    return draft
