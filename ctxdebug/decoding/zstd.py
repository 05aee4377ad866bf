"""Compressed bytes, unpacked under a limit; zstd needs an optional package."""

from __future__ import annotations

from ctxdebug.errors import LoadError


def unpack_zstd(data: bytes, limit: int) -> bytes:
    """At most `limit` bytes of a zstd frame; raises `LoadError` beyond, on bad data, or without the package."""
    try:
        import zstandard
    except ImportError:
        raise LoadError("is compressed with zstd: install the extra, `pip install 'ctxdebug[inspect]'`") from None
    try:
        with zstandard.ZstdDecompressor().stream_reader(data) as reader:
            unpacked = reader.read(limit + 1)
    except zstandard.ZstdError as error:
        raise LoadError(f"contains zstd data that cannot be unpacked: {error}") from error
    if len(unpacked) > limit:
        raise LoadError(f"unpacks to more than {limit:,} bytes")
    return bytes(unpacked)
