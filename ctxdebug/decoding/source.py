"""The bytes of one capture: opened safely, decoded once, parsed once."""

from __future__ import annotations

import io
import os
import re
import stat
import sys
import zlib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import IO, Any, cast

from ctxdebug.decoding.sse import looks_like_sse
from ctxdebug.decoding.strict_json import JsonReader
from ctxdebug.errors import LoadError
from ctxdebug.model import Decoding, Pointer
from ctxdebug.reads import reads_file
from ctxdebug.text.patterns import lazy

STDIN = "-"
DEFAULT_MAX_BYTES = 256 * 1024 * 1024
_HEAD = 65536
_BUFFER = 1 << 20
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
         (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))  # fmt: skip
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_LOG_LINE = lazy(
    r"\[(?:\d{2,4}[-/:.]\d\d|(?:DEBUG|INFO|WARN|WARNING|ERROR|TRACE)\b|[A-Z][a-z]{2} \d|[A-Z]\w{2,60}\()", re.IGNORECASE
)
"""A log that puts the time or the level in brackets, or a printed list of objects, where JSON would have a number or a quote."""
_HTML = lazy(r"\s*<(?:!doctype|html|head|body)", re.IGNORECASE)


class Source:
    """A file, standard input, or bytes in memory that may hold a capture.

    Only regular files are opened, and never more than `max_bytes` is held (after decompression). With `held`, these bytes
    are the capture, and `path` is what it is called; `rendered` says that they are our own JSON of somebody's objects.
    """

    def __init__(
        self, path: str, max_bytes: int = DEFAULT_MAX_BYTES, held: bytes | None = None, *, rendered: bool = False
    ) -> None:
        self.path = path
        self.max_bytes = max_bytes
        self.held = held
        self.rendered = rendered
        self.reader = JsonReader()

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what makes the source anew: what was read of it is read again."""
        return _made, (self.path, self.max_bytes, self.held, self.rendered)

    @property
    def in_folder(self) -> bool:
        """Whether the capture is a file, which may have others beside it."""
        return self.held is None and self.path != STDIN

    @cached_property
    def _stdin(self) -> bytes:
        if sys.stdin is None or sys.stdin.isatty():
            raise LoadError("standard input is a terminal: pipe a capture into it")
        data = sys.stdin.buffer.read(self.max_bytes + 1)
        self._refuse_over(len(data))
        return data

    def _refuse_over(self, size: int) -> None:
        if size > self.max_bytes:
            raise LoadError(f"is larger than {self.max_bytes:,} bytes; raise the limit with --max-bytes")

    def _open_raw(self) -> IO[bytes]:
        if self.held is not None:
            if not self.rendered:
                self._refuse_over(len(self.held))
            return io.BytesIO(self.held)
        if self.path == STDIN:
            return io.BytesIO(self._stdin)
        try:
            reads_file(self.path)
            mode = Path(self.path).stat().st_mode
            if stat.S_ISDIR(mode):
                raise LoadError("is a directory")
            if not stat.S_ISREG(mode):
                raise LoadError("is not a regular file")
            return open(self.path, "rb", buffering=_BUFFER, opener=_carefully)
        except (OSError, ValueError) as error:
            reason = error.strerror.lower() if isinstance(error, OSError) and error.strerror else str(error)
            raise LoadError(f"cannot be opened: {reason}") from error

    @cached_property
    def gzipped(self) -> bool:
        """Whether the whole file is gzip."""
        with self._open_raw() as file:
            return _given(file.read(2)) == b"\x1f\x8b"

    @property
    def root(self) -> Pointer:
        """The pointer to the file's text."""
        return (Decoding.GZIP,) if self.gzipped else ()

    def open(self) -> IO[bytes]:
        """Return the file's bytes, decompressed when it is gzip."""
        raw = self._open_raw()
        if not self.gzipped:
            return raw
        from ctxdebug.decoding.inflated import Inflated

        return cast("IO[bytes]", Inflated(raw))

    def _read(self, size: int) -> bytes:
        try:
            with self.open() as file:
                return _given(file.read(size))
        except (OSError, EOFError, zlib.error) as error:
            raise LoadError(f"cannot be read: {error}") from error

    @cached_property
    def head(self) -> bytes:
        """The first 64 KiB."""
        return self._read(_HEAD)

    @cached_property
    def data(self) -> bytes:
        """Every byte."""
        if not self.gzipped and self.in_folder:
            self._refuse_over(Path(self.path).stat().st_size)
        data = self._read(self.max_bytes + 1)
        self._refuse_over(len(data))
        return data

    def decode(self, data: bytes) -> str:
        """Bytes as text: UTF-8, or what a byte order mark says."""
        encoding = next((name for mark, name in _BOMS if data.startswith(mark)), "utf-8")
        if encoding == "utf-8" and b"\x00" in data[:4]:
            raise LoadError("is not UTF-8 text; it looks like UTF-16 without a byte order mark")
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            raise LoadError(f"is not UTF-8 text: byte {error.start} cannot be decoded") from error

    @cached_property
    def text(self) -> str:
        """Every character."""
        return self.decode(self.data)

    @cached_property
    def opening(self) -> str:
        """The first characters, for telling what the file is; undecodable bytes are replaced."""
        encoding = next((name for mark, name in _BOMS if self.head.startswith(mark)), "utf-8")
        return self.head.decode(encoding, errors="replace").lstrip()

    def lines(self) -> Iterator[tuple[int, str]]:
        """Line numbers from 0 and lines, one held at a time; raises `LoadError` on one that cannot be decoded."""
        if self.head.startswith(_WIDE):
            yield from enumerate(line.rstrip("\r") for line in self.text.split("\n"))
            return
        try:
            with self.open() as file:
                for number, line in enumerate(_capped_lines(file, self.max_bytes)):
                    yield number, self.decode(line).rstrip("\r\n")
        except (OSError, EOFError, zlib.error) as error:
            raise LoadError(f"cannot be read: {error}") from error

    @cached_property
    def shape(self) -> str:
        """What the file is: `json`, `json lines`, `sse`, `zip`, `sqlite`, `text` or `empty`."""
        if self.head.startswith(b"PK\x03\x04"):
            return "zip"
        if self.head.startswith(b"SQLite format 3\x00"):
            return "sqlite"
        if not self.opening.strip("\x00 \t\r\n"):
            return "empty"
        if self.opening[0] in "{[" and not _LOG_LINE.match(self.opening):
            return "json lines" if self._is_lines() else "json"
        if looks_like_sse(self.opening):
            return "sse"
        return "text"

    def _is_lines(self) -> bool:
        seen: list[str] = []
        for _, line in self.lines():
            if line.strip():
                seen.append(line)
            if len(seen) == 2:
                break
        return len(seen) == 2 and JsonReader().value(seen[0]) is not None

    @cached_property
    def document(self) -> Any:
        """The file as one JSON value."""
        if _HTML.match(self.opening):
            raise LoadError("is an HTML page, not a capture")
        return self.reader.read(self.text)

    @cached_property
    def first_line(self) -> Any:
        """The first JSON line's value, or None."""
        for _, line in self.lines():
            if line.strip():
                return JsonReader().value(line)
        return None


def _made(path: str, max_bytes: int, held: bytes | None, rendered: bool) -> Source:
    return Source(path, max_bytes, held=held, rendered=rendered)


def _given(data: bytes | None) -> bytes:
    """Return what was read; raises `LoadError` where a file that is none (`/proc/kmsg`) has nothing to give yet."""
    if data is None:
        raise LoadError("cannot be read: it has nothing to give now")
    return data


def _carefully(path: str, flags: int) -> int:
    """Open without waiting: what became a pipe meanwhile, or never ends (`/proc/kmsg`), must not hang."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))


def _capped_lines(file: IO[bytes], limit: int) -> Iterator[bytes]:
    while line := file.readline(limit + 1):
        if len(line) > limit:
            raise LoadError(f"contains a line of more than {limit:,} bytes; raise the limit with --max-bytes")
        yield line
