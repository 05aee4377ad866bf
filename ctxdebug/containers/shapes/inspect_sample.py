"""Samples of Inspect logs: attachments and pooled messages put back where they were taken from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.exchange import Exchange
from ctxdebug.model import Pointer

_PREFIX = "attachment://"


class _Sample:
    """A sample, and what stands elsewhere in it."""

    def __init__(self, sample: Mapping[str, Any], at: Pointer) -> None:
        self.at = at
        held, pool = sample.get("attachments"), sample.get("message_pool")
        self.attachments: Mapping[str, Any] = held if isinstance(held, dict) else {}
        self.pool: list[Any] = pool if isinstance(pool, list) else []

    def filled(self, value: Any, at: Pointer, origins: dict[Pointer, Pointer]) -> Any:
        """Return a value with its attachments in place, their places noted."""
        if isinstance(value, str):
            name = value.removeprefix(_PREFIX)
            if name == value or not isinstance(self.attachments.get(name), str):
                return value
            origins[at] = (*self.at, "attachments", name)
            return self.attachments[name]
        if isinstance(value, dict):
            return {key: self.filled(item, (*at, key), origins) for key, item in value.items()}
        if isinstance(value, list):
            return [self.filled(item, (*at, index), origins) for index, item in enumerate(value)]
        return value

    def pooled(self, event: Mapping[str, Any], at: Pointer, origins: dict[Pointer, Pointer]) -> list[Any]:
        """Return the messages that an event only refers to, as half-open slices of the pool."""
        messages: list[Any] = []
        refs = event.get("input_refs")
        for ref in refs if isinstance(refs, list) else []:
            if isinstance(ref, list) and len(ref) == 2 and all(isinstance(bound, int) for bound in ref):
                for number in range(max(0, ref[0]), min(ref[1], len(self.pool))):
                    origins[(*at, "input", len(messages))] = (*self.at, "message_pool", number)
                    messages.append(self.filled(self.pool[number], (*at, "input", len(messages)), origins))
        return messages


def exchanges_of_sample(sample: Mapping[str, Any], at: Pointer, task: Any) -> Iterator[Exchange]:
    """Yield the model events of a sample; the sample itself when it has none."""
    held = _Sample(sample, at)
    labels: dict[str, Any] = {"trace": f"{sample.get('id')}/{sample.get('epoch', 1)}"}
    labels |= {key: sample[key] for key in ("id", "epoch", "target", "score", "scores") if sample.get(key) is not None}
    events = sample.get("events")
    found = False
    for index, event in enumerate(events if isinstance(events, list) else []):
        if isinstance(event, dict) and event.get("event") == "model" and not event.get("pending"):
            found = True
            yield _of_event(held, event, (*at, "events", index), labels)
    if not found and (sample.get("messages") or sample.get("input")):
        origins: dict[Pointer, Pointer] = {}
        body = {key: sample[key] for key in ("input", "messages", "output", "epoch") if key in sample}
        model = task.get("model") if isinstance(task, dict) else None
        filled = held.filled(body, at, origins)
        yield Exchange(
            at, request=filled, request_at=at, model=model if isinstance(model, str) else None,
            labels=labels, origins=origins,
        )  # fmt: skip


def _of_event(held: _Sample, event: Mapping[str, Any], at: Pointer, labels: dict[str, Any]) -> Exchange:
    """Return the wire request where the log keeps it, else the event in Inspect's own shape."""
    origins: dict[Pointer, Pointer] = {}
    call = event.get("call")
    failed = event.get("error")
    if isinstance(call, dict) and isinstance(call.get("request"), dict) and call["request"]:
        request_at, response_at = (*at, "call", "request"), (*at, "call", "response")
        request: Any = held.filled(call["request"], request_at, origins)
        response: Any = held.filled(call.get("response"), response_at, origins) or None
    else:
        request_at = response_at = at
        request = {key: event[key] for key in ("model", "input", "tools", "tool_choice", "config") if key in event}
        request = held.filled(request, at, origins)
        request["input"] = request.get("input") or held.pooled(event, at, origins)
        response = (
            {"output": held.filled(event.get("output"), (*at, "output"), origins)} if event.get("output") else None
        )
    if isinstance(failed, str) and failed and not response:
        response, response_at = {"error": failed}, at
    model = event.get("model")
    return Exchange(
        at,
        request=request,
        request_at=request_at,
        response=response,
        response_at=response_at,
        model=model if isinstance(model, str) else None,
        labels=labels,
        origins=origins,
    )
