"""What readers of session logs share: a draft put together turn by turn, whose last assistant turn is the answer."""

from __future__ import annotations

from typing import Any

from ctxdebug.decoding.strict_json import compact
from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Kind, Pointer, Role, Unseen, UnseenKind
from ctxdebug.records import replace
from ctxdebug.wire.shape import call_from, text_of

PROMPT_AND_TOOLS = "the system prompt and the tool declarations, which the log does not keep"
TOOLS = "the tool declarations, which the log does not keep"


def rebuilt(exchange: Exchange, unseen: str | None = PROMPT_AND_TOOLS) -> Draft:
    """Return an empty draft of a log that does not keep the requests themselves."""
    draft = Draft(rebuilt=True)
    if unseen is not None:
        draft.unseen.append(Unseen(unseen, exchange.request_at, UnseenKind.NOT_LOGGED))
    return draft


def turn(draft: Draft, at: Pointer, captured: str = "assistant") -> DraftMessage:
    """Return the assistant's turn that is under way, or a new one."""
    if not draft.messages or draft.messages[-1].role is not Role.ASSISTANT:
        draft.messages.append(DraftMessage(Role.ASSISTANT, captured, at))
    return draft.messages[-1]


def say(draft: Draft, role: Role, captured: str, value: Any, at: Pointer, **more: Any) -> DraftMessage | None:
    """Add a message with one text; nothing for what is no text or empty."""
    if not isinstance(value, str) or not value:
        return None
    message = DraftMessage(role, captured, at)
    message.text(value, at, **more)
    draft.messages.append(message)
    return message


def add_text(message: DraftMessage, value: Any, at: Pointer, kind: Kind = Kind.TEXT, **more: Any) -> None:
    """Add a text to a message, or our rendering of a value that is none; nothing for an empty one."""
    if isinstance(value, str):
        if value:
            message.text(value, at, kind, **more)
    elif value not in (None, [], {}):
        message.rendered(compact(value), at, kind, **more)


def add_call(message: DraftMessage, name: Any, arguments: Any, call_id: Any, at: Pointer, **more: Any) -> None:
    """Add a call whose arguments are at `at`."""
    call = call_from(name, arguments, call_id, **more)
    if isinstance(arguments, str) and not arguments.lstrip().startswith("{"):
        call = replace(call, error=None)  # a tool that takes plain text: code, a query
    if isinstance(arguments, str):
        message.text(call.arguments, at, Kind.TOOL_CALL, call=call)
    else:
        message.rendered(call.arguments, at, Kind.TOOL_CALL, call=call)


def add_result(draft: Draft, value: Any, at: Pointer, call_id: Any, tool: Any = None, *, failed: bool = False) -> None:
    """Add a message with the result of a call; an empty result is a result too."""
    message = DraftMessage(Role.TOOL, "tool", at, name=text_of(tool))
    about = {"call_id": text_of(call_id), "tool": text_of(tool), "is_error": failed}
    if isinstance(value, str):
        message.text(value, at, Kind.TOOL_RESULT, **about)
    else:
        message.rendered("" if value is None else compact(value), at, Kind.TOOL_RESULT, **about)
    draft.messages.append(message)


def close(draft: Draft) -> Draft:
    """Take the last turn as the answer if it is the assistant's; usage and finish are only an answer's."""
    if draft.messages and draft.messages[-1].role is Role.ASSISTANT and draft.error is None:
        draft.answer.append(draft.messages.pop())
        draft.has_response = True
    elif draft.error is not None:
        draft.has_response = True
    else:
        draft.usage = draft.finish = None
    draft.has_request = bool(draft.messages)
    return draft
