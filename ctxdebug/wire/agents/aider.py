"""aider's histories: the requests themselves, and the chat as it was shown."""

from __future__ import annotations

from ctxdebug.decoding.aider_history import Spoken, sent, shown, unmarked
from ctxdebug.exchange import Assembly, Draft, DraftMessage, Exchange, Part
from ctxdebug.model import Decoding, Kind, Pointer, Role
from ctxdebug.wire import wire_format
from ctxdebug.wire.shapes.log_draft import TOOLS, close, rebuilt

_ROLES = {
    "SYSTEM": Role.SYSTEM,
    "USER": Role.USER,
    "ASSISTANT": Role.ASSISTANT,
    "TOOL": Role.TOOL,
    "FUNCTION": Role.TOOL,
}


def _never(_: Exchange) -> int:
    """Only aider's own container knows these."""
    return 0


@wire_format("aider-requests", "a section of .aider.llm.history", _never)
def read_requests(exchange: Exchange) -> Draft:
    """Read one request with its answer: aider logs every message that it sends."""
    draft = rebuilt(exchange, TOOLS)
    for spoken in sent(str(exchange.request)):
        message = _message(spoken, str(exchange.request), exchange.request_at)
        (draft.answer if spoken.answer else draft.messages).append(message)
    if lost := unmarked(str(exchange.request)):
        draft.notes.append(f"{lost} lines begin with no speaker and are not shown")
    draft.has_response = bool(draft.answer)
    draft.has_request = bool(draft.messages)
    return draft


@wire_format("aider-chat", "a chat of .aider.chat.history.md", _never)
def read_chat(exchange: Exchange) -> Draft:
    """Read one chat; what aider printed is no part of the conversation."""
    draft = rebuilt(exchange)
    draft.notes.append(
        "what was shown, without the lines that aider printed; .aider.llm.history contains what was sent"
    )
    for spoken in shown(str(exchange.request)):
        if spoken.role == "PRINTED":
            continue
        message = _message(spoken, str(exchange.request), exchange.request_at)
        if any(part.text.strip() for part in message.parts):
            draft.messages.append(message)
    return close(draft)


def _message(spoken: Spoken, text: str, at: Pointer) -> DraftMessage:
    held = Assembly()
    for start, end in spoken.stretches:
        held.add(text[start:end], (*at, Decoding.SLICE, start, end))
    message = DraftMessage(_ROLES.get(spoken.role, Role.OTHER), spoken.role.lower(), at)
    message.parts.append(Part(Kind.TEXT, held.text, held.pieces))
    return message
