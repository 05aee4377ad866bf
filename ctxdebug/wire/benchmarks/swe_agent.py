"""SWE-agent trajectories: the history of one agent at a shell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Kind, Role
from ctxdebug.wire import wire_format
from ctxdebug.wire.logged_answer import split_answer
from ctxdebug.wire.loose_messages import read_message
from ctxdebug.wire.shape import mapping, objects, request_of, sample, text_of


def _observe(message: DraftMessage, turn: Mapping[str, Any], before: list[DraftMessage]) -> None:
    """A user turn that follows an action is the shell's answer, not the user's words."""
    follows = bool(before) and before[-1].role is Role.ASSISTANT
    observed = turn.get("message_type") in ("observation", None) and turn.get("is_demo") is not True
    if message.role is Role.USER and follows and observed:
        for part in message.parts:
            if part.kind is Kind.TEXT:
                part.kind, part.tool = Kind.TOOL_RESULT, "shell"


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
        _observe(message, turn, draft.messages)
        draft.messages.append(message)
    info = mapping(body.get("info"))
    draft.labels.update({key: info[key] for key in ("exit_status", "model_stats") if key in info})
    draft.notes.append("the log keeps no tool declarations, parameters or usage of a single call")
    split_answer(draft)
    return draft


def _sniff_mini(exchange: Exchange) -> int:
    body = request_of(exchange)
    version = text_of(body.get("trajectory_format")) or text_of(mapping(body.get("info")).get("mini_version"))
    return 30 if version is not None and isinstance(body.get("messages"), list) else 0


@wire_format("mini-swe-agent", "`messages` with `trajectory_format` mini-swe-agent, or `info.mini_version`", _sniff_mini,
             frozenset({"messages"}))  # fmt: skip
def read_mini(exchange: Exchange) -> Draft:
    """Read one trajectory of mini-swe-agent; the user turns after the task are what the shell printed."""
    body, at = request_of(exchange), exchange.request_at
    draft = Draft(rebuilt=True)
    for index, turn in objects(body.get("messages")):
        message = read_message(turn, (*at, "messages", index))
        _observe(message, turn, draft.messages)
        draft.messages.append(message)
    info = mapping(body.get("info"))
    draft.model = text_of(mapping(mapping(info.get("config")).get("model")).get("model_name"))
    draft.labels.update({key: info[key] for key in ("exit_status", "model_stats") if key in info})
    draft.notes.append("the log keeps no tool declarations, parameters or usage of a single call")
    split_answer(draft)
    return draft
