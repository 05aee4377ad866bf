"""An instruction is in the middle of a long context, far from where the answer begins.

Models use the beginning and the end of a long context best. A rule with many thousand tokens on both sides of it is the one
that is forgotten.

## Fix

Move the rule into the system message, and repeat it after the documents, next to the question. What is best differs between
vendors: OpenAI advises both ends for long contexts, Anthropic the end, Google the end for format and negative rules.

## Source

OpenAI, GPT-4.1 prompting guide ("Prompt Organization"); Anthropic, long context tips; Google, Gemini 3 prompting guide;
Liu et al., "Lost in the Middle", arXiv:2307.03172.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.constraints.drift import typed
from ctxdebug.analysis.constraints.entry import Entry
from ctxdebug.model import Confidence, Hit, Repair, Severity, quote
from ctxdebug.questions import Question
from ctxdebug.rules import rule
from ctxdebug.rules.repairs import add_instruction

_BEFORE = 4_000
"""Tokens. A rule with less than this before it counts as standing at the beginning."""
_AFTER = 20_000
"""Tokens between the rule and the end, from which the vendors' advice for long contexts holds."""


@rule("LRC203", "constraint-buried", question=Question.INSTRUCTIONS_PLACED, severity=Severity.WARNING, confidence=Confidence.MEDIUM, explains=35,
      tags=("BREUNIG:distraction", "MAST:FM-1.4"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Look for constraints in force with a long way before and after them, and no repetition near an end."""
    binding = typed(analysis.constraints.binding)
    buried = [entry for entry in binding if entry.before >= _BEFORE and entry.to_end >= _AFTER]
    for entry in buried:
        if not any(_repeats(entry, other) for other in binding if other not in buried):
            yield Hit(
                f"an instruction is ~{entry.before:,} tokens into the context, with ~{entry.to_end:,} tokens after it, and is not repeated",
                (
                    quote(
                        entry.segment,
                        entry.constraint.start,
                        entry.constraint.end,
                        f"{entry.depth:.0%} into the prompt",
                    ),
                ),
                facts={"tokens_before": entry.before, "tokens_after": entry.to_end, "depth": round(entry.depth, 3)},
            )


def _repeats(one: Entry, other: Entry) -> bool:
    return one.constraint.type == other.constraint.type and one.constraint.params == other.constraint.params


@check.repairs
def repairs(hit: Hit, analysis: Analysis) -> Iterator[Repair]:
    """Repeat it at the end."""
    yield from add_instruction("Repeat the instruction at the end", hit.evidence[0].quote.strip(), analysis.question)
