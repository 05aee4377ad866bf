"""The command as a shell calls it: arguments, input, folder and environment in; both streams and the exit code out.

`ctxdebug` calls it in this process, which takes milliseconds where a process of its own takes a second. `process` starts
one, for tests of which the process is the point.
"""

from __future__ import annotations

import gc
import io
import os
import signal
import subprocess
import sys
from pathlib import Path
from subprocess import CompletedProcess
from unittest import mock

ROOT = Path(__file__).parent.parent
CACHE = str(ROOT / ".pytest_cache" / "ctxdebug")
SURROUNDINGS = frozenset({"NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "GITHUB_ACTIONS", "GITLAB_CI"})
"""What the machine that runs the tests may say of itself, and a test only says itself."""


class Output(io.TextIOWrapper):
    """A stream that says whether it is a terminal."""

    def __init__(self, terminal: bool, raw: io.BytesIO | None = None) -> None:
        super().__init__(io.BytesIO() if raw is None else raw, "utf-8", write_through=True)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def ctxdebug(
    *arguments: str,
    stdin: bytes | str = b"",
    cwd: Path | str | None = None,
    terminal: bool = False,
    **environment: str,
) -> CompletedProcess[str]:
    """Call the command in this process. `environment` is added to ours without its wishes for colour; `terminal` makes standard output one."""
    from ctxdebug.__main__ import main
    from ctxdebug.commands.terminal import set_color

    out, err = io.BytesIO(), io.BytesIO()
    streams = (io.TextIOWrapper(io.BytesIO(_bytes(stdin)), "utf-8"), Output(terminal, out), Output(False, err))
    here, threshold, code = Path.cwd(), gc.get_threshold(), 0
    interrupt = signal.getsignal(signal.SIGINT)
    ours = {name: value for name, value in os.environ.items() if name not in SURROUNDINGS}
    variables = {**ours, "TERM": "xterm", "CTXDEBUG_CACHE_DIR": CACHE, **environment}
    set_color("auto")
    with (
        mock.patch.dict(os.environ, variables, clear=True),
        mock.patch.object(sys, "argv", ["ctxdebug", *arguments]),
        mock.patch.object(sys, "stdin", streams[0]),
        mock.patch.object(sys, "stdout", streams[1]),
        mock.patch.object(sys, "stderr", streams[2]),
    ):
        os.chdir(cwd or ROOT)
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        finally:
            os.chdir(here)
            gc.set_threshold(*threshold)
            if signal.getsignal(signal.SIGINT) is not interrupt:
                signal.signal(signal.SIGINT, interrupt)
            set_color("auto")
            for stream in streams:
                stream.flush()
    return CompletedProcess(
        arguments, code, *(read.getvalue().decode("utf-8", "backslashreplace") for read in (out, err))
    )


def process(
    *arguments: str,
    stdin: bytes | str = b"",
    cwd: Path | str | None = None,
    **environment: str,
) -> CompletedProcess[str]:
    """Start the command as a process of its own."""
    variables = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "CTXDEBUG_CACHE_DIR": CACHE,
        **environment,
    }
    variables.pop("PYTHONDONTWRITEBYTECODE", None)  # without its bytecode the command spends most of its time compiling
    done = subprocess.run(
        [sys.executable, "-m", "ctxdebug", *arguments],
        input=_bytes(stdin),
        capture_output=True,
        cwd=cwd or ROOT,
        env=variables,
        check=False,
    )
    return CompletedProcess(
        done.args,
        done.returncode,
        done.stdout.decode("utf-8", "backslashreplace"),
        done.stderr.decode("utf-8", "backslashreplace"),
    )


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
