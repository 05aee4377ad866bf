"""A text as it is read, in sentences, without marks of emphasis, printed escapes and the spacing of tokenised corpora."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from ctxdebug.records import record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.sentences import sentence_spans

_TOKENISED = lazy(r" (?:[.,;:!?)%](?=\s|$)|'s\b|n't\b|''|-RRB-)|-LRB- |`` |\( ")
_FIXES = {" -RRB-": ")", "-LRB- ": "(", "`` ": '"', " ''": '"', "( ": "("}
_MARKUP = r"\*\*|(?<!\w)__(?=\w)|(?<=\w)__(?!\w)|\\\n[ \t]*(?:\\ )?|\\u(?P<code>[0-9a-fA-F]{4})"
"""Bold marks, a YAML string's folded line end (a backslash, then perhaps one that keeps a space), a printed `\\uXXXX`."""
_MARKED = lazy(_MARKUP)
_EITHER = lazy(f"{_TOKENISED.pattern}|{_MARKUP}")

_MARKS = ("**", "__", "\\\n", "\\u")


@record(frozen=True)
class ReadableText:
    """A text with the spacing of tokenised corpora undone.

    `text` is what is compared; `original(i)` is the captured character where its character `i` stands.
    """

    captured: str
    text: str
    _starts: tuple[int, ...] = ()
    _shifts: tuple[int, ...] = ()

    def original(self, index: int) -> int:
        """Return the position in the captured text."""
        if not self._starts:
            return index
        at = bisect_right(self._starts, index) - 1
        return min(len(self.captured), index + self._shifts[at]) if at >= 0 else index

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Return a span in the captured text, dropped spaces outside."""
        first, last = self.original(start), self.original(end)
        while last - 1 > first and self.captured[last - 1].isspace():
            last -= 1
        return first, last

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Sentences, as spans of `text`."""
        return sentence_spans(self.text)


def read(text: str) -> ReadableText:
    """Read a text without emphasis marks and printed escapes; rejoin it if it was tokenised (`word .`, `1,570 .`, `-LRB-`)."""
    marks = text.count(" .") + text.count(" ,") + 2 * text.count("-LRB-") + 2 * text.count("`` ")
    tokenised = bool(marks) and marks * 400 >= len(text)
    marked = any(mark in text for mark in _MARKS)
    if not tokenised and not marked:
        return ReadableText(text, text)
    return _rewritten(text, _EITHER if tokenised and marked else _TOKENISED if tokenised else _MARKED)


def _rewritten(text: str, pattern: re.Pattern[str]) -> ReadableText:
    parts: list[str] = []
    starts: list[int] = []
    shifts: list[int] = []
    end = length = 0
    for match in pattern.finditer(text):
        found = match.group()
        put = _put(found)
        parts += (text[end : match.start()], put)
        length += match.start() - end + len(put)
        end = match.end()
        begin = length - len(put)
        lead = len(found) - len(found.lstrip()) if len(put) <= len(found.strip()) else 0
        starts += (begin, length)
        shifts += (match.start() + lead - begin, end - length)
    parts.append(text[end:])
    joined = "".join(parts)
    if joined == text:
        return ReadableText(text, text)
    return ReadableText(text, joined, tuple(starts), tuple(shifts))


def _put(found: str) -> str:
    """Return what is read in place of a mark: nothing for emphasis, a space for a folded line end, the character of an escape."""
    if found in {"**", "__"} or found[0] == "\\":
        code = found[2:] if found[:2] == "\\u" else ""
        return chr(int(code, 16)) if code and not "d800" <= code.lower() <= "dfff" else " " if found[:1] == "\\" else ""
    return _FIXES.get(found) or found.strip()
