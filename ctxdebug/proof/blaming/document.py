"""What was blamed, for programs: one JSON document of a version."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ctxdebug.proof.shrunk_json import counts_json
from ctxdebug.reports.json_text import safe_json

if TYPE_CHECKING:
    from ctxdebug.proof.attribution.attribution import Attribution
    from ctxdebug.proof.blaming.blamed import Blamed
    from ctxdebug.proof.blaming.verdicts import Judged
    from ctxdebug.proof.trial import Experiment

VERSION = 1


def blamed_json(found: Blamed, experiment: Experiment, name: str) -> str:
    """Return the document; it says nothing of time, so a replay gives the same bytes."""
    spent, about = experiment.spent, experiment.record.about
    document = {
        "version": VERSION, "subject": name, "failure": experiment.failure.words,
        "endpoint": about.get("endpoint"), "model": about.get("model"),
        "reproduced": found.reproduced, "whole": counts_json(found.whole), "conclusion": found.conclusion or None, "fact": found.fact or None,
        "suspects": [_judged(one) for one in found.suspects], "places": [_judged(one) for one in found.places],
        "pairs": [_judged(one) for one in found.pairs],
        "dose_response": found.doses.values() if found.doses is not None else None,
        "attribution": _attribution(found.attribution) if found.attribution is not None else None,
        "calls": spent.calls, "tokens": spent.tokens, "usd": round(spent.money, 6),
        "stopped": str(found.error) if found.error is not None else "interrupted" if found.interrupted else None, "notes": list(found.notes),
    }  # fmt: skip
    return safe_json(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"


def _attribution(found: Attribution) -> dict[str, Any]:
    return {
        "words": found.words or None, "calls": found.calls, "parts": found.looked_at, "explained": round(found.explained, 4),
        "raise": [{"what": one.unit.label, "log_odds": round(one.weight, 4), "error": round(one.error, 4)} for one in found.parts],
        "missing": found.missing or None,
    }  # fmt: skip


def _judged(one: Judged) -> dict[str, Any]:
    effect = one.effect
    return {
        "blame": one.blame.value, "what": one.label, "rules": list(one.codes), "parts": one.parts,
        "without": counts_json(one.counts) if effect is not None else None,
        "effect": None if effect is None else {"difference": round(effect.difference, 4), "interval": [round(effect.low, 4), round(effect.high, 4)]},
        "p": round(one.p, 6) if effect is not None else None,
        "replaced": counts_json(one.replaced) if one.replaced is not None else None,
        "alone": counts_json(one.alone) if one.alone is not None else None,
        "reason": one.reason or None, "more_calls": one.more,
    }  # fmt: skip
