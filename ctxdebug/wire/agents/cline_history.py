"""Cline's and Roo's `api_conversation_history.json` with tools in XML: what a tool gave is in the user's turn, and no word of the user."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Kind, Pointer, Role
from ctxdebug.text.patterns import lazy
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.shape import items, objects, sample, text_of
from ctxdebug.wire.shapes.anthropic_blocks import note_unseen_blocks, read_block
from ctxdebug.wire.shapes.log_draft import close, rebuilt

_RESULT = lazy(
    r"""
    \[ (?P<tool>[a-z]\w{1,60}) (?:[ ][^\n\]]{0,400})? \] [ ] Result:    # [read_file for 'board.txt'] Result:
    """,
    re.VERBOSE,
)
_OWN = lazy(r"<(?:environment_details|feedback|user_message|task|answer)>")
"""Parts that the extension or the user writes, after the results."""


def _is_result(part: Mapping[str, Any]) -> bool:
    return isinstance(part.get("text"), str) and _RESULT.match(part["text"]) is not None


def _sniff(exchange: Exchange) -> int:
    turns = sample(exchange.request)
    known = [
        one for one in turns if one.get("role") == "user" and any(_is_result(p) for _, p in objects(one.get("content")))
    ]
    return 40 if known and all("role" in one for one in turns) else 0


@wire_format("cline", "messages whose user turns have `[tool for …] Result:`, as Cline and Roo send results of tools in XML", _sniff,
             frozenset({LIST}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a task; parts after a result belong to it, up to the next one or to what the user says."""
    draft = rebuilt(exchange)
    for index, raw in objects(exchange.request):
        at = (*exchange.request_at, index)
        role = Role.ASSISTANT if raw.get("role") == "assistant" else Role.USER
        message = DraftMessage(role, str(raw.get("role")), at)
        if isinstance(raw.get("content"), str):
            message.text(raw["content"], (*at, "content"))
        tool: str | None = None
        for number, part in enumerate(items(raw.get("content"))):
            where = (*at, "content", number)
            if isinstance(part, str):
                message.text(part, where)
            elif isinstance(part, dict):
                tool = _read_part(message, part, where, tool)
        if message.parts:
            draft.messages.append(message)
    note_unseen_blocks(draft)
    return close(draft)


def _read_part(message: DraftMessage, part: Mapping[str, Any], at: Pointer, tool: str | None) -> str | None:
    """Read a part; return the tool whose result goes on after it."""
    text = text_of(part.get("text"))
    if message.role is Role.ASSISTANT or text is None:
        read_block(message, part, at)
        return tool
    found = _RESULT.match(text)
    if found is not None:
        tool = found["tool"]
    elif _OWN.match(text):
        tool = None
    if tool is None:
        message.text(text, (*at, "text"))
    else:
        message.text(text, (*at, "text"), Kind.TOOL_RESULT, tool=tool)
    return tool
