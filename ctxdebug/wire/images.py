"""The size of an image in pixels, from the first bytes of its base64 text; providers price images by it."""

from __future__ import annotations

import base64
import binascii
import struct

_HEAD = 65536


def pixels(data: str) -> tuple[int | None, int | None]:
    """Width and height of a PNG, GIF, JPEG or WebP image; (None, None) for anything else."""
    try:
        head = base64.b64decode(data[:_HEAD].replace("-", "+").replace("_", "/") + "===", validate=False)
    except (binascii.Error, ValueError):
        return None, None
    try:
        if head.startswith(b"\x89PNG"):
            width, height = struct.unpack_from(">II", head, 16)
        elif head[:4] == b"GIF8":
            width, height = struct.unpack_from("<HH", head, 6)
        elif head.startswith(b"\xff\xd8"):
            return _jpeg(head)
        elif head[:4] == b"RIFF" and head[8:16] == b"WEBPVP8X":
            width, height = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (24, 27))
        else:
            return None, None
    except struct.error:
        return None, None
    return width, height


def _jpeg(head: bytes) -> tuple[int | None, int | None]:
    at = 2
    while at + 9 < len(head):
        if head[at] != 0xFF:
            return None, None
        marker = head[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack_from(">HH", head, at + 5)
            return width, height
        at += 2 + int(struct.unpack_from(">H", head, at + 2)[0])
    return None, None
