"""The body of a urllib3 response, seen as the application reads it; `requests` and botocore read theirs through one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ctxdebug.recording.in_process.active import Watched


def follow(raw: Any, watched: Watched) -> None:
    """Show `watched` what is read of a response, whichever way it is read."""
    reading = _Reading(raw, watched)
    raw.stream, raw.read, raw.close, raw.release_conn = reading.stream, reading.read, reading.close, reading.release
    if hasattr(raw, "read1"):
        raw.read1 = reading.read1


class _Reading:
    """The reading methods of one response. `stream` calls `read` inside, which must not count twice."""

    def __init__(self, raw: Any, watched: Watched) -> None:
        self._raw = raw
        self._watched = watched
        self._kept = (raw.stream, raw.read, getattr(raw, "read1", None), raw.close, raw.release_conn)
        self._inside = False

    def stream(self, *given: Any, **named: Any) -> Iterator[bytes]:
        """Yield the body in chunks."""
        self._note_decoding(given[1] if len(given) > 1 else named.get("decode_content"))
        chunks = self._kept[0](*given, **named)
        while True:
            self._inside = True
            try:
                chunk = next(chunks, None)
            except Exception as error:
                self._watched.failed(error)
                raise
            finally:
                self._inside = False
            if chunk is None:
                self._watched.over()
                return
            self._watched.received(chunk)
            yield chunk

    def read(self, *given: Any, **named: Any) -> bytes:
        """Return the next bytes, or all."""
        return self._read(self._kept[1], *given, **named)

    def read1(self, *given: Any, **named: Any) -> bytes:
        """Return what has arrived."""
        return self._read(self._kept[2], *given, **named)

    def _read(self, read: Any, *given: Any, **named: Any) -> bytes:
        if self._inside:
            return bytes(read(*given, **named))
        self._note_decoding(given[1] if len(given) > 1 else named.get("decode_content"))
        self._inside = True
        try:
            data: bytes = read(*given, **named)
        except Exception as error:
            self._watched.failed(error)
            raise
        finally:
            self._inside = False
        self._watched.received(data)
        wanted = given[0] if given else named.get("amt")
        if wanted is None or (not data and wanted != 0):
            self._watched.over()
        return data

    def _note_decoding(self, decode: bool | None) -> None:
        if decode or (decode is None and getattr(self._raw, "decode_content", False)):
            self._watched.call.decoded = True

    def close(self) -> None:
        """Close the response, complete or not."""
        try:
            self._kept[3]()
        finally:
            if not self._inside:
                self._watched.left()

    def release(self) -> None:
        """Give the connection back."""
        self._kept[4]()
