"""The recordings that are under way in this process, and the calls that go into them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ctxdebug.loading.other_traffic import is_model_path
from ctxdebug.recording.call import Call, trace_of
from ctxdebug.recording.recorder import Recorder

if TYPE_CHECKING:
    from ctxdebug.engine.report import Report
    from ctxdebug.engine.run import RunOptions


class Recording:
    """A recording in this process. `everything` takes each HTTP call, not only those of language models."""

    def __init__(
        self, target: Path | str, *, everything: bool = False, options: Callable[[], RunOptions] | None = None
    ) -> None:
        """Open it; raises `UsageError` where `target`, a folder or a `.jsonl` file, cannot be written.

        `options` gives what `check` looks for; every rule, when there is none.
        """
        self._options = options
        self._recorder = Recorder(target, warn=_warn)
        self._everything = everything
        self._begun = 0

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files, in order; more than one only where a file has become too large."""
        return self._recorder.paths

    @property
    def path(self) -> Path:
        """The first file."""
        return self._recorder.paths[0]

    @property
    def calls(self) -> int:
        """Calls that are in the file."""
        return self._recorder.calls

    def takes(self, url: str) -> bool:
        """Whether a call to this address is recorded."""
        return self._everything or is_model_path(urlsplit(url).path)

    def number(self) -> int:
        """Return the number of the next call."""
        self._begun += 1
        return self._begun

    def put(self, call: Call) -> None:
        """Write a call that is over."""
        self._recorder.put(call)

    def close(self) -> None:
        """Record no more."""
        self._recorder.close()

    def check(self, fail_on: str = "error") -> Report:
        """Examine what was recorded, and return the report.

        Raises `AssertionError` with a line a finding where one is as severe as `fail_on` (`note`, `warning`, `error`,
        `never`), where something could not be read, and where nothing was recorded at all.
        """
        from ctxdebug.engine.run import RunOptions
        from ctxdebug.recording.in_process.checking import checked

        return checked(self, fail_on, self._options() if self._options is not None else RunOptions())


_active: list[Recording] = []
_inside: ContextVar[bool] = ContextVar("ctxdebug_inside", default=False)
"""Whether a library is called by another one that is watched: LiteLLM's httpx clients send by aiohttp."""


@contextmanager
def outermost() -> Iterator[None]:
    """Let calls that are made inside the block by other libraries pass unwatched: they are the same call."""
    token = _inside.set(True)
    try:
        yield
    finally:
        _inside.reset(token)


def begin(recording: Recording) -> None:
    """Send the calls of this process to a recording too."""
    _active.append(recording)


def end(recording: Recording) -> None:
    """Send it no more calls."""
    if recording in _active:
        _active.remove(recording)


class Watched:
    """A call that is being recorded. No method raises, whatever happens inside."""

    def __init__(self, call: Call, recordings: Iterable[Recording]) -> None:
        self.call = call
        self._recordings = tuple(recordings)
        self._over = False

    def sent(self, data: object) -> None:
        """Take bytes of the request."""
        self._guard(lambda: self.call.sent(_bytes(data)))

    def answered(self, status: int, headers: Iterable[tuple[str, str]]) -> None:
        """Take status and headers of the response."""
        self._guard(lambda: self.call.answered(status, headers))

    def received(self, data: object) -> None:
        """Take bytes of the response."""
        self._guard(lambda: self.call.received(_bytes(data)))

    def failed(self, error: BaseException) -> None:
        """Take the error in place of a response, or in the middle of one; the call is over."""
        self.call.ended = "upstream" if self.call.status is not None else None
        self._guard(lambda: self.call.failed(error))
        self.over()

    def left(self) -> None:
        """Note that the application lets go of the response; where it was not complete, it ended the call."""
        if not self._over:
            self.call.ended = "client"
            self.over()

    def over(self) -> None:
        """Write the call, once."""
        if self._over:
            return
        self._over = True
        for recording in self._recordings:
            self.call.number = recording.number()
            self._guard(lambda recording=recording: recording.put(self.call))  # type: ignore[misc]  # a default binds it now

    def _guard(self, step: Callable[[], object]) -> None:
        try:
            step()
        except Exception as error:  # noqa: BLE001 - a fault of ours may not reach the application's call
            _warn(f"a call could not be recorded: {type(error).__name__}: {error}")


def watch(method: str, url: str, headers: Iterable[tuple[str, str]], via: str) -> Watched | None:
    """Return the record of a call that begins; None where no recording takes it, or a watched call contains it."""
    if not _active or _inside.get():
        return None
    try:
        taking = [recording for recording in _active if recording.takes(url)]
        if not taking:
            return None
        shown = [(name.lower(), value) for name, value in headers]
        call = Call(method, url, shown, via=via, trace=_trace(dict(shown)))
    except Exception as error:  # noqa: BLE001 - as above
        _warn(f"a call could not be recorded: {type(error).__name__}: {error}")
        return None
    return Watched(call, taking)


def _trace(headers: dict[str, str]) -> str | None:
    """Return the trace of the call: from its header, else the one under way where OpenTelemetry is loaded."""
    if (found := trace_of(headers)) is not None:
        return found
    if (telemetry := sys.modules.get("opentelemetry.trace")) is None:
        return None
    context = telemetry.get_current_span().get_span_context()
    return format(context.trace_id, "032x") if context.is_valid else None


def _bytes(data: object) -> bytes:
    if isinstance(data, (bytes, bytearray, memoryview)):
        return bytes(data)
    return data.encode("utf-8") if isinstance(data, str) else b""


def _warn(text: str) -> None:
    import logging

    logging.getLogger("ctxdebug").warning(text)
