"""Logs of openai/evals: a line an event, of which `sampling` is a call of a model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers import Found, Likeness, container, documents
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Exchange
from ctxdebug.model import Pointer, Problem


def _is_event(line: Any) -> bool:
    return isinstance(line, dict) and ({"run_id", "event_id", "data"} <= line.keys() or _spec(line) is not None)


def _spec(line: Any) -> Mapping[str, Any] | None:
    held = line.get("spec") if isinstance(line, dict) else None
    return held if isinstance(held, dict) and {"completion_fns", "eval_name"} & held.keys() else None


def _sniff(source: Source) -> Likeness:
    return Likeness.CERTAIN if source.shape == "json lines" and _is_event(source.first_line) else Likeness.NO


@container(
    "openai-evals", "a log of openai/evals: a line of `spec`, then events with run_id, sample_id, type and data", _sniff
)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange an event of type sampling."""
    model: str | None = None
    for found in documents(source):
        if isinstance(found, Problem):
            yield found
            continue
        at, line = found
        spec = _spec(line)
        if spec is not None:
            named = spec.get("completion_fns")
            model = str(named[0]) if isinstance(named, list) and named else model
        elif isinstance(line, dict) and line.get("type") == "sampling" and isinstance(line.get("data"), dict):
            yield _exchange(line, line["data"], (*at, "data"), model)


def _exchange(line: Mapping[str, Any], data: Mapping[str, Any], at: Pointer, model: str | None) -> Exchange:
    sampled: Any = data.get("sampled")
    listed = isinstance(sampled, list)
    own = data.get("model")
    return Exchange(
        at,
        request=data.get("prompt"),
        request_at=(*at, "prompt"),
        response=sampled[0] if listed and sampled else sampled if isinstance(sampled, str) else None,
        response_at=(*at, "sampled", 0) if listed else (*at, "sampled"),
        format="messages" if isinstance(data.get("prompt"), list) else "logged-row",
        model=own if isinstance(own, str) else model,
        labels={key: line[key] for key in ("run_id", "sample_id") if isinstance(line.get(key), str)},
        notes=(f"{len(sampled) - 1} more samples of the same prompt are not shown",)
        if listed and len(sampled) > 1
        else (),
    )
