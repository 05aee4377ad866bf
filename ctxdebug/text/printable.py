r"""Make captured text safe to show in a terminal; nothing untrusted is printed without it.

Escapes are visible (`\x1b`, `\u202e`), so hidden text is seen and not obeyed.
"""

from __future__ import annotations

import re

from ctxdebug.text.patterns import lazy

_HIDDEN = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but TAB and LF, DEL, C1
    r"\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"  # soft hyphen, zero width, bidi
    r"\ud800-\udfff"  # lone surrogates
    r"\U000e0000-\U000e007f"  # tags
)
_UNSAFE = lazy(f"[{_HIDDEN}]")
_UNSAFE_IN_LINE = lazy(f"[{_HIDDEN}\t\n]")
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if character in _SHORT:
        return _SHORT[character]
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def clean(text: str) -> str:
    """Text for a block of lines: tabs and line ends stay, everything else hidden becomes visible."""
    return text if text.isprintable() else _UNSAFE.sub(_escape, text)


def clean_line(text: str) -> str:
    """Text for one line: as `clean`, and tabs and line ends become visible too."""
    return text if text.isprintable() else _UNSAFE_IN_LINE.sub(_escape, text)


def excerpt(text: str, limit: int = 120) -> str:
    """At most about `limit` characters of `text` on one line, cut at a word, with `…`."""
    line = clean_line(re.sub(r"\s+", " ", text[: limit * 4]).strip())
    if len(line) <= limit and len(text) <= limit * 4:
        return line
    cut = line[:limit]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit // 2 else cut).rstrip(" ,;:") + " …"


def around(text: str, start: int, end: int, limit: int = 160) -> str:
    """The words from `start` to `end` on one line; a long stretch keeps its beginning and its end."""
    words = text[start:end]
    if len(words) <= limit:
        return excerpt(words, limit)
    half = limit // 2
    return f"{excerpt(words[: half * 2], half)} {clean_line(words[-half:]).strip()}"
