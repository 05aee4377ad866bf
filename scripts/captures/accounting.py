"""What a provider would have billed for a request, by a real tokenizer and the published framing.

OpenAI's plain chat is exact; the rest is the o200k count scaled by what was measured on recorded
traffic, which is as good as an outsider can do. Nothing here is used by ctxdebug itself.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tiktoken import Encoding

Json = Any


@cache
def encoding(name: str = "o200k_base") -> Encoding:
    """Return a vocabulary that ctxdebug carries, so that nothing is downloaded."""
    from ctxdebug.tokens.vocabulary import encoding as carried

    return carried(name)


def count(text: str, vocabulary: str = "o200k_base") -> int:
    """Tokens of `text`."""
    return len(encoding(vocabulary).encode_ordinary(text))


def pieces(text: str, size: int = 1) -> list[str]:
    """`text` in stretches of `size` tokens, as a server streams them, never inside a character."""
    ids = encoding().encode_ordinary(text)
    out, pending = [], b""
    for start in range(0, len(ids), size):
        pending += encoding().decode_bytes(ids[start : start + size])
        try:
            out.append(pending.decode())
        except UnicodeDecodeError:
            continue
        pending = b""
    return out


def compact(value: Json) -> str:
    """JSON as servers hand it to a model: no spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def words(value: Json) -> str:
    """Every string that the model reads in a message list or a part list, joined."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(filter(None, map(words, value)))
    if not isinstance(value, dict):
        return ""
    if "input" in value and "name" in value:
        return str(value["name"] + compact(value["input"]))
    if "args" in value and "name" in value:
        return str(value["name"] + compact(value["args"]))
    if "response" in value and "name" in value:
        return str(value["name"] + compact(value["response"]))
    if "arguments" in value and "name" in value:
        return str(value["name"] + (value["arguments"] or ""))
    skipped = {"role", "type", "id", "tool_use_id", "tool_call_id", "call_id", "toolUseId", "cache_control", "status"}
    return "\n".join(filter(None, (words(item) for key, item in value.items() if key not in skipped)))


def openai_chat(request: Json, vocabulary: str = "o200k_base") -> int:
    """Prompt tokens of an OpenAI chat request: 3 a message, 3 for the reply, the answer's schema, and the tools as TypeScript."""
    total = 3
    for message in request["messages"]:
        total += 3 + count(message["role"]) + count(words(message.get("content")), vocabulary)
        if message.get("name"):
            total += count(message["name"]) + 1
        for call in message.get("tool_calls") or ():
            total += count(call["function"]["name"]) + count(call["function"]["arguments"]) + 7
    if schema := (request.get("response_format") or {}).get("json_schema", {}).get("schema"):
        total += round(0.92 * count(compact(schema))) + 8
    if tools := [tool["function"] for tool in request.get("tools") or ()]:
        with_parameters = sum(bool(tool.get("parameters", {}).get("properties")) for tool in tools)
        system = any(message["role"] in {"system", "developer"} for message in request["messages"])
        total += count(typescript(tools)) + 9 - with_parameters - 3 * system
    return total


def openai_responses(request: Json) -> int:
    """Input tokens of a Responses request, framed like chat."""
    items = request["input"]
    items = [{"role": "user", "content": items}] if isinstance(items, str) else items
    total = 3 + (4 + count(request["instructions"]) if request.get("instructions") else 0)
    for item in items:
        total += 4 + count(words(item))
    if tools := [tool for tool in request.get("tools") or () if tool["type"] == "function"]:
        total += count(typescript(tools)) + 3
    return total


def anthropic(messages: Json, system: Json, tools: Json) -> int:
    """Input tokens of a Claude request: 1.15 of o200k, 6 a message, and the preamble that tools bring along."""
    total = 1.15 * count(words([system, messages])) + 6 * len(messages) + 2
    return round(total + (346 + 1.6 * count(compact(tools)) if tools else 0))


def gemini(request: Json) -> int:
    """Prompt tokens of a generateContent request."""
    tools = compact(request["tools"]) if request.get("tools") else ""
    return round(1.02 * count(words([request.get("systemInstruction"), request["contents"]])) + 0.95 * count(tools))


def mistral(request: Json) -> int:
    """Prompt tokens of a Mistral chat request."""
    tools = compact(request["tools"]) if request.get("tools") else ""
    messages = request["messages"]
    return round(1.03 * count(words(messages)) + 1.4 * count(tools)) + 2 * len(messages) + 4


def cohere(request: Json) -> tuple[int, int]:
    """Input tokens of a Cohere v2 request, as (billed, read): the template for documents is read and not billed."""
    billed = round(1.05 * count(words([request["messages"], [item["data"] for item in request.get("documents", [])]])))
    return billed, round(1.13 * billed) + 62 + (640 if request.get("documents") else 0)


def typescript(tools: list[Json]) -> str:
    """Tool schemas as OpenAI shows them to the model."""
    lines = ["namespace functions {", ""]
    for tool in tools:
        if tool.get("description"):
            lines.append(f"// {tool['description']}")
        parameters = tool.get("parameters") or {}
        if parameters.get("properties"):
            lines += [f"type {tool['name']} = (_: {{", *_properties(parameters), "}) => any;", ""]
        else:
            lines += [f"type {tool['name']} = () => any;", ""]
    return "\n".join([*lines, "} // namespace functions"])


def _properties(schema: Json) -> list[str]:
    lines = []
    for name, part in schema["properties"].items():
        if part.get("description"):
            lines.append(f"// {part['description']}")
        mark = "" if name in schema.get("required", ()) else "?"
        lines.append(f"{name}{mark}: {_type(part)},")
    return lines


def _type(part: Json) -> str:
    if "enum" in part:
        return " | ".join(json.dumps(value) for value in part["enum"])
    if isinstance(part.get("type"), list):
        return " | ".join(_type({**part, "type": kind}) for kind in part["type"])
    if part.get("type") == "array":
        return f"{_type(part.get('items', {}))}[]"
    if part.get("type") == "object" and part.get("properties"):
        return "\n".join(["{", *_properties(part), "}"])
    kind = str(part.get("type", "any"))
    return "number" if kind == "integer" else kind
