"""The same call brought the same text again and again.

An agent that reads a file it has read pays for it each time, fills its context with copies, and gets no further. Often the first
copy was compacted away; as often it is still there, and is not seen.

## In short

Bad: `read(auth.py)` six times in one run, and six times the same text. Good: once, and again after it was edited. (Whole examples:
`fixtures/rules/MEM207`.)

## Fix

Where the first copy was compacted away, have the summary name what was read and what was found in it. Where it is still in the
context, let the harness answer a repeated read with a note that the file is unchanged, and where it stands.

## Limits

Calls count that have the same tool, the same arguments and the same result of 400 characters or more. A file that was read by another
command, or in other parts, is another call. Copies that came without a call are MEM203.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.runs.thresholds import REREAD, REREAD_CHARACTERS
from ctxdebug.analysis.runs.tool_calls import rereads, shown
from ctxdebug.model import Hit, Severity
from ctxdebug.questions import Question
from ctxdebug.rules import rule


@rule("MEM207", "re-read", question=Question.PROMPT_ECONOMICAL, severity=Severity.NOTE, explains=9,
      tags=("BREUNIG:distraction", "MAST:FM-1.3", "OWASP:LLM10"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Count the calls that brought a text which the run had been given already."""
    for group in rereads(analysis.tool_uses, REREAD_CHARACTERS):
        if group.times < REREAD:
            return
        first, last = group.uses[0], group.uses[-1]
        held = sum(use.context is None for use in group.uses)
        tokens = sum(
            analysis.prompt.segments[part.id].value
            for use in group.uses[1:]
            if use.context is None
            for part in use.result
        )
        where = (
            f"{held} copies are in the context (~{tokens:,} tokens for the copies)"
            if held > 1
            else "the copies before it were compacted away"
        )
        yield Hit(
            f"{first.title} was called {group.times} times and brought the same text each time: {where}",
            (shown(analysis, first, "the first time"), shown(analysis, last, "the last time, the same text")),
            facts={"tool": first.call.name, "times": group.times, "in_context": held, "wasted_tokens": tokens},
            subject=first.key,
        )
