"""The answer breaks an instruction that can be checked by counting.

The rule was in the context, in force, unconditional and about the whole answer; what the answer does instead was counted, not
judged. Lengths are graded by how far they are off.

## Bad

    system: You answer for the town library. Use at most 12 words. Do not use bullet points.
    user: What do I need for a library card?
    assistant: For a library card you need an identity card, a proof of your address that is not older than three months, and two euros.

Names that stand as examples of what is forbidden are forbidden too:

    system: You answer for the town library. Never mention booksellers such as Brandt or Lesehof.
    user: Where can I get the new tide tables?
    assistant: They are lent out until May, and Lesehof sells them.

## Good

    system: You answer for the town library. Use at most 12 words. Do not use bullet points.
    user: What do I need for a library card?
    assistant: An identity card, a proof of address, and two euros.

A wish is no demand, and a layout is for the things that it names:

    system: You answer for the town library. Try to be short, ideally under 6 words. Use tables for comparisons.
    user: What do I need for a library card?
    assistant: An identity card, a proof of address, and two euros.

What a standing rule forbids is followed through the calls of the run:

    tools[write_file]: Writes a file.
    system: You mend the harbour's web page. Never touch `migrations/`.
    user: The page is slow.
    assistant: I read the page. It loads every ship at once, and that is what makes it slow.

A rule that holds only sometimes is listed and not checked:

    system: You answer for the town library. If the user is in a hurry, use at most 3 words.
    user: What do I need for a library card?
    assistant: An identity card, a proof of address, and two euros.

## Fix

Say the rule once more at the end of the prompt, give an example that keeps it, or enforce it outside of the model: a schema
for a format, a check and one retry for a length.

## Limits

Only rules that are deterministic to check are judged; `ctxdebug inspect --constraints` lists the others with the reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.constraints import Strength
from ctxdebug.analysis.constraints.compliance import answer_text
from ctxdebug.analysis.constraints.constraint import Constraint
from ctxdebug.analysis.constraints.drift import typed
from ctxdebug.analysis.constraints.entry import Entry
from ctxdebug.analysis.constraints.register import violations
from ctxdebug.analysis.freedom.output_schema import UnboundedSchemaError, breaks
from ctxdebug.analysis.freedom.prompt_clauses import unread
from ctxdebug.model import (
    Authority,
    Demand,
    Evidence,
    Finding,
    Hit,
    Kind,
    Need,
    NotChecked,
    Segment,
    Severity,
    quote,
    value,
    whole,
)
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule

_GRADES = ((10.0, Severity.NOTE), (25.0, Severity.WARNING))
"""Percent off the bound, up to which a length is that bad; above all of them it is an error."""


@rule(
    "LRC206",
    "constraint-violated",
    question=Question.INSTRUCTIONS_KEPT,
    fallback=Fallback.ESCALATE,
    severity=Severity.ERROR,
    explains=30,
    needs=(Need.RESPONSE,),
    tags=("MAST:FM-1.1", "TRAIL:instruction-non-compliance"),
)
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Report every binding constraint that the answer fails, and a declared schema that it does not keep."""
    yield from _schema(analysis)
    reason = unread(analysis)
    if reason is not None and not typed(analysis.constraints.binding):
        yield NotChecked(reason)
    for entry in violations(analysis.constraints):
        constraint, verdict = entry.constraint, entry.verdict
        if verdict is None:
            continue
        evidence = [quote(entry.segment, constraint.start, constraint.end, f"the {entry.segment.role} asked for this")]
        shown = _shown(analysis, verdict.start, verdict.end)
        if shown is not None:
            evidence.append(shown)
        if constraint.family == "acts":
            evidence += _call(analysis, entry)
        off = (
            f" ({verdict.deviation:g} % off)" if verdict.deviation is not None and constraint.family == "length" else ""
        )
        yield Hit(
            f"the answer breaks an instruction: {verdict.reason}{off}",
            tuple(evidence),
            severity=_severity(entry),
            facts={"type": constraint.type, "measured": verdict.measured, "deviation_percent": verdict.deviation},
        )


def _schema(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Hold an answer in JSON against the request's output schema."""
    snapshot = analysis.snapshot
    schema, text = snapshot.settings.response_schema, answer_text(analysis)
    if schema is None or text is None:
        return
    try:
        broken = breaks(schema, json.loads(text))
    except UnboundedSchemaError:
        yield NotChecked("the output schema takes too many steps to hold against the answer")
        return
    except ValueError as error:
        broken = f"not JSON ({error})"
    spoken = next((s for s in snapshot.answer_segments() if s.kind is Kind.TEXT and s.text.strip()), None)
    if broken is None or spoken is None:
        return
    pointer = snapshot.settings_at.get(
        "response_schema", snapshot.settings_at.get("response_format", snapshot.request_at)
    )
    yield Hit(
        f"the answer breaks the output schema: {broken}",
        (
            value(pointer, "the output schema", "what was declared"),
            quote(spoken, 0, min(len(spoken.text), 300), "the answer"),
        ),
        facts={"type": "schema", "fault": broken},
    )


def _severity(entry: Entry) -> Severity:
    verdict, constraint = entry.verdict, entry.constraint
    ours = entry.authority >= Authority.DEVELOPER
    worst = Severity.ERROR if ours and constraint.strength is Strength.MUST else Severity.WARNING
    if verdict is not None and verdict.deviation is not None and constraint.family == "length":
        graded = next((severity for limit, severity in _GRADES if verdict.deviation <= limit), Severity.ERROR)
        return min(graded, Severity.WARNING if constraint.params.get("approx") else worst)
    return worst


def _shown(analysis: Analysis, start: int, end: int) -> Evidence | None:
    """Return the words of the answer, found again in the segment that holds them."""
    segments = [segment for segment in analysis.snapshot.answer_segments() if segment.kind is Kind.TEXT]
    at = 0
    for segment in segments:
        if start < at + len(segment.text) or segment is segments[-1]:
            return _within(segment, start - at, end - at)
        at += len(segment.text) + 1
    return None


def _call(analysis: Analysis, entry: Entry) -> list[Evidence]:
    """Return the call that breaks a standing rule, where it is in the run."""
    broken = None if entry.verdict is None else entry.verdict.measured
    run = [*analysis.segments, *analysis.snapshot.answer_segments()]
    calls = [s for s in run if s.call is not None and s.kind is Kind.TOOL_CALL and broken in {s.call.id, s.call.name}]
    return [whole(calls[-1], "the call that breaks it")] if calls else []


def _within(segment: Segment, start: int, end: int) -> Evidence | None:
    low, high = max(0, start), min(len(segment.text), end)
    return quote(segment, low, high, "what the answer does") if low < high else None


@check.demands
def demands(finding: Finding, analysis: Analysis | None) -> Iterator[Demand]:
    """Demand what the broken instructions say, as far as an expectation can say it."""
    for entry in violations(analysis.constraints) if analysis is not None else ():
        if entry.constraint.type == finding.facts.get("type"):
            for name, told in _expected(entry.constraint):
                yield Demand(name, told, "the constraint that the answer broke")


def _expected(constraint: Constraint) -> Iterator[tuple[str, Any]]:
    kind, params = constraint.type, constraint.params
    words = [word for word in params.get("words", ()) if isinstance(word, str) and word.strip()]
    forbids = constraint.negative != (kind == "keywords.forbid")
    if kind in ("keywords.forbid", "keywords.include"):
        yield from (("not-icontains" if forbids else "icontains", word) for word in words)
    elif constraint.negative:
        return
    elif kind == "length.words" and isinstance(params.get("hi"), int):
        yield "max-words", params["hi"]
    elif kind == "language" and params.get("language") not in (None, "user"):
        yield "language", params["language"]
    elif kind == "format.json":
        yield "is-json", True
