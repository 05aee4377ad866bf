"""A message of lower authority asks for the opposite of an instruction.

By authority the higher rule counts; by position the lower one, which stands nearer to the end, tends to win. Which of the two
the model follows is then a matter of luck, of its training and of the wording.

## Bad

    system: You answer for the town library. Respond only in English.
    user: When do you open on Sunday? Answer in French, please.

An earlier turn counts too, because its answer stays in the conversation as an example:

    system: You answer for the town library. Use at most 12 words.
    user: When do you open? Write at least 40 words.
    assistant: We open at nine.
    user: And on Sunday?

Two tasks for the same text are reported as a note:

    system: You work for the town library. Translate the user's message into French.
    user: Summarise the following text: the library is closed on Sunday.

## Good

    system: You answer for the town library. Respond only in English.
    user: When do you open on Sunday? I read French and English.

The language of the user is the user's to choose:

    system: You answer for the town library. Always reply in the user's language.
    user: When do you open on Sunday? Answer in French, please.

## Fix

Say in the system message whether the user may change the rule ("in English unless the user asks for another language"), or
that it holds whatever the user says.

## Source

OpenAI Model Spec, chain of command; OpenAI, GPT-4.1 prompting guide, section 4.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.constraints.clashes import Clash
from ctxdebug.model import Confidence, Hit, Repair, Severity, quote
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule
from ctxdebug.rules.repairs import cut_out


@rule(
    "LRC204",
    "lower-authority-contradicts",
    question=Question.INSTRUCTIONS_CONSISTENT,
    fallback=Fallback.CLARIFY,
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    explains=55,
    tags=("BREUNIG:clash", "MAST:FM-1.1"),
)
def check(analysis: Analysis) -> Iterator[Hit]:
    """Compare the constraints of different levels with each other."""
    for clash in analysis.constraints.clashes:
        winner = clash.authority_winner
        if winner is None:
            continue
        lower = clash.second if winner is clash.first else clash.first
        nearer = clash.position_winner
        outcome = "the later one tends to win all the same" if nearer is lower else "it also stands nearer to the end"
        yield Hit(
            f"{'in an earlier turn, ' if clash.earlier else ''}the {lower.segment.role} contradicts a {winner.segment.role} instruction: "
            f"{clash.reason}; "
            f"by authority the {winner.segment.role} instruction counts, {outcome}{_followed(clash)}",
            (
                quote(
                    winner.segment,
                    winner.constraint.start,
                    winner.constraint.end,
                    "the instruction of higher authority",
                ),
                quote(lower.segment, lower.constraint.start, lower.constraint.end, "what contradicts it"),
            ),
            severity=Severity.NOTE if clash.rule == "task" else None,
            facts={"rule": clash.rule, "by_authority": winner.constraint.text, "by_position": nearer.constraint.text},
        )


def _followed(clash: Clash) -> str:
    """Say whether the answer kept the higher rule, where that was checked."""
    from ctxdebug.analysis.constraints import Outcome

    winner = clash.authority_winner
    verdict = winner.verdict if winner else None
    if verdict is None or verdict.outcome not in {Outcome.PASS, Outcome.FAIL}:
        return ""
    return "; the answer kept it" if verdict.outcome is Outcome.PASS else "; the answer did not keep it"


@check.repairs
def repairs(hit: Hit, _: Analysis) -> Iterator[Repair]:
    """Leave out what has the lower authority."""
    yield from cut_out("Leave out the text that contradicts the instruction of higher authority", hit.evidence[1])
