"""What a typed pattern is: the words that call for it, what it finds, and a phrasing that it must find."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from ctxdebug.analysis.constraints.clauses import Sentence
from ctxdebug.analysis.constraints.constraint import Draft
from ctxdebug.records import record

Finder: TypeAlias = Callable[[Sentence], Iterable[Draft]]


@record(frozen=True, slots=True)
class Pattern:
    """One typed pattern.

    `cues` are lower-case words of which a sentence must hold one before `find` is tried; `phrasing` is
    a sentence that must give `type`. With `bare`, a list item or fragment without a verb counts too.
    """

    type: str
    cues: frozenset[str]
    find: Finder
    phrasing: str
    bare: bool = True


def cues(words: str) -> frozenset[str]:
    """Cue words written as one string."""
    return frozenset(words.split())
