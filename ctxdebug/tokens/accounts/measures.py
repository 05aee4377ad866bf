"""What a prompt is made of, in numbers: the terms of the estimates for providers whose rendering is not known.

All texts are counted with o200k; an estimate weighs the terms (see `estimates.json`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ctxdebug.decoding.json_values import mapping
from ctxdebug.model import Kind, Role, Segment, Settings, Snapshot, Tool

TEXT = frozenset({Kind.TEXT, Kind.DOCUMENT})
DEPTH = 16
END_OF_THINKING = "</think>"
FORCING = frozenset({"any", "required", "tool", "ANY"})

Count = Callable[[str], int]


def tool_tokens(tool: Tool, count: Count) -> int:
    """Return a declaration's name, description and parameters as compact JSON."""
    return count(tool.name) + count(tool.description) + count(compact(tool.schema or {}))


def words(tool: Tool, count: Count) -> int:
    """Return a declaration's own words, without JSON: names, descriptions, types, values."""
    return sum(map(count, [tool.name, tool.description, *_strings(tool.schema, 0)]))


def _strings(value: Any, depth: int) -> list[str]:
    if isinstance(value, str):
        return [value]
    if depth > DEPTH:
        return []
    if isinstance(value, list):
        return [text for item in value for text in _strings(item, depth + 1)]
    if not isinstance(value, Mapping):
        return []
    names = list(mapping(value.get("properties")))
    return names + [text for item in value.values() for text in _strings(item, depth + 1)]


def call_tokens(segment: Segment, count: Count) -> int:
    """Return a call's name and arguments."""
    call = segment.call
    assert call is not None
    return count(call.name) + count(call.arguments if call.error else compact(call.parsed))


def arguments_of(segment: Segment) -> int:
    """How many arguments a call gives."""
    parsed = segment.call.parsed if segment.call is not None else None
    return len(parsed) if isinstance(parsed, dict) else 0


def properties_of(schema: Any, depth: int = 0) -> int:
    """How many properties a schema describes, at all depths."""
    if depth > DEPTH or not isinstance(schema, (dict, list)):
        return 0
    if isinstance(schema, list):
        return sum(properties_of(item, depth + 1) for item in schema)
    held = schema.get("properties")
    own = len(held) if isinstance(held, dict) else 0
    return own + sum(properties_of(value, depth + 1) for value in schema.values())


def measures(snapshot: Snapshot, count: Count, rare: Count | None = None) -> dict[str, float]:
    """Every term of a prompt by name; tokens, numbers of things, and flags. Without `rare`, no rare tokens are counted."""
    found: dict[str, float] = dict.fromkeys(NAMES, 0)
    if rare is not None:
        found["rare"] = sum(rare(text) for segment in snapshot.segments() if (text := written(segment)))
    found["one"] = 1
    loop = loop_start(snapshot)
    for message in snapshot.messages:
        found["systems" if message.role in {Role.SYSTEM, Role.DEVELOPER} else "messages"] += 1
        for segment in message.segments:
            _measure(segment, count, found, in_loop=message.index >= loop)
    if snapshot.messages and snapshot.messages[-1].role is Role.ASSISTANT:
        found["messages"] -= 1  # the beginning of the answer, given by the request: no turn of its own
    found["turns"] = max(0, found["messages"] - 1)
    tools = [tool for tool in snapshot.tools if not tool.deferred]
    found["tools"] = len(tools)
    found["tooled"] = bool(tools)
    found["declared"] = sum(tool_tokens(tool, count) for tool in tools)
    found["described"] = sum(bool(tool.description) for tool in tools)
    found["words"] = sum(words(tool, count) for tool in tools)
    found["properties"] = sum(properties_of(tool.schema) for tool in tools)
    found["forced"] = bool(tools) and is_forced(snapshot.settings)
    found["results"] = len(_results(snapshot))
    kind = thinking_of(snapshot)
    found["thinking"], found["adaptive"] = kind == "enabled", kind == "adaptive"
    found["effort"] = snapshot.settings.reasoning_effort is not None
    schema = schema_of(snapshot)
    found["schemas"] = schema is not None
    found["schema"] = count(compact(schema)) if schema is not None else 0
    return found


NAMES = ("one", "systems", "messages", "turns", "text", "rare", "tagged", "thoughts", "past_thoughts", "calls", "called", "arguments", "results",
    "result", "tools", "tooled", "described", "declared", "words", "properties", "forced", "thinking", "adaptive", "effort", "schemas",
    "schema")  # fmt: skip


def loop_start(snapshot: Snapshot) -> int:
    """Return the index of the message after the last words of the user: thinking before it is no longer read."""
    spoken = [
        message.index
        for message in snapshot.messages
        if message.role is Role.USER and any(part.kind in TEXT and part.call_id is None for part in message.segments)
    ]
    return spoken[-1] + 1 if spoken else 0


def _measure(segment: Segment, count: Count, found: dict[str, float], *, in_loop: bool) -> None:
    if segment.kind is Kind.TOOL_CALL:
        found["calls"] += 1
        found["called"] += call_tokens(segment, count)
        found["arguments"] += arguments_of(segment)
    elif segment.kind is Kind.TOOL_RESULT or segment.call_id is not None:
        found["result"] += count(segment.text)
    elif segment.kind is Kind.THINKING:
        found["thoughts" if in_loop else "past_thoughts"] += count(segment.text)
    elif segment.kind in TEXT:
        tagged, text = parted(segment)
        found["text"] += count(text)
        if tagged:
            found["tagged"] += count(tagged)


def written(segment: Segment) -> str:
    """Return what a segment has of texts and results, whose rare tokens are counted; thinking and calls have none."""
    if segment.kind is Kind.TOOL_RESULT or (segment.call_id is not None and segment.kind is not Kind.TOOL_CALL):
        return segment.text
    return parted(segment)[1] if segment.kind in TEXT else ""


def parted(segment: Segment) -> tuple[str, str]:
    """Return the thinking that stands in tags in an earlier answer, which many chat templates leave out, and the rest."""
    if segment.role is not Role.ASSISTANT or END_OF_THINKING not in segment.text:
        return "", segment.text
    head, tag, tail = segment.text.rpartition(END_OF_THINKING)
    return head + tag, tail


def _results(snapshot: Snapshot) -> set[str]:
    answers = (segment for segment in snapshot.segments() if segment.call_id is not None and segment.call is None)
    return {f"{segment.id.split('.')[0]} {segment.call_id}" for segment in answers}


def schema_of(snapshot: Snapshot) -> Any:
    """Return the response schema: of the settings, or where Bedrock keeps it, as text."""
    if snapshot.settings.response_schema is not None:
        return snapshot.settings.response_schema
    held: Any = snapshot.parameters
    for key in ("outputConfig", "textFormat", "structure", "jsonSchema", "schema"):
        held = mapping(held).get(key)
    return held


def is_forced(settings: Settings) -> bool:
    """Whether the request demands a tool call."""
    choice = settings.tool_choice
    if isinstance(choice, Mapping):
        said = {word for key in ("type", "mode") if isinstance(word := choice.get(key), str)}
        return bool(FORCING & said or {"any", "tool", "function"} & choice.keys())
    return isinstance(choice, str) and choice in FORCING


def thinking_of(snapshot: Snapshot) -> str | None:
    """`enabled` or `adaptive` when the request switches extended thinking on, in whatever way gateways write it."""
    held = [snapshot.parameters, *(value for value in snapshot.parameters.values() if isinstance(value, Mapping))]
    kinds = [mapping(part.get("thinking")).get("type") for part in held]
    if "enabled" in kinds or "adaptive" in kinds:
        return "enabled" if "enabled" in kinds else "adaptive"
    reasoning = mapping(snapshot.parameters.get("reasoning"))
    asked = reasoning.get("enabled") is True or reasoning.get("effort") or reasoning.get("max_tokens")
    asked = asked or (snapshot.model or "").endswith(":thinking")
    return "enabled" if asked and reasoning.get("effort") != "none" else None


def compact(value: Any) -> str:
    """JSON without spaces; nothing for what is nested too deeply to be written."""
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        return ""
