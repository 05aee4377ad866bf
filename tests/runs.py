"""Makes agent runs for tests and benches: told once, written as the log of several programs, or as the requests of an application."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

FORMATS = ("claude-code", "codex", "pi", "openai")


@dataclass
class Event:
    """One thing that happened: `kind` is user, say, call or compact."""

    kind: str
    text: str = ""
    name: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    result: str = ""
    failed: bool = False
    seconds: int = 20
    """Since what happened before."""
    cold: bool = False
    """The provider's cache is lost before this call of the model."""


@dataclass
class Made:
    """A run under construction; `turns` counts the calls of the model so far, as `ctxdebug session` does."""

    system: str = "You are a careful assistant for a small team."
    events: list[Event] = field(default_factory=list)
    turns: int = 0

    def user(self, text: str, seconds: int = 40) -> int:
        """The user speaks; returns the turn that answers."""
        self.events.append(Event("user", text, seconds=seconds))
        return self.turns + 1

    def say(self, text: str, *, cold: bool = False) -> int:
        """The model answers in words; returns the turn."""
        self.events.append(Event("say", text, cold=cold))
        self.turns += 1
        return self.turns

    def call(
        self, name: str, arguments: dict[str, Any], result: str, *, failed: bool = False, cold: bool = False
    ) -> int:
        """The model calls a tool; returns the turn."""
        self.events.append(Event("call", "", name, arguments, result, failed, cold=cold))
        self.turns += 1
        return self.turns

    def compact(self, summary: str) -> int:
        """The harness compacts the conversation; returns the first turn after it."""
        self.events.append(Event("compact", summary))
        return self.turns + 1

    def write(self, form: str, path: Path) -> Path:
        """Write the run in a format of `FORMATS`, one JSON line after the other."""
        lines = {"claude-code": _claude, "codex": _codex, "pi": _pi, "openai": _openai}[form](self)
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        return path


class _Clock:
    def __init__(self) -> None:
        self._at = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def after(self, seconds: int) -> str:
        self._at += timedelta(seconds=seconds)
        return self._at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _Meter:
    """Prompt tokens as a provider would count them, roughly, and what its cache holds of them."""

    def __init__(self, unseen: int, per_token: int = 3) -> None:
        self.unseen, self.size, self.cached, self.per_token = unseen, unseen, 0, per_token

    def add(self, text: str) -> None:
        self.size += len(text) // self.per_token + 8

    def reset(self, text: str) -> None:
        self.size, self.cached = self.unseen, 0
        self.add(text)

    def read(self, cold: bool) -> tuple[int, int, int]:
        """(fresh, read from the cache, written to it) of the next call."""
        held = 0 if cold else self.cached
        self.cached = self.size
        return 3, held, max(0, self.size - held - 3)


def _claude(made: Made) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    clock, meter, parent = _Clock(), _Meter(14_000), None

    def add(kind: str, seconds: int, **more: Any) -> None:
        nonlocal parent
        uuid = f"u{len(lines):05}"
        line = {"parentUuid": parent, "isSidechain": False, "sessionId": "5e551011-0000-4000-8000-000000000001", "cwd": "/home/ada/work",
                "version": "2.1.0", "type": kind, "uuid": uuid, "timestamp": clock.after(seconds), **more}  # fmt: skip
        lines.append(line)
        parent = uuid

    def answer(event: Event, blocks: list[dict[str, Any]]) -> None:
        fresh, read, written = meter.read(event.cold)
        usage = {
            "input_tokens": fresh,
            "cache_read_input_tokens": read,
            "cache_creation_input_tokens": written,
            "output_tokens": 50,
        }
        message = {
            "id": f"msg_{len(lines):05}",
            "role": "assistant",
            "model": "claude-sonnet-4-5",
            "content": blocks,
            "usage": usage,
        }
        add("assistant", event.seconds, message=message)

    for number, event in enumerate(made.events):
        if event.kind == "user":
            meter.add(event.text)
            add("user", event.seconds, message={"role": "user", "content": event.text})
        elif event.kind == "say":
            answer(event, [{"type": "text", "text": event.text}])
            meter.add(event.text)
        elif event.kind == "call":
            call = {"type": "tool_use", "id": f"toolu_{number:05}", "name": event.name, "input": event.arguments}
            answer(event, [call])
            result = {
                "type": "tool_result",
                "tool_use_id": call["id"],
                "content": event.result,
                "is_error": event.failed,
            }
            add("user", 2, message={"role": "user", "content": [result]})
            meter.add(json.dumps(event.arguments) + event.result)
        else:
            before, parent = parent, None
            about = {"trigger": "auto", "preTokens": meter.size}
            add(
                "system",
                5,
                subtype="compact_boundary",
                logicalParentUuid=before,
                content="Conversation compacted",
                compactMetadata=about,
            )
            text = f"This session is being continued from a previous conversation that ran out of context. {event.text}"
            meter.reset(text)
            add("user", 1, isCompactSummary=True, message={"role": "user", "content": text})
    return lines


def _codex(made: Made) -> list[dict[str, Any]]:
    clock, meter = _Clock(), _Meter(6_000)
    lines: list[dict[str, Any]] = []

    def add(kind: str, payload: dict[str, Any], seconds: int = 1) -> None:
        lines.append({"timestamp": clock.after(seconds), "type": kind, "payload": payload})

    def count(event: Event) -> None:
        fresh, read, written = meter.read(event.cold)
        usage = {"input_tokens": fresh + read + written, "cached_input_tokens": read, "output_tokens": 50}
        add("event_msg", {"type": "token_count", "info": {"last_token_usage": usage, "model_context_window": 272_000}})

    def spoken(role: str, text: str) -> dict[str, Any]:
        kind = "output_text" if role == "assistant" else "input_text"
        return {"type": "message", "role": role, "content": [{"type": kind, "text": text}]}

    add(
        "session_meta",
        {"id": "c0de0000-0000-4000-8000-000000000001", "cwd": "/home/ada/work", "instructions": made.system},
    )
    add("turn_context", {"model": "gpt-5-codex"})
    for number, event in enumerate(made.events):
        if event.kind == "user":
            meter.add(event.text)
            add("response_item", spoken("user", event.text), event.seconds)
        elif event.kind == "say":
            add("response_item", spoken("assistant", event.text), event.seconds)
            count(event)
            meter.add(event.text)
        elif event.kind == "call":
            call = {
                "type": "function_call",
                "call_id": f"call_{number:05}",
                "name": event.name,
                "arguments": json.dumps(event.arguments),
            }
            add("response_item", call, event.seconds)
            count(event)
            add(
                "response_item", {"type": "function_call_output", "call_id": call["call_id"], "output": event.result}, 2
            )
            meter.add(json.dumps(event.arguments) + event.result)
        else:
            meter.reset(event.text)
            add("compacted", {"message": event.text})
    return lines


def _pi(made: Made) -> list[dict[str, Any]]:
    clock, meter = _Clock(), _Meter(4_000)
    head = {"type": "session", "id": "91910000-0000-4000-8000-000000000001", "timestamp": clock.after(0), "cwd": "/home/ada/work",
            "provider": "anthropic", "modelId": "claude-sonnet-4-5"}  # fmt: skip
    lines: list[dict[str, Any]] = [head]

    def add(message: dict[str, Any], seconds: int) -> None:
        lines.append({"type": "message", "timestamp": clock.after(seconds), "message": message})

    def answer(event: Event, block: dict[str, Any]) -> None:
        fresh, read, written = meter.read(event.cold)
        usage = {"input": fresh, "output": 50, "cacheRead": read, "cacheWrite": written}
        stop = "toolUse" if event.kind == "call" else "stop"
        add({"role": "assistant", "content": [block], "provider": "anthropic", "model": "claude-sonnet-4-5", "usage": usage, "stopReason": stop},
            event.seconds)  # fmt: skip

    for number, event in enumerate(made.events):
        if event.kind == "user":
            meter.add(event.text)
            add({"role": "user", "content": [{"type": "text", "text": event.text}]}, event.seconds)
        elif event.kind == "say":
            answer(event, {"type": "text", "text": event.text})
            meter.add(event.text)
        elif event.kind == "call":
            answer(
                event, {"type": "toolCall", "id": f"tool_{number:05}", "name": event.name, "arguments": event.arguments}
            )
            result = [{"type": "text", "text": event.result}]
            add(
                {
                    "role": "toolResult",
                    "toolCallId": f"tool_{number:05}",
                    "toolName": event.name,
                    "content": result,
                    "isError": event.failed,
                },
                2,
            )
            meter.add(json.dumps(event.arguments) + event.result)
        else:
            lines.append(
                {"type": "compaction", "timestamp": clock.after(5), "summary": event.text, "tokensBefore": meter.size}
            )
            meter.reset(event.text)
    return lines


def _openai(made: Made) -> list[dict[str, Any]]:
    """The requests of an application that sends the whole history each time, and puts a summary in its place."""
    meter = _Meter(0, 2)
    meter.add(made.system)
    history: list[dict[str, Any]] = [{"role": "system", "content": made.system}]
    lines: list[dict[str, Any]] = []

    def answer(event: Event, message: dict[str, Any]) -> None:
        if event.cold:
            history[0] = {"role": "system", "content": f"It is {len(lines)} minutes past nine. {made.system}"}
        fresh, read, written = meter.read(event.cold)
        usage = {
            "prompt_tokens": fresh + read + written,
            "completion_tokens": 50,
            "prompt_tokens_details": {"cached_tokens": read},
        }
        finish = "tool_calls" if event.kind == "call" else "stop"
        response = {"id": f"chatcmpl-{len(lines)}", "object": "chat.completion", "model": "gpt-4o-2024-08-06", "usage": usage,
                    "choices": [{"index": 0, "message": message, "finish_reason": finish}]}  # fmt: skip
        lines.append(
            {
                "session_id": "run-1",
                "request": {"model": "gpt-4o-2024-08-06", "messages": list(history)},
                "response": response,
            }
        )
        history.append(message)

    for number, event in enumerate(made.events):
        if event.kind == "user":
            meter.add(event.text)
            history.append({"role": "user", "content": event.text})
        elif event.kind == "say":
            answer(event, {"role": "assistant", "content": event.text})
            meter.add(event.text)
        elif event.kind == "call":
            function = {"name": event.name, "arguments": json.dumps(event.arguments)}
            call = {"id": f"call_{number:05}", "type": "function", "function": function}
            answer(event, {"role": "assistant", "content": None, "tool_calls": [call]})
            history.append({"role": "tool", "tool_call_id": call["id"], "content": event.result})
            meter.add(json.dumps(event.arguments) + event.result)
        else:
            text = f"Summary of the previous conversation: {event.text}"
            history[1:] = [{"role": "user", "content": text}]
            meter.reset(made.system + text)
    return lines
