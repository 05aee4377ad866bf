"""A chat that somebody pasted: turns with labels, and nothing else that was sent."""

from __future__ import annotations

from ctxdebug.decoding.pasted_turns import pasted_turns
from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Decoding, Kind, Role
from ctxdebug.wire import TEXT, wire_format
from ctxdebug.wire.shapes.log_draft import close, rebuilt

_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "system": Role.SYSTEM, "tool": Role.TOOL}


def _sniff(exchange: Exchange) -> int:
    return (
        3
        if isinstance(exchange.request, str) and exchange.response is None and bool(pasted_turns(exchange.request))
        else 0
    )


@wire_format("pasted-chat", "text with turns: `User:`, `Assistant:`, `**You:**`, `### ChatGPT`, `You said:` in any case",
             _sniff, frozenset({TEXT}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a chat; what is before the first label is kept as opaque."""
    text, root = str(exchange.request), exchange.request_at
    draft = rebuilt(exchange, "the system prompt, the tools and the settings, which a pasted chat does not show")
    turns = pasted_turns(text)
    before = text[: turns[0].start].strip() if turns else ""
    for turn in turns:
        if turn.end <= turn.start:
            continue
        at = (*root, Decoding.SLICE, turn.start, turn.end)
        message = DraftMessage(_ROLES[turn.role], turn.label, at)
        message.text(text[turn.start : turn.end], at, Kind.TOOL_RESULT if turn.role == "tool" else Kind.TEXT)
        draft.messages.append(message)
        if turn.role == "assistant" and turn.more is not None:
            draft.labels.setdefault("speaker", turn.more.strip(" ()"))
    if before.count("\n") > 1:
        draft.notes.append("the text before the first turn is left out")
    return close(draft)
