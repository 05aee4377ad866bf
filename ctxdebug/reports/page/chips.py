"""Captured text as HTML: escaped, hidden characters as chips that can be seen, marked stretches, numbered lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from ctxdebug.text.patterns import lazy
from ctxdebug.text.printable import hidden_character

if TYPE_CHECKING:
    from markupsafe import Markup

_HIDDEN = lazy(lambda: rf"({hidden_character(chr(0xFFFE) + chr(0xFFFF))})\1*")
_LONGEST_RUN = 12


def _chip(match: re.Match[str]) -> str:
    character, count = match.group(1), len(match.group())
    code = ord(character)
    name = unicodedata.name(
        character, "control character" if code < 0xA0 else "lone surrogate" if code < 0xE000 else "hidden"
    )
    shown = f"U+{code:04X}" + (f" ×{count}" if count > 1 else "")
    return f'<b class="c" title="{name.lower()}">{shown}</b>'


def _escaped(text: str) -> str:
    return _HIDDEN.sub(_chip, escape(text))


def weight(text: str) -> int:
    """About how many bytes the markup of a text has."""
    size = len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
    hidden = 0 if text.isprintable() else sum(1 for _ in _HIDDEN.finditer(text))
    return size + 60 * hidden + 24 * text.count("\n") + 5 * sum(map(text.count, "<>&\"'"))


def chips(text: str) -> Markup:
    """Text on however many lines it has."""
    from markupsafe import Markup

    return Markup(_escaped(text))  # noqa: S704 - escaped by _escaped


def marked(text: str, marks: Iterable[tuple[int, int, str]]) -> Markup:
    """Text in which each (start, end, class) stretch is marked; where stretches overlap, the first wins."""
    from markupsafe import Markup

    return Markup(_marked(text, marks))  # noqa: S704 - escaped by _escaped; classes are ours


def _marked(text: str, marks: Iterable[tuple[int, int, str]]) -> str:
    parts, at = [], 0
    for start, end, kind in sorted(marks):
        start, end = max(start, at), min(end, len(text))
        if start >= end:
            continue
        opening = f'<mark class="{kind}">'
        inside = _escaped(text[start:end]).replace("\n", f"</mark>\n{opening}")
        parts += [_escaped(text[at:start]), opening, inside, "</mark>"]
        at = end
    return "".join([*parts, _escaped(text[at:])])


def numbered(text: str, marks: Sequence[tuple[int, int, str]] = ()) -> Markup:
    """Text with an element a line, which a style sheet numbers; numbers are not copied with the text."""
    from markupsafe import Markup

    lines = _marked(text, marks).split("\n")
    return Markup("".join(f'<span class="l">{line}\n</span>' for line in lines))  # noqa: S704 - as above


_WORDS = lazy(r"\w+|[^\w\s]")
_MOST_COMPARED = 1200


def contrasted(left: str, right: str) -> tuple[Markup, Markup]:
    """Two quotations with the words marked that the other has not; long ones are shown unmarked."""
    if len(left) > _MOST_COMPARED or len(right) > _MOST_COMPARED or not (left.strip() and right.strip()):
        return chips(left), chips(right)
    from difflib import SequenceMatcher

    a, b = list(_WORDS.finditer(left)), list(_WORDS.finditer(right))
    matcher = SequenceMatcher(
        None, [word.group().lower() for word in a], [word.group().lower() for word in b], autojunk=False
    )
    sides: tuple[list[tuple[int, int, str]], list[tuple[int, int, str]]] = ([], [])
    same = 0
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            same += j - i
            continue
        if i < j:
            sides[0].append((a[i].start(), a[j - 1].end(), "d"))
        if k < m:
            sides[1].append((b[k].start(), b[m - 1].end(), "d"))
    if same * 4 < min(len(a), len(b)):
        return chips(left), chips(right)
    return marked(left, sides[0]), marked(right, sides[1])
