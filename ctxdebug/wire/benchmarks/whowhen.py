"""Who&When failure logs: a conversation of several agents, with the step that went wrong."""

from __future__ import annotations

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Role
from ctxdebug.wire import wire_format
from ctxdebug.wire.logged_answer import split_answer
from ctxdebug.wire.loose_messages import read_message, role_of
from ctxdebug.wire.shape import mapping, objects, request_of, sample

_LABELS = ("question", "question_ID", "ground_truth", "mistake_agent", "mistake_step", "mistake_reason", "is_correct",
    "is_corrected", "level")  # fmt: skip
_OTHER_LOGS = frozenset({"agent", "message_type", "thought", "action"})


def _sniff(exchange: Exchange) -> int:
    body = request_of(exchange)
    turns = sample(body.get("history"))
    if not turns or any(_OTHER_LOGS & turn.keys() for turn in turns):
        return 0
    speaks = all(isinstance(turn.get("content"), str) and "role" in turn for turn in turns)
    named = any("name" in turn for turn in turns) or any(role_of(str(turn.get("role"))) is Role.OTHER for turn in turns)
    return 10 + 10 * bool({"mistake_step", "mistake_agent"} & body.keys()) if speaks and named else 0


@wire_format(
    "whowhen",
    "`history` of turns with role, content and a speaker's name (or a role that is the speaker); "
    "mistake_agent, mistake_step",
    _sniff,
    frozenset({"history"}),
)
def read(exchange: Exchange) -> Draft:
    """Read one conversation; each agent's system prompt is a message of its own."""
    body, at = request_of(exchange), exchange.request_at
    draft = Draft(rebuilt=True)
    for agent, prompt in mapping(body.get("system_prompt")).items():
        if isinstance(prompt, str):
            message = DraftMessage(Role.SYSTEM, "system", (*at, "system_prompt", agent), name=agent)
            message.text(prompt, (*at, "system_prompt", agent))
            draft.messages.append(message)
    for index, turn in objects(body.get("history")):
        message = read_message(turn, (*at, "history", index))
        if message.role is Role.OTHER:
            message.name = message.name or message.captured_role
            message.role = Role.USER if message.captured_role.lower().startswith("human") else Role.ASSISTANT
        draft.messages.append(message)
    draft.labels.update({key: body[key] for key in _LABELS if key in body})
    draft.notes.append("a conversation of several agents: each of them saw only its own part of it")
    split_answer(draft)
    return draft
