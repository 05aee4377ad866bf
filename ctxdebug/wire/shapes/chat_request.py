"""What surrounds the messages of a chat request: tools, settings, and what only the server knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, Exchange
from ctxdebug.model import Pointer, Unseen, UnseenKind
from ctxdebug.records import replace
from ctxdebug.wire.references import note_references
from ctxdebug.wire.shape import items, mapping, number_of, objects, request_of, text_of, tool_from
from ctxdebug.wire.shapes.chat_messages import ROLES, read_message


def messages_of(exchange: Exchange) -> tuple[list[Any], Pointer]:
    """Return the request's message list and the pointer to it; a bare list is a request too."""
    if isinstance(exchange.request, list):
        return exchange.request, exchange.request_at
    return items(request_of(exchange).get("messages")), (*exchange.request_at, "messages")


def note_gateway(draft: Draft, body: Mapping[str, Any], at: Pointer) -> None:
    """Say what a gateway adds of its own accord: a preset's system prompt, what its web plugin found (OpenRouter)."""
    model = text_of(body.get("model")) or ""
    if text_of(body.get("preset")) or "@preset/" in model:
        where = (*at, "preset" if body.get("preset") else "model")
        draft.unseen.append(Unseen("the preset's prompt, which the gateway keeps", where, UnseenKind.TEMPLATE))
    for index, plugin in objects(body.get("plugins")):
        if text_of(plugin.get("id")) in _WRITING_PLUGINS and plugin.get("enabled") is not False:
            what = f"what the gateway's plugin {plugin['id']} adds to the prompt"
            draft.unseen.append(Unseen(what, (*at, "plugins", index), UnseenKind.SERVER_TOOL))
    if model.endswith(":online"):
        draft.unseen.append(
            Unseen("what the gateway's web search adds to the prompt", (*at, "model"), UnseenKind.SERVER_TOOL)
        )


_WRITING_PLUGINS = frozenset({"web", "file-parser"})


def read_messages(draft: Draft, exchange: Exchange) -> None:
    """Every message of the request."""
    messages, at = messages_of(exchange)
    for index, raw in enumerate(messages):
        if isinstance(raw, dict) and raw.keys() == {"role"} and text_of(raw["role"]) not in ROLES:
            draft.notes.append(f"a message with the role {raw['role']!r} contains nothing and is left out")
        elif isinstance(raw, dict) and _declares(raw.get("content")):
            read_tools(draft, {"tools": [raw["content"]]}, (*at, index))
            declared = draft.tools.pop()
            draft.tools.append(replace(declared, pointer=(*at, index, "content")))
        elif isinstance(raw, dict):
            draft.messages.append(read_message(raw, (*at, index)))
            if any("data" in detail for _, detail in objects(raw.get("reasoning_details"))):
                where = (*at, index, "reasoning_details")
                draft.unseen.append(Unseen("reasoning that only the server can read", where, UnseenKind.REASONING))
    note_references(draft)


def _declares(content: Any) -> bool:
    """Whether a message's content is a tool's declaration, as some tracers put it among the messages."""
    held = mapping(content)
    return held.get("type") == "function" and isinstance(held.get("function"), dict)


def read_tools(draft: Draft, body: Mapping[str, Any], at: Pointer) -> None:
    """Declared functions, and server-side tools with what they add unseen."""
    for index, tool in objects(body.get("tools")):
        function = tool.get("function")
        where = (*at, "tools", index)
        if isinstance(function, dict):
            draft.tools.append(
                tool_from(tool, where, name=function.get("name"), description=function.get("description"),
                          schema=function.get("parameters"), strict=function.get("strict"))
            )  # fmt: skip
        else:
            kind = str(tool.get("type") or "function")
            draft.tools.append(
                tool_from(tool, where, name=tool.get("name") or kind, description=tool.get("description"),
                          schema=tool.get("parameters"), type=kind)
            )  # fmt: skip
            if kind not in {"function", "custom"}:
                draft.unseen.append(
                    Unseen(f"what the server-side tool {kind} adds to the prompt", where, UnseenKind.SERVER_TOOL)
                )
    for index, function in objects(body.get("functions")):
        draft.tools.append(
            tool_from(function, (*at, "functions", index), name=function.get("name"),
                      description=function.get("description"), schema=function.get("parameters"))
        )  # fmt: skip
    if isinstance(body.get("web_search_options"), dict):
        draft.unseen.append(
            Unseen(
                "what the server's web search adds to the prompt", (*at, "web_search_options"), UnseenKind.SERVER_TOOL
            )
        )


_PLAIN_SETTINGS = (
    ("temperature", "temperature"),
    ("top_p", "top_p"),
    ("seed", "seed"),
    ("stream", "stream"),
    ("tool_choice", "tool_choice"),
    ("parallel_tool_calls", "parallel_tool_calls"),
    ("reasoning_effort", "reasoning_effort"),
    ("verbosity", "verbosity"),
)


def read_settings(draft: Draft, body: Mapping[str, Any], at: Pointer) -> None:
    """The parameters that rules ask for, by their common names."""
    for name, key in _PLAIN_SETTINGS:
        draft.set(name, body.get(key), (*at, key))
    for key in ("max_completion_tokens", "max_tokens", "max_output_tokens"):
        if number_of(body.get(key)) is not None:
            draft.set("max_output", int(body[key]), (*at, key))
            break
    stop = body.get("stop")
    draft.set("stop", (stop,) if isinstance(stop, str) else tuple(map(str, items(stop))) or None, (*at, "stop"))
    read_response_format(draft, body.get("response_format"), (*at, "response_format"))
    for key in ("transforms", "truncate_prompt_tokens", "truncation", "truncate", "plugins"):
        if body.get(key) not in (None, [], {}):
            draft.set("truncation", f"{key}={body[key]}", (*at, key))
    window = mapping(body.get("options")).get("num_ctx")
    draft.set("window", window if isinstance(window, int) else None, (*at, "options", "num_ctx"))


def read_response_format(draft: Draft, form: Any, at: Pointer) -> None:
    """A demanded output format, with its schema where it has one."""
    if not isinstance(form, dict):
        return
    draft.set("response_format", text_of(form.get("type")), at)
    held = mapping(form.get("json_schema")) or form
    if isinstance(held.get("schema"), dict):
        draft.set("response_schema", held["schema"], at)
        draft.set("strict_schema", held.get("strict") if isinstance(held.get("strict"), bool) else None, at)
