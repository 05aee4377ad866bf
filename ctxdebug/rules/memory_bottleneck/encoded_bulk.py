"""The prompt contains a long stretch of encoded bytes as text.

Base64 and hexadecimal dumps cost about a token for every two characters, and the model reads nothing out of them.

## In short

Bad: a tool returns a screenshot as 40,000 characters of base64 inside its JSON. Good: the image goes into an image part, and the
tool returns its name. (Whole examples: `fixtures/rules/MEM204`.)

## Fix

Send images and files as such, store the bytes elsewhere, and give the model a name or a summary instead.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.budget.encoded_bulk import encoded
from ctxdebug.model import Hit, Repair, Severity, quote
from ctxdebug.questions import Question
from ctxdebug.records import replace
from ctxdebug.rules import rule
from ctxdebug.rules.repairs import cut_out


@rule("MEM204", "encoded-bulk", question=Question.PROMPT_ECONOMICAL, severity=Severity.WARNING, explains=12,
      tags=("OWASP:LLM10", "BREUNIG:distraction"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Find long runs of base64 or hexadecimal digits."""
    for segment in analysis.segments:
        for start, end in encoded(segment):
            share = (end - start) / max(1, len(segment.text))
            tokens = round(analysis.prompt.segments[segment.id].value * share)
            yield Hit(
                f"{end - start:,} characters of encoded bytes (~{tokens:,} tokens) are in a {segment.kind.value}",
                (quote(segment, start, min(end, start + 80), "the beginning"),),
                facts={"characters": end - start, "tokens": tokens},
            )


@check.repairs
def repairs(hit: Hit, _: Analysis) -> Iterator[Repair]:
    """Put a word in the place of the bytes."""
    shown = hit.evidence[0]
    end = (
        next((end for start, end in encoded(shown.segment) if start == shown.start), shown.end) if shown.segment else 0
    )
    yield from cut_out("Leave the encoded bytes out", replace(shown, end=end), "[encoded bytes left out]")
