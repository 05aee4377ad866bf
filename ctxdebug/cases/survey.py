"""Look at all cases, and the captures of live traffic next to them: drift, gaps, and failures without a case."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from ctxdebug.cases.exchanges import case_snapshot
from ctxdebug.cases.expectation import leaves
from ctxdebug.engine.stamp import Stamper, confidence_of, guarded
from ctxdebug.model import Confidence, Finding, Hit, Problem, Severity
from ctxdebug.models import resolve
from ctxdebug.rules import catalogue, suite_rules
from ctxdebug.rules.suite import Suite, SuiteCapture, SuiteCase

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from ctxdebug.cases.store import StoredCase
    from ctxdebug.engine.report import Examined
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.model import Snapshot


def survey(
    cases: Sequence[StoredCase],
    examined: Iterable[Examined],
    options: RunOptions,
    runs: Mapping[str, frozenset[str]] | None = None,
    today: date | None = None,
    problems: list[Problem] | None = None,
) -> list[Finding]:
    """Return what the rules for whole suites find; `runs` are the models that each case was run against live.

    A rule that breaks is added to `problems`, where they are given.
    """
    suite = Suite(
        tuple(_case(stored, options) for stored in cases),
        tuple(_capture(one) for one in examined),
        dict(runs or {}),
        today,
    )
    stamper, broken = Stamper(options.load.max_bytes), problems if problems is not None else []
    findings = [
        stamper.finding(rule, hit, _place(hit, suite))
        for rule in options.selection.of(catalogue(options.own_rules), suite_rules(options.own_rules))
        for hit in guarded(rule, suite, broken, _anywhere(suite).path if suite.cases or suite.captures else "", "")
        if isinstance(hit, Hit) and (options.pedantic or confidence_of(rule, hit) is not Confidence.LOW)
    ]
    return sorted(findings, key=lambda finding: (-finding.severity, finding.code, finding.path, finding.message))


def _anywhere(suite: Suite) -> Snapshot:
    return suite.cases[0].snapshot if suite.cases else suite.captures[0].snapshot


def _place(hit: Hit, suite: Suite) -> Snapshot:
    """Return the snapshot that a hit is about: that of its first evidence."""
    named = hit.evidence[0].snapshot if hit.evidence else None
    return named if named is not None else _anywhere(suite)


def _case(stored: StoredCase, options: RunOptions) -> SuiteCase:
    snapshot = case_snapshot(stored, options)
    case = stored.case
    return SuiteCase(
        case.id, snapshot, exchange_digest(stored.body()), frozenset(word for word, _, _ in leaves(case.expect)),
        tuple(explanation.code for explanation in case.findings), frozenset(case.tags),
        case.origin.mutation if case.origin is not None else "",
        resolve(snapshot.model, snapshot.provider, options.analysis.models),
    )  # fmt: skip


def _capture(examined: Examined) -> SuiteCapture:
    snapshot = examined.snapshot
    errors = tuple(dict.fromkeys(finding.code for finding in examined.findings if finding.severity is Severity.ERROR))
    held: Any = (
        snapshot.request if isinstance(snapshot.request, dict) else [message.text for message in snapshot.messages]
    )
    return SuiteCapture(snapshot, exchange_digest(held), errors)


def exchange_digest(body: Any) -> str:
    """Return what equal requests share: their content after redaction, so that a case and its capture agree."""
    from ctxdebug.redaction.redactor import Redactor

    text = json.dumps(Redactor().redact(body), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
