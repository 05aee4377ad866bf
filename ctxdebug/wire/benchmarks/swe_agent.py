"""SWE-agent trajectories: the history of one agent at a shell."""

from __future__ import annotations

from ctxdebug.exchange import Draft, Exchange
from ctxdebug.wire import wire_format
from ctxdebug.wire.logged_answer import split_answer
from ctxdebug.wire.loose_messages import read_message
from ctxdebug.wire.shape import mapping, objects, request_of, sample

_OWN_KEYS = frozenset({"agent", "message_type", "thought", "action", "is_demo"})


def _sniff(exchange: Exchange) -> int:
    body = request_of(exchange)
    turns = sample(body.get("history"))
    own = any(_OWN_KEYS & turn.keys() for turn in turns)
    return 20 + 5 * ("trajectory" in body) if own else 0


@wire_format(
    "swe-agent",
    "`history` of turns with role, content and `agent`, `thought`, `action` or `message_type`; `trajectory` of action "
    "and observation",
    _sniff,
    frozenset({"history"}),
)
def read(exchange: Exchange) -> Draft:
    """Read one trajectory; a thought repeats the content, so the content alone counts."""
    body, at = request_of(exchange), exchange.request_at
    draft = Draft(rebuilt=True)
    for index, turn in objects(body.get("history")):
        message = read_message(turn, (*at, "history", index))
        if turn.get("is_demo") is True:
            for part in message.parts:
                part.memory = True
        draft.messages.append(message)
    info = mapping(body.get("info"))
    draft.labels.update({key: info[key] for key in ("exit_status", "model_stats") if key in info})
    draft.notes.append("the log keeps no tool declarations, parameters or usage of a single call")
    split_answer(draft)
    return draft
