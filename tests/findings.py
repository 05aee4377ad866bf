"""One way to make a finding for a test: what the catalogue knows of its rule stands in it, as the engine stamps it."""

from __future__ import annotations

from typing import Any

from ctxdebug.model import Finding
from ctxdebug.rules import RULES


def finding_of(code: str, **given: Any) -> Finding:
    """Make a finding of a rule; `given` are fields of `Finding` in place of the rule's own and of made ones."""
    rule = RULES.all()[code]
    made: dict[str, Any] = {
        "code": code,
        "name": rule.name,
        "family": rule.family,
        "question": rule.question,
        "severity": rule.severity,
        "confidence": rule.confidence,
        "message": "message",
        "evidence": (),
        "fix": "fix",
        "tags": (),
        "fingerprint": "f",
        "path": "a.json",
        "pointer": "",
        "explains": rule.explains,
        "fallback": rule.fallback,
    }
    return Finding(**{**made, **given})
