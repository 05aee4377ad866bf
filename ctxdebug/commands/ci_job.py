"""Where a command runs: a GitHub or GitLab job, a terminal; and what follows for its output."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any


def in_github(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether this is a GitHub Actions job."""
    return environ.get("GITHUB_ACTIONS") == "true"


class GuardedStream:
    """A stream on which a workflow runner sees no command, whatever is written; `raw` is the stream itself."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw

    def write(self, text: str) -> int:
        """Write text with every workflow command in it defused."""
        from ctxdebug.reports.github import defused

        self.raw.write(defused(text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.raw, name)


def guard_streams() -> None:
    """In a GitHub job, let nothing that is printed be a workflow command, unless it is written as our own."""
    if in_github():
        sys.stdout = GuardedStream(sys.stdout)
        sys.stderr = GuardedStream(sys.stderr)


def write_commands(text: str) -> None:
    """Write our own workflow commands to standard output."""
    getattr(sys.stdout, "raw", sys.stdout).write(text)
