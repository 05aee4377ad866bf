"""A chat that somebody pasted: turns with labels, and nothing else that was sent."""

from __future__ import annotations

from ctxdebug.decoding.pasted_turns import pasted_turns
from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Decoding, Kind, Role
from ctxdebug.wire import TEXT, wire_format
from ctxdebug.wire.shapes.log_draft import close, rebuilt

_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "system": Role.SYSTEM, "tool": Role.TOOL}

_PROSE = 4
"""Words of a line before the first label that is no title."""


def _sniff(exchange: Exchange) -> int:
    return (
        3
        if isinstance(exchange.request, str) and exchange.response is None and bool(pasted_turns(exchange.request))
        else 0
    )


@wire_format("pasted-chat", "text with turns: `User:`, `Assistant:`, `**You:**`, `### ChatGPT`, `You said:` in any case",
             _sniff, frozenset({TEXT}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a chat; what is before the first label is told as left out."""
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
    if before.count("\n") > 1 or any(_is_prose(line) for line in before.splitlines()):
        draft.notes.append(f"the text before the first turn is left out ({len(before):,} characters)")
    return close(draft)


def _is_prose(line: str) -> bool:
    """Whether a line is more than the title of a chat, a comment or a rule."""
    return not line.startswith(("#", "<!--", "---")) and len(line.split()) >= _PROSE
