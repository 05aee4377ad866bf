"""The layout of a text written in Markdown: headings, lists, code, tables, each with its place.

CommonMark with tables, read by markdown-it, which is loaded on first use. It is linear on hostile text, but slow there
(up to 0.1 ms a character), so that nothing longer than `LONGEST` is read.

Bullets, highlights and paragraphs of an answer are counted by `text.counts` all the same, outside code: counted by
CommonMark they agree less with the strict labels of IFEval (bullets .970 for .977, highlights .969 for over .99,
first words of paragraphs .944 for over .99; `tests/bench/constraints.py`, n=2,545).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

from ctxdebug.records import record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_length

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LONGEST = 50_000
"""Characters."""


class BlockKind(StrEnum):
    """What a stretch of lines is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    """One item of a list without numbers."""
    NUMBERED = "numbered item"
    CODE = "code block"
    QUOTE = "block quote"
    TABLE = "table"
    RULE = "rule"


@record(frozen=True, slots=True)
class Block:
    """A block at characters `start` to `end`, whole lines without the last line end."""

    kind: BlockKind
    start: int
    end: int
    depth: int
    """How many lists and quotes it is in; 0 for one that stands by itself."""
    level: int = 0
    """Of a heading, 1 to 6; of a table, its rows with the head."""
    word: str = ""
    """What a code block names as its language; the words of a heading."""


@record(frozen=True, slots=True)
class Layout:
    """The blocks of a text in order."""

    blocks: tuple[Block, ...]

    def of(self, *kinds: BlockKind) -> list[Block]:
        """Return the blocks of some kinds, in order."""
        return [block for block in self.blocks if block.kind in kinds]


_BLOCKS = {
    "heading_open": BlockKind.HEADING,
    "paragraph_open": BlockKind.PARAGRAPH,
    "fence": BlockKind.CODE,
    "code_block": BlockKind.CODE,
    "blockquote_open": BlockKind.QUOTE,
    "table_open": BlockKind.TABLE,
    "hr": BlockKind.RULE,
}
_NESTS = {"bullet_list", "ordered_list", "blockquote"}


@cache
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table")


@by_length(6.0)
def layout(text: str) -> Layout | None:
    """Return the layout of a text; None for a text that is too long to be read."""
    if len(text) > LONGEST:
        return None
    # line ends as markdown-it counts them: it reads CR and CRLF as LF
    plain = text.replace("\r\n", " \n").replace("\r", "\n")
    starts = [0, *accumulate(len(line) + 1 for line in plain.split("\n"))]
    tokens = _reader().parse(plain)
    return Layout(tuple(_blocks(text, tokens, starts)))


_WRAPPED = lazy(r"\s*(```|~~~)(?:markdown|md|text)?[ \t]*\n([\s\S]*?)\n[ \t]*\1\s*", re.IGNORECASE)


def unwrapped(text: str) -> str:
    """Return a text with the fence around all of it blanked out, in the same length: some models put any answer into one."""
    found = _WRAPPED.fullmatch(text) if "```" in text or "~~~" in text else None
    if found is None or found[1] in found[2]:
        return text
    return _blank(text[: found.start(2)]) + found[2] + _blank(text[found.end(2) :])


@by_length(1.0)
def prose(text: str) -> str:
    """Return a text with its fenced code blanked out, in the same length: what is in it is shown, and not laid out."""
    text = unwrapped(text)
    found = layout(text) if "```" in text or "~~~" in text else None
    for block in found.of(BlockKind.CODE) if found is not None else ():
        if text[block.start : block.end].lstrip()[:3] in {"```", "~~~"}:
            text = text[: block.start] + _blank(text[block.start : block.end]) + text[block.end :]
    return text


def _blank(text: str) -> str:
    return "".join(character if character in "\r\n" else " " for character in text)


def _blocks(text: str, tokens: list[Token], starts: list[int]) -> Iterator[Block]:
    open_lists: list[str] = []
    for number, token in enumerate(tokens):
        name, _, edge = token.type.rpartition("_")
        if name in _NESTS and edge == "close":
            open_lists.pop()
        kind = _BLOCKS.get(token.type)
        if token.type == "list_item_open":
            kind = BlockKind.BULLET if open_lists[-1] == "bullet_list" else BlockKind.NUMBERED
        if kind is not None and token.map is not None and not (kind is BlockKind.PARAGRAPH and token.hidden):
            start, end = starts[token.map[0]], starts[min(token.map[1], len(starts) - 1)] - 1
            inside = len(open_lists) - (token.type == "list_item_open")
            yield Block(
                kind, start, len(text[:end].rstrip()), inside, _level(kind, tokens, number), _word(kind, tokens, number)
            )
        if name in _NESTS and edge == "open":
            open_lists.append(name)


def _level(kind: BlockKind, tokens: list[Token], number: int) -> int:
    if kind is BlockKind.HEADING:
        return int(tokens[number].tag[1:])
    if kind is BlockKind.TABLE:
        rows = 0
        for token in tokens[number:]:
            if token.type == "table_close":
                break
            rows += token.type == "tr_open"
        return rows
    return 0


def _word(kind: BlockKind, tokens: list[Token], number: int) -> str:
    if kind is BlockKind.HEADING:
        return tokens[number + 1].content
    return tokens[number].info.split(None, 1)[0] if kind is BlockKind.CODE and tokens[number].info.strip() else ""
