"""What `addon` does: say where the file is that another tool loads to record for ctxdebug."""

from __future__ import annotations

from importlib.resources import files

from ctxdebug.errors import UsageError
from ctxdebug.text.nearest import did_you_mean

ADDONS = {"mitmproxy": "mitmproxy_addon.py"}
"""The files, by tool; they are in the package `ctxdebug.recording`."""


def addon_path(tool: str) -> str:
    """Return the path of a tool's addon; raises `UsageError` for a tool that has none."""
    if tool not in ADDONS:
        raise UsageError(f"there is no addon for {tool}{did_you_mean(tool, ADDONS)}; known are {', '.join(ADDONS)}")
    return str(files("ctxdebug.recording").joinpath(ADDONS[tool]))
