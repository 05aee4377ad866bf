"""Take the token counts out of a copy: they are of the prompt as it was, and would tell of a loss in one that is shorter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def without_usage(value: Any, counted: Mapping[str, Any]) -> Any:
    """Return a copy of a response without the counts `counted` (`Usage.raw`), wherever it holds them.

    A mapping that is named after usage goes whole; of another one, as Ollama's, only the counts go.
    """
    counts = {key: count for key, count in counted.items() if isinstance(count, int)}
    return _without(value, counts) if counts else value


def _without(value: Any, counts: dict[str, int]) -> Any:
    if isinstance(value, list):
        return [_without(item, counts) for item in value]
    if not isinstance(value, dict):
        return value
    kept = value
    if _holds(value, counts):
        kept = {key: item for key, item in value.items() if key not in counts}
    return {
        key: _without(item, counts)
        for key, item in kept.items()
        if not ("usage" in str(key).lower() and _holds(item, counts))
    }


def _holds(value: Any, counts: dict[str, int]) -> bool:
    return isinstance(value, dict) and all(value.get(key) == count for key, count in counts.items())
