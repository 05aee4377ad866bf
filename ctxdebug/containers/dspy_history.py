"""DSPy's history (`lm.history`) as JSON: prompt or messages, settings, and the response of each call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.containers.shapes.rows import first_row, rows
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Exchange
from ctxdebug.model import Pointer, Problem

_KEYS = frozenset({"messages", "kwargs", "outputs"})
_LABELS = ("timestamp", "uuid", "cost", "model_type")


def _sniff(source: Source) -> Likeness:
    row = first_row(source, '"kwargs"', '"outputs"')
    return Likeness.CERTAIN if row is not None and row.keys() >= _KEYS else Likeness.NO


@container("dspy", "rows of DSPy's history: prompt, messages, kwargs, response, outputs", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a call."""
    for found in rows(source):
        if isinstance(found, Problem):
            yield found
        else:
            yield _exchange(*found)


def _exchange(at: Pointer, row: Mapping[str, Any]) -> Exchange:
    held = row.get("kwargs")
    settings = {key: value for key, value in held.items() if key != "messages"} if isinstance(held, dict) else {}
    asked = [{"role": "user", "content": row["prompt"]}] if row.get("messages") is None else row["messages"]
    origins: dict[Pointer, Pointer] = {(*at, key): (*at, "kwargs", key) for key in settings}
    if row.get("messages") is None:
        origins[(*at, "messages", 0, "content")] = (*at, "prompt")
    answer, where = row.get("response"), (*at, "response")
    if not isinstance(answer, dict):  # an object of LiteLLM, which JSON cannot hold
        outputs = row.get("outputs")
        answer, where = (outputs[0] if isinstance(outputs, list) and outputs else None), (*at, "outputs", 0)
    model = row.get("model")
    return Exchange(
        at,
        request={**settings, "messages": asked},
        request_at=at,
        response=answer,
        response_at=where,
        format="openai.chat" if isinstance(answer, dict) and "choices" in answer else "messages",
        model=model if isinstance(model, str) else None,
        origins=origins,
        labels={key: row[key] for key in _LABELS if isinstance(row.get(key), (str, int, float))},
    )
