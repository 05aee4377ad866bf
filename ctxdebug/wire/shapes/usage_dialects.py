"""Token counts in the words of logs, frameworks and gateways, which all have their own for the same two numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.model import Pointer, Usage
from ctxdebug.text.whole_numbers import whole_number
from ctxdebug.wire.shape import count_of, mapping

_PROMPT_KEYS = ("input_tokens", "prompt_tokens", "inputTokens", "promptTokens", "input", "prompt", "request_tokens",
    "prompt_eval_count", "promptTokensCount", "promptTokenCount", "input_token_count", "tokensIn")  # fmt: skip
_OUTPUT_KEYS = ("output_tokens", "completion_tokens", "outputTokens", "completionTokens", "output", "completion",
    "response_tokens", "eval_count", "predictedTokensCount", "candidatesTokenCount", "output_token_count", "tokensOut")  # fmt: skip
_READ_KEYS = ("cache_read_input_tokens", "input_tokens_cache_read", "cached_input_tokens", "cachedInputTokens",
    "cache_read_tokens", "input_cache_read", "cached_tokens")  # fmt: skip
_REASONING_KEYS = ("reasoning_tokens", "reasoningTokens", "output_reasoning", "reasoning_output_tokens")


def first_count(raw: Mapping[str, Any], keys: tuple[str, ...]) -> int | None:
    """Return the first of several fields that holds a count, also where the log wrote it as text."""
    for key in keys:
        value = raw.get(key)
        if isinstance(value, str) and (number := whole_number(value)) is not None:
            return number
        if (count := count_of(value)) is not None:
            return count
    return None


def logged_usage(raw: Any, at: Pointer) -> Usage | None:
    """Usage in the common words of logs; the prompt is the whole prompt there."""
    raw = mapping(raw)
    prompt, output = first_count(raw, _PROMPT_KEYS), first_count(raw, _OUTPUT_KEYS)
    if prompt is None and output is None:
        return None
    return Usage(prompt, first_count(raw, _READ_KEYS), None, output, first_count(raw, _REASONING_KEYS), raw, at)
