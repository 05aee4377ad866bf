"""The same request was answered differently, though nothing in it allows for that.

The requests are equal to the last character and ask for no sampling. When their answers, or the backend's fingerprint, differ,
the model behind the name has changed, or is not as deterministic as the tests take it to be.

## Fix

Compare the two captures with `ctxdebug diff`. Pin the model's version, and prove rates with repeats instead of trusting one answer.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ctxdebug.model import Confidence, Evidence, Hit, Kind, Severity
from ctxdebug.questions import Scope
from ctxdebug.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.model import Snapshot
    from ctxdebug.rules.suite import Suite, SuiteCapture


@rule(
    "INS104", "answer-drift", question=None, scope=Scope.SUITE, severity=Severity.WARNING, confidence=Confidence.MEDIUM
)
def look(suite: Suite) -> Iterator[Hit]:
    """Group equal requests, and compare what came back."""
    groups: dict[str, list[SuiteCapture]] = defaultdict(list)
    for capture in suite.captures:
        if capture.snapshot.has_response and capture.snapshot.error is None:
            groups[capture.digest].append(capture)
    for group in groups.values():
        first, *others = group
        for other in others:
            if hit := _drift(first.snapshot, other.snapshot):
                yield hit
                break


def _drift(first: Snapshot, other: Snapshot) -> Hit | None:
    prints = (_fingerprint(first), _fingerprint(other))
    if all(prints) and prints[0] != prints[1]:
        return Hit(
            f"equal requests were answered by two backends: {prints[0]} and {prints[1]}",
            _both(first, other, prints),
            severity=Severity.NOTE,
        )
    answers = (_words(first), _words(other))
    if first.settings.temperature == 0 and first.settings.seed is not None and answers[0] != answers[1]:
        return Hit(
            "equal requests with temperature 0 and a seed were answered differently", _both(first, other, answers)
        )
    return None


def _both(first: Snapshot, other: Snapshot, texts: tuple[str, str]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence("what came back", pointer=snapshot.pointer, text=text, snapshot=snapshot)
        for snapshot, text in ((first, texts[0]), (other, texts[1]))
    )


def _fingerprint(snapshot: Snapshot) -> str:
    response: Any = snapshot.response
    held = response.get("system_fingerprint") if isinstance(response, dict) else None
    return held if isinstance(held, str) else ""


def _words(snapshot: Snapshot) -> str:
    return "\n".join(
        segment.text for segment in snapshot.answer_segments() if segment.kind in (Kind.TEXT, Kind.TOOL_CALL)
    )
