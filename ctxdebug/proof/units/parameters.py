"""Tools and settings as units. How an answer is drawn and limited stays, so that all answers are drawn alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.proof.units.messages import steps
from ctxdebug.proof.units.unit import Cut, Unit, UnitKind
from ctxdebug.text.printable import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.model import Snapshot

_GROUPS = {
    "response format": ("response_format", "response_schema", "strict_schema"),
    "tool choice": ("tool_choice",),
    "parallel tool calls": ("parallel_tool_calls",),
    "reasoning": ("reasoning_effort", "thinking_budget"),
    "stop sequences": ("stop",),
    "truncation": ("truncation",),
    "verbosity": ("verbosity",),
}
"""Settings by their common names, those together that mean nothing apart."""
_HOLDERS = frozenset({"generationConfig", "generation_config", "config", "options", "text"})
"""Objects of a body that hold several settings."""


def tool_units(snapshot: Snapshot) -> Iterator[Unit]:
    """Yield the declared tools."""
    for number, tool in enumerate(snapshot.tools):
        if path := steps(tool.pointer):
            label = f"tool {tool.name}: {excerpt(tool.description, 60)}" if tool.description else f"tool {tool.name}"
            yield Unit(f"t{number}", UnitKind.TOOL, label, (Cut(path),))


def setting_units(snapshot: Snapshot) -> Iterator[Unit]:
    """Yield the settings that are given, but those that draw and limit the answer."""
    for name, settings in _GROUPS.items():
        at = [steps(snapshot.settings_at[setting]) for setting in settings if setting in snapshot.settings_at]
        paths = {path[: 2 if path[0] in _HOLDERS else 1] for path in at if path}
        if paths:
            yield Unit(f"s-{name}", UnitKind.SETTING, f"setting: {name}", tuple(map(Cut, sorted(paths, key=str))))
