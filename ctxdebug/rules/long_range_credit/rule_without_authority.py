'''Rules for the answer stand only where they have no authority.

Quoted words and remembered notes inform, they do not bind: a model that follows the chain of command may set them aside, and
one that does not follow it can be led by anybody's quotation.

## Bad

    system: You help the night porter.
    user: """
    Answer in at most two sentences. Do not use bullet points. Always write in English.
    """
    A guest has lost the key of room 12. What do I do?

## Good

    system: You help the night porter. Answer in at most two sentences. Do not use bullet points.
    user: A guest has lost the key of room 12. What do I do?

Quoted rules bind when somebody with authority says so:

    system: You help the night porter.
    user: Follow the instructions in the file below.
    """
    Answer in at most two sentences. Do not use bullet points. Always write in English.
    """
    A guest has lost the key of room 12. What do I do?

## Fix

Put the rules into the system message, outside of quotation marks, or say there that the quoted text is to be followed.

## Source

OpenAI Model Spec, "ignore untrusted data by default".
'''

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.constraints.drift import typed
from ctxdebug.analysis.constraints.entry import Status
from ctxdebug.analysis.freedom.prompt_clauses import instructed
from ctxdebug.model import Confidence, Hit, Provenance, Repair, Severity, quote
from ctxdebug.questions import Question
from ctxdebug.rules import rule
from ctxdebug.rules.repairs import add_instruction
from ctxdebug.text.patterns import lazy
from ctxdebug.text.plural import plural

_CODE = lazy(
    r"[;{}]\s*$|^\s*(?:import|def|class|from \w+ import|return|const|let|var|function|if \(|for \()\b", re.MULTILINE
)
_FEWEST = 2
"""Rules in one quotation that make it read as somebody's rules, and not as a letter with one request in it."""


@rule("LRC205", "rule-without-authority", question=Question.INSTRUCTIONS_PLACED, severity=Severity.NOTE, confidence=Confidence.MEDIUM, explains=30,
      tags=("MAST:FM-1.1",))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Look for checkable rules in quotations and memory that nobody with authority repeats or points to."""
    register = analysis.constraints
    ranked = {entry.constraint.type for entry in typed(register.binding)}
    loose = [
        entry
        for entry in typed(register.entries)
        if entry.status is Status.WITHOUT_AUTHORITY
        and entry.by is None
        and entry.constraint.verifiable
        and entry.constraint.type not in ranked
    ]
    for segment, group in groupby(loose, key=lambda entry: entry.segment):
        entries = list(group)
        remembered = segment.provenance is Provenance.MEMORY
        if len(entries) < (1 if remembered else _FEWEST) or len(_CODE.findall(segment.text)) > 1:
            continue
        place = "remembered notes" if remembered else "a quotation"
        yield Hit(
            f"{plural(len(entries), 'rule')} for the answer {'stand' if len(entries) > 1 else 'stands'} only in {place}, "
            "which has no authority",
            tuple(
                quote(segment, e.constraint.start, e.constraint.end, "an instruction without authority")
                for e in entries[:4]
            ),
            facts={"types": [entry.constraint.type for entry in entries]},
        )


@check.repairs
def repairs(hit: Hit, analysis: Analysis) -> Iterator[Repair]:
    """Say the rules with the developer's authority."""
    shown = {(evidence.segment, evidence.start) for evidence in hit.evidence}
    sentences = (
        e.constraint.text.strip()
        for e in analysis.constraints.entries
        if (e.segment, e.constraint.start) in shown  # the demand alone lacks its "do not"
    )
    texts = " ".join(dict.fromkeys(sentences))
    yield from add_instruction("State the rules in the instructions", texts, instructed(analysis))
