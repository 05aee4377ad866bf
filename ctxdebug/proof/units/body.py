"""Take values and stretches of text out of a request body, and what is left empty by that with them."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ctxdebug.proof.units.unit import Cut, Path

_WITH_TOOLS = ("tool_choice", "parallel_tool_calls", "toolConfig", "tool_config", "function_call")
"""Settings that mean nothing, and are refused, in a request without tools."""

_RESULT = frozenset({"tool_call_id", "tool_use_id", "call_id", "toolUseId", "tool_name"})
"""Keys by which an object is the result of a call."""


def cut_out(body: dict[str, Any], cuts: Iterable[Cut]) -> dict[str, Any]:
    """Return a copy of a body without the cuts, which may overlap."""
    changed: dict[str, Any] = copy.deepcopy(body)
    spans: dict[Path, list[tuple[int, int]]] = {}
    gone: set[Path] = set()
    for cut in cuts:
        if cut.span is None:
            gone.add(cut.path)
        else:
            spans.setdefault(cut.path, []).append(cut.span)
    gone |= _reasoning_before(body, gone)
    for path, held in spans.items():
        if path in gone or _inside(path, gone):
            continue
        holder = _at(changed, path[:-1])
        holder[path[-1]] = _shortened(holder[path[-1]], held)
        if not holder[path[-1]].strip():
            if _RESULT & holder.keys():
                holder[path[-1]] = ""  # a result may be empty, and its call needs one
            else:
                gone.add(path)
    for path in sorted((path for path in gone if not _inside(path, gone)), key=_last_first):
        _delete(changed, path)
    if not changed.get("tools") and not changed.get("functions"):
        for name in _WITH_TOOLS:
            if not (isinstance(changed.get(name), dict) and changed[name].get("tools")):
                changed.pop(name, None)
    return changed


def _reasoning_before(body: dict[str, Any], gone: set[Path]) -> set[Path]:
    """Return the reasoning items of a Responses request whose next item goes: the API refuses them alone."""
    items = body.get("input")
    if not isinstance(items, list):
        return set()
    kinds = [item.get("type") if isinstance(item, dict) else None for item in items]
    found: set[Path] = set()
    for path in gone:
        at = path[1] if len(path) == 2 and path[0] == "input" else 0
        while isinstance(at, int) and at > 0 and kinds[at - 1] == "reasoning":
            at -= 1
            found.add(("input", at))
    return found


def _inside(path: Path, gone: set[Path]) -> bool:
    """Whether a value is in one that goes as a whole."""
    return any(path[:length] in gone for length in range(1, len(path)))


def _shortened(text: str, spans: list[tuple[int, int]]) -> str:
    kept, at = [], 0
    for start, end in _merged(spans):
        kept.append(text[at:start])
        at = end
    return "".join([*kept, text[at:]])


def _merged(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    start, end = -1, -1
    for left, right in sorted(spans):
        if left > end:
            if end > start:
                yield start, end
            start, end = left, right
        else:
            end = max(end, right)
    if end > start:
        yield start, end


def _last_first(path: Path) -> tuple[tuple[int, str | int], ...]:
    """Return a key that puts later items of a list before earlier ones, so that no index moves before it is used."""
    return tuple((1, step) if isinstance(step, str) else (0, -step) for step in path)


def _delete(body: Any, path: Path) -> None:
    """Delete a value, and what holds nothing else: a block without text, a message without blocks, an empty list."""
    holder = _at(body, path[:-1])
    step = path[-1]
    if isinstance(holder, dict):
        holder.pop(step, None)
        empty = len(path) > 1 and _is_empty(holder)
    elif isinstance(step, int) and isinstance(holder, list) and step < len(holder):
        del holder[step]
        empty = not holder and len(path) > 1
    else:
        return
    if empty and _may_go(path[:-1]):
        _delete(body, path[:-1])


_LABELS = frozenset({"role", "type", "name", "id", "cache_control", "annotations", "status"})
"""What says only which kind of a thing it is, and is nothing without content."""
_NEVER = frozenset({("messages",), ("contents",), ("input",)})
_RESPONSES = frozenset({"functionResponse", "function_response", "toolResult"})
"""Results of calls, which stay where nothing is left in them."""


def _is_empty(holder: dict[str, Any]) -> bool:
    return not any(value not in (None, "", [], {}) for key, value in holder.items() if key not in _LABELS)


def _may_go(path: Path) -> bool:
    return path not in _NEVER and path[-1] not in _RESPONSES


def _at(body: Any, path: Path) -> Any:
    for step in path:
        body = body[step]
    return body
