"""Tool results that a later call of the same tool with the same arguments has replaced."""

from __future__ import annotations

from collections import defaultdict

from ctxdebug.model import Kind, Segment, Snapshot


def stale_results(snapshot: Snapshot) -> list[Segment]:
    """All but the last result of every repeated call, in order."""
    questions: dict[str, tuple[str, str]] = {}
    answers: dict[tuple[str, str], dict[str, list[Segment]]] = defaultdict(dict)
    for segment in snapshot.segments():
        if segment.kind is Kind.TOOL_CALL and segment.call is not None and segment.call.id:
            questions[segment.call.id] = (segment.call.name, segment.call.arguments)
        elif segment.call_id in questions and segment.call_id is not None:
            answers[questions[segment.call_id]].setdefault(segment.call_id, []).append(segment)
    stale = [segment for by_call in answers.values() for parts in list(by_call.values())[:-1] for segment in parts]
    order = {segment.id: index for index, segment in enumerate(snapshot.segments())}
    return sorted(stale, key=lambda segment: order[segment.id])
