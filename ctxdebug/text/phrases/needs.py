"""What a text must have where a phrase is found in it, so that it is searched nowhere else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.records import record
from ctxdebug.text.phrases.nodes import Group, Mark, Node, Row, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BEGINNING = 4
"""Letters of a word by which it is looked up."""
_EVERYWHERE = frozenset(
    "the a an of to in for and or not is are was you your all any if as on at it that this with do does be from by".split()
)


@record(frozen=True, slots=True)
class Need:
    """Words of which a match contains at least one: as they are, or by how they begin (their first letters, `BEGINNING` at most)."""

    words: frozenset[str]
    beginnings: frozenset[str]

    def met(self, words: frozenset[str], beginnings: frozenset[str]) -> bool:
        """Whether a text with these words, cut at all that is no letter or digit, and these beginnings of words may match."""
        return not self.words.isdisjoint(words) or not self.beginnings.isdisjoint(beginnings)


def needs_of(row: Row) -> Iterator[Need]:
    """Yield what each part of a row that may not be left out asks of a text's words."""
    for index, node in enumerate(row):
        if isinstance(node, Mark) or (isinstance(node, Group) and node.optional):
            continue
        words: set[str] = set()
        beginnings: set[str] = set()
        if _collect((node,), row[index + 1 :], row[index - 1 : index] if index else (), words, beginnings):
            yield Need(frozenset(words), frozenset(beginnings))


def _collect(row: Row, after: Row, before: Row, words: set[str], beginnings: set[str]) -> bool:
    """Collect the words of a row's branches; False where one of them has none, or it is glued to what stands before it."""
    best: tuple[str, bool] | None = None
    if before and not _parts(before[-1]):
        return False
    for index, node in enumerate(row):
        if isinstance(node, Group) and not node.optional and best is None and len(row) == 1:
            return all(_collect(branch, after, (), words, beginnings) for branch in node.branches)
        if isinstance(node, Words) and (index == 0 or _parts(row[index - 1])):
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


def _collect_group(row: Row, after: Row, words: set[str], beginnings: set[str]) -> bool:
    """Collect the words of the first group of a row that has some in all its branches."""
    for index, node in enumerate(row):
        if isinstance(node, Group) and not node.optional and (index == 0 or _parts(row[index - 1])):
            found: tuple[set[str], set[str]] = (set(), set())
            if _collect((node,), (*row[index + 1 :], *after), (), *found):
                words.update(found[0])
                beginnings.update(found[1])
                return True
    return False


def first_need(rows: Iterable[Row]) -> Need | None:
    """Return what the first word of a match of one of some rows meets; None where one of them may begin otherwise."""
    words: set[str] = set()
    beginnings: set[str] = set()
    return (
        Need(frozenset(words), frozenset(beginnings)) if all(_begins(row, words, beginnings) for row in rows) else None
    )


def _begins(row: Row, words: set[str], beginnings: set[str]) -> bool:
    while row and row[0] == Mark(" "):
        row = row[1:]
    if not row or isinstance(row[0], Mark):
        return False
    node, rest = row[0], row[1:]
    if isinstance(node, Group):
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


def _ends_a_word(row: Row) -> bool:
    """Whether a word ends where this row of nodes follows it, whichever of their branches is taken."""
    if not row:
        return True
    node, rest = row[0], row[1:]
    if isinstance(node, Mark):
        return _parts(node)
    if isinstance(node, Words):
        return not node.text[:1].isalnum()
    return all(_ends_a_word((*branch, *rest)) for branch in node.branches) and (not node.optional or _ends_a_word(rest))


def _parts(node: Node) -> bool:
    """Whether a node parts the words before and after it."""
    return isinstance(node, Mark) and node.sign in " …^¶$"


def _telling(word: str) -> int:
    """Return how much a literal narrows a search: its length, and next to nothing for a word that every text has."""
    return 1 if word in _EVERYWHERE else len(word)


def literals_of(row: Row) -> tuple[str, ...]:
    """Return literals of which every match of a row contains one: those of its most telling node."""
    best: tuple[str, ...] = ()
    for node in row:
        found: tuple[str, ...] = ()
        if isinstance(node, Words):
            found = (max(re.split(r"['\"-]", node.text.lower()), key=_telling),)
        elif isinstance(node, Group) and not node.optional:
            rows = [literals_of(branch) for branch in node.branches]
            found = tuple(dict.fromkeys(word for words in rows for word in words)) if all(rows) else ()
        if found and all(found) and (not best or min(map(_telling, found)) > min(map(_telling, best))):
            best = found
    return best
