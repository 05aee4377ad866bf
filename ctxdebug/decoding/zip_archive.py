"""Zip files that somebody else wrote: members are read by name, under limits, and never extracted."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from functools import cached_property
from typing import TYPE_CHECKING

from ctxdebug.decoding.zstd import unpack_zstd
from ctxdebug.errors import LoadError

if TYPE_CHECKING:
    from ctxdebug.decoding.source import Source

_MOST_MEMBERS = 100_000
_HIGHEST_RATIO = 300
_SMALL = 1024 * 1024
_ZSTD = 93
_LOCAL_HEADER = 30


class Archive:
    """The members of a zip; everything that is suspicious about one raises `LoadError`."""

    def __init__(self, source: Source) -> None:
        self._data = source.data
        self._limit = source.max_bytes
        self._read = 0

    @cached_property
    def _zip(self) -> zipfile.ZipFile:
        try:
            return zipfile.ZipFile(io.BytesIO(self._data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error) as error:
            raise LoadError(f"is a zip that cannot be read: {error}") from error

    @cached_property
    def _members(self) -> dict[str, zipfile.ZipInfo]:
        listed = self._zip.infolist()
        if len(listed) > _MOST_MEMBERS:
            raise LoadError(f"is a zip of more than {_MOST_MEMBERS:,} members")
        found: dict[str, zipfile.ZipInfo] = {}
        for member in listed:
            parts = member.filename.replace("\\", "/").split("/")
            if ".." in parts or parts[0] == "" or ":" in parts[0]:
                raise LoadError(f"is a zip whose member {member.filename[:80]!r} leads outside of it")
            if member.filename in found:
                raise LoadError(f"is a zip with two members named {member.filename[:80]!r}")
            found[member.filename] = member
        return found

    def names(self) -> list[str]:
        """Return the names of the members, in the order in which they stand."""
        return list(self._members)

    def read(self, name: str) -> bytes:
        """Return a member's bytes."""
        member = self._members[name]
        if member.flag_bits & 0x1:
            raise LoadError("is encrypted")
        if member.file_size > _SMALL and member.file_size > _HIGHEST_RATIO * max(1, member.compress_size):
            raise LoadError(f"unpacks to more than {_HIGHEST_RATIO} times its size")
        left = self._limit - self._read
        data = unpack_zstd(self._packed(member), left) if member.compress_type == _ZSTD else self._unpacked(name, left)
        self._read += len(data)
        return data

    def _unpacked(self, name: str, left: int) -> bytes:
        try:
            with self._zip.open(name) as file:
                data = file.read(left + 1)
        except NotImplementedError as error:
            raise LoadError("is packed with a method that is not known") from error
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError, struct.error) as error:
            raise LoadError(f"cannot be unpacked: {error}") from error
        if len(data) > left:
            raise LoadError(f"unpacks to more than {self._limit:,} bytes; raise the limit with --max-bytes")
        return data

    def _packed(self, member: zipfile.ZipInfo) -> bytes:
        """Return the bytes of a member as they are packed."""
        start = member.header_offset
        header = self._data[start : start + _LOCAL_HEADER]
        if len(header) < _LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
            raise LoadError("has no header where the list of members says")
        name_length, more = struct.unpack_from("<HH", header, 26)
        begin = start + _LOCAL_HEADER + name_length + more
        return self._data[begin : begin + member.compress_size]
