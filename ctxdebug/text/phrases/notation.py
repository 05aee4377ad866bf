r"""The notation in which a phrase is written, made into a regular expression that is linear on any text.

| notation | means |
|---|---|
| `do not` | these words; any white space between them, any apostrophe and hyphen, any case; a colon is none of an address |
| `(know\|find)` | one of these; groups may hold groups |
| `[really]` | this, or nothing |
| `inform*` | any ending of up to eight letters |
| `…`, `…3` | up to six words (or as many as the figure says) of the same sentence |
| `{source}` | a list that the file defines: `@source = document* source* …` |
| `^`, `$` | the sentence begins here, ends here |
| `¶` | a sentence, a quotation, a cell, a bracket or the inside of a tag begins here |

In a language without spaces a blank means nothing or white space, and a gap is counted in characters, three for a word;
so is a gap with no blank beside it, eight for a word.
Every repetition has a limit, which is what keeps a search linear.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ctxdebug.records import record
from ctxdebug.text.phrases.needs import Need, first_need, literals_of, needs_of
from ctxdebug.text.phrases.nodes import Group, Mark, Node, Row, Words

MARKS = 6
_GAP = 6
_FOLDS = {":": ":(?!//)", "'": "['’ʼ]", "-": "[-‐‑–]", '"': '["“”„«»]'}
_START = r"(?:(?<![\s\S])|(?<=[.!?:;。！？…\n])|(?<=[.!?:;…]\s))[\s\"'“„«*_>#/(\[-]{0,MARKS}".replace(
    "MARKS", str(MARKS)
)
_STRETCH = _START.replace("(?:(?<!", r"(?:(?<=[\"“„«>|(\[{])|(?<!", 1)
_END = r"(?=[\s\"'”“»*_)]{0,6}(?:[.!?。！？…;\n]|\Z))"
_ENDING = r"[^\W\d_]{0,8}"
_SYNTAX = frozenset("()[]|*…^¶${} ")


class PhraseError(ValueError):
    """A phrase that is not in the notation."""


@record(frozen=True, slots=True)
class Notation:
    """What a phrase was made into: a pattern, and literals of which every match contains one, in lower case."""

    pattern: str
    literals: tuple[str, ...]
    needs: tuple[Need, ...] = ()
    """Every one must be met, where the language has spaces."""
    first: Need | None = None
    """What the first word of a match meets; None where that cannot be said."""
    sentence: bool = False
    """Whether every match begins where a sentence does, with up to `MARKS` marks before its first word."""


def translate(phrase: str, lists: Mapping[str, str], *, spaces: bool = True) -> Notation:
    """Translate a phrase of a language with or without spaces; raises `PhraseError`."""
    for _ in range(4):
        phrase = re.sub(r"\{(\w+)\}", lambda match: f"({_list(match[1], lists)})", phrase)
    reader = _Reader(phrase)
    branches = reader.alternatives()
    if reader.at < len(phrase):
        raise PhraseError(f"nothing opens the {phrase[reader.at]!r} at {reader.at} of {phrase!r}")
    body = "|".join(_written(row, spaces) for row in branches)
    literals = literals_of((Group(branches, optional=False),))
    if not literals:
        raise PhraseError(f"no word of {phrase!r} is needed, so that it would be searched in every text")
    edges = (r"(?<!\w)", r"(?!\w)") if spaces else ("", "")
    needs = tuple(needs_of(branches[0])) if spaces and len(branches) == 1 else ()
    sentence = all(row[:1] in ((Mark("^"),), (Mark("¶"),)) for row in branches)
    first = first_need([row[1:] if sentence else row for row in branches]) if spaces else None
    return Notation(f"{edges[0]}(?:{body}){edges[1]}", literals, needs, first, sentence)


def _list(name: str, lists: Mapping[str, str]) -> str:
    if name not in lists:
        raise PhraseError(f"no list is named {name!r}")
    return lists[name]


class _Reader:
    """Reads a phrase from left to right."""

    def __init__(self, phrase: str) -> None:
        self.phrase = phrase
        self.at = 0

    def alternatives(self) -> tuple[Row, ...]:
        """Read rows parted by `|`, up to a closing bracket or the end."""
        rows = [self.row()]
        while self.phrase[self.at : self.at + 1] == "|":
            self.at += 1
            rows.append(self.row())
        return tuple(rows)

    def row(self) -> Row:
        """Read one row of nodes."""
        nodes: list[Node] = []
        while self.at < len(self.phrase) and self.phrase[self.at] not in "|)]":
            nodes.append(self.node())
        return tuple(nodes)

    def node(self) -> Node:
        """Read one node."""
        sign = self.phrase[self.at]
        if sign in "([":
            self.at += 1
            branches = self.alternatives()
            close = ")" if sign == "(" else "]"
            if self.phrase[self.at : self.at + 1] != close:
                raise PhraseError(f"{sign!r} is not closed in {self.phrase!r}")
            self.at += 1
            return Group(branches, sign == "[")
        if sign not in _SYNTAX:
            start = self.at
            while self.at < len(self.phrase) and self.phrase[self.at] not in _SYNTAX:
                self.at += 1
            return Words(self.phrase[start : self.at])
        self.at += 1
        if sign in "{}":
            raise PhraseError(f"a list's name is letters in braces: {self.phrase!r}")
        if sign == "…":
            figure = re.compile(r"\d?").match(self.phrase, self.at)
            count = figure[0] if figure else ""
            self.at += len(count)
            return Mark(sign, int(count or _GAP))
        return Mark(sign)


def _written(row: Row, spaces: bool) -> str:
    """Write a row as a pattern; what may be left out takes the blank beside it along."""
    parts: list[str] = []
    blank = r"\s{1,3}" if spaces else r"\s{0,2}"
    index = 0
    while index < len(row):
        node = row[index]
        following = row[index + 1] if index + 1 < len(row) else None
        loose = (isinstance(node, Group) and node.optional) or (isinstance(node, Mark) and node.sign == "…")
        if loose and isinstance(following, Mark) and following.sign == " ":
            parts.append(_loose(node, spaces, after=blank))
            index += 2
            continue
        if loose and parts and parts[-1] == blank:
            parts[-1] = _loose(node, spaces, before=blank)
        else:
            parts.append(_loose(node, spaces) if loose else _fixed(node, spaces, blank))
        index += 1
    return "".join(parts)


def _loose(node: Node, spaces: bool, *, before: str = "", after: str = "") -> str:
    if isinstance(node, Group):
        return f"(?:{before}{_fixed(Group(node.branches, optional=False), spaces, '')}{after})?"
    assert isinstance(node, Mark)
    if not spaces or not (before or after):
        return rf"[^.!?。！？\n]{{0,{node.count * (8 if spaces else 3)}}}?"
    word = r"[^\s.!?。！？]{1,40}(?:[.][^\s.!?。！？]{1,20}){0,2}"
    gap = r"[^\S\n]{1,3}"
    return rf"(?:{word}{gap}){{0,{node.count}}}?" if not before else rf"(?:{gap}{word}){{0,{node.count}}}?"


def _fixed(node: Node, spaces: bool, blank: str) -> str:
    if isinstance(node, Words):
        return "".join(_FOLDS.get(character) or re.escape(character) for character in node.text)
    if isinstance(node, Group):
        body = "|".join(_written(row, spaces) for row in node.branches)
        return f"(?:{body}){'?' if node.optional else ''}"
    return {" ": blank, "*": _ENDING, "^": _START, "¶": _STRETCH, "$": _END}[node.sign]
