"""promptfoo results: one prompt, one provider and one answer a row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Pointer

_LABELS = ("success", "score", "latencyMs", "cost", "vars", "testIdx", "promptIdx", "failureReason")


def _rows(document: Any) -> tuple[list[Any], Pointer]:
    """Return the rows and the steps to them: `results.results`, or `results` itself."""
    found: Any = document
    steps: Pointer = ()
    while isinstance(found, dict) and "results" in found:
        found, steps = found["results"], (*steps, "results")
    good = isinstance(found, list) and any(
        isinstance(row, dict) and "prompt" in row and "response" in row for row in found
    )
    return (found, steps) if good else ([], ())


def _sniff(source: Source) -> Likeness:
    if source.shape != "json" or '"results"' not in source.opening:
        return Likeness.NO
    return Likeness.CERTAIN if _rows(source.document)[0] else Likeness.NO


@container("promptfoo", "`results` of rows with `prompt.raw`, `provider`, `response.output` and `vars`", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a row."""
    rows, steps = _rows(source.document)
    for index, row in enumerate(rows):
        if isinstance(row, dict) and "prompt" in row:
            yield _exchange(source, row, (*source.root, Decoding.JSON, *steps, index))


def _exchange(source: Source, row: dict[str, Any], at: Pointer) -> Exchange:
    origins: dict[Pointer, Pointer] = {}
    prompt, prompt_at = row.get("prompt"), (*at, "prompt")
    if isinstance(prompt, dict):
        prompt, prompt_at = prompt.get("raw"), (*prompt_at, "raw")
    request: Any = (
        source.reader.value(prompt) if isinstance(prompt, str) and prompt.lstrip()[:1] in {"[", "{"} else None
    )
    if isinstance(request, (list, dict)) and request:
        request_at: Pointer = (*prompt_at, Decoding.JSON)
    else:
        request, request_at = {"messages": [{"role": "user", "content": prompt}]}, at
        origins[(*at, "messages", 0, "content")] = prompt_at
    response, response_at = _response(row, at, origins)
    provider = row.get("provider")
    name = provider.get("id") if isinstance(provider, dict) else provider
    host, _, model = str(name or "").partition(":")
    return Exchange(
        at,
        request=request,
        request_at=request_at,
        response=response,
        response_at=response_at,
        provider=host or None,
        model=model.rpartition(":")[2] or None,
        labels={key: row[key] for key in _LABELS if row.get(key) is not None},
        origins=origins,
    )


def _response(row: dict[str, Any], at: Pointer, origins: dict[Pointer, Pointer]) -> tuple[Any, Pointer]:
    """Return the answer in the shape of a chat completion."""
    held = row.get("response")
    response = held if isinstance(held, dict) else {}
    error = response.get("error") or (row.get("error") if not response.get("output") else None)
    if isinstance(error, str):
        where = (*at, "response", "error") if response.get("error") else (*at, "error")
        origins[(*at, "response", "error")] = where
        return {"error": error}, (*at, "response")
    output = response.get("output")
    if output is None:
        return None, (*at, "response")
    content = output if isinstance(output, str) else str(output)
    base = (*at, "response")
    origins[(*base, "choices", 0, "message", "content")] = (*base, "output")
    used = response.get("tokenUsage")
    usage = used if isinstance(used, dict) else {}
    counts = {"prompt_tokens": usage.get("prompt"), "completion_tokens": usage.get("completion")}
    origins[(*base, "usage")] = (*base, "tokenUsage")
    finish = response.get("finishReason")
    choice = {"message": {"role": "assistant", "content": content}, "finish_reason": finish}
    origins[(*base, "choices", 0, "finish_reason")] = (*base, "finishReason")
    return {"choices": [choice], "usage": counts}, base
