"""Predicted prompt tokens against what providers recorded: `python -m tests.bench.tokens DATA [--misses GROUP]`.

Groups are provider families and features; litellm's token_counter stands beside when it is installed. The weights and
constants were fitted on this data; how far they carry is the error on held-out sources in `accounts/estimates.json`.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import statistics
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ctxdebug.analysis.truncation.provider_cut import least_read
from tests.bench.held_out import held_out
from tests.bench.recorded import Recorded, recorded

Tokens = Callable[[Recorded], int | None]

_GROUPS = {
    "openai.chat": "openai chat",
    "openai.responses": "openai responses",
    "openai.responses.input_tokens": "openai responses",
    "anthropic.messages": "anthropic",
    "anthropic.count_tokens": "anthropic",
    "gemini.generateContent": "gemini",
    "gemini.countTokens": "gemini",
    "mistral.chat": "mistral",
    "cohere.v2.chat": "cohere",
    "ollama.chat": "ollama",
}
_OPENAI = frozenset({"openai", "azure-openai"})


def group_of(row: Recorded) -> str:
    """Who counted, by wire format and host."""
    if row.format.startswith("bedrock"):
        return "bedrock"
    if row.format.startswith("openai.") and row.provider not in _OPENAI:
        return "others behind openai's api"
    return _GROUPS.get(row.format, row.format)


def litellm_counter() -> Tokens | None:
    """litellm's estimate of a record, as its users would ask for it."""
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            import litellm
    except ImportError:
        return None

    def count(row: Recorded) -> int | None:
        if group_of(row).startswith("others"):
            return None  # for open models litellm downloads a tokenizer
        messages, tools = _chat(row.request)
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                return int(litellm.token_counter(model=row.model or "gpt-4o", messages=messages, tools=tools or None))
        except Exception:  # noqa: BLE001 - whatever it cannot count is told as not counted
            return None

    return count


def _chat(request: Mapping[str, Any]) -> tuple[list[Any], list[Any]]:
    """A request as chat messages and tools, which is what litellm takes."""
    keys = ("system", "instructions", "systemInstruction", "system_instruction")
    messages: list[Any] = [{"role": "system", "content": _text(request[key])} for key in keys if request.get(key)]
    listed = request.get("messages") or request.get("contents") or request.get("input") or []
    if isinstance(listed, str):
        listed = [{"role": "user", "content": listed}]
    native = "messages" in request and all(isinstance(m.get("content"), (str, type(None))) for m in listed)
    messages += [message if native else _message(message) for message in listed]
    return messages, [_function(tool) for tool in _tools(request)]


def _message(message: Mapping[str, Any]) -> dict[str, str]:
    role = message.get("role") or "assistant"
    held = message.get("content") or message.get("parts") or message.get("output") or message.get("arguments")
    return {"role": "assistant" if role == "model" else role, "content": _text(held)}


def _tools(request: Mapping[str, Any]) -> list[Any]:
    config = request.get("toolConfig")
    held = request.get("tools") or (config or {}).get("tools") or []
    found: list[Any] = []
    for tool in held:
        found += tool.get("functionDeclarations") or tool.get("function_declarations") or [tool]
    return found


def _function(tool: Mapping[str, Any]) -> dict[str, Any]:
    held = tool.get("function") or tool.get("toolSpec") or tool
    schema = held.get("parameters") or held.get("input_schema") or (held.get("inputSchema") or {}).get("json") or {}
    described = held.get("description") or ""
    return {
        "type": "function",
        "function": {"name": held.get("name", ""), "description": described, "parameters": schema},
    }


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(_text(item) for item in value)
    if isinstance(value, dict):
        return _text(value.get("text") or value.get("parts") or value.get("content")) or json.dumps(value)
    return ""


def is_rough(row: Recorded) -> bool:
    """Whether the product gives the count no number to rely on: a band wider than the count is a *rough estimate* in words."""
    total = row.account.total
    return total.high - total.low > total.value


def _miss(row: Recorded) -> float:
    return abs(row.account.total.value - row.truth) / row.truth


def line(label: str, rows: list[Recorded], peer: Tokens | None) -> str:
    """One row of the table."""
    misses = sorted(_miss(row) for row in rows)
    sized = sorted(_miss(row) for row in rows if not is_rough(row))
    inside = [row.account.total.low <= row.truth <= row.account.total.high for row in rows]
    lost = sum(row.truth < least_read(row.account.total) for row in rows)
    claims = [row for row in rows if row.account.total.exact]
    right = sum(row.account.total.value == row.truth for row in claims) / len(claims) if claims else 1
    figures = f"{label:46} {len(rows):5} {_figures(misses)} {sum(inside) / len(rows):6.1%} {lost:4} {len(claims) / len(rows):6.1%} {right:6.1%}"
    figures += f" | {len(sized):4} {_figures(sized) if sized else '':24}"
    if peer is None:
        return figures
    theirs = [(value, row.truth) for row in rows if (value := peer(row)) is not None]
    return (
        f"{figures}   |{_figures(sorted(abs(value - truth) / truth for value, truth in theirs))}" if theirs else figures
    )


def _figures(misses: list[float]) -> str:
    exact = sum(miss == 0 for miss in misses) / len(misses)
    return f"{exact:6.1%} {statistics.median(misses):7.1%} {misses[int(0.95 * (len(misses) - 1))]:7.1%}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="prompt accounting against recorded usage")
    parser.add_argument("data", type=Path)
    parser.add_argument("--misses", help="list what a group gets wrong")
    parser.add_argument("--held-out", action="store_true", help="estimate each source by fits that did not see it")
    parser.add_argument("--no-litellm", action="store_true")
    options = parser.parse_args()
    groups: dict[str, list[Recorded]] = defaultdict(list)
    left_out: dict[str, int] = defaultdict(int)
    for row in (held_out if options.held_out else recorded)(options.data):
        if not row.countable:
            left_out[row.account.why_not or "not plain text by the data's own account"] += 1
            continue
        for label in (f"{group_of(row)}, all", f"{group_of(row)}, {row.kind}"):
            groups[label].append(row)
    peer = None if options.no_litellm else litellm_counter()
    print(
        f"{'group':46} {'n':>5}  exact  median     p95   band  MEM101 claims exact, are | not rough: n, exact, median, p95 |  litellm: exact, median, p95"
    )
    for label in sorted(groups):
        print(line(label, groups[label], peer))
    print(
        "\nnot counted, because:",
        *(f"{count:5} {why}" for why, count in sorted(left_out.items(), key=lambda x: -x[1])),
        sep="\n",
    )
    for row in groups.get(options.misses or "", ()):
        total = row.account.total
        if total.value != row.truth:
            inside = "" if total.low <= row.truth <= total.high else "OUTSIDE"
            print(
                f"{row.truth:6} predicted {total.value:6} [{total.low}, {total.high}] {inside:8} {row.model} {row.rule} {row.source} {row.path[-60:]}"
            )


if __name__ == "__main__":
    main()
