"""What a provider would have billed for a request, by a real tokenizer and the published framing.

OpenAI's plain chat is exact; the rest is the o200k count scaled by what was measured on recorded
traffic, which is as good as an outsider can do. Nothing here is used by ctxdebug itself.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tiktoken import Encoding

Json = Any


@cache
def encoding() -> Encoding:
    """Return the o200k vocabulary, from the copy that litellm carries: tiktoken would download it."""
    import os

    import tiktoken

    spec = find_spec("litellm")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("litellm carries the vocabulary: pip install -r scripts/captures/requirements.txt")
    os.environ["TIKTOKEN_CACHE_DIR"] = str(
        Path(spec.submodule_search_locations[0]) / "litellm_core_utils" / "tokenizers"
    )
    return tiktoken.get_encoding("o200k_base")


def count(text: str) -> int:
    """Tokens of `text` in o200k."""
    return len(encoding().encode_ordinary(text))


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


def openai_chat(request: Json) -> int:
    """Prompt tokens of an OpenAI chat request: 3 a message, 3 for the reply, and the tools as TypeScript."""
    total = 3
    for message in request["messages"]:
        total += 3 + count(message["role"]) + count(words(message.get("content")))
        if message.get("name"):
            total += count(message["name"]) + 1
        for call in message.get("tool_calls") or ():
            total += count(call["function"]["name"]) + count(call["function"]["arguments"]) + 7
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


def anthropic(request: Json) -> int:
    """Input tokens of an Anthropic request: 1.15 of o200k, and about 320 for the tool preamble."""
    text = "\n".join([words(request.get("system")), words(request["messages"])])
    tools = compact(request["tools"]) if request.get("tools") else ""
    return round(1.15 * (count(text) + count(tools))) + 10 + (320 if tools else 0)


def gemini(request: Json) -> int:
    """Prompt tokens of a generateContent request."""
    tools = compact(request["tools"]) if request.get("tools") else ""
    return round(1.02 * (count(words(request.get("systemInstruction"))) + count(words(request["contents"])))) + round(
        0.6 * count(tools)
    )


def scaled(texts: Json, factor: float, extra: int) -> int:
    """Return the o200k count of all words in `texts`, times `factor`, plus a template of `extra` tokens."""
    return round(factor * count(words(texts))) + extra


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
