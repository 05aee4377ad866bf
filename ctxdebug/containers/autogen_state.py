"""AutoGen's saved states: the context of each agent of a team."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Pointer

_DEEPEST = 8
_INNER = ("agent_states", "agent_state", "llm_context", "inner_team_state", "model_context")


def _contexts(value: Any, at: Pointer, name: str, depth: int = 0) -> Iterator[tuple[str, Pointer, Any]]:
    """Yield the name, place and messages of each agent's context."""
    if not isinstance(value, dict) or depth > _DEEPEST:
        return
    if isinstance(value.get("llm_context"), dict) and isinstance(value["llm_context"].get("messages"), list):
        yield name, (*at, "llm_context", "messages"), value["llm_context"]["messages"]
        return
    for key in _INNER:
        inner = value.get(key)
        if key == "agent_states" and isinstance(inner, dict):
            for agent, state in inner.items():
                yield from _contexts(state, (*at, key, agent), agent, depth + 1)
        else:
            yield from _contexts(inner, (*at, key), name, depth + 1)


def _sniff(source: Source) -> Likeness:
    if source.shape != "json" or '"llm_context"' not in source.text or '"version"' not in source.opening:
        return Likeness.NO
    return Likeness.CERTAIN if next(_contexts(source.document, (), ""), None) is not None else Likeness.NO


@container("autogen", "a saved state of AutoGen: `agent_states` with each agent's `llm_context`", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange an agent."""
    for name, at, messages in _contexts(source.document, (*source.root, Decoding.JSON), ""):
        if messages:
            yield Exchange(
                at, request=messages, request_at=at, format="autogen", labels={"agent": name} if name else {}
            )
