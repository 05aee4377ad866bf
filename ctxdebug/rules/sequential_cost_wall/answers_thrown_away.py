"""Several answers were paid for, and one was kept.

`n` above one generates that many whole answers. The next turn of the conversation holds one of them; the others were output tokens, the
dear kind, that nobody read.

## In short

Bad: `"n": 4`, and the next turn goes on from one of the four. Good: `"n": 1`. (Whole examples: `fixtures/rules/CST105`.)

## Fix

Ask for one answer. Where a choice between several is the point, keep the others with the decision, so that somebody can learn
from them.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.model import Confidence, Hit, Need, Severity, Snapshot, whole
from ctxdebug.questions import Question
from ctxdebug.records import replace
from ctxdebug.rules import rule


@rule("CST105", "answers-thrown-away", question=Question.PROMPT_ECONOMICAL, severity=Severity.NOTE, confidence=Confidence.MEDIUM,
      needs=(Need.SESSION,), tags=("OWASP:LLM10",))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Look for the last turn's answers in this turn's context."""
    last = analysis.earlier[-1].snapshot
    answers = [message for message in last.answer if message.segments and message.text.strip()]
    if len(answers) < 2 or not _alternatives(last):
        return
    text = "\n".join(message.text for message in analysis.snapshot.messages)
    unread = [message for message in answers if message.text.strip() not in text]
    if not unread or len(unread) == len(answers):
        return
    yield Hit(
        f"{len(unread)} of the last turn's {len(answers)} answers are not in the conversation any more",
        tuple(replace(whole(message.segments[0], "paid for, and not kept"), snapshot=last) for message in unread[:3]),
        facts={"answers": len(answers), "unread": len(unread)},
    )


def _alternatives(snapshot: Snapshot) -> bool:
    """Whether the answers are several of one kind to choose from, and not the parts of one."""
    response = snapshot.response if isinstance(snapshot.response, dict) else {}
    lists = [response.get(key) for key in ("choices", "candidates", "generations")]
    asked = snapshot.parameters.get("n")
    return any(isinstance(found, list) and len(found) > 1 for found in lists) or (isinstance(asked, int) and asked > 1)
