"""What a phrase is made of when it has been read: words, groups of alternatives, marks."""

from __future__ import annotations

from typing import TypeAlias

from ctxdebug.records import record


@record(frozen=True, slots=True)
class Words:
    """Literal characters."""

    text: str


@record(frozen=True, slots=True)
class Group:
    """Alternatives; an optional one may be left out together with the blank beside it."""

    branches: tuple[Row, ...]
    optional: bool


@record(frozen=True, slots=True)
class Mark:
    """A blank, a gap of `count` words, an ending, or an edge of the sentence."""

    sign: str
    count: int = 0


Node: TypeAlias = Words | Group | Mark
Row: TypeAlias = tuple[Node, ...]
