"""Text that a person does not see and a model reads: invisible characters, disguised letters, hidden markup.

Deterministic: no threshold, no weights. What is hidden is decoded and shown. Emoji sequences, joiners where a
script needs them and direction marks in right-to-left text are what those characters are for, and are left alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from ctxdebug.analysis.directives.disguise import MINIMUM, Disguise, Hidden
from ctxdebug.analysis.directives.homoglyphs import disguised
from ctxdebug.text.invisible import characters
from ctxdebug.text.patterns import lazy

_TAGS = lazy("[\U000e0000-\U000e007f]+")
_SELECTORS = lazy("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{3,}")
_OVERRIDE = lazy("[\u202d\u202e][^\u202c\n]*\u202c?|[\u202a\u202b\u2066-\u2068]{2,}[^\u202c\u2069\n]*")
_CONCEALED = lazy(r"\x1b\[(?:[0-9]{1,3};){0,6}8m([^\x1b]{4,})")
_OVERWRITTEN = lazy(
    r"(?:^|[\n\r])([^\x1b\r\n]{4,2000})(?:\x1b\[[012]?[JK]|\x1b\[1?G|\x1b\[\d{0,3}[AD]|\r(?!\n)|\n\x1b\[\d{0,2}[AF])"
    r"|\x1b\](?:[0-2]|8;[^;\x07\x1b]{0,200});([^\x07\x1b]{4,2000})"
)
"""A line that is erased or written over, and what a title or a link keeps to itself: usual for progress bars."""
_BACKSPACES = lazy("\x08{4,}")
_OWN_KINDS = r"\u200e\u200f\u202a-\u202e\u2066-\u2069\ufe00-\ufe0f\U000e0000-\U000e01ef"
"""Tags, selectors and direction marks: ignorable characters that hide text in ways of their own."""
_SPLIT = 3
"""Invisible characters in one word from which on they are there to disguise it; fewer are hints where to break a line."""
_BREAK = "\u200b"
"""Says where a long word may be broken, and is honest a few times in one."""
_AROUND = 200
_BLANKS = frozenset("\u2800")
"""Cells without dots that a spinner or a picture in Braille is padded with."""
_FLAG_BASE = "\U0001f3f4"
_JOINING = ("ARABIC", "SYRIAC", "MONGOLIAN", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA",
            "MALAYALAM", "SINHALA", "KHMER", "MYANMAR", "TIBETAN", "NKO", "THAANA", "HEBREW", "THAI", "LAO")  # fmt: skip


class _Patterns(NamedTuple):
    """Patterns made of the Unicode tables."""

    suspect: re.Pattern[str]
    zero: re.Pattern[str]
    run: re.Pattern[str]
    word: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    unseen = characters("default_ignorable", "blank")
    zero = rf"(?:(?![{_OWN_KINDS}])[{unseen}])"
    return _Patterns(
        re.compile(rf"[{unseen}\x1b\x08\x9b\r]"),
        re.compile(zero),
        re.compile(rf"(?:{zero}|[\u200e\u200f]){{4,}}"),
        re.compile(rf"[a-zA-Z]+(?:{zero}{{1,3}}[a-zA-Z]+)+"),
    )


def hidden(text: str) -> Iterator[Hidden]:
    """Every hidden stretch of a text, by its kind; comments and hidden markup are given whole."""
    if not text.isascii() or "\x1b" in text or "\x08" in text or "\r" in text:
        if _patterns().suspect.search(text):
            yield from _tag_characters(text)
            yield from _selectors(text)
            yield from _zero_width(text)
            yield from _directions(text)
            yield from _controls(text)
        yield from (Hidden(start, end, Disguise.HOMOGLYPHS, plain) for start, end, plain in disguised(text))
    if "<" in text or "[//]:" in text or "\\color" in text:
        from ctxdebug.analysis.directives.markup import unseen_markup

        yield from unseen_markup(text)


def _tag_characters(text: str) -> Iterator[Hidden]:
    for match in _TAGS.finditer(text):
        word = "".join(chr(ord(c) - 0xE0000) for c in match[0] if 0xE0020 <= ord(c) < 0xE007F)
        if match.start() and text[match.start() - 1] == _FLAG_BASE and _is_subdivision(match[0], word):
            continue
        yield Hidden(match.start(), match.end(), Disguise.TAGS, word)


def _is_subdivision(run: str, word: str) -> bool:
    """Whether tag characters after a black flag spell a region (`gbsct`) and end as they must."""
    return run.endswith("\U000e007f") and 3 <= len(word) <= 6 and word.isalnum() and word.islower()


def _selectors(text: str) -> Iterator[Hidden]:
    """Bytes smuggled in variation selectors: VS1-16 are 0-15, VS17-256 are 16-255."""
    for match in _SELECTORS.finditer(text):
        data = bytes(ord(c) - 0xFE00 if ord(c) < 0xE0000 else ord(c) - 0xE0100 + 16 for c in match[0])
        yield Hidden(match.start(), match.end(), Disguise.VARIATION, data.decode("utf-8", "replace"))


def _zero_width(text: str) -> Iterator[Hidden]:
    zero = _patterns().zero
    for match in _patterns().run.finditer(text):
        if set(match[0]) <= _BLANKS:
            continue
        if len(set(match[0])) > 1 or len(match[0]) >= 8:
            yield Hidden(match.start(), match.end(), Disguise.ZERO_WIDTH, _bits(match[0]))
    behind = -1
    for match in _patterns().word.finditer(text):
        marks = zero.findall(match[0].replace("\u00ad", ""))
        if not marks or _joined_script(text, match.start(), match.end()):
            continue
        if len(marks) >= _SPLIT or any(mark != _BREAK for mark in marks):
            yield Hidden(match.start(), match.end(), Disguise.ZERO_WIDTH, zero.sub("", match[0]))
        elif match.start() > behind:
            start, behind = _line(text, match.start(), match.end())
            yield Hidden(start, behind, Disguise.SPLIT, zero.sub("", text[start:behind]))


def _line(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the borders of the line around a word, `_AROUND` characters to either side at most."""
    left = text.rfind("\n", max(0, start - _AROUND), start) + 1 or max(0, start - _AROUND)
    right = text.find("\n", end, end + _AROUND)
    return left, right if right >= 0 else min(len(text), end + _AROUND)


def _bits(run: str) -> str:
    """Return a run of two kinds of zero-width characters read as bits, where that gives printable text; else its code points."""
    kinds = sorted(set(run), key=run.index)
    for one, zero in ((kinds[-1], kinds[0]), (kinds[0], kinds[-1])):
        bits = "".join("1" if c == one else "0" for c in run if c in (one, zero))
        letters = "".join(chr(int(bits[i : i + 8], 2)) for i in range(0, len(bits) - 7, 8))
        if len(letters) > 2 and letters.isascii() and letters.isprintable():
            return letters
    return " ".join(f"U+{ord(c):04X}" for c in run[:12])


def _joined_script(text: str, start: int, end: int) -> bool:
    around = text[max(0, start - 1) : start] + text[end : end + 1]
    return any(_script(c) in _JOINING for c in around)


def _script(character: str) -> str:
    return unicodedata.name(character, "").split(" ")[0]


def _directions(text: str) -> Iterator[Hidden]:
    for match in _OVERRIDE.finditer(text):
        inner = "".join(c for c in match[0] if not "\u202a" <= c <= "\u202e" and not "\u2066" <= c <= "\u2069")
        forced = match[0][0] in "\u202d\u202e"
        latin = sum(c.isascii() and c.isalpha() for c in inner)
        if latin >= MINIMUM and (forced or latin > 0.5 * len(inner)) and not _has_rtl(inner):
            yield Hidden(match.start(), match.end(), Disguise.BIDI, inner[::-1] if match[0][0] == "\u202e" else inner)


def _has_rtl(text: str) -> bool:
    return any(unicodedata.bidirectional(c) in ("R", "AL") for c in text)


def _controls(text: str) -> Iterator[Hidden]:
    for match in _CONCEALED.finditer(text):
        if sum(c.isalpha() for c in match[1]) >= MINIMUM:
            yield Hidden(match.start(), match.end(), Disguise.CONTROL, match[1])
    for match in _OVERWRITTEN.finditer(text):
        words = match[1] or match[2]
        if sum(c.isalpha() for c in words) >= MINIMUM:
            yield Hidden(match.start(), match.end(), Disguise.OVERWRITTEN, words)
    for match in _BACKSPACES.finditer(text):
        covered = text[max(0, match.start() - len(match[0])) : match.start()].rpartition("\n")[2]
        if sum(c.isalpha() for c in covered) >= MINIMUM:
            yield Hidden(match.start() - len(covered), match.end(), Disguise.OVERWRITTEN, covered)
