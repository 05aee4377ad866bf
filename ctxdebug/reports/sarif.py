"""SARIF 2.1.0 for code scanning: rules from their pages, the taxonomies, stable fingerprints, and what was not checked.

A SARIF `fix` is an edit of the file. It is offered where a rule knows the sentence that is missing from the
instructions; nothing here applies it. For the rest, what to do stands in the message and in the rule's help.
"""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from ctxdebug import __version__
from ctxdebug.engine.report import Report
from ctxdebug.model import Confidence, Exhibit, Finding, Problem, Severity
from ctxdebug.reports import report_format
from ctxdebug.reports.addresses import uri
from ctxdebug.reports.json_document import proof_value, repair_value
from ctxdebug.reports.json_text import compact, safe_json
from ctxdebug.reports.taxonomies import Component, components
from ctxdebug.rules import Rule, catalogue
from ctxdebug.text.printable import around, clean_line

MOST_RESULTS = 25_000
"""GitHub rejects a run with more."""
SHOWN_RESULTS = 5_000
"""GitHub shows no more."""
MOST_BYTES = 10_000_000
"""GitHub rejects a file that is larger after gzip."""
_MOST_LOCATIONS = 100
_MOST_TAGS = 20
Address: TypeAlias = Callable[[str], str]
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_PROBLEM = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "recommendation"}
_PRECISION = {Confidence.HIGH: "high", Confidence.MEDIUM: "medium", Confidence.LOW: "low"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


@report_format("sarif", "SARIF 2.1.0, for code scanning")
def render(report: Report) -> str:
    """Return the run; results beyond what GitHub takes are cut, the least severe first, and the cut is told."""
    findings = sorted(report.findings, key=lambda finding: -finding.severity)[:MOST_RESULTS]
    while True:
        text = _document(report, findings)
        if len(text) <= MOST_BYTES or len(gzip.compress(text.encode("utf-8", "replace"), 6)) <= MOST_BYTES:
            return text
        findings = findings[: len(findings) // 2]


def _document(report: Report, findings: Sequence[Finding]) -> str:
    known = catalogue(report.own_rules)
    codes = sorted({*report.checked, *(finding.code for finding in findings)} & known.keys())
    run = _run(report, findings, [known[code] for code in codes])
    lines = ",\n".join(f" {compact(result)}" for result in _results(findings, codes))
    members = ",\n".join(f'"{name}": {compact(value)}' for name, value in run.items())
    head = f'"$schema": "{_SCHEMA}",\n"version": "2.1.0",\n'
    return safe_json(f'{{\n{head}"runs": [{{\n{members},\n"results": [\n{lines}\n]\n}}]\n}}\n')


def _results(findings: Sequence[Finding], codes: Sequence[str]) -> Iterator[dict[str, Any]]:
    indexes = {code: index for index, code in enumerate(codes)}
    seen: Counter[tuple[str, str]] = Counter()
    address = lru_cache(maxsize=None)(uri)
    for finding in findings:
        yield _result(finding, indexes, seen, address)


def _run(report: Report, findings: Sequence[Finding], rules: Sequence[Rule]) -> dict[str, Any]:
    taxonomies = components(rules)
    return {
        "tool": {
            "driver": {
                "name": "ctxdebug",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(rule, taxonomies) for rule in rules],
            }
        },
        "automationDetails": {"id": "ctxdebug/"},
        "columnKind": "unicodeCodePoints",
        "taxonomies": [taxonomy.value() for taxonomy in taxonomies],
        "invocations": [_invocation(report, findings)],
    }


def _rule(rule: Rule, taxonomies: Sequence[Component]) -> dict[str, Any]:
    page = rule.page
    help_text = f"{page.why}\n\nWhat to do: {page.fix}"
    marked = f"{page.why}\n\n**What to do.** {page.fix}" + "".join(
        f"\n\n{'Bad' if example.bad else 'Good'}:\n\n```text\n{example.text.rstrip()}\n```" for example in page.examples
    )
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": page.title},
        "fullDescription": {"text": page.why.split("\n\n")[0].replace("\n", " ") or page.title},
        "help": {"text": help_text, "markdown": marked},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": [rule.family, f"step {rule.step.value}", *rule.tags][:_MOST_TAGS],
            "precision": _PRECISION[rule.confidence],
            "problem.severity": _PROBLEM[rule.severity],
        },
        "relationships": [
            {
                "target": {"id": taxon, "index": at, "toolComponent": {"name": taxonomy.name, "index": number}},
                "kinds": ["relevant"],
            }
            for number, taxonomy in enumerate(taxonomies)
            for taxon in taxonomy.of(rule)
            for at in [taxonomy.index(taxon)]
        ],
    }


def _result(
    finding: Finding, indexes: dict[str, int], seen: Counter[tuple[str, str]], address: Address
) -> dict[str, Any]:
    exhibits = finding.evidence[:_MOST_LOCATIONS]
    key = (finding.path, finding.fingerprint)
    seen[key] += 1
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": _message(f"{finding.message}. What to do: {finding.fix}")},
        "locations": [_location(exhibits[0], finding, address) if exhibits else _whole_file(finding)],
        "partialFingerprints": {
            "ctxdebug/v1": finding.fingerprint,
            "primaryLocationLineHash": f"{finding.fingerprint[:16]}:{seen[key]}",
        },
        "properties": {"confidence": finding.confidence.word, "step": int(finding.step)},
    }
    if finding.code in indexes:
        result["ruleIndex"] = indexes[finding.code]
    if finding.repairs:
        result["properties"]["repairs"] = [repair_value(repair) for repair in finding.repairs]
    if finding.proof is not None:
        result["properties"]["proof"] = proof_value(finding.proof)
    if len(exhibits) > 1:
        result["relatedLocations"] = [
            {"id": number, **_location(exhibit, finding, address)} for number, exhibit in enumerate(exhibits[1:], 1)
        ]
    return result


def _location(exhibit: Exhibit, finding: Finding, address: Address) -> dict[str, Any]:
    place = exhibit.place
    region: dict[str, Any] = {"startLine": 1}
    if place is not None:
        region = {"startLine": place.line, "startColumn": place.column, "endLine": place.end_line}
        region["endColumn"] = max(place.end_column, place.column + 1 if place.end_line == place.line else 1)
    note, quoted = clean_line(exhibit.note), around(exhibit.text, 0, len(exhibit.text), 200)
    return {
        "physicalLocation": {"artifactLocation": {"uri": address(exhibit.path)}, "region": region},
        "logicalLocations": [{"fullyQualifiedName": clean_line(exhibit.pointer or finding.pointer or "/")}],
        "message": {"text": _linkless(f"{note}: “{quoted}”" if quoted else note)},
    }


def _whole_file(finding: Finding) -> dict[str, Any]:
    return {
        "physicalLocation": {"artifactLocation": {"uri": uri(finding.path)}, "region": {"startLine": 1}},
        "logicalLocations": [{"fullyQualifiedName": clean_line(finding.pointer or "/")}],
    }


def _message(text: str) -> str:
    return _linkless(clean_line(text.replace("\n", " ")))


def _linkless(text: str) -> str:
    """Plain text in which nothing is a link: SARIF reads `[words](address)` as one."""
    return text.replace("[", "\\[").replace("]", "\\]") if "[" in text else text


def _invocation(report: Report, findings: Sequence[Finding]) -> dict[str, Any]:
    notes = [_notification(problem) for problem in report.problems]
    cut = len(report.findings) - len(findings)
    if cut:
        notes.append(
            _said("warning", f"{cut} of {len(report.findings)} findings were left out: code scanning takes no more")
        )
    elif len(findings) > SHOWN_RESULTS:
        notes.append(
            _said(
                "note",
                f"code scanning shows the first {SHOWN_RESULTS:,} of {len(findings):,} findings, the most severe",
            )
        )
    return {
        "executionSuccessful": not report.unreadable,
        "toolExecutionNotifications": notes,
        "toolConfigurationNotifications": [
            {
                **_said("note", f"not checked in {number} of {report.exchanges} exchanges: {reason}"),
                "associatedRule": {"id": code},
            }
            for code, reasons in sorted(report.not_checked.items())
            for reason, number in reasons.items()
        ],
        "properties": {
            "files": report.files,
            "exchanges": report.exchanges,
            "baselined": report.baselined,
            "ignored": sum(report.ignored.values()),
            "lowConfidenceHidden": report.suppressed,
        },
    }


def _notification(problem: Problem) -> dict[str, Any]:
    said = _said("error" if problem.fatal else "warning", problem.message)
    place = {"physicalLocation": {"artifactLocation": {"uri": uri(problem.path)}}}
    return {**said, "locations": [place]}


def _said(level: str, words: str) -> dict[str, Any]:
    return {"level": level, "message": {"text": _message(words)}}
