"""Transcript notation: a conversation as people type it, and as the rule pages show it.

    % model: gpt-4o
    % max_output: 40
    system: Answer in one sentence.
    user: What does the page say?
    call[fetch]: {"url": "https://example.org"}
    tool[fetch]: Prices rose 3%.
    assistant: Prices rose by three per cent.

A line that begins with a role opens a message; the lines after it belong to it. `tool[name]:` stands
for a call and its result; `call[name]:` for a call with arguments, which the next `tool[name]:` answers.
`tools[name]:` declares a tool by its description, or by JSON. Lines that begin with `%` give settings: model,
provider, max_output, temperature, top_p, seed, window, thinking_budget, response_format, truncation, reasoning_effort,
verbosity, finish, prompt_tokens, output_tokens, cached_tokens, reasoning_tokens.
The last assistant message is the answer. A line `=== next turn ===` begins the next exchange of the
same conversation.
"""

from __future__ import annotations

import json
from typing import Any

from ctxdebug.decoding.transcript_lines import Turn, turns
from ctxdebug.errors import LoadError
from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Decoding, Finish, FinishReason, Kind, Pointer, Role, Usage
from ctxdebug.wire import TEXT, wire_format
from ctxdebug.wire.shape import call_from, tool_from

_ROLES = {"system": Role.SYSTEM, "developer": Role.DEVELOPER, "user": Role.USER, "assistant": Role.ASSISTANT}
_TEXT_SETTINGS = frozenset({"response_format", "truncation", "reasoning_effort", "verbosity"})
_NUMBER_SETTINGS = frozenset({"max_output", "temperature", "top_p", "seed", "window", "thinking_budget"})


def _sniff(exchange: Exchange) -> int:
    return 9 if isinstance(exchange.request, str) and exchange.response is None and bool(turns(exchange.request)) else 0


@wire_format(
    "transcript", "lines that begin with `system:`, `user:`, `assistant:`, `tool[name]:`", _sniff, frozenset({TEXT})
)
def read(exchange: Exchange) -> Draft:
    """Read a transcript."""
    draft = Draft()
    calls = _Calls()
    found = turns(str(exchange.request))
    first, after = exchange.labels.get("turns", (0, len(found)))
    for index, turn in enumerate(found[first:after], first):
        at = (*exchange.request_at, Decoding.TRANSCRIPT, index)
        if turn.role == "%":
            _read_setting(draft, turn, at)
        elif turn.role == "tools":
            _read_tool(draft, turn, at)
        else:
            _read_turn(draft, turn, at, calls)
    if draft.messages and draft.messages[-1].role is Role.ASSISTANT:
        draft.answer.append(draft.messages.pop())
        draft.has_response = True
    return draft


class _Calls:
    """Numbers the calls and finds the one that a result answers."""

    def __init__(self) -> None:
        self._open: list[tuple[str, str]] = []
        self._count = 0

    def made(self, name: str) -> str:
        self._count += 1
        self._open.append((name, f"call_{self._count}"))
        return self._open[-1][1]

    def answered(self, name: str) -> str | None:
        for index, (open_name, call_id) in enumerate(self._open):
            if open_name == name:
                del self._open[index]
                return call_id
        return None


def _read_turn(draft: Draft, turn: Turn, at: Pointer, calls: _Calls) -> None:
    if turn.role == "call":
        call = call_from(turn.name, turn.text, calls.made(turn.name))
        _assistant(draft, at).text(turn.text, at, Kind.TOOL_CALL, call=call)
    elif turn.role == "tool":
        call_id = calls.answered(turn.name)
        if call_id is None:
            call_id = calls.made(turn.name)
            calls.answered(turn.name)
            _assistant(draft, at).rendered("{}", at, Kind.TOOL_CALL, call=call_from(turn.name, {}, call_id))
        message = DraftMessage(Role.TOOL, "tool", at, name=turn.name)
        message.text(turn.text, at, Kind.TOOL_RESULT, call_id=call_id, tool=turn.name)
        draft.messages.append(message)
    else:
        message = DraftMessage(_ROLES[turn.role], turn.role, at)
        message.text(turn.text, at)
        draft.messages.append(message)


def _assistant(draft: Draft, at: Pointer) -> DraftMessage:
    """Return the assistant message that a call belongs to: the one before it, or a new one."""
    if not draft.messages or draft.messages[-1].role is not Role.ASSISTANT:
        draft.messages.append(DraftMessage(Role.ASSISTANT, "assistant", at))
    return draft.messages[-1]


def _read_tool(draft: Draft, turn: Turn, at: Pointer) -> None:
    declared: Any = {
        "name": turn.name,
        "description": turn.text.strip(),
        "parameters": {"type": "object", "properties": {}},
    }
    if turn.text.lstrip().startswith("{"):
        try:
            declared = {"name": turn.name, **json.loads(turn.text)}
        except ValueError as error:
            raise LoadError(f"the tool {turn.name} is not declared in JSON: {error}") from error
    draft.tools.append(
        tool_from(
            declared, at, name=turn.name, description=declared.get("description"), schema=declared.get("parameters")
        )
    )


def _read_setting(draft: Draft, turn: Turn, at: Pointer) -> None:
    name, text = turn.name, turn.text.strip()
    if name in _NUMBER_SETTINGS:
        draft.set(name, float(text) if "." in text else int(text), at)
    elif name in _TEXT_SETTINGS:
        draft.set(name, text, at)
    elif name == "model":
        draft.model = text
    elif name == "provider":
        draft.provider = text
    elif name == "finish":
        draft.finish = Finish(
            next((reason for reason in FinishReason if reason.value == text), FinishReason.OTHER), text, at
        )
    elif name in {"prompt_tokens", "output_tokens", "cached_tokens", "reasoning_tokens"}:
        _read_usage(draft, name, int(text), at)
    else:
        raise LoadError(f"unknown setting % {name}")


def _read_usage(draft: Draft, name: str, count: int, at: Pointer) -> None:
    known = draft.usage
    raw = {**(known.raw if known else {}), name: count}
    draft.usage = Usage(
        raw.get("prompt_tokens"),
        raw.get("cached_tokens"),
        None,
        raw.get("output_tokens"),
        raw.get("reasoning_tokens"),
        raw,
        at,
    )
