"""Part of the conversation that was in the context at the last turn is gone at this one.

The application, not the model, forgot. Evicting old turns is often right; it is a fault when what is still needed goes first,
and when nobody notices. Passages that are fetched anew each turn are not missed here.

## Bad

    system: You are the clinic's booking assistant. Be brief.
    user: I am allergic to penicillin, please note that for the appointment on Friday.
    assistant: Noted: allergic to penicillin, appointment on Friday.
    user: And is there a parking place near the clinic for my sister's van?
    assistant: Yes, behind the house, two places are wide enough for a van.
    === next turn ===
    system: You are the clinic's booking assistant. Be brief.
    assistant: Yes, behind the house, two places are wide enough for a van.
    user: Which medicine will I get?

## Good

    system: You are the clinic's booking assistant. Be brief.
    user: I am allergic to penicillin, please note that for the appointment on Friday.
    assistant: Noted: allergic to penicillin, appointment on Friday.
    === next turn ===
    system: You are the clinic's booking assistant. Be brief.
    user: I am allergic to penicillin, please note that for the appointment on Friday.
    assistant: Noted: allergic to penicillin, appointment on Friday.
    user: Is there a parking place?

## Fix

Evict by worth and not by age: keep rules, facts about the user, and open tasks. Replace what goes by a summary that holds
them, and log what was evicted.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.message_shape.call_pairs import kept_on_server
from ctxdebug.analysis.turns.shape import answers_missing
from ctxdebug.model import Confidence, Demand, Finding, Hit, Need, NotChecked, Provenance, Repair, Severity, whole
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule
from ctxdebug.rules.facts import fact_needed
from ctxdebug.rules.lost_context import earlier_turn
from ctxdebug.rules.repairs import put_back
from ctxdebug.text.plural import plural


@rule(
    "MEM104",
    "history-dropped",
    question=Question.HISTORY_SENT,
    fallback=Fallback.RETRIEVE,
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    explains=50,
    needs=(Need.SESSION,),
    tags=("MAST:FM-1.4", "TRAIL:context-handling-failure"),
)
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Compare this turn's context with the last one's."""
    elsewhere = kept_on_server(analysis.snapshot)
    if elsewhere is not None:
        yield NotChecked(elsewhere)
        return
    history = analysis.history
    if history is None or history.summary is not None or answers_missing(analysis) is not None:
        return
    dropped = [segment for segment in history.dropped if segment.provenance is not Provenance.RETRIEVED]
    if not (dropped or history.cut):
        return
    gone = sorted([*dropped, *(old for old, _ in history.cut)], key=lambda segment: -segment.authority)
    tools_only = all(segment.provenance is Provenance.TOOL_RESULT for segment in gone)
    characters = sum(len(segment.text) for segment in gone)
    evidence = earlier_turn(gone[:3], "was in the last turn's context", history.before.snapshot)
    evidence += [whole(new, "what is left of it") for _, new in history.cut[:2]]
    yield Hit(
        f"{plural(len(gone), 'segment')} of the last turn ({characters:,} characters) "
        f"{'are' if len(gone) > 1 else 'is'} gone or cut, and nothing replaces them",
        tuple(evidence),
        severity=Severity.NOTE if tools_only else None,
        facts={"dropped": len(dropped), "cut": len(history.cut), "characters": characters},
    )


@check.demands
def demands(finding: Finding, _: Analysis | None) -> Iterator[Demand]:
    """Demand the fact that was asked for with --fact."""
    yield from fact_needed(finding)


@check.repairs
def repairs(_: Hit, analysis: Analysis) -> Iterator[Repair]:
    """Send again what is gone."""
    if analysis.history is not None:
        gone = [*analysis.history.dropped, *(old for old, _ in analysis.history.cut)]
        yield from put_back("Send the dropped turns again", gone, analysis.history.before.snapshot, analysis)
