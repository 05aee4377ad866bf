"""Claims of an answer about the user that the memories in the prompt contradict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctxdebug.analysis.sources.claim import Claim, ClaimVerdict, Difference, Origin
from ctxdebug.analysis.sources.source import Passage
from ctxdebug.records import replace

if TYPE_CHECKING:
    from ctxdebug.analysis.sources.memories import DeniedMemory
    from ctxdebug.analysis.sources.sourced import Sourced

_CONFIDENCE = 0.8
"""Of a point of the user to which every memory gives another value."""


def with_memories(facts: Sourced, claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Return the claims, with those contradicted in which the answer gives a point of the user another value than the memories."""
    found = list(claims)
    for denied in facts.remembered.denied:
        source = facts.given_number(denied.memory.segment)
        for at, claim in enumerate(claims):
            if (
                source is not None
                and claim.text
                and denied.said.value in claim.text
                and claim.start <= denied.start < claim.end
            ):
                found[at] = _contradicted(claim, denied, source)
    return tuple(found)


def _contradicted(claim: Claim, denied: DeniedMemory, source: int) -> Claim:
    memory, said = denied.memory, denied.said
    start = memory.start + denied.fact.start
    spot = Passage(source, start, memory.start + denied.fact.end)
    at = claim.start + claim.text.find(said.value)
    kind = denied.said.point.split(" ", 1)[0]
    return replace(
        claim,
        verdict=ClaimVerdict.CONTRADICTED,
        why=f"a memory says {denied.fact.value}",
        passage=Passage(source, memory.start, memory.start + len(memory.said.text)),
        origin=Origin.DEVELOPER,
        differences=(Difference(kind, said.value, denied.fact.value, at, at + len(said.value), spot),),
        confidence=_CONFIDENCE,
        asserts=True,
    )
