"""Predictions in words: what the provider does, where the reason stands, and what it said if it did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ctxdebug.analysis.message_shape import Prediction, matters, recorded, role_verdict
from ctxdebug.model import Confidence, Evidence, Hit, NotChecked, Severity, value, whole
from ctxdebug.models.roles import Behaviour

if TYPE_CHECKING:
    from ctxdebug.model import Snapshot

MOST = 5
"""Findings of one kind in one request; a history that was cut breaks many pairs in one way."""


def rejections(snapshot: Snapshot, kind: str) -> Iterator[Hit | NotChecked]:
    """Tell the predicted rejections of one kind (`role`, `order`, `tools`), and a recorded one that no row predicts."""
    verdict = role_verdict(snapshot)
    depending = [row for row in verdict.depends if row.kind == kind]
    if depending and snapshot.error is None:
        yield NotChecked(
            f"it depends on the backend, which the capture does not name: the template of {snapshot.model} rejects "
            f"such messages ({depending[0].message})"
        )
    found = [p for p in verdict.predictions if p.row.kind == kind and p.row.behaviour is Behaviour.REJECTED]
    for prediction in found[:MOST]:
        yield _rejection(prediction)
    if not any(prediction.recorded for prediction in found):
        yield from _recorded(snapshot, kind)


def _recorded(snapshot: Snapshot, kind: str) -> Iterator[Hit]:
    """Tell a recorded error of this kind that the provider's own rows did not predict."""
    held = recorded(snapshot)
    if isinstance(held, Prediction):
        if held.row.kind == kind:
            yield _rejection(held)
    elif held is not None and held.kind == kind and snapshot.error:
        yield Hit(
            f"the provider rejected the request for its messages' {KINDS[kind]}, and the capture does not show which",
            (value(snapshot.error.pointer, snapshot.error.message, "what the provider said"),),
            advice=held.advice,
            confidence=Confidence.MEDIUM,
            facts={"row": held.id, "recorded": True, "predicted": held.message, "source": held.source},
        )


KINDS = {"role": "roles", "order": "order", "tools": "calls and results"}


def _rejection(prediction: Prediction) -> Hit:
    row, host = prediction.row, prediction.serving.host
    verb = "rejected" if prediction.recorded else "rejects" if row.certain else "may reject"
    where = "" if prediction.serving.certain or prediction.recorded else f", if {host} serves it"
    evidence = [_place(prediction, f"{host} answers: {prediction.said}" if not prediction.recorded else "the reason")]
    if prediction.recorded:
        error = prediction.recorded
        evidence.append(value(error.pointer, error.message, "what the provider said, as predicted"))
    return Hit(
        f"{host} {verb} the request: {prediction.breach.words}{where}",
        tuple(evidence),
        advice=_advice(prediction),
        severity=Severity.ERROR if prediction.certain else Severity.WARNING,
        confidence=Confidence.HIGH if prediction.certain else Confidence.MEDIUM,
        facts=_facts(prediction),
    )


def changes(snapshot: Snapshot) -> Iterator[Hit]:
    """Tell the silent changes that lose something in this request."""
    for prediction in role_verdict(snapshot).predictions:
        row = prediction.row
        if row.behaviour is Behaviour.CHANGED and matters(prediction, snapshot):
            yield Hit(
                f"{prediction.serving.host} changes the messages without a word: {row.effect}",
                (_place(prediction, prediction.breach.words),),
                advice=_advice(prediction),
                severity=Severity.WARNING if row.grave else Severity.NOTE,
                confidence=Confidence.HIGH if prediction.certain else Confidence.LOW if not row.certain else None,
                facts=_facts(prediction),
            )


def _place(prediction: Prediction, note: str) -> Evidence:
    breach = prediction.breach
    if breach.segment is not None:
        return whole(breach.segment, note)
    pointer = breach.turn.message.pointer if breach.turn else ()
    return value(pointer, breach.words, note)


def _advice(prediction: Prediction) -> str | None:
    row = prediction.row
    advice = prediction.breach.advice or row.advice
    return f"{advice} ({row.note})" if advice and row.note else advice


def _facts(prediction: Prediction) -> dict[str, str | bool | None]:
    row = prediction.row
    return {
        "row": row.id,
        "provider": prediction.serving.host,
        "told_by": prediction.serving.told_by,
        "predicted": prediction.said,
        "param": prediction.param,
        "recorded": prediction.recorded is not None,
        "source": row.source,
    }
