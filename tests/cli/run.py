"""Run the command line inside the test's own process: as fast as a function, with what a shell would see."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from ctxdebug.__main__ import main
from ctxdebug.commands.terminal import set_color


@dataclass(frozen=True)
class Done:
    code: int
    stdout: str
    stderr: str


class Output(io.StringIO):
    """A stream that says whether it is a terminal."""

    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def ctxdebug(
    monkeypatch: pytest.MonkeyPatch,
    *arguments: str,
    cwd: Path | None = None,
    terminal: bool = False,
    **environment: str,
) -> Done:
    """What a command exits with and writes. Its folder is `cwd`; `terminal` makes standard output one."""
    with monkeypatch.context() as patch:
        for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "GITHUB_ACTIONS", "GITLAB_CI"):
            patch.delenv(name, raising=False)
        for name, value in {"TERM": "xterm", **environment}.items():
            patch.setenv(name, value)
        if cwd is not None:
            patch.setenv("CTXDEBUG_CACHE_DIR", str(cwd / ".cache"))
            patch.chdir(cwd)
        out, err = Output(terminal), Output(terminal=False)
        patch.setattr(sys, "argv", ["ctxdebug", *arguments])
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        set_color("auto")
        try:
            main()
        except SystemExit as left:
            return Done(int(left.code or 0), out.getvalue(), err.getvalue())
        finally:
            set_color("auto")
    raise AssertionError("main always exits")
