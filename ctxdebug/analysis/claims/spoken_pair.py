"""A clause of a claim beside one of the evidence in the same language: which words and values both have."""

from __future__ import annotations

from functools import cached_property

from ctxdebug.analysis.claims.comparison import Relation, compare
from ctxdebug.analysis.claims.spoken import SpokenClause, SpokenWord, akin
from ctxdebug.records import record


@record(frozen=True)
class SpokenPair:
    """A clause of a claim beside one of the evidence."""

    claim: SpokenClause
    source: SpokenClause

    @cached_property
    def pairs(self) -> dict[int, int]:
        """Positions of the claim's content words with those of the evidence that are the same word."""
        found: dict[int, int] = {}
        for at, one in enumerate(self.claim.words):
            place = next((y for y, other in enumerate(self.source.words) if akin(one.stem, other.stem)), None)
            if place is not None:
                found[at] = place
        return found

    def covered(self, without: tuple[SpokenWord, ...] = ()) -> float:
        """Share of the claim's content words, some left out, that the evidence has; values count as words."""
        words = [at for at, one in enumerate(self.claim.words) if one not in without]
        shared = sum(at in self.pairs for at in words) + self.same_values
        total = len(words) + len(self.claim.values)
        return shared / total if total else 0.0

    def covers(self, without: tuple[SpokenWord, ...] = ()) -> float:
        """Share of the evidence's content words that the claim has."""
        taken = set(self.pairs.values())
        words = [at for at, one in enumerate(self.source.words) if one not in without]
        return sum(at in taken for at in words) / len(words) if words else 0.0

    @cached_property
    def same_values(self) -> int:
        """How many values of the claim the evidence has."""
        return sum(
            any(
                one.kind is other.kind and compare(one, other).relation is Relation.EQUAL
                for other in self.source.values
            )
            for one in self.claim.values
        )

    @cached_property
    def agrees(self) -> bool:
        """Whether no value of the claim is another one than in the evidence."""
        return self.same_values == len(self.claim.values)

    def at(self, mine: tuple[int, int] | None, theirs: tuple[int, int] | None) -> SpokenPair:
        """Return the pair of the parts in which an operator of each side is; the whole of a side without one."""
        return SpokenPair(
            self.claim.around(mine[0]) if mine else self.claim, self.source.around(theirs[0]) if theirs else self.source
        )

    def same(self, one: SpokenWord | None, other: SpokenWord | None) -> bool:
        """Whether two words are one."""
        return one is not None and other is not None and akin(one.stem, other.stem)

    def matched(self, one: SpokenWord | None, *, there: bool = False) -> bool:
        """Whether a word of one side is on the other."""
        words = self.source.words if there else self.claim.words
        taken = set(self.pairs.values()) if there else set(self.pairs)
        return one is not None and one in words and words.index(one) in taken
