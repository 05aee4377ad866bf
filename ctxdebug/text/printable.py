r"""Make captured text safe to show in a terminal; nothing untrusted is printed without it.

Escapes are visible (`\x1b`, `\u202e`), so hidden text is seen and not obeyed.
"""

from __future__ import annotations

import re
from functools import cache

from ctxdebug.text.invisible import characters

_HIDDEN = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but TAB and LF, DEL, C1
    r"\u2028\u2029\ufff9-\ufffb"  # line and paragraph separators, annotations
    r"\ud800-\udfff"  # lone surrogates
)
_SELECTOR = r"\ufe00-\ufe0f"
_KEPT_SELECTOR = rf"[^\x00-\x7f{_SELECTOR}][{_SELECTOR}]"
"""One variation selector after a sign is part of it (an emoji); any other hides something."""


@cache
def hidden_character(more: str = "") -> str:
    """Return a pattern of one character that is not seen or that a terminal obeys, or that is in the class `more`; not TAB or LF."""
    hidden = _HIDDEN + characters("default_ignorable", "bidi_control", "blank") + more
    return rf"[{hidden}](?<!{_KEPT_SELECTOR})"


@cache
def _unsafe(whitespace: str) -> re.Pattern[str]:
    return re.compile(hidden_character(whitespace))


_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if character in _SHORT:
        return _SHORT[character]
    return by_number(character)


def by_number(character: str) -> str:
    """Return the escape of a character by its number in two, four or eight hexadecimal digits, as Python and YAML read it."""
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def clean(text: str) -> str:
    """Text for a block of lines: tabs and line ends stay, everything else hidden becomes visible."""
    return text if text.isascii() and text.isprintable() else _unsafe("").sub(_escape, text)


def clean_line(text: str) -> str:
    """Text for one line: as `clean`, and tabs and line ends become visible too."""
    return text if text.isascii() and text.isprintable() else _unsafe(r"\t\n").sub(_escape, text)


def excerpt(text: str, limit: int = 120) -> str:
    """At most about `limit` characters of `text` on one line, cut at a word, with `…`."""
    line = clean_line(re.sub(r"\s+", " ", text[: limit * 4]).strip())
    if len(line) <= limit and len(text) <= limit * 4:
        return line
    cut = line[:limit]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit // 2 else cut).rstrip(" ,;:") + " …"


def around(text: str, start: int, end: int, limit: int = 160) -> str:
    """Return the words from `start` to `end` on one line; a long stretch keeps its beginning and its end."""
    words = text[start:end]
    if len(words) <= limit:
        return excerpt(words, limit)
    half = limit // 2
    return f"{excerpt(words[: half * 2], half)} {clean_line(words[-half:]).strip()}"


def window(text: str, start: int, end: int, limit: int) -> tuple[str, str, str]:
    """Return what stands before, in and after the stretch `start` to `end`, on one line of about `limit` characters.

    The cut is made around the stretch, at word borders, with `…` where something was left out; a stretch that is too
    long itself keeps its beginning and its end. All three parts are safe to show.
    """
    inside = around(text, start, end, max(8, limit))
    room = max(0, limit - len(inside))
    before = re.sub(r"\s+", " ", text[max(0, start - 2 * limit) : start])
    after = re.sub(r"\s+", " ", text[end : end + 2 * limit])
    left = _tail(before, max(room // 2, room - len(after)))
    right = _head(after, room - len(left))
    return clean_line(left), inside, clean_line(right)


def _tail(text: str, room: int) -> str:
    """Return the last words of a text that has been cut, or all of it."""
    if len(text) <= room:
        return text.lstrip()
    cut = text[len(text) - room :] if room > 0 else ""
    space = cut.find(" ")
    return "… " + (cut[space + 1 :] if 0 <= space < len(cut) - 1 else "") if room > 2 else ""


def _head(text: str, room: int) -> str:
    """Return the first words of a text that is cut, or all of it."""
    if len(text) <= room:
        return text.rstrip()
    cut = text[: max(0, room)]
    space = cut.rfind(" ")
    return (cut[:space] if space > 0 else "") + " …" if room > 2 else ""
