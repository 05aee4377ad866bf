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
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from ctxdebug.records import record

BEGINNING = 4
"""Letters of a word by which it is looked up."""
MARKS = 6
_GAP = 6
_FOLDS = {":": ":(?!//)", "'": "['’ʼ]", "-": "[-‐‑–]", '"': '["“”„«»]'}
_START = r"(?:(?<![\s\S])|(?<=[.!?:;。！？…\n])|(?<=[.!?:;…]\s))[\s\"'“„«*_>#/(\[-]{0,MARKS}".replace(
    "MARKS", str(MARKS)
)
_STRETCH = _START.replace("(?:(?<!", r"(?:(?<=[\"“„«>|(\[{])|(?<!", 1)
_END = r"(?=[\s\"'”“»*_)]{0,6}(?:[.!?。！？…;\n]|\Z))"
_ENDING = r"[^\W\d_]{0,8}"
_EVERYWHERE = frozenset(
    "the a an of to in for and or not is are was you your all any if as on at it that this with do does be from by".split()
)
_SYNTAX = frozenset("()[]|*…^¶${} ")


class PhraseError(ValueError):
    """A phrase that is not in the notation."""


@record(frozen=True, slots=True)
class _Words:
    """Literal characters."""

    text: str


@record(frozen=True, slots=True)
class _Group:
    """Alternatives; an optional one may be left out together with the blank beside it."""

    branches: tuple[_Row, ...]
    optional: bool


@record(frozen=True, slots=True)
class _Mark:
    """A blank, a gap of `count` words, an ending, or an edge of the sentence."""

    sign: str
    count: int = 0


_Node: TypeAlias = _Words | _Group | _Mark
_Row: TypeAlias = tuple[_Node, ...]


@record(frozen=True, slots=True)
class Need:
    """Words of which a match contains at least one: as they are, or by how they begin (their first letters, `BEGINNING` at most)."""

    words: frozenset[str]
    beginnings: frozenset[str]

    def met(self, words: frozenset[str], beginnings: frozenset[str]) -> bool:
        """Whether a text with these words, cut at all that is no letter or digit, and these beginnings of words may match."""
        return not self.words.isdisjoint(words) or not self.beginnings.isdisjoint(beginnings)


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
    literals = _literals((_Group(branches, optional=False),))
    if not literals:
        raise PhraseError(f"no word of {phrase!r} is needed, so that it would be searched in every text")
    edges = (r"(?<!\w)", r"(?!\w)") if spaces else ("", "")
    needs = tuple(_needs(branches[0])) if spaces and len(branches) == 1 else ()
    sentence = all(row[:1] in ((_Mark("^"),), (_Mark("¶"),)) for row in branches)
    first = _first([row[1:] if sentence else row for row in branches]) if spaces else None
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

    def alternatives(self) -> tuple[_Row, ...]:
        """Read rows parted by `|`, up to a closing bracket or the end."""
        rows = [self.row()]
        while self.phrase[self.at : self.at + 1] == "|":
            self.at += 1
            rows.append(self.row())
        return tuple(rows)

    def row(self) -> _Row:
        """Read one row of nodes."""
        nodes: list[_Node] = []
        while self.at < len(self.phrase) and self.phrase[self.at] not in "|)]":
            nodes.append(self.node())
        return tuple(nodes)

    def node(self) -> _Node:
        """Read one node."""
        sign = self.phrase[self.at]
        if sign in "([":
            self.at += 1
            branches = self.alternatives()
            close = ")" if sign == "(" else "]"
            if self.phrase[self.at : self.at + 1] != close:
                raise PhraseError(f"{sign!r} is not closed in {self.phrase!r}")
            self.at += 1
            return _Group(branches, sign == "[")
        if sign not in _SYNTAX:
            start = self.at
            while self.at < len(self.phrase) and self.phrase[self.at] not in _SYNTAX:
                self.at += 1
            return _Words(self.phrase[start : self.at])
        self.at += 1
        if sign in "{}":
            raise PhraseError(f"a list's name is letters in braces: {self.phrase!r}")
        if sign == "…":
            figure = re.compile(r"\d?").match(self.phrase, self.at)
            count = figure[0] if figure else ""
            self.at += len(count)
            return _Mark(sign, int(count or _GAP))
        return _Mark(sign)


def _written(row: _Row, spaces: bool) -> str:
    """Write a row as a pattern; what may be left out takes the blank beside it along."""
    parts: list[str] = []
    blank = r"\s{1,3}" if spaces else r"\s{0,2}"
    index = 0
    while index < len(row):
        node = row[index]
        following = row[index + 1] if index + 1 < len(row) else None
        loose = (isinstance(node, _Group) and node.optional) or (isinstance(node, _Mark) and node.sign == "…")
        if loose and isinstance(following, _Mark) and following.sign == " ":
            parts.append(_loose(node, spaces, after=blank))
            index += 2
            continue
        if loose and parts and parts[-1] == blank:
            parts[-1] = _loose(node, spaces, before=blank)
        else:
            parts.append(_loose(node, spaces) if loose else _fixed(node, spaces, blank))
        index += 1
    return "".join(parts)


def _loose(node: _Node, spaces: bool, *, before: str = "", after: str = "") -> str:
    if isinstance(node, _Group):
        return f"(?:{before}{_fixed(_Group(node.branches, optional=False), spaces, '')}{after})?"
    assert isinstance(node, _Mark)
    if not spaces or not (before or after):
        return rf"[^.!?。！？\n]{{0,{node.count * (8 if spaces else 3)}}}?"
    word = r"[^\s.!?。！？]{1,40}(?:[.][^\s.!?。！？]{1,20}){0,2}"
    gap = r"[^\S\n]{1,3}"
    return rf"(?:{word}{gap}){{0,{node.count}}}?" if not before else rf"(?:{gap}{word}){{0,{node.count}}}?"


def _fixed(node: _Node, spaces: bool, blank: str) -> str:
    if isinstance(node, _Words):
        return "".join(_FOLDS.get(character) or re.escape(character) for character in node.text)
    if isinstance(node, _Group):
        body = "|".join(_written(row, spaces) for row in node.branches)
        return f"(?:{body}){'?' if node.optional else ''}"
    return {" ": blank, "*": _ENDING, "^": _START, "¶": _STRETCH, "$": _END}[node.sign]


def _needs(row: _Row) -> Iterator[Need]:
    """Yield what each part of a row that may not be left out asks of a text's words."""
    for index, node in enumerate(row):
        if isinstance(node, _Mark) or (isinstance(node, _Group) and node.optional):
            continue
        words: set[str] = set()
        beginnings: set[str] = set()
        if _collect((node,), row[index + 1 :], row[index - 1 : index] if index else (), words, beginnings):
            yield Need(frozenset(words), frozenset(beginnings))


def _collect(row: _Row, after: _Row, before: _Row, words: set[str], beginnings: set[str]) -> bool:
    """Collect the words of a row's branches; False where one of them has none, or it is glued to what stands before it."""
    best: tuple[str, bool] | None = None
    if before and not _parts(before[-1]):
        return False
    for index, node in enumerate(row):
        if isinstance(node, _Group) and not node.optional and best is None and len(row) == 1:
            return all(_collect(branch, after, (), words, beginnings) for branch in node.branches)
        if isinstance(node, _Words) and (index == 0 or _parts(row[index - 1])):
            pieces = re.findall(r"[^\W_]+", node.text.lower())
            whole = not node.text[-1:].isalnum() or _ends_a_word((*row[index + 1 :], *after))
            for place, piece in enumerate(pieces):
                exact = whole or place < len(pieces) - 1
                if (exact or len(piece) >= BEGINNING - 1) and (best is None or _telling(piece) > _telling(best[0])):
                    best = (piece, exact)
    if best is None:
        return len(row) > 1 and _collect_group(row, after, words, beginnings)
    if best[1]:
        words.add(best[0])
    else:
        beginnings.add(best[0][:BEGINNING])
    return True


def _collect_group(row: _Row, after: _Row, words: set[str], beginnings: set[str]) -> bool:
    """Collect the words of the first group of a row that has some in all its branches."""
    for index, node in enumerate(row):
        if isinstance(node, _Group) and not node.optional and (index == 0 or _parts(row[index - 1])):
            found: tuple[set[str], set[str]] = (set(), set())
            if _collect((node,), (*row[index + 1 :], *after), (), *found):
                words.update(found[0])
                beginnings.update(found[1])
                return True
    return False


def _first(rows: Iterable[_Row]) -> Need | None:
    """Return what the first word of a match of one of some rows meets; None where one of them may begin otherwise."""
    words: set[str] = set()
    beginnings: set[str] = set()
    return (
        Need(frozenset(words), frozenset(beginnings)) if all(_begins(row, words, beginnings) for row in rows) else None
    )


def _begins(row: _Row, words: set[str], beginnings: set[str]) -> bool:
    while row and row[0] == _Mark(" "):
        row = row[1:]
    if not row or isinstance(row[0], _Mark):
        return False
    node, rest = row[0], row[1:]
    if isinstance(node, _Group):
        branches = (*node.branches, ()) if node.optional else node.branches
        return all(_begins((*branch, *rest), words, beginnings) for branch in branches)
    pieces = re.findall(r"[^\W_]+", node.text.lower())
    if not node.text[:1].isalnum():
        return False
    if len(pieces) > 1 or not node.text[-1:].isalnum() or _ends_a_word(rest):
        words.add(pieces[0])
    elif len(pieces[0]) >= BEGINNING - 1:
        beginnings.add(pieces[0][:BEGINNING])
    else:
        return False
    return True


def _ends_a_word(row: _Row) -> bool:
    """Whether a word ends where this row of nodes follows it, whichever of their branches is taken."""
    if not row:
        return True
    node, rest = row[0], row[1:]
    if isinstance(node, _Mark):
        return _parts(node)
    if isinstance(node, _Words):
        return not node.text[:1].isalnum()
    return all(_ends_a_word((*branch, *rest)) for branch in node.branches) and (not node.optional or _ends_a_word(rest))


def _parts(node: _Node) -> bool:
    """Whether a node parts the words before and after it."""
    return isinstance(node, _Mark) and node.sign in " …^¶$"


def _telling(word: str) -> int:
    """Return how much a literal narrows a search: its length, and next to nothing for a word that every text has."""
    return 1 if word in _EVERYWHERE else len(word)


def _literals(row: _Row) -> tuple[str, ...]:
    """Return literals of which every match of a row contains one: those of its most telling node."""
    best: tuple[str, ...] = ()
    for node in row:
        found: tuple[str, ...] = ()
        if isinstance(node, _Words):
            found = (max(re.split(r"['\"-]", node.text.lower()), key=_telling),)
        elif isinstance(node, _Group) and not node.optional:
            rows = [_literals(branch) for branch in node.branches]
            found = tuple(dict.fromkeys(word for words in rows for word in words)) if all(rows) else ()
        if found and all(found) and (not best or min(map(_telling, found)) > min(map(_telling, best))):
            best = found
    return best
