"""Lines about calls wait while a program draws on the whole terminal, and are there when it has gone."""

from __future__ import annotations

import os
import pty
import sys
import termios
import tty
from pathlib import Path

import pytest

from ctxdebug.commands.live_calls import ErrorLines


def test_lines_wait_for_a_program_that_reads_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    main, terminal = pty.openpty()
    held = termios.tcgetattr(terminal)
    with os.fdopen(terminal, "w") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        lines = ErrorLines()
        tty.setraw(terminal)
        lines.say("while it draws")
        os.set_blocking(main, False)
        with pytest.raises(BlockingIOError):
            os.read(main, 1000)
        termios.tcsetattr(terminal, termios.TCSANOW, held)
        lines.say("afterwards")
        os.set_blocking(main, True)
        shown = os.read(main, 1000).decode()
    os.close(main)
    assert [word in shown for word in ("while it draws", "afterwards")] == [True, True]


def test_a_stream_that_is_no_terminal_gets_each_line_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with (tmp_path / "err").open("w") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        ErrorLines()([("key sk-ant-api03-" + "aB3" * 31, "")])
    text = (tmp_path / "err").read_text()
    assert text.startswith("ctxdebug key sk-ant-***")
