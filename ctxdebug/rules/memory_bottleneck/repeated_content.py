"""The prompt contains the same block of text more than once.

The copy adds cost and no knowledge, pushes other text away, and makes whatever it says look confirmed.

## Bad

    user: Read the release note.
    tool[read_file]: Version 4.2 moves the export dialog to the File menu, adds a switch for coloured tabs, drops the old \
importer for spreadsheets of the year 1997, and mends the crash that happened when a print job was cancelled twice. Everybody who \
still needs the old importer finds it in the extras folder of the previous release, which stays online until the end of March, and \
the support team answers questions about it on weekdays between nine and noon.
    user: And once more, please.
    tool[read_file]: Version 4.2 moves the export dialog to the File menu, adds a switch for coloured tabs, drops the old \
importer for spreadsheets of the year 1997, and mends the crash that happened when a print job was cancelled twice. Everybody who \
still needs the old importer finds it in the extras folder of the previous release, which stays online until the end of March, and \
the support team answers questions about it on weekdays between nine and noon.

## Good

    user: Read the release notes.
    tool[read_file]: Version 4.2 moves the export dialog to the File menu.
    tool[read_file]: Version 4.3 brings it back to where it was.

## Fix

Send a text once. Deduplicate retrieved passages before assembling the prompt, and replace an old copy of a file by a
line that says where the new one stands. What one call brought three times and more is MEM207.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.budget.repeated_text import repeats
from ctxdebug.analysis.runs.tool_calls import reread_segments
from ctxdebug.model import Hit, Repair, Severity, whole
from ctxdebug.questions import Question
from ctxdebug.rules import rule
from ctxdebug.rules.repairs import remove

_LEAST_SHARE = 0.02
"""Of the prompt. Copies that cost less are not worth anybody's time."""


@rule("MEM203", "repeated-content", question=Question.PROMPT_ECONOMICAL, severity=Severity.NOTE, explains=3,
      tags=("BREUNIG:distraction", "MAST:FM-1.3"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Find long segments whose words were already said."""
    read_again = reread_segments(analysis)
    for first, copies in repeats(segment for segment in analysis.segments if segment.id not in read_again):
        tokens = analysis.prompt.segments[first.id].value * len(copies)
        if tokens < _LEAST_SHARE * analysis.prompt.total.value:
            continue
        times = len(copies) + 1
        yield Hit(
            f"the same {len(first.text):,} characters are sent {times} times (~{tokens:,} tokens for the copies)",
            (whole(first, "the first time"), *(whole(copy, "again") for copy in copies[:3])),
            facts={"times": times, "wasted_tokens": tokens},
        )


@check.repairs
def repairs(hit: Hit, analysis: Analysis) -> Iterator[Repair]:
    """Leave the copies out."""
    first = hit.evidence[0].segment
    copies = next((copies for one, copies in repeats(analysis.segments) if one is first), ())
    yield from remove("Send the text once", copies)
