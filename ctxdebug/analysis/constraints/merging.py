"""Drop what a text says twice: the same instruction in neighbouring sentences, a count beside its own bare form."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from ctxdebug.records import replace
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from ctxdebug.analysis.constraints.constraint import Constraint


def merged(found: list[Constraint]) -> list[Constraint]:
    """Drop a second constraint that says exactly what an earlier neighbour says."""
    kept: list[Constraint] = []
    for constraint in sorted(found, key=lambda c: (c.start, c.end)):
        twin = any(
            c.type == constraint.type
            and c.params == constraint.params
            and c.parts == constraint.parts
            and c.negative == constraint.negative
            and constraint.sentence - c.sentence <= 1
            for c in kept[-6:]
        )
        near = list(takewhile(lambda c: constraint.sentence - c.sentence <= 4, reversed(kept)))  # noqa: B023 (used at once)
        if constraint.type == "position.repeat" and any(c.type == "position.repeat" for c in near):
            continue
        echo = constraint.type == "untyped" and any(
            c.type in _EDGES and 0 < constraint.sentence - c.sentence <= 2 for c in near
        )
        if not twin and not (echo and _ECHO.search(constraint.text)):
            kept.append(constraint)
    labelled = any(c.type == "format.sections" and str(c.params.get("marker")).lower() == "paragraph" for c in kept)
    if labelled:
        kept = [c for c in kept if c.type != "length.paragraphs"]
    if sum(c.type == "length.paragraphs" for c in kept) > 1:
        kept = _one_paragraph_count(kept)
    counted = {c.type for c in kept if _is_counted(c)}
    return [c for c in kept if c.type not in _ONCE_COUNTED or c.type not in counted or _is_counted(c) or c.negative]


_EDGES = frozenset({"position.end", "position.start", "position.repeat"})
_ECHO = wording("constraint_extraction", "echo")
"""`No other words should follow this phrase`: it says the strictness that the check of the phrase has anyway."""


def _one_paragraph_count(kept: list[Constraint]) -> list[Constraint]:
    """Keep one count of paragraphs where a neighbour only adds the separator or an example of it."""
    counts = [c for c in kept if c.type == "length.paragraphs" and not c.params.get("each")]
    split = next((c for c in counts if c.params.get("separator")), None)
    if split is None or max(c.sentence for c in counts) - min(c.sentence for c in counts) > 4:
        return kept
    first = counts[0]
    joined = replace(first, params={**first.params, "separator": split.params["separator"]})
    return [joined if c is first else c for c in kept if c is first or c not in counts]


_ONCE_COUNTED = frozenset({"format.bullets", "format.placeholders", "format.highlights", "format.sections"})
"""Types where `use bullet points` beside `exactly 3 bullet points` says nothing more."""


def _is_counted(constraint: Constraint) -> bool:
    lo, hi = constraint.params.get("lo"), constraint.params.get("hi")
    return hi is not None or lo not in {None, 1}
