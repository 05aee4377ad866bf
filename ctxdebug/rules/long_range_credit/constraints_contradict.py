"""Two instructions of equal authority contradict each other.

Both cannot be kept, so the model picks one, and not always the same one. Models tend to follow the rule nearer to the end of
the prompt. Contradictory instructions also cost reasoning: the model looks for a way to satisfy both.

## Bad

    system: You write the evening bulletin. Use at most 40 words. Name every ferry that is late. \
Write at least 120 words, so that nobody has to call.
    user: What is new tonight?

The same bound with two numbers is told too, as a note:

    system: You write the evening bulletin. Use at most 3 sentences. Keep a calm tone. Never write more than 5 sentences.
    user: What is new tonight?

## Good

    system: You write the evening bulletin. Use at most 40 words. Name every ferry that is late.
    user: What is new tonight?

A later message may change what an earlier one asked for:

    user: Tell me about the ferry in at most 20 words.
    assistant: It leaves at nine from pier two.
    user: Now write at least 30 words about the pier.

## Fix

Keep one of the two, or say which one comes first and when.

## Source

OpenAI, GPT-5 prompting guide (contradictory instructions) and GPT-4.1 prompting guide, section 4 (the later one tends to win).
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.constraints.clashes import Clash
from ctxdebug.analysis.constraints.drift import drifts
from ctxdebug.analysis.constraints.register import MOST_COMPARED
from ctxdebug.model import Confidence, Hit, NotChecked, Repair, Role, Severity, quote
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule
from ctxdebug.rules.repairs import cut_out

_SOFT = frozenset({"style", "persona", "task"})
"""Told by the words only, which one author may well mean for different parts of an answer."""


@rule(
    "LRC201",
    "constraints-contradict",
    question=Question.INSTRUCTIONS_CONSISTENT,
    fallback=Fallback.CLARIFY,
    severity=Severity.WARNING,
    explains=45,
    tags=("BREUNIG:clash", "MAST:FM-1.1"),
)
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Compare the constraints of one level with each other."""
    register = analysis.constraints
    if not register.compared:
        yield NotChecked(
            f"{len(register.entries)} instructions are too many to compare with each other; at most {MOST_COMPARED} are"
        )
        return
    for clash in register.clashes:
        if clash.authority_winner is None and clash.rule not in _SOFT and _side_by_side(analysis, clash):
            first, second = clash.first, clash.second
            yield Hit(
                f"two {first.segment.role} instructions cannot both be followed: {clash.reason}; neither has authority over the other, "
                "and the later one tends to win",
                (
                    quote(first.segment, first.constraint.start, first.constraint.end, "one instruction"),
                    quote(
                        second.segment, second.constraint.start, second.constraint.end, "the other, nearer to the end"
                    ),
                ),
                facts={"rule": clash.rule, "by_authority": None, "by_position": second.constraint.text},
            )
    for drift in drifts(register):
        one, other = drift.first, drift.second
        yield Hit(
            "an instruction is given twice with different numbers",
            (
                quote(one.segment, one.constraint.start, one.constraint.end, "once"),
                quote(other.segment, other.constraint.start, other.constraint.end, "and again"),
            ),
            severity=Severity.NOTE,
            confidence=Confidence.MEDIUM,
        )


def _side_by_side(analysis: Analysis, clash: Clash) -> bool:
    """Whether no answer stands between the two, so that the later one was not meant to change the earlier one."""
    between = range(clash.first.message, clash.second.message)
    return not any(m.role is Role.ASSISTANT for m in analysis.snapshot.messages if m.index in between)


@check.repairs
def repairs(hit: Hit, _: Analysis) -> Iterator[Repair]:
    """Keep one of the two."""
    yield from cut_out("Keep only the later instruction", hit.evidence[0])
    yield from cut_out("Keep only the earlier instruction", hit.evidence[1])
