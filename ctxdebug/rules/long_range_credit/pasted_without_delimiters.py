"""A long text is pasted into the prompt without delimiters.

Where the text ends and the request goes on is left to the model's guess, and an instruction inside the text looks like the user's.

## Fix

Put the text between tags (`<document>` … `</document>`) and name the tag in the request; put untrusted text nowhere else.

## Source

OpenAI, GPT-4.1 prompting guide ("Delimiters"); OpenAI Model Spec, "ignore untrusted data by default"; Anthropic, long context
tips.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.model import Authority, Confidence, Hit, Kind, Provenance, Repair, RepairKind, Segment, Severity, quote
from ctxdebug.questions import Question
from ctxdebug.rules import rule
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording

_LONG = 1_500
"""Characters of one stretch of text that holds both a request and what it is about."""
_POINTS = wording("pasted_text", "points")
_DELIMITER = lazy(
    r"^\s*(?:```|~~~|\"\"\"|'''|<{1,3}[\w/ -]+>{1,3}|[-=*#_]{3,}|\[/?[A-Z][\w ]*\]|#{1,6} |>)", re.MULTILINE
)


@rule("LRC408", "pasted-without-delimiters", question=Question.INSTRUCTIONS_PLACED, severity=Severity.NOTE, confidence=Confidence.MEDIUM, explains=10,
      tags=("OWASP:LLM01",))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Look for requests that point to a text in the same stretch, with nothing around it."""
    for segment in analysis.segments:
        if not _candidate(segment):
            continue
        pointed = _POINTS.search(segment.text, 0, 600) or _POINTS.search(segment.text, max(0, len(segment.text) - 600))
        if pointed and _DELIMITER.search(segment.text) is None:
            yield Hit(
                f"a text of {len(segment.text):,} characters is pasted next to the request, with nothing that sets it off",
                (quote(segment, pointed.start(), pointed.end(), "the request points to it"),),
                facts={"characters": len(segment.text)},
            )


def _candidate(segment: Segment) -> bool:
    return (
        segment.kind is Kind.TEXT
        and segment.authority is Authority.USER
        and segment.provenance is Provenance.USER_INPUT
        and len(segment.text) >= _LONG
        and segment.text.count("\n") >= 1
    )


@check.repairs
def repairs(hit: Hit, _: Analysis) -> Iterator[Repair]:
    """Set off all lines but the one that points to them."""
    shown = hit.evidence[0]
    if shown.segment is None:
        return
    text = shown.segment.text
    head, tail = text[: shown.start], text[shown.end :]
    start, end = (
        (len(text) - len(tail.partition("\n")[2]), len(text)) if len(tail) > len(head) else (0, head.rfind("\n") + 1)
    )
    yield Repair(
        "Set the pasted text off by tags", RepairKind.DELIMIT_TEXT, "pasted_text", (shown.segment.id,), (start, end)
    )
