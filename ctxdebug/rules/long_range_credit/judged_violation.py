"""An LLM judge says that the answer breaks an instruction that cannot be counted.

"Be polite", "do not give legal advice", "stay in the role": no deterministic check exists for these. A judge is asked about each
unconditional rule of that kind; where a count exists, the count is used and the judge is not asked.

## In short

Bad: the rules forbid medical advice, and the answer names a dose. Good: the answer refers to a doctor. (Whole examples:
`fixtures/rules/LRC208`; they need a judge.)

## Fix

Say the rule once, clearly, near the place where it matters, and add an eval case that fails when it is broken.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.model import Authority, Confidence, Hit, Need, NotChecked, Severity, quote
from ctxdebug.questions import Question
from ctxdebug.rules import rule

_MOST = 8


@rule("LRC208", "judged-violation", question=Question.INSTRUCTIONS_KEPT, severity=Severity.WARNING, confidence=Confidence.MEDIUM,
      needs=(Need.JUDGE, Need.RESPONSE), explains=45, tags=("MAST:FM-1.1", "TRAIL:instruction-non-compliance"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Ask about each binding, unconditional rule that nothing can count."""
    judge = analysis.options.judge
    if judge is None or not analysis.answer.strip():
        return
    rules = [
        entry
        for entry in analysis.constraints.binding
        if not entry.constraint.verifiable
        and entry.constraint.condition is None
        and entry.constraint.type != "persona"  # "you are a helpful assistant" forbids nothing that a judge could see
        and entry.authority >= Authority.DEVELOPER
    ]
    unusable = 0
    for entry in rules[:_MOST]:
        judgement = judge(
            "Does the answer break the rule? If the rule does not apply to this answer, say false.",
            [("rule", entry.constraint.text), ("answer", analysis.answer[:8000])],
        )
        unusable += judgement.answer is None
        if judgement.answer:
            where = quote(entry.segment, entry.constraint.start, entry.constraint.end, "the rule")
            yield Hit(f"a judge says that the answer breaks an instruction: {judgement.why}", (where,))
    if unusable:
        yield NotChecked(f"{unusable} of the LLM judge's replies could not be used")
