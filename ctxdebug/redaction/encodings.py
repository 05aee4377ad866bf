"""Ways to write a text so that nobody sees what it says: base64, hexadecimal, escapes, percent signs, entities.

A row finds runs, decodes one, and encodes it again, so that a secret inside can be replaced and the rest stays readable.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_to_bytes

from ctxdebug.records import record
from ctxdebug.text.entities import unescaped
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LONGEST_ENTITY_RUN = 100_000


@record(frozen=True, slots=True)
class Encoding:
    """One way. `decode` raises `ValueError` for a run that is not of this form after all."""

    run: re.Pattern[str]
    decode: Callable[[str], bytes]
    encode: Callable[[bytes], str]
    only_readable: bool = True
    """Whether bytes that are no text are nothing of this form; base64 holds pictures and archives too."""


@record(frozen=True, slots=True)
class Run:
    """An encoded run of a text: characters `start` to `end`, and what they say."""

    start: int
    end: int
    text: str
    readable: bool
    encoding: Encoding

    def written(self, text: str) -> str:
        """Return another text in the same encoding."""
        raw = text.encode("utf-8" if self.readable else "latin-1", "replace")
        return self.encoding.encode(raw)


def _from_base64(run: str) -> bytes:
    compact = re.sub(r"[\r\n=]", "", run).translate({45: 43, 95: 47})
    try:
        return base64.b64decode(compact + "=" * (-len(compact) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None


def _from_hex(run: str) -> bytes:
    return bytes.fromhex(re.sub(r"[^0-9A-Fa-f]", "", run.removeprefix("0x")))


def _from_escapes(run: str) -> bytes:
    return bytes(int(code[-2:], 16) for code in re.findall(r"\\(?:x|u00)[0-9A-Fa-f]{2}", run))


def _from_entities(run: str) -> bytes:
    return unescaped(run[:_LONGEST_ENTITY_RUN]).encode("utf-8", "replace")


def _escaped(text: str) -> str:
    from html import escape

    return escape(text)


ENCODINGS = (
    Encoding(
        lazy(r"[A-Za-z0-9+/_-]{24,}+(?>(?:\r?\n[A-Za-z0-9+/_-]{4,}+)*)={0,2}"),
        _from_base64,
        lambda raw: base64.b64encode(raw).decode("ascii"),
        only_readable=False,
    ),
    Encoding(
        lazy(r"(?<![0-9A-Za-z])(?:0x)?(?:(?:[0-9a-f]{2}){12,}+|(?:[0-9A-F]{2}){12,}+)(?![0-9A-Za-z])"),
        _from_hex,
        lambda raw: raw.hex(),
    ),
    Encoding(
        lazy(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{2}(?:[ :,-][0-9A-Fa-f]{2}){11,}+(?![0-9A-Za-z])"),
        _from_hex,
        lambda raw: raw.hex(" "),
    ),
    Encoding(
        lazy(r"(?:\\(?:x|u00)[0-9A-Fa-f]{2}){6,}+"),
        _from_escapes,
        lambda raw: "".join(f"\\x{byte:02x}" for byte in raw),
    ),
    Encoding(
        lazy(r"[A-Za-z0-9._~+-]{0,200}+(?:%[0-9A-Fa-f]{2}[A-Za-z0-9._~+-]{0,200}+){2,}+"),
        unquote_to_bytes,
        lambda raw: quote(raw, safe=""),
    ),
    Encoding(
        lazy(r"(?:&#(?:x[0-9A-Fa-f]{1,6}|[0-9]{1,7});){6,}+"),
        _from_entities,
        lambda raw: _escaped(raw.decode("utf-8", "replace")),
    ),
)


def runs(text: str) -> Iterator[Run]:
    """Yield the encoded runs of a text that decode to something, way by way."""
    for encoding in ENCODINGS:
        for match in encoding.run.finditer(text):
            try:
                raw = encoding.decode(match.group())
            except ValueError:
                continue
            said, readable = _text(raw)
            if (readable or not encoding.only_readable) and said != match.group():
                yield Run(match.start(), match.end(), said, readable, encoding)


def _text(raw: bytes) -> tuple[str, bool]:
    """Return bytes as text, and whether it reads as one."""
    if len(raw) > 16 and raw[1::2].count(0) > len(raw) * 0.4:
        raw = raw.replace(b"\0", b"")  # UTF-16, as PowerShell encodes commands
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1"), False
    readable = sum(character.isprintable() or character in "\r\n\t" for character in text)
    return text, readable >= len(text) * 0.95
