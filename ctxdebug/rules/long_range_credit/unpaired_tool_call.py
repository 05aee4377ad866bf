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

## Good

    user: What is the weather in Oslo?
    call[get_weather]: {"city": "Oslo"}

## Fix

Trim history in whole groups: a call, all its results, and the answer that follows belong together.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.message_shape.call_pairs import kept_on_server, unpaired
from ctxdebug.model import Hit, NotChecked, Repair, RepairKind, Severity, whole
from ctxdebug.questions import Question
from ctxdebug.rules import rule


@rule("LRC103", "unpaired-tool-call", question=Question.ROLES_IN_ORDER, severity=Severity.WARNING, explains=30,
      tags=("MAST:FM-1.4", "TRAIL:context-handling-failure"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Pair calls and results by their ids, in order."""
    elsewhere = kept_on_server(analysis.snapshot)
    if elsewhere is not None:
        yield NotChecked(f"{elsewhere}, so a result's call may stand there")
        return
    for segment, fault in unpaired(analysis.snapshot):
        name = segment.call.name if segment.call else (segment.tool or segment.call_id or "unknown")
        known = f" ({segment.call.id})" if segment.call and segment.call.id else ""
        words = {
            "no result": f"the call of {name}{known} has no result",
            "no call": f"a result of {name} answers no call",
            "twice": f"a call has two results of {name}",
        }[fault]
        refused = analysis.snapshot.error is not None
        yield Hit(
            words,
            (whole(segment, fault),),
            severity=Severity.ERROR if refused else None,
            facts={"fault": fault, "refused": refused},
        )


@check.repairs
def repairs(hit: Hit, _: Analysis) -> Iterator[Repair]:
    """Leave out the half that has no other."""
    alone = hit.evidence[0].segment
    if alone is not None:
        what = "call" if hit.facts["fault"] == "no result" else "result"
        yield Repair(
            f"Leave out the {what} that has no pair, or send its other half",
            RepairKind.PAIR_CALLS,
            segments=(alone.id,),
        )
