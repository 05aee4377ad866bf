"""A tool call has no result, or a result has no call.

Usually somebody trimmed the history and cut a pair in two. Some providers reject the request; others accept it, and the
model answers about something it cannot see.

## Bad

    user: What is the weather in Oslo?
    call[get_weather]: {"city": "Oslo"}
    user: And tomorrow?

## Good

    user: What is the weather in Oslo?
    call[get_weather]: {"city": "Oslo"}
    tool[get_weather]: 4 degrees, rain
    user: And tomorrow?

## Fix

Trim history in whole groups: a call, all its results, and the answer that follows belong together.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.tool_pairs import unpaired
from ctxdebug.model import Hit, NotChecked, Severity, Step, whole
from ctxdebug.rules import rule


@rule("LRC103", "unpaired-tool-call", step=Step.HIERARCHY, severity=Severity.ERROR, explains=30,
      tags=("MAST:FM-1.4", "TRAIL:context-handling-failure"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Pair calls and results by their ids, in order."""
    if analysis.snapshot.previous is not None:
        yield NotChecked("earlier turns are on the server (previous_response_id), so a result's call may stand there")
        return
    for segment, fault in unpaired(analysis.snapshot):
        name = segment.call.name if segment.call else (segment.tool or segment.call_id or "unknown")
        known = f" ({segment.call.id})" if segment.call and segment.call.id else ""
        words = {
            "no result": f"the call of {name}{known} has no result",
            "no call": f"a result of {name} answers no call",
            "twice": f"a call has two results of {name}",
        }[fault]
        accepted = analysis.snapshot.has_response and analysis.snapshot.error is None
        yield Hit(
            words,
            (whole(segment, fault),),
            severity=Severity.WARNING if accepted else None,
            facts={"fault": fault, "accepted": accepted},
        )
