"""The report as JSON, version 2: a documented shape of its own, never a dump of internals.

The schema is `report.schema.json` beside this file; version 1 is `json_v1`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ctxdebug.engine.fallback import recommend
from ctxdebug.engine.likely_cause import likely_cause
from ctxdebug.engine.report import Examined, Report
from ctxdebug.model import (
    Exhibit,
    Finding,
    FindingProof,
    Kind,
    Place,
    Problem,
    Repair,
    Segment,
    Severity,
    Usage,
    pointer_text,
)
from ctxdebug.reports import report_format
from ctxdebug.reports.json_resent import Resent, ResentSegments
from ctxdebug.reports.json_text import Spooled, compact, json_object, json_pieces
from ctxdebug.reports.views import VIEWS, content

VERSION = 2


class JsonParts:
    """The report, of which each exchange is written as soon as it is examined; what is long goes to files without a name."""

    def __init__(self) -> None:
        self._resent = ResentSegments()
        self._snapshots = Spooled()
        self._steps = Spooled()

    def take(self, examined: Examined) -> None:
        """Write one exchange."""
        self._snapshots.add(compact(_snapshot(examined, self._resent.of(examined))))
        self._steps.add(compact(_steps(examined)))

    def pieces(self, report: Report) -> Iterator[str]:
        """Yield the text of the whole report, as `render` does of a report that kept its exchanges."""
        return json_pieces({**document(report), "snapshots": iter(self._snapshots), "steps": iter(self._steps)})


@report_format("json", "everything, in the shape of the schema in the package", needs_exchanges=True, parts=JsonParts)
def render(report: Report) -> str:
    """Return the whole report, an element a line; hidden characters and lone surrogates are escaped."""
    return json_object(document(report))


def document(report: Report, *, whole: bool = False) -> dict[str, Any]:
    """Return the report as plain values; `whole`: every exchange lists all of its segments, those of earlier turns too."""
    resent = ResentSegments()
    return {
        "version": VERSION,
        "snapshots": [_snapshot(examined, None if whole else resent.of(examined)) for examined in report.examined],
        "findings": [finding_value(finding) for finding in report.findings],
        "problems": [_problem(problem) for problem in report.problems],
        "checked": list(report.checked),
        "not_checked": [
            {"code": code, "reason": reason, "exchanges": number}
            for code, reasons in sorted(report.not_checked.items())
            for reason, number in reasons.items()
        ],
        "suppressed": report.suppressed,
        "steps": [_steps(examined) for examined in report.examined],
        "summary": _summary(report),
    }


def _summary(report: Report) -> dict[str, Any]:
    return {
        "files": report.files,
        "exchanges": report.exchanges,
        "findings": {
            severity.word: sum(finding.severity is severity for finding in report.findings) for severity in Severity
        },
        "unread": len(report.unreadable),
        "baselined": report.baselined,
        "gone": list(report.gone),
        "ignored": sum(report.ignored.values()),
        "passed_over": {kind: len(paths) for kind, paths in sorted(report.passed_over.items())},
    }


def _snapshot(examined: Examined, resent: Resent | None) -> dict[str, Any]:
    snapshot, prompt, window = examined.snapshot, examined.analysis.prompt, examined.analysis.window
    segments = list(snapshot.segments())
    shown = resent.segments if resent is not None else 0
    usage = snapshot.usage
    cause = likely_cause(examined.findings)
    fallback = recommend(examined.findings)
    return {
        "path": snapshot.path,
        "pointer": pointer_text(snapshot.pointer),
        "container": snapshot.container,
        "format": snapshot.format,
        "provider": snapshot.provider,
        "model": snapshot.model,
        "answered_by": snapshot.answered_by,
        "session": snapshot.session,
        "window": None
        if window is None
        else {"tokens": window.tokens, "source": window.source, "certain": window.certain},
        "messages": len(snapshot.messages),
        "resent": None if resent is None else {"snapshot": resent.number, "segments": resent.segments},
        "segments": [_segment(segment, examined) for segment in segments[shown:]],
        "answer": [_answer_segment(segment) for segment in snapshot.answer_segments()],
        "prompt_tokens": {
            "predicted": prompt.total.value,
            "low": prompt.total.low,
            "high": prompt.total.high,
            "exact": prompt.total.exact,
            "estimable": prompt.estimable,
            "recorded": usage.prompt if usage else None,
        },
        "usage": None if usage is None else _usage(usage),
        "finish": None
        if snapshot.finish is None
        else {"reason": snapshot.finish.reason.value, "captured": snapshot.finish.captured},
        "error": None
        if snapshot.error is None
        else {"message": snapshot.error.message, "code": snapshot.error.code, "status": snapshot.error.status},
        "unseen": [{"what": unseen.what, "pointer": pointer_text(unseen.pointer)} for unseen in snapshot.unseen],
        "notes": list(snapshot.notes),
        "likely_cause": None if cause is None else cause.fingerprint,
        "fallback": None
        if fallback is None
        else {"kind": fallback.action.name.lower(), "what": fallback.action.value, "why": fallback.reason},
        "asked": _asked(examined),
        "answered": _answered(examined),
        "account": None,
        "conversation": None,
        "views": _views(examined, frozenset(segment.id for segment in segments[:shown])),
    }


def _views(examined: Examined, shown: frozenset[str]) -> dict[str, Any]:
    """Return the closer looks; of the sources among the segments that an earlier exchange has shown, only those that are used."""
    views = {name: content(name, examined) for name in VIEWS.all()}
    if shown and views.get("sources") is not None:
        told = views["sources"]["sources"]
        views["sources"]["sources"] = [one for one in told if one["used"] or one["segment"] not in shown]
    return views


def _usage(usage: Usage) -> dict[str, Any]:
    return {
        "prompt": usage.prompt,
        "cache_read": usage.cache_read,
        "cache_write": usage.cache_write,
        "output": usage.output,
        "reasoning": usage.reasoning,
    }


def _segment(segment: Segment, examined: Examined) -> dict[str, Any]:
    count = examined.analysis.prompt.segments[segment.id]
    start, end = examined.analysis.prompt.share(segment.id)
    place = examined.locator.span(segment, 0, 0)
    return {
        "id": segment.id,
        "role": segment.role.value,
        "kind": segment.kind.value,
        "authority": segment.authority.name.lower(),
        "trust": segment.trust.value,
        "provenance": segment.provenance.value,
        "tokens": count.value,
        "exact": count.exact,
        "from": round(start, 4),
        "to": round(end, 4),
        "characters": len(segment.text),
        "pointer": pointer_text(segment.pieces[0].pointer) if segment.pieces else "",
        "line": place.line if place else None,
        "column": place.column if place else None,
        **_described(segment),
    }


def _described(segment: Segment) -> dict[str, Any]:
    document, media = segment.document, segment.media
    described: dict[str, Any] = {}
    if document is not None:
        described["document"] = {"id": document.id, "title": document.title, "date": document.date, "url": document.url}
    if media is not None:
        described["media"] = {"type": media.type, "size": media.size, "reference": media.reference}
    if segment.call is not None:
        described["call"] = {"id": segment.call.id, "name": segment.call.name}
    if segment.tool is not None:
        described["tool"] = segment.tool
    return described


def _answer_segment(segment: Segment) -> dict[str, Any]:
    return {"id": segment.id, "kind": segment.kind.value, "text": segment.text, **_described(segment)}


def finding_value(finding: Finding) -> dict[str, Any]:
    """One finding as plain values."""
    return {
        "code": finding.code,
        "name": finding.name,
        "family": finding.family,
        "step": int(finding.step),
        "question": finding.question.value if finding.question is not None else None,
        "severity": finding.severity.word,
        "confidence": finding.confidence.word,
        "message": finding.message,
        "path": finding.path,
        "pointer": finding.pointer,
        "evidence": [_exhibit(exhibit) for exhibit in finding.evidence],
        "fix": finding.fix,
        "tags": list(finding.tags),
        "fingerprint": finding.fingerprint,
        "facts": dict(finding.facts),
        "repairs": [repair_value(repair) for repair in finding.repairs],
        "proof": None if finding.proof is None else proof_value(finding.proof),
    }


def proof_value(proof: FindingProof) -> dict[str, Any]:
    """Return what replay showed of a finding as plain values."""
    return {
        "verdict": proof.verdict.value,
        "by": proof.by,
        "failure": proof.failure,
        "with": {"fails": proof.fails, "runs": proof.runs},
        "without": {"fails": proof.then_fails, "runs": proof.then_runs},
        "interval": list(proof.interval) if proof.interval is not None else None,
        "p": proof.p,
        "reason": proof.reason or None,
    }


def repair_value(repair: Repair) -> dict[str, Any]:
    """One repair as plain values: an edit of the assembled request."""
    return {
        "title": repair.title,
        "kind": repair.kind.value,
        "text": repair.text,
        "segments": list(repair.segments),
        "span": list(repair.span) if repair.span else None,
        "before": repair.before or None,
        "setting": repair.setting or None,
        "tool": pointer_text(repair.tool) or None,
        "restored": [{"role": message.role.value, "text": message.text} for message in repair.restored],
    }


def _exhibit(exhibit: Exhibit) -> dict[str, Any]:
    return {
        "path": exhibit.path,
        "pointer": exhibit.pointer,
        **_place(exhibit.place),
        "segment": exhibit.segment,
        "start": exhibit.start,
        "end": exhibit.end,
        "text": exhibit.text,
        "note": exhibit.note,
    }


def _place(place: Place | None) -> dict[str, int | None]:
    if place is None:
        return {"line": None, "column": None, "end_line": None, "end_column": None}
    return {"line": place.line, "column": place.column, "end_line": place.end_line, "end_column": place.end_column}


def _problem(problem: Problem) -> dict[str, Any]:
    return {"path": problem.path, "pointer": problem.pointer, "message": problem.message, "fatal": problem.fatal}


def _steps(examined: Examined) -> dict[str, Any]:
    return {
        "path": examined.snapshot.path,
        "pointer": pointer_text(examined.snapshot.pointer),
        "answers": [
            {
                "step": int(answer.step),
                "id": answer.question.value,
                "question": answer.question.statement,
                "verdict": answer.verdict.value,
                "checked": answer.checked,
                "total": answer.total,
                "codes": list(answer.codes),
                "reason": answer.reason,
            }
            for answer in examined.steps
        ],
    }


def _asked(examined: Examined) -> dict[str, Any] | None:
    asked = examined.analysis.question
    if asked is None:
        return None
    return {
        "text": asked.text,
        "segment": asked.id,
        "pointer": pointer_text(asked.pieces[0].pointer) if asked.pieces else "",
    }


def _answered(examined: Examined) -> dict[str, Any] | None:
    """Return the answer's text and the stretches of it that findings dispute, in characters of that text."""
    snapshot = examined.snapshot
    parts = [part for part in snapshot.answer_segments() if part.kind is Kind.TEXT]
    if not parts:
        return None
    offsets, total = {}, 0
    for part in parts:
        offsets[part.id] = total
        total += len(part.text) + 1
    spans = [
        {
            "start": offsets[one.segment] + one.start,
            "end": offsets[one.segment] + one.end,
            "code": finding.code,
            "fingerprint": finding.fingerprint,
        }
        for finding in examined.findings
        for one in finding.evidence
        if one.segment in offsets and one.path == snapshot.path
    ]
    return {"text": examined.analysis.answer, "disputed": spans}
