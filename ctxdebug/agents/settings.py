"""An agent's settings with our entries, and without them again: everything else stays what it is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ctxdebug.errors import UsageError
from ctxdebug.records import record

LINE, HOOK = "status-line", "agent-hook"
_EVENTS = ("UserPromptSubmit", "Stop")
_TIMEOUT = 120
"""Seconds that the agent gives the hook at most; it needs them only after a compaction of a long run."""


@record(frozen=True, slots=True)
class Edited:
    """The settings' text after an edit, and what was left alone, in words."""

    text: str
    left: tuple[str, ...] = ()


def added(text: str, program: str) -> Edited:
    """Return settings with the status line and the hook; `program` is the command before `status-line`.

    Another status line is left in its place, and said. Raises `UsageError` where the text is no plain JSON object.
    """
    held, left = _parsed(text), []
    line = held.get("statusLine")
    if line is None:
        held["statusLine"] = {"type": "command", "command": f"{program} {LINE}"}
    elif not _ours(line):
        left.append("another status line is set; it stays (remove it to have this one)")
    hooks = held.setdefault("hooks", {})
    if not isinstance(hooks, dict) or not all(isinstance(hooks.get(event, []), list) for event in _EVENTS):
        raise UsageError("`hooks` has another shape than is documented")
    for event in _EVENTS:
        if not any(_ours(one) for group in hooks.get(event, []) for one in _commands(group)):
            hooks.setdefault(event, []).append({"hooks": [_hook(event, program)]})
    return Edited(_written(held, text), tuple(left))


def _hook(event: str, program: str) -> dict[str, Any]:
    command = {"type": "command", "command": f"{program} {HOOK}", "timeout": _TIMEOUT}
    return {**command, "async": True} if event == "Stop" else command


def removed(text: str) -> Edited:
    """Return settings without our entries, and without what is empty for lack of them; raises `UsageError` as `added`."""
    held = _parsed(text)
    if _ours(held.get("statusLine")):
        del held["statusLine"]
    hooks = held.get("hooks")
    for event in _EVENTS:
        if not isinstance(hooks, dict):
            break
        groups = hooks[event] if isinstance(hooks.get(event), list) else []
        kept = [smaller for group in groups if (smaller := _without(group)) is not None]
        if kept != groups:
            hooks[event] = kept
            if not kept:
                del hooks[event]
            if not hooks:
                del held["hooks"]
    return Edited(_written(held, text))


def _without(group: Any) -> Any:
    """Return a group of hooks without ours; None where it has no other."""
    ours = [one for one in _commands(group) if _ours(one)]
    if not ours:
        return group
    rest = [one for one in group["hooks"] if one not in ours]
    return {**group, "hooks": rest} if rest else None


def _commands(group: Any) -> list[Any]:
    hooks = group.get("hooks") if isinstance(group, dict) else None
    return hooks if isinstance(hooks, list) else []


def _ours(entry: Any) -> bool:
    command = entry.get("command") if isinstance(entry, dict) else None
    return isinstance(command, str) and command.endswith((f"ctxdebug {LINE}", f"ctxdebug {HOOK}"))


def _parsed(text: str) -> dict[str, Any]:
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in items}) != len(items):
            raise ValueError("a key stands in it twice")
        return dict(items)

    try:
        held = json.loads(text, object_pairs_hook=pairs) if text.strip() else {}
    except (ValueError, RecursionError) as error:
        raise UsageError(f"the settings are not plain JSON: {error}") from None
    if not isinstance(held, dict):
        raise UsageError("the settings are no JSON object")
    return held


def _written(held: Mapping[str, Any], before: str) -> str:
    """Return settings as JSON in the layout that they had."""
    indent = re.search(r'\n([ \t]+)"', before)
    apart: str | int | None = indent.group(1) if indent else None if len(before) > len("{}\n") else 2
    text = json.dumps(held, ensure_ascii=before.isascii() and "\\u" in before, indent=apart)
    return text if before.strip() and not before.endswith("\n") else text + "\n"
