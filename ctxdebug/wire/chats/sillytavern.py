"""SillyTavern's chats: a message a line, spoken by the user or by a character."""

from __future__ import annotations

from ctxdebug.decoding.agent_logs import is_log_of
from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Role
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.shape import lines_of, mapping, text_of
from ctxdebug.wire.shapes.log_draft import add_text, close, rebuilt


def _sniff(exchange: Exchange) -> int:
    return 40 if is_log_of(exchange.request, "sillytavern") else 0


@wire_format("sillytavern", "lines with `mes`, `is_user`, `name`, after one with user_name, character_name", _sniff,
             frozenset({LIST}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a chat; a message that was swiped away is not shown, one hidden from the prompt is left out."""
    draft = rebuilt(exchange, "the character's card and the system prompt, which the chat file does not keep")
    hidden = 0
    for number, line in lines_of(exchange):
        at = (*exchange.request_at, number)
        if "mes" not in line:
            continue
        if line.get("is_system") is True:
            hidden += 1
            draft.left_out.append(at)
            continue
        role = Role.USER if line.get("is_user") is True else Role.ASSISTANT
        message = DraftMessage(role, "user" if role is Role.USER else "character", at, name=text_of(line.get("name")))
        add_text(message, line.get("mes"), (*at, "mes"))
        draft.messages.append(message)
        extra = mapping(line.get("extra"))
        if role is Role.ASSISTANT and isinstance(extra.get("model"), str):
            draft.model = draft.answered_by = extra["model"]
    if hidden:
        draft.notes.append(f"{hidden} messages hidden from the prompt are left out")
    return close(draft)
