"""Write a snapshot as a request of Ollama's own chat endpoint (github.com/ollama/ollama, docs/api.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ctxdebug.cases.request_parts import arguments_of, given, results_of, text_of, words_of
from ctxdebug.model import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.model import Message, Snapshot


def ollama_request(snapshot: Snapshot) -> dict[str, Any]:
    """Return the body."""
    held = snapshot.settings
    body: dict[str, Any] = {"model": snapshot.model} if snapshot.model else {}
    body["messages"] = [written for message in snapshot.messages for written in _messages(message)]
    if snapshot.tools:
        nothing = {"type": "object", "properties": {}}
        body["tools"] = [
            {
                "type": "function",
                "function": {"name": tool.name, "description": tool.description, "parameters": tool.schema or nothing},
            }
            for tool in snapshot.tools
        ]
    options = given(
        num_ctx=held.window,
        num_predict=held.max_output,
        temperature=held.temperature,
        top_p=held.top_p,
        seed=held.seed,
        stop=list(held.stop) or None,
    )
    form = held.response_schema or ("json" if held.response_format == "json_object" else None)
    return body | given(options=options or None, format=form)


def _messages(message: Message) -> Iterator[dict[str, Any]]:
    for call_id, segments in results_of(message):
        name = next((segment.tool for segment in segments if segment.tool), call_id)
        yield {"role": "tool", "content": text_of(segments), "tool_name": name}
    words = words_of(message)
    calls = [segment.call for segment in message.segments if segment.call is not None]
    if calls:
        made = [{"function": {"name": call.name, "arguments": arguments_of(call)}} for call in calls]
        yield {"role": "assistant", "content": words, "tool_calls": made}
    elif words:
        yield {"role": _role(message.role), "content": words}


def _role(role: Role) -> str:
    """Return the role's name; Ollama has no developer."""
    if role is Role.DEVELOPER:
        return "system"
    return role.value if role in (Role.SYSTEM, Role.ASSISTANT) else "user"
