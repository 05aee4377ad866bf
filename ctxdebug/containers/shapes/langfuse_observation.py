"""One generation of a Langfuse trace: input, output and attributes as its framework wrote them, often as JSON in strings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.decoding.strict_json import JsonReader
from ctxdebug.model import Decoding, Pointer, Usage

_MESSAGE_ATTRIBUTES = ("llm.input_messages.", "gen_ai.prompt.", "gen_ai.input.messages", "ai.prompt.messages")
_PROMPT = ("input", "promptTokens", "inputTokens", "prompt_tokens", "input_tokens", "inputUsage")
_OUTPUT = ("output", "completionTokens", "outputTokens", "completion_tokens", "output_tokens", "outputUsage")
_READ = ("input_cache_read", "cache_read_input_tokens", "input_cached_tokens")
_WRITTEN = ("input_cache_creation", "cache_creation_input_tokens", "input_cache_write")
_SPAN_ATTRIBUTES = ("gen_ai.", "ai.", "llm.")


def is_observation(value: Any) -> bool:
    """Whether an object is one observation of a Langfuse export."""
    return (
        isinstance(value, dict)
        and "input" in value
        and "metadata" in value
        and bool(value.keys() & {"output", "modelParameters"})
    )


def read_observation(
    held: Mapping[str, Any], at: Pointer, reader: JsonReader, output: Any = None, output_at: Pointer = ()
) -> tuple[Any, Pointer, Any, Pointer, dict[Pointer, Pointer]]:
    """Request, response, their pointers and origins; `output` where it does not stand beside the input."""
    if not output_at:
        output, output_at = held.get("output"), (*at, "output")
    asked, asked_at = _opened(held.get("input"), (*at, "input"), reader)
    answered, answered_at = _opened(output, output_at, reader)
    metadata, metadata_at = _opened(held.get("metadata"), (*at, "metadata"), reader)
    attributes = metadata.get("attributes") if isinstance(metadata, dict) else None
    attributes_at = (*metadata_at, "attributes")
    if not isinstance(attributes, dict) or not any(name.startswith(_SPAN_ATTRIBUTES) for name in attributes):
        return asked, asked_at, answered, answered_at, {}
    if _is_body(asked):
        return asked, asked_at, answered, answered_at, {}
    origins: dict[Pointer, Pointer] = {(*at, "attributes"): attributes_at}
    merged = dict(attributes)
    if not any(name.startswith(_MESSAGE_ATTRIBUTES) for name in attributes):
        for name, where, place in _names(attributes, asked, asked_at, answered, answered_at):
            merged[name] = where
            origins[(*at, "attributes", name)] = place
    return {"attributes": merged}, at, None, (), origins


def _opened(value: Any, at: Pointer, reader: JsonReader) -> tuple[Any, Pointer]:
    """Return a value, read as JSON where it is JSON in a string."""
    if isinstance(value, str) and value.lstrip()[:1] in {"{", "["}:
        inner = reader.value(value)
        if inner is not None:
            return inner, (*at, Decoding.JSON)
    return value, at


def _is_body(value: Any) -> bool:
    """Whether the input is a whole request that a wire format knows (Gemini's, as its agent kit logs it)."""
    return isinstance(value, dict) and "contents" in value


def _names(
    attributes: Mapping[str, Any], asked: Any, asked_at: Pointer, answered: Any, answered_at: Pointer
) -> list[tuple[str, Any, Pointer]]:
    """Return the attributes that the exporter moved to `input` and `output`, by the names they had."""
    if any(name.startswith("ai.prompt") or name == "ai.operationId" for name in attributes):
        prompt = "ai.prompt.messages" if isinstance(asked, list) else "ai.prompt"
        said = "ai.response.toolCalls" if isinstance(answered, list) else "ai.response.text"
        moved = [(prompt, asked, asked_at), (said, answered, answered_at)]
    else:
        moved = [("gen_ai.input.messages", asked, asked_at), ("gen_ai.output.messages", answered, answered_at)]
    return [entry for entry in moved if entry[1] is not None]


def usage_of(details: Any, at: Pointer) -> Usage | None:
    """Token counts of an observation; whether the input holds what was cached too, the total tells."""
    if not isinstance(details, dict):
        return None
    counts = {key: value for key, value in details.items() if isinstance(value, int) and not isinstance(value, bool)}
    prompt, output = (next((counts[key] for key in keys if key in counts), None) for keys in (_PROMPT, _OUTPUT))
    if not prompt and not output:
        return None
    read, written = (next((counts[key] for key in keys if key in counts), None) for keys in (_READ, _WRITTEN))
    beside = (read or 0) + (written or 0)
    if prompt is not None and beside and counts.get("total") == prompt + (output or 0) + beside:
        prompt += beside
    return Usage(prompt, read, written, output, counts.get("output_reasoning"), details, at)
