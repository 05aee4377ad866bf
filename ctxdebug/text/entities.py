"""Character references of HTML as characters; their table is loaded when a text has one."""

from __future__ import annotations


def unescaped(text: str) -> str:
    """Return a text with `&amp;`, `&#65;` and the like as the characters that they stand for."""
    if "&" not in text:
        return text
    from html import unescape

    return unescape(text)
