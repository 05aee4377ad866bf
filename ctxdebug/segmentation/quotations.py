"""Words that a user sets off as somebody else's: triple quotes, fences, block quotes."""

from __future__ import annotations

import re

from ctxdebug.segmentation.cut import Cut
from ctxdebug.text.patterns import lazy

_TRIPLE = lazy(r'"""(?!"")')
_FENCE = lazy(r"^[ \t]{0,3}(`{3,}|~{3,})[^\n`]{0,60}$", re.MULTILINE)
_BLOCK = lazy(r"(?:^[ \t]{0,3}>[^\n]{0,2000}(?:\n|\Z)){1,400}", re.MULTILINE)


def set_off(text: str) -> list[Cut]:
    """Quotations, in order and without overlap."""
    cuts: list[Cut] = []
    if '"""' in text:
        marks = [mark.span() for mark in _TRIPLE.finditer(text)]
        cuts.extend(Cut(left[1], right[0]) for left, right in zip(marks[::2], marks[1::2], strict=False))
    if "```" in text or "~~~" in text:
        cuts.extend(_fences(text))
    if "\n>" in text or text.startswith(">"):
        cuts.extend(Cut(*block.span()) for block in _BLOCK.finditer(text))
    taken: list[Cut] = []
    for cut in sorted(cuts, key=lambda cut: cut.start):
        if cut.end > cut.start and (not taken or cut.start >= taken[-1].end):
            taken.append(cut)
    return taken


def _fences(text: str) -> list[Cut]:
    cuts: list[Cut] = []
    opening: re.Match[str] | None = None
    for mark in _FENCE.finditer(text):
        if opening is None:
            opening = mark
        elif mark[1].startswith(opening[1]):
            cuts.append(Cut(min(opening.end() + 1, len(text)), mark.start()))
            opening = None
    return cuts
