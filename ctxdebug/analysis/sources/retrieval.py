"""What retrieval returned beside the model call, held against what was put into the prompt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from ctxdebug.analysis.sources.corpus import folded
from ctxdebug.model import Kind, Pointer, Provenance, Segment, Snapshot
from ctxdebug.records import record

_SENTENCE = 25
"""Folded characters from which a sentence tells a passage."""
_CUT = 0.6
"""Share of a passage's sentences under which it was cut on the way."""


class Way(StrEnum):
    """How far a retrieved passage came."""

    PUT = "put into the prompt"
    CUT = "cut on the way into the prompt"
    LEFT = "never put into the prompt"


@record(frozen=True, slots=True)
class Retrieved:
    """A passage that a retriever returned: its id, its text, and where it is, if the capture holds it as a segment."""

    id: str
    text: str
    segment: Segment | None = None
    snapshot: Snapshot | None = None
    pointer: Pointer | None = None
    """Where it is in the file, where no segment holds it."""


@record(frozen=True, slots=True)
class Passed:
    """A retrieved passage and how far it came; `share` of its sentences is in the prompt."""

    passage: Retrieved
    way: Way
    share: float


def is_retrieval(snapshot: Snapshot) -> bool:
    """Whether a snapshot is a retriever's run: documents that were found, no model and no answer."""
    if snapshot.model is not None or snapshot.has_response:
        return False
    return any(one.kind is Kind.DOCUMENT and one.provenance is Provenance.RETRIEVED for one in snapshot.segments())


def of_snapshot(snapshot: Snapshot) -> tuple[Retrieved, ...]:
    """Return the passages of a retriever's run."""
    return tuple(
        Retrieved((one.document.id or one.document.title or "") if one.document else "", one.text, one, snapshot)
        for one in snapshot.segments()
        if one.kind is Kind.DOCUMENT and one.provenance is Provenance.RETRIEVED
    )


def of_labels(labels: Mapping[str, Any]) -> tuple[Retrieved, ...]:
    """Return the passages that the container found in runs beside the call."""
    listed = labels.get("retrieved")
    rows = listed if isinstance(listed, list) else []
    return tuple(
        Retrieved(str(row.get("id") or ""), str(row["text"]), pointer=row.get("at") or None)
        for row in rows
        if isinstance(row, dict) and row.get("text")
    )


def passed(beside: Sequence[Retrieved], segments: Sequence[Segment]) -> tuple[Passed, ...]:
    """How far each retrieved passage came, by its sentences in the folded prompt."""
    if not beside:
        return ()
    prompt = " ".join(folded(one.text) for one in segments)
    return tuple(_passed(one, prompt) for one in beside)


def _passed(one: Retrieved, prompt: str) -> Passed:
    from ctxdebug.analysis.claims.readable_text import read

    reading = read(one.text)
    sentences = [folded(reading.text[start:end]) for start, end in reading.spans]
    telling = [sentence for sentence in sentences if len(sentence) >= _SENTENCE] or [folded(one.text)]
    share = sum(sentence in prompt for sentence in telling) / len(telling)
    return Passed(one, Way.PUT if share >= _CUT else Way.CUT if share else Way.LEFT, share)
