"""What shrinking came to, for programs: one JSON document of a version."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ctxdebug.proof.sequential import Counts
from ctxdebug.reports.json_text import safe_json

if TYPE_CHECKING:
    from ctxdebug.proof.shrink import Shrunk
    from ctxdebug.proof.trial import Experiment

VERSION = 1


def shrunk_json(found: Shrunk, experiment: Experiment, name: str) -> str:
    """Return the document; it says nothing of time, so a replay gives the same bytes."""
    spent, about = experiment.spent, experiment.record.about
    document = {
        "version": VERSION, "subject": name, "outcome": found.outcome.value, "failure": experiment.failure.words,
        "endpoint": about.get("endpoint"), "model": about.get("model"),
        "confidence": found.confidence, "low_rate": round(found.low, 4),
        "whole": counts_json(found.whole), "confirmation": counts_json(found.final),
        "units": found.total, "removed": found.removed,
        "kept": [
            {
                "kind": kept.unit.kind.value, "text": kept.unit.label,
                "without": counts_json(kept.without) if isinstance(kept.without, Counts) else None,
                "reason": kept.without if isinstance(kept.without, str) else None,
            }
            for kept in found.kept
        ],
        "request": {"format": found.request.sender.format, "body": found.request.body},
        "answer": found.answer, "calls": spent.calls, "tokens": spent.tokens, "usd": round(spent.money, 6),
        "dose_response": found.doses.values() if found.doses is not None else None,
        "stopped": found.stopped or None, "more_calls": found.more, "notes": list(found.notes),
    }  # fmt: skip
    return safe_json(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"


def counts_json(counts: Counts) -> dict[str, Any]:
    """Return counts with the exact 95 % interval of their rate."""
    low, high = counts.interval()
    return {"fails": counts.fails, "runs": counts.runs, "interval": [round(low, 4), round(high, 4)]}
