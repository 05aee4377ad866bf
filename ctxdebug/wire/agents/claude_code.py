"""Claude Code sessions: one context of the conversation, as the log's lines hold it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.decoding.agent_logs import is_log_of
from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Pointer, ProviderError, Record, Role, Unseen, UnseenKind
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.agents.attachments import read_attachment
from ctxdebug.wire.shape import count_of, lines_of, mapping, objects, text_of
from ctxdebug.wire.shapes.anthropic_answer import finish_of, usage_of
from ctxdebug.wire.shapes.anthropic_blocks import note_unseen_blocks, read_block, read_message

_MADE_HERE = "<synthetic>"
"""The model that Claude Code names on messages of its own."""


def _sniff(exchange: Exchange) -> int:
    return 40 if is_log_of(exchange.request, "claude-code") else 0


@wire_format(
    "claude-code",
    "lines of type user, assistant, system with uuid, parentUuid, sessionId and an Anthropic `message`",
    _sniff,
    frozenset({LIST}),
)
def read(exchange: Exchange) -> Draft:
    """Read one context; the lines of one message id are one message, and its last usage counts."""
    draft = Draft(rebuilt=True)
    what = "the system prompt and the tool declarations, which the log does not keep"
    draft.unseen.append(Unseen(what, exchange.request_at, UnseenKind.NOT_LOGGED))
    calls: dict[str, Any] = {}
    previous: str | None = None
    for number, line in lines_of(exchange):
        raw, at = mapping(line.get("message")), (*exchange.request_at, number, "message")
        draft.session = draft.session or text_of(line.get("sessionId"))
        _read_place(draft, line)
        if line.get("isApiErrorMessage") is True:
            _read_failure(draft, raw, at)
        elif isinstance(line.get("attachment"), dict):
            _attach(draft, line["attachment"], (*exchange.request_at, number, "attachment"))
            previous = None
        elif line.get("type") == "system" and not raw:
            draft.left_out.append(
                (*exchange.request_at, number)
            )  # what Claude Code shows the user: a compaction, a hook
        elif raw.get("content"):
            identifier = text_of(raw.get("id"))
            if identifier is not None and identifier == previous:
                _extend(draft.messages[-1], raw, at)
                draft.messages[-1].record = _record(line, raw, at)
            else:
                draft.messages.append(_message(line, raw, at))
            previous = identifier
            if raw.get("role") == "assistant" and raw.get("model") != _MADE_HERE:
                _read_about(draft, raw, at)
                calls[identifier or str(number)] = raw.get("usage")
    note_unseen_blocks(draft)
    draft.labels["calls"] = len(calls)
    agent = exchange.labels.get("agent")
    if agent is not None and draft.session is not None:
        draft.session = f"{draft.session} ({agent})"
    _split(draft)
    return draft


def _record(line: Mapping[str, Any], raw: Mapping[str, Any], at: Pointer) -> Record:
    """Return what the log says of a message: when, and of an answer by which model and for how many tokens."""
    time = text_of(line.get("timestamp"))
    if raw.get("role") != "assistant" or raw.get("model") == _MADE_HERE:
        return Record(time=time)
    return Record(text_of(raw.get("model")), usage_of(raw.get("usage"), (*at, "usage")), time)


def _read_place(draft: Draft, line: Mapping[str, Any]) -> None:
    """What a line says of the session: its folder, and that the conversation was compacted here."""
    if isinstance(line.get("cwd"), str):
        draft.labels.setdefault("project", line["cwd"])
    if line.get("subtype") == "compact_boundary":
        about = mapping(line.get("compactMetadata"))
        draft.labels["began"] = "compaction"
        draft.labels["trigger"] = text_of(about.get("trigger"))
        draft.labels["tokens_before"] = count_of(about.get("preTokens"))


def _message(line: Mapping[str, Any], raw: Mapping[str, Any], at: Pointer) -> DraftMessage:
    message = read_message(raw, at)
    message.record = _record(line, raw, at)
    if line.get("isCompactSummary") is True:
        for part in message.parts:
            part.memory = True
    return message


def _attach(draft: Draft, held: Mapping[str, Any], at: Pointer) -> None:
    """An attachment is sent in the user's turn that it follows."""
    if draft.messages and draft.messages[-1].role is Role.USER:
        read_attachment(draft.messages[-1], held, at)
        return
    message = DraftMessage(Role.USER, "attachment", at)
    read_attachment(message, held, at)
    if message.parts:
        draft.messages.append(message)


def _extend(message: DraftMessage, raw: Mapping[str, Any], at: Pointer) -> None:
    for index, block in objects(raw.get("content")):
        read_block(message, block, (*at, "content", index))


def _read_about(draft: Draft, raw: Mapping[str, Any], at: Pointer) -> None:
    draft.model = draft.answered_by = text_of(raw.get("model")) or draft.model
    draft.usage = usage_of(raw.get("usage"), (*at, "usage")) or draft.usage
    draft.finish = finish_of(raw.get("stop_reason"), (*at, "stop_reason"))
    draft.id = text_of(raw.get("id"))


def _read_failure(draft: Draft, raw: Mapping[str, Any], at: Pointer) -> None:
    message = read_message(raw, at)
    if message.parts:
        part = message.parts[0]
        draft.error = ProviderError(part.text, None, part.pieces[0].pointer)
        draft.usage = draft.finish = None


def _split(draft: Draft) -> None:
    """The last turn of the assistant is the answer of the context's last call, unless that call failed."""
    if draft.error is None and draft.messages and draft.messages[-1].role is Role.ASSISTANT:
        draft.answer.append(draft.messages.pop())
        draft.has_response = True
    elif draft.error is not None:
        draft.has_response = True
    else:
        draft.usage = draft.finish = draft.id = None
