"""From a YAML scalar's decoded text back to its characters: plain, quoted, literal and folded."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import TypeAlias

from ctxdebug.text.patterns import lazy

Offsets: TypeAlias = tuple[int, int, Callable[[int], int]]
_SIMPLE = {"0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029"}  # fmt: skip
_TOKEN = {
    '"': lazy(r"\\(?:\r\n|[\s\S])|[ \t]*(?:\r\n|\n|\r|\x85|\u2028|\u2029)|[^\\\r\n\x85\u2028\u2029 \t]+|[ \t]+"),
    "'": lazy(r"''|[ \t]*(?:\r\n|\n|\r|\x85|\u2028|\u2029)|[^'\r\n\x85\u2028\u2029 \t]+|[ \t]+"),
    "": lazy(r"[ \t]*(?:\r\n|\n|\r|\x85|\u2028|\u2029)|[^\r\n\x85\u2028\u2029 \t]+|[ \t]+"),
}
_BREAK = lazy(r"[ \t]*(\r\n|\n|\r|\x85|\u2028|\u2029)")
_SPACE = lazy(r"[ \t]*")
_HEX = lazy(r"\\[xuU]((?<=x)[0-9a-fA-F]{2}|(?<=u)[0-9a-fA-F]{4}|(?<=U)[0-9a-fA-F]{8})")
_DASHES = lazy(r" *(?:- +)*")
_LINE = lazy(r"([^\r\n\x85\u2028\u2029]*)(\r\n|\n|\r|\x85|\u2028|\u2029|\Z)")
_PROPERTIES = lazy(r"(?:[&!][^\s]{0,400}\s+){0,2}")


def scalar_offsets(text: str, start: int, end: int, style: str | None, value: str) -> Offsets | None:
    """Start and end of a scalar's characters, and the way from its decoded offsets to them; None when unsure."""
    properties = _PROPERTIES.match(text, start, end)
    start = properties.end() if properties else start
    if style in {"|", ">"}:
        pieces = _block(text, start, end, value)
        begin = text.find("\n", start, end) + 1
    else:
        quoted = style in {"'", '"'}
        begin, end = (start + 1, end - 1) if quoted else (start, end)
        pieces = _flow(text, begin, end, style or "")
    decoded_at, raw_at, parts, length = [], [], [], 0
    for raw, part, as_is in pieces:
        decoded_at.append(length)
        raw_at.append((raw, as_is))
        parts.append(part)
        length += len(part)
    if "".join(parts) != value:
        return None

    def inward(offset: int) -> int:
        which = bisect_right(decoded_at, offset) - 1
        if which < 0:
            return begin
        raw, as_is = raw_at[which]
        return min(raw + (offset - decoded_at[which] if as_is else 0), end) if offset < length else end

    return begin, end, inward


_Piece: TypeAlias = tuple[int, str, bool]
"""Where a stretch stands, what it decodes to, and whether it stands there character by character."""


def _flow(text: str, start: int, end: int, style: str) -> Iterator[_Piece]:
    """Yield a plain or quoted scalar: one line end folds to a space, more of them keep all but the first."""
    token, at = _TOKEN[style if style in {"'", '"'} else ""], start
    while at < end:
        match = token.match(text, at, end)
        if match is None:
            return
        found = match[0]
        if found[-1] in "\r\n\x85\u2028\u2029" and not found.startswith("\\"):
            folded, at_next = _fold(text, at, end)
            yield at, folded, False
            at = at_next
            continue
        if found.startswith("\\") and style == '"':
            part, at_next = _escape(text, at, end)
            yield at, part, False
            at = at_next
            continue
        if found == "''" and style == "'":
            yield at, "'", False
        else:
            yield at, found, True
        at = match.end()


def _fold(text: str, at: int, end: int) -> tuple[str, int]:
    """Return what a run of line ends and the space around it folds to, and where the next words begin."""
    breaks: list[str] = []
    while (match := _BREAK.match(text, at, end)) is not None:
        breaks.append(_line_end(match[1]))
        at = match.end()
    space = _SPACE.match(text, at, end)
    at = space.end() if space else at
    return _joined(breaks[0], breaks[1:]), at


def _line_end(found: str) -> str:
    """Return a line end as the parser gives it: only the two separators of Unicode stay what they are."""
    return found if found in "\u2028\u2029" else "\n"


def _joined(first: str, more: list[str]) -> str:
    """Return what stands between two folded lines."""
    kept = first if first != "\n" else "" if more else " "
    return kept + "".join(more)


def _escape(text: str, at: int, end: int) -> tuple[str, int]:
    if (match := _HEX.match(text, at, end)) is not None:
        return chr(int(match[1], 16)), match.end()
    if at + 1 >= end:
        return "\\", end
    if text[at + 1] in "\r\n\x85\u2028\u2029":
        after = at + (3 if text.startswith("\r\n", at + 1) else 2)
        breaks: list[str] = []
        while (match := _BREAK.match(text, after, end)) is not None:
            breaks.append(_line_end(match[1]))
            after = match.end()
        space = _SPACE.match(text, after, end)
        return "".join(breaks), space.end() if space else after
    return _SIMPLE.get(text[at + 1], text[at + 1]), at + 2


def _block(text: str, start: int, end: int, value: str) -> Iterator[_Piece]:
    """Yield a literal or folded block: the indentation is that of its first line that is not blank, or is given."""
    head_end = text.find("\n", start, end)
    if head_end < 0:
        return
    head = text[start:head_end]
    folded = ">" in head[:12]
    lines = _lines(text, head_end + 1, end)
    given = re.search(r"[|>][+-]?([1-9])", head)
    indent = _indent(text, lines, int(given[1]) if given else None, start)
    pieces = _folded(text, lines, indent) if folded else _literal(text, lines, indent)
    length = 0
    for raw, part, as_is in pieces:
        part = part[: len(value) - length]  # the head says how many line ends at the end are kept
        if part:
            yield raw, part, as_is
            length += len(part)


def _lines(text: str, start: int, end: int) -> list[tuple[int, int, int]]:
    """Start, end of the words, and end with the line end, of each line."""
    found, at = [], start
    while at <= end and at < len(text):
        match = _LINE.match(text, at)
        if match is None or match.end() == at or match.end(1) > end:
            break
        found.append((at, match.end(1), match.end()))
        at = match.end()
    return found


def _indent(text: str, lines: list[tuple[int, int, int]], given: int | None, start: int) -> int:
    if given is not None:
        line_start = text.rfind("\n", 0, start) + 1
        outer = _outer(text[line_start:start])
        widths = [width for width in (_width(text, line) for line in lines) if width is not None]
        return min([outer + given, *widths]) if widths else outer + given
    return next((width for line in lines if (width := _width(text, line)) is not None), 0)


def _outer(first: str) -> int:
    """Return the column of the collection that a scalar stands in, from what stands before it in its line."""
    dashes = _DASHES.match(first)
    before = dashes.end() if dashes else 0
    return first.rfind("-") if before == len(first) and "-" in first else before


def _width(text: str, line: tuple[int, int, int]) -> int | None:
    """How far a line is indented; None for a blank one."""
    words = text[line[0] : line[1]]
    return len(words) - len(words.lstrip(" ")) if words.strip(" ") else None


def _literal(text: str, lines: list[tuple[int, int, int]], indent: int) -> Iterator[_Piece]:
    for start, words_end, line_end in lines:
        begin = min(start + indent, words_end)
        yield begin, text[begin:words_end], True
        if line_end > words_end:
            yield words_end, _line_end(text[words_end:line_end]), False


def _folded(text: str, lines: list[tuple[int, int, int]], indent: int) -> Iterator[_Piece]:
    """One line end between two lines of words is a space; blank lines and deeper ones keep theirs."""
    breaks: list[str] = []
    previous: tuple[int, bool] | None = None
    for start, words_end, line_end in lines:
        begin = min(start + indent, words_end)
        words = text[begin:words_end]
        ending = [_line_end(text[words_end:line_end])] if line_end > words_end else []
        if not words:
            breaks.extend(ending)
            continue
        deeper = words[0] in " \t"
        if breaks and previous is not None and not previous[1] and not deeper:
            yield previous[0], _joined(breaks[0], breaks[1:]), False
        elif breaks:
            yield start if previous is None else previous[0], "".join(breaks), False
        yield begin, words, True
        previous, breaks = (words_end, deeper), ending
    if breaks:
        yield lines[0][0] if previous is None else previous[0], "".join(breaks), False
