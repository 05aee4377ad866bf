"""A copy of a text that can be shared: links that cannot be clicked, nothing invisible, and instructions marked as none.

Meant for tickets and chats that people and models read. It is not a filter: the words are all still there.
"""

from __future__ import annotations

import re

from ctxdebug.analysis.directives.directive import Found, Passage
from ctxdebug.analysis.directives.disguise import Disguise
from ctxdebug.analysis.directives.envelope import breakouts
from ctxdebug.analysis.directives.hidden import hidden
from ctxdebug.analysis.directives.passages import passages
from ctxdebug.text.patterns import lazy

MARK = "⟦not an instruction: "
"""Stands before every passage that reads like an instruction."""
END = "⟧"
_MARKED = lazy(rf"({MARK}[^{END}]*{END})")
_SCHEME = lazy(r"\b(ht)tp(s?)://", re.IGNORECASE)
_ADDRESS = lazy(r"(?<=[\w-])@(?=[\w-]{1,60}\.)")
_HOST = lazy(r"(?<=\w)\.(?=(?:[\w-]{1,40}\.){0,3}[a-z]{2,12}(?=\.?(?:[⟧/:?#\s'\")>\]]|$)))")
_LINK = lazy(r"(?:hxxps?\[:\]//|\bwww\.|[\w.+-]{1,64}\[at\])[^\s'\"<>)\]]{1,300}", re.IGNORECASE)
_INVISIBLE = (Disguise.TAGS, Disguise.ZERO_WIDTH, Disguise.VARIATION, Disguise.BIDI, Disguise.CONTROL)


def defang(text: str) -> str:
    """Return the defanged copy; what is marked already is not marked again."""
    return _addresses(_tokens(_seen(_marked(text))))


def _marked(text: str) -> str:
    return "".join(piece if piece.startswith(MARK) else _marked_piece(piece) for piece in _MARKED.split(text))


def _marked_piece(text: str) -> str:
    pieces: list[str] = []
    at = 0
    for start, end in _runs([one for one in passages(text) if one.found in (Found.READING, Found.ENCODED)]):
        pieces += [text[at:start], MARK, text[start:end], END]
        at = end
    return "".join(pieces) + text[at:]


def _runs(found: list[Passage]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for one in sorted(found, key=lambda passage: passage.start):
        if runs and one.start < runs[-1][1]:
            runs[-1] = (runs[-1][0], max(runs[-1][1], one.end))
        else:
            runs.append((one.start, one.end))
    return runs


def _seen(text: str) -> str:
    """Invisible characters as escapes, where they hide something."""
    for one in sorted(hidden(text), key=lambda found: found.start, reverse=True):
        if one.disguise in _INVISIBLE:
            shown = "".join(c if c.isprintable() or c in "\n\t" else _escape(c) for c in text[one.start : one.end])
            text = text[: one.start] + shown + text[one.end :]
    return text


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _tokens(text: str) -> str:
    for one in sorted((one for one in breakouts(text) if one.certain), key=lambda found: found.start, reverse=True):
        text = (
            text[: one.start]
            + text[one.start : one.end].replace("|", "¦").replace("<", "‹").replace("[", "⁅")
            + text[one.end :]
        )
    return text


def _addresses(text: str) -> str:
    text = _SCHEME.sub(lambda match: f"{match[1].replace('t', 'x').replace('T', 'X')}xp{match[2]}[:]//", text)
    text = _ADDRESS.sub("[at]", text)
    return _LINK.sub(lambda match: _HOST.sub("[.]", match[0]), text)
