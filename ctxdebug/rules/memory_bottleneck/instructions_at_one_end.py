"""The instructions for the answer are on one side of long documents only, and the vendor advises otherwise.

What was said before nine thousand tokens of documents is far away when the answer begins. Vendors disagree on the remedy: say it at
both ends, or say it last.

## In short

Bad: `Answer in one sentence.` in the system message, nine thousand tokens of documents, and the bare question. Good: the same, and behind the
question once more: `Answer in one sentence.` (Whole examples: `fixtures/rules/MEM303`.)

## Fix

Say the rules for form and length again behind the documents, in the last user message.

## Limits

Advice and no law. It is told with medium confidence where the answer broke one of these rules, and with low confidence (`--pedantic`)
otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.freedom.prompt_clauses import instructed
from ctxdebug.analysis.position import one_ended
from ctxdebug.model import Confidence, Hit, Repair, Severity, quote
from ctxdebug.questions import Question
from ctxdebug.rules import rule
from ctxdebug.rules.repairs import add_instruction


@rule("MEM303", "instructions-at-one-end", question=Question.WELL_PLACED, severity=Severity.NOTE, confidence=Confidence.LOW, explains=15,
      tags=("TRAIL:context-handling-failure", "MAST:FM-1.2"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Find the instructions about the answer, and on which side of the documents they are."""
    from ctxdebug.analysis.constraints import Outcome

    found = one_ended(analysis)
    if found is None:
        return
    broken = [entry for entry in found.entries if entry.verdict is not None and entry.verdict.outcome is Outcome.FAIL]
    shown = (broken or list(found.entries))[:3]
    where = "before" if found.side == "front" else "behind"
    yield Hit(
        f"all instructions for the answer are {where} ~{found.documents:,} tokens of documents"
        f"{', and the answer broke one' if broken else ''}; the vendor's advice for {analysis.snapshot.model}: {found.advice.advice}",
        tuple(quote(e.segment, e.constraint.start, e.constraint.end, f"{where} the documents") for e in shown),
        confidence=Confidence.MEDIUM if broken else None,
        facts={"side": found.side, "documents": found.documents, "broken": len(broken), "source": found.advice.source},
    )


@check.repairs
def repairs(_: Hit, analysis: Analysis) -> Iterator[Repair]:
    """Repeat the instructions on the other side of the documents."""
    found = one_ended(analysis)
    if found is not None:
        texts = " ".join(entry.constraint.text.strip() for entry in found.entries)
        to = analysis.question if found.side == "front" else instructed(analysis)
        yield from add_instruction("Repeat the instructions on the other side of the documents", texts, to)
