"""The record of a proof: one file of JSON lines, the first says what was asked of whom, each other holds one reply or refusal.

With the record alone a proof is repeated offline, byte for byte. A run that goes on appends to it.
"""

from __future__ import annotations

import json
import threading
from typing import IO, TYPE_CHECKING, Any

from ctxdebug.errors import LoadError, UsageError
from ctxdebug.evals.endpoint import NoAnswerError
from ctxdebug.evals.kept_replies import appending, reply_fields, reply_from, without_secrets
from ctxdebug.evals.run_lock import locked
from ctxdebug.files import read_regular
from ctxdebug.records import field, record

if TYPE_CHECKING:
    from pathlib import Path

    from ctxdebug.evals.endpoint import Reply

VERSION = 1
_SAME = ("endpoint", "format", "model", "request")
"""What a record must agree on with the run that goes on with it."""


@record(frozen=True, slots=True)
class Fault:
    """A request that got no answer: what the endpoint said of it."""

    message: str
    status: int | None = None
    stops: bool = False

    def error(self) -> NoAnswerError:
        """Return it as it was raised."""
        return NoAnswerError(self.message, self.stops, self.status)


@record(slots=True)
class Record:
    """What was answered so far, by the hash of the request and the number of the repetition."""

    about: dict[str, Any]
    path: Path | None = None
    """None for a record that is kept in memory only."""
    replies: dict[tuple[str, int], Reply] = field(default_factory=dict)
    faults: dict[tuple[str, int], Fault] = field(default_factory=dict)
    _file: IO[str] | None = None
    _held: IO[str] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _closed: bool = False

    def keep(self, request: str, index: int, reply: Reply) -> Reply:
        """Write one reply, and return it as it was written: what is judged is what can be replayed."""
        hidden = without_secrets(reply)
        if self._write({"request": request, "index": index} | reply_fields(hidden)):
            self.replies[request, index] = hidden
            self.faults.pop((request, index), None)
        return hidden

    def keep_fault(self, request: str, index: int, fault: Fault) -> None:
        """Write that a request got no answer."""
        held = {
            "request": request,
            "index": index,
            "fault": fault.message,
            "status": fault.status,
            "stops": fault.stops,
        }
        if self._write(held):
            self.faults[request, index] = fault

    def close(self) -> None:
        """Close the file; replies that come later are not kept."""
        with self._lock:
            self._closed = True
            for file in (self._file, self._held):
                if file is not None:
                    file.close()
            self._file = self._held = None

    def _write(self, held: dict[str, Any]) -> bool:
        line = json.dumps(held, allow_nan=False)
        with self._lock:
            if self._closed:
                return False
            if self.path is not None:
                self._file = self._file or appending(self.path)
                self._file.write(line + "\n")
                self._file.flush()
        return True


def read_record(path: Path) -> Record:
    """Read a record; a last line that a crash cut is left out. Raises `LoadError`."""
    try:
        lines = read_regular(path).split("\n")
        about = json.loads(lines[0])
    except UsageError as error:
        raise LoadError(str(error)) from None
    except (ValueError, RecursionError) as error:
        raise LoadError(f"{path} is no record of a proof: {error}") from None
    if not isinstance(about, dict) or about.get("proof") != VERSION:
        raise LoadError(f"{path} is no record of a proof that this release reads")
    record = Record(about, path)
    for number, line in enumerate(lines[1:], 2):
        if line.strip():
            _take(record, line, number, last=number == len(lines))
    return record


def record_at(path: Path, about: dict[str, Any]) -> Record:
    """Open a record to go on with, or begin it; raises `UsageError` where it is one of another request or endpoint."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        held = locked(path, f"{path} is being written by another ctxdebug")
        empty = path.stat().st_size == 0
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"{str(path)!r} cannot be written: {reason.lower()}") from None
    about = {"proof": VERSION, **about}
    try:
        if empty:
            record = Record(about, path)
            with path.open("w", encoding="utf-8") as stream:
                stream.write(json.dumps(about) + "\n")
        else:
            record = read_record(path)
            _refuse_another(record, about)
    except BaseException:
        held.close()
        raise
    record._held = held  # noqa: SLF001  (the record's own function)
    return record


def _refuse_another(record: Record, about: dict[str, Any]) -> None:
    for key in _SAME:
        if record.about.get(key) != about.get(key):
            raise UsageError(f"{record.path} is the record of another {key}: {str(record.about.get(key))[:80]}")


def _take(record: Record, line: str, number: int, last: bool) -> None:
    try:
        held = json.loads(line)
        key = str(held["request"]), int(held["index"])
        if "fault" in held:
            record.faults[key] = Fault(str(held["fault"]), held["status"], bool(held["stops"]))
        else:
            record.replies[key] = reply_from(held)
            record.faults.pop(key, None)
    except (ValueError, KeyError, TypeError, RecursionError):
        if not last:
            raise LoadError(f"{record.path}: line {number} is no reply") from None
