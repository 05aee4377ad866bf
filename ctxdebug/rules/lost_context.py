"""What the rules about a conversation's memory share: what a summary lost, and what an earlier turn had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.model import Hit, quote, whole
from ctxdebug.records import replace
from ctxdebug.text.plural import plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ctxdebug.analysis import Analysis
    from ctxdebug.analysis.turns.compaction import Lost
    from ctxdebug.model import Evidence, Segment, Snapshot

_SHOWN = 5
"""Lost texts that are quoted."""
_LISTED = 40
_LONGEST = 200


def lost_in_summary(analysis: Analysis, notes: Mapping[str, str], noun: str, tail: str = "") -> Iterator[Hit]:
    """Yield the hit about what a summary lost of some kinds (`rule`, `fact`, `result`): one note for each, and how they are counted.

    `tail` goes on from the number: `2 values that were settled before`.
    """
    found = analysis.compaction
    lost = [one for one in found.lost if one.what in notes] if found is not None else []
    if found is None or analysis.history is None or not lost:
        return
    evidence = [
        before(quote(one.segment, one.start, one.end, notes[one.what]), analysis.history.before.snapshot)
        for one in lost[:_SHOWN]
    ]
    yield Hit(
        f"a summary replaced {plural(len(found.dropped), 'segment')}, and {plural(len(lost), noun)} "
        f"{tail.format(were='was' if len(lost) == 1 else 'were')}cannot be read in the context any more",
        (*evidence, whole(found.summary, "the summary")),
        facts={
            "lost": [_listed(one, kinds=len(notes)) for one in lost[:_LISTED]],
            "dropped": len(found.dropped),
            "lost_instructions": sum(one.what == "rule" for one in lost),
        },
    )


def _listed(one: Lost, *, kinds: int) -> str | dict[str, str]:
    """Return a lost text for the facts, with its kind where there are several."""
    text = one.text[:_LONGEST]
    return text if kinds == 1 else {"what": one.what, "text": text}


def before(shown: Evidence, snapshot: Snapshot) -> Evidence:
    """Return evidence that is in an earlier turn."""
    return replace(shown, snapshot=snapshot)


def earlier_turn(segments: Iterable[Segment], note: str, snapshot: Snapshot) -> list[Evidence]:
    """Return segments of an earlier turn as evidence."""
    return [before(whole(segment, note), snapshot) for segment in segments]
