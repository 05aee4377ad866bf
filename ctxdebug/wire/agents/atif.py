"""ATIF, Harbor's format of agent trajectories: steps of the system, the user and the agent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Kind, Pointer, Role, Usage
from ctxdebug.wire import wire_format
from ctxdebug.wire.loose_messages import read_content
from ctxdebug.wire.shape import count_of, mapping, objects, request_of, text_of, tool_from
from ctxdebug.wire.shapes.log_draft import TOOLS, add_call, add_result, add_text, close, rebuilt

_SOURCES = {"system": Role.SYSTEM, "user": Role.USER, "agent": Role.ASSISTANT}


def _sniff(exchange: Exchange) -> int:
    body = request_of(exchange)
    return 40 if str(body.get("schema_version", "")).startswith("ATIF") and isinstance(body.get("steps"), list) else 0


@wire_format("atif", "a trajectory of Harbor: `schema_version` ATIF-v1.x and `steps` of source, message, tool_calls, observation",
             _sniff, frozenset({"steps"}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a trajectory; an observation is the results of its step's calls, or what the environment said without one."""
    body, at = request_of(exchange), exchange.request_at
    agent = mapping(body.get("agent"))
    draft = rebuilt(exchange, None if agent.get("tool_definitions") else TOOLS)
    draft.session, draft.model = text_of(body.get("session_id")), text_of(agent.get("model_name"))
    for index, declared in objects(agent.get("tool_definitions")):
        function = mapping(declared.get("function")) or declared
        draft.tools.append(tool_from(declared, (*at, "agent", "tool_definitions", index), name=function.get("name"),
                                     description=function.get("description"), schema=function.get("parameters")))  # fmt: skip
    copied = 0
    for index, step in objects(body.get("steps")):
        where = (*at, "steps", index)
        if step.get("is_copied_context") is True:
            copied += 1
        _read_step(draft, step, where)
    if copied:
        draft.notes.append(f"{copied} steps were copied from an earlier trajectory")
    return close(draft)


def _read_step(draft: Draft, step: Mapping[str, Any], at: Pointer) -> None:
    source = text_of(step.get("source")) or ""
    message = DraftMessage(_SOURCES.get(source, Role.OTHER), source, at)
    add_text(message, step.get("reasoning_content"), (*at, "reasoning_content"), Kind.THINKING)
    if step.get("message") != "":
        read_content(message, step.get("message"), (*at, "message"), Kind.TEXT, {})
    names: dict[str, str] = {}
    for index, call in objects(step.get("tool_calls")):
        where = (*at, "tool_calls", index, "arguments")
        names[str(call.get("tool_call_id"))] = str(call.get("function_name"))
        add_call(message, call.get("function_name"), call.get("arguments"), call.get("tool_call_id"), where)
    if message.parts:
        draft.messages.append(message)
    if source == "agent":
        draft.model = draft.answered_by = text_of(step.get("model_name")) or draft.model
        draft.usage = _usage_of(mapping(step.get("metrics")), (*at, "metrics"))
    for index, result in objects(mapping(step.get("observation")).get("results")):
        call_id = text_of(result.get("source_call_id"))
        where = (*at, "observation", "results", index, "content")
        add_result(draft, result.get("content"), where, call_id, names.get(call_id or "") or "environment")


def _usage_of(raw: Mapping[str, Any], at: Pointer) -> Usage | None:
    prompt = count_of(raw.get("prompt_tokens"))
    if prompt is None:
        return None
    return Usage(
        prompt, count_of(raw.get("cached_tokens")), None, count_of(raw.get("completion_tokens")), None, raw, at
    )
