"""A reply with several choices (`n` above 1) as one reply each: all of them were sent to the user's program."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ctxdebug.records import replace

if TYPE_CHECKING:
    from ctxdebug.evals.endpoint import Reply

_MOST = 64


def choices(reply: Reply) -> tuple[Reply, ...]:
    """Return one reply for each choice, in order; the reply itself where there is one or none."""
    if reply.stream is not None:
        return _streamed(reply)
    held = reply.body.get("choices") if isinstance(reply.body, dict) else None
    if not isinstance(held, list) or len(held) < 2:
        return (reply,)
    return tuple(replace(reply, body={**reply.body, "choices": [choice]}) for choice in held[:_MOST])


def _streamed(reply: Reply) -> tuple[Reply, ...]:
    assert reply.stream is not None
    if '"index":1' not in reply.stream.replace(" ", ""):
        return (reply,)
    lines = [(line, _event(line)) for line in reply.stream.split("\n")]
    found = {
        choice["index"]
        for _, event in lines
        for choice in _choices(event)
        if isinstance(choice.get("index"), int) and 0 <= choice["index"] < _MOST
    }
    if len(found) < 2:
        return (reply,)
    return tuple(
        replace(reply, stream="\n".join(_only(line, event, index) for line, event in lines)) for index in sorted(found)
    )


def _event(line: str) -> Any:
    if not line.startswith("data:"):
        return None
    try:
        return json.loads(line.removeprefix("data:"))
    except (ValueError, RecursionError):
        return None


def _choices(event: Any) -> list[dict[str, Any]]:
    held = event.get("choices") if isinstance(event, dict) else None
    return [choice for choice in held if isinstance(choice, dict)] if isinstance(held, list) else []


def _only(line: str, event: Any, index: int) -> str:
    held = _choices(event)
    if not held:
        return line
    kept = [{**choice, "index": 0} for choice in held if choice.get("index") == index]
    return f"data: {json.dumps({**event, 'choices': kept})}"
