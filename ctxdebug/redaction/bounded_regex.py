"""Run a pattern that a user wrote in a process of its own, which is ended when it takes too long."""

from __future__ import annotations

import atexit
import json
import sys
import threading
from typing import TYPE_CHECKING

from ctxdebug.errors import UsageError
from ctxdebug.records import field, record

if TYPE_CHECKING:
    import subprocess

_WORKER = """
import json, re, sys
for line in sys.stdin:
    pattern, text, most = json.loads(line)
    try:
        spans = []
        for match in re.finditer(pattern, text):
            if len(spans) >= most:
                break
            spans.append(match.span())
        print(json.dumps(spans), flush=True)
    except re.error as error:
        print(json.dumps(str(error)), flush=True)
"""
TIMEOUT = 2.0
"""Seconds that one search may take."""


@record(slots=True)
class _Worker:
    """One process that searches; started on first use, replaced after a timeout."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    process: subprocess.Popen[str] | None = None

    def ask(self, pattern: str, text: str, most: int, timeout: float) -> object:
        with self.lock:
            process = self._started()
            answers: list[str] = []
            told = (process, json.dumps([pattern, text, most]), answers)
            thread = threading.Thread(target=_converse, args=told, daemon=True)
            thread.start()
            thread.join(timeout)
            if not thread.is_alive() and answers and answers[0]:
                result: object = json.loads(answers[0])
                return result
            self.stop()
            thread.join(timeout)
            raise UsageError(
                f"the pattern {pattern[:80]!r} took longer than {timeout:g} s on {len(text):,} characters; "
                "it probably repeats a repetition, so write it without"
            )

    def _started(self) -> subprocess.Popen[str]:
        import subprocess

        if self.process is None or self.process.poll() is not None:
            command = [sys.executable, "-I", "-S", "-c", _WORKER]
            self.process = subprocess.Popen(  # noqa: S603  (our own interpreter and our own text)
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
            )
        return self.process

    def stop(self) -> None:
        """End the process, if there is one."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            for stream in (self.process.stdin, self.process.stdout):
                if stream is not None:
                    _closed(stream)
            self.process = None


def _closed(stream: object) -> None:
    try:
        stream.close()  # type: ignore[attr-defined]  # a stream of a process
    except OSError:
        return


def _converse(process: subprocess.Popen[str], question: str, answers: list[str]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(question + "\n")
        process.stdin.flush()
        answers.append(process.stdout.readline())
    except (OSError, ValueError):
        return


_WORKER_PROCESS = _Worker()
atexit.register(_WORKER_PROCESS.stop)


def search(pattern: str, text: str, timeout: float = TIMEOUT) -> tuple[int, int] | None:
    """Return the span of the first match, or None; raises `UsageError` when it takes too long or is no pattern."""
    spans = find_all(pattern, text, 1, timeout)
    return spans[0] if spans else None


def find_all(pattern: str, text: str, most: int = 1000, timeout: float = TIMEOUT) -> list[tuple[int, int]]:
    """Return the spans of the first `most` matches; raises as `search` does."""
    result = _WORKER_PROCESS.ask(pattern, text, most, timeout)
    if isinstance(result, str):
        raise UsageError(f"the pattern {pattern[:80]!r} cannot be read: {result}")
    assert isinstance(result, list)
    return [(start, end) for start, end in result]
