"""The proxy's process, and the command that runs behind it: started, signalled, and waited for."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

import ctxdebug
from ctxdebug.errors import UsageError
from ctxdebug.recording.call import MAX_BODY
from ctxdebug.recording.proxy.routes import reached_directly
from ctxdebug.recording.recorder import MAX_BYTES

_PATIENCE = 15
"""Seconds that the proxy has to start, and to end."""
_PASSED_ON = ("SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGWINCH")
NOT_FOUND, NOT_EXECUTABLE = 127, 126


class RunningProxy:
    """A proxy in a process of its own; it ends when `close` is called or this process dies."""

    def __init__(
        self,
        target: str,
        routes: Sequence[tuple[str, str, Mapping[str, str]]],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        token: str | None = None,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        max_bytes: int = MAX_BYTES,
        max_body: int = MAX_BODY,
        keep: int | None = None,
        warn: Callable[[str], None],
    ) -> None:
        """Start it; raises `UsageError` where it cannot listen or write."""
        self._warn = warn
        self._asked: dict[str, Any] = {
            "host": host, "port": port, "token": token, "target": target, "routes": routes, "include": list(include),
            "exclude": list(exclude), "max_bytes": max_bytes, "max_body": max_body, "keep": keep,
        }  # fmt: skip
        self._ended: list[Mapping[str, Any]] = []
        told = self._start()
        self.port: int = told["port"]
        self.path: str = told["path"]
        self.paths = [self.path]
        """The files of the recording; more are added where one becomes too large."""
        where = f"[{host}]" if ":" in host else host
        self.base = f"http://{where}:{self.port}{f'/{token}' if token else ''}"
        self._asked |= {"port": self.port, "target": self.path}

    def _start(self) -> Mapping[str, Any]:
        package = str(Path(ctxdebug.__file__).parent.parent)
        held = os.environ.get("PYTHONPATH")
        environment = {
            **reached_directly(os.environ),
            "PYTHONPATH": os.pathsep.join([package, *([held] if held else [])]),
        }
        self._process = subprocess.Popen(  # our own module, without the folder of the application on its path
            [sys.executable, "-P", "-m", "ctxdebug.recording.proxy.server"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment,
            start_new_session=True,
        )  # fmt: skip
        self._tell(json.dumps(self._asked) + "\n")
        told = self._heard()
        if told is None or "port" not in told:
            self._process.kill()
            self._process.wait()
            self._close_pipes()
            raise UsageError(str((told or {}).get("error") or "the proxy did not start"))
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        return told

    def revive(self) -> None:
        """Start it again on the same port where it has died, so that the application's next call passes."""
        if self.alive:
            return
        self._listener.join(2)
        self._close_pipes()
        try:
            self._start()
        except UsageError as error:
            self._warn(f"the proxy has died, and cannot be started again: {error}")
            return
        self._warn(f"the proxy had died and was started again; calls that were under way are not in {self.path}")

    def _tell(self, text: str) -> None:
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.write(text)
            self._process.stdin.flush()

    def _heard(self) -> Mapping[str, Any] | None:
        assert self._process.stdout is not None
        try:
            line = self._process.stdout.readline()
            return json.loads(line) if line else None
        except ValueError:
            return None

    def _listen(self) -> None:
        while (told := self._heard()) is not None:
            if "warning" in told:
                self._warn(told["warning"])
            elif "file" in told:
                self.paths.append(told["file"])
            else:
                self._ended.append(told)

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def close(self) -> Mapping[str, Any]:
        """End it when the calls under way are written; returns how many there were (`calls`, `begun`)."""
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listener.join(2)
        self._close_pipes()
        return self._ended[-1] if self._ended else {}

    def _close_pipes(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


class RunningCommand:
    """The application: it has our terminal, and gets every signal that we get."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._command = list(command)
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self.fault: str | None = None
        """Why it could not be started."""
        self._fault_code = 0

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self._process is None or self._process.poll() is not None

    @property
    def code(self) -> int:
        """Its exit code as a shell says it: 128 and the signal for one that a signal ended."""
        if self._process is None:
            return self._fault_code
        code = self._process.wait()
        return code if code >= 0 else 128 - code

    def _pass_on(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the signature is the system's
        if self._process is not None and self._process.poll() is None:
            with suppress(OSError):
                self._process.send_signal(number)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Start it, and pass signals on to it while it runs.

        Ctrl-C in a terminal reaches both of us by itself, and is then the application's to decide about; from elsewhere
        (`kill -INT`) it is passed on.
        """
        interrupt: Any = (lambda *_: None) if _in_foreground() else self._pass_on
        numbers = [getattr(signal, name) for name in _PASSED_ON if hasattr(signal, name)]
        held = {number: signal.signal(number, self._pass_on) for number in numbers}
        held[signal.SIGINT] = signal.signal(signal.SIGINT, interrupt)
        try:
            self._start()
            yield
        finally:
            for number, handler in held.items():
                signal.signal(number, handler)

    def _start(self) -> None:
        try:
            self._process = subprocess.Popen(self._command, env=self._environment)  # noqa: S603 - the user's own command
        except OSError as error:
            self.fault = (error.strerror or str(error)).lower()
            self._fault_code = NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_EXECUTABLE


def _in_foreground() -> bool:
    """Whether a terminal sends its Ctrl-C to this process and its children."""
    for stream in (0, 1, 2):
        with suppress(OSError, AttributeError):
            return os.tcgetpgrp(stream) == os.getpgrp()
    return False
