"""What was proposed and verified, for programs: one JSON document of a version."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.turns.differences import contrast
from ctxdebug.reports.contrasts import values
from ctxdebug.reports.json_text import safe_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ctxdebug.proof.fixing.proposals import Proposal
    from ctxdebug.proof.fixing.verification import Tried, Verified
    from ctxdebug.proof.sequential import Counts
    from ctxdebug.proof.trial import Experiment

VERSION = 1


def proposals_json(name: str, singles: Sequence[Proposal]) -> str:
    """Return the document of proposals that nothing verified."""
    return _text(
        {"version": VERSION, "subject": name, "verified": False, "proposals": [_proposal(one) for one in singles]}
    )


def verified_json(found: Verified, experiment: Experiment, name: str) -> str:
    """Return the document; it says nothing of time, so a replay gives the same bytes."""
    winner = found.winner
    return _text(
        {
            "version": VERSION, "subject": name, "verified": winner is not None, "failure": experiment.failure.words,
            "endpoint": experiment.record.about.get("endpoint"), "model": experiment.record.about.get("model"),
            "before": passes_json(found.before), "reproduced": found.reproduced,
            "winner": found.tried.index(winner) if winner is not None else None,
            "tried": [_tried(one) for one in found.tried],
            "calls": experiment.spent.calls, "tokens": experiment.spent.tokens, "usd": round(experiment.spent.money, 6),
            "stopped": str(found.error) if found.error is not None else "interrupted" if found.interrupted else None, "notes": list(found.notes),
        }
    )  # fmt: skip


def passes_json(counts: Counts) -> dict[str, Any]:
    """Return how many answers pass, with the exact 95 % interval of the rate."""
    low, high = counts.interval()
    return {
        "passes": counts.runs - counts.fails,
        "runs": counts.runs,
        "interval": [round(1 - high, 4), round(1 - low, 4)],
    }


def _proposal(proposal: Proposal) -> dict[str, Any]:
    return {
        "title": proposal.title, "rules": list(proposal.codes), "characters": proposal.size, "kinds": [one.kind.value for one in proposal.repairs],
        "no_longer_found": [code for code in proposal.codes if code not in proposal.stays], "only_an_answer_can_tell": list(proposal.stays),
        "new": list(proposal.new), "cannot_be_sent": proposal.unwritable or None, "meaning": proposal.meaning,
        "diff": _changed(values(proposal.before, proposal.after, contrast(proposal.before, proposal.after))),
    }  # fmt: skip


def _changed(diff: dict[str, Any]) -> dict[str, Any]:
    return {
        "segments": [one for one in diff["segments"] if one["change"] != "same"],
        "tools": diff["tools"],
        "parameters": diff["parameters"],
    }


def _tried(tried: Tried) -> dict[str, Any]:
    effect = tried.effect
    return {
        **_proposal(tried.proposal), "standing": tried.standing.value, **passes_json(tried.counts), "p": round(tried.p, 6),
        "effect": None if effect is None else {"difference": round(effect.difference, 4), "interval": [round(effect.low, 4), round(effect.high, 4)]},
        "suite": [{"case": name, "before": passes_json(was), "after": passes_json(now)} for name, was, now in tried.suite],
        "reason": tried.reason or None, "more_calls": tried.more,
    }  # fmt: skip


def _text(document: dict[str, Any]) -> str:
    return safe_json(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"
