"""A long answer was not streamed.

The reader waits for the last token before seeing the first. On long answers a connection may also run into a timeout, and everything
that was generated until then is lost.

## Bad

    % model: gpt-4o
    % output_tokens: 3900
    % prompt_tokens: 19
    user: Write the whole handbook for the new coffee machine.
    assistant: Chapter one.

## Good

    % model: gpt-4o
    % output_tokens: 60
    % prompt_tokens: 19
    user: Write one line about the new coffee machine.
    assistant: It hums.

## Fix

Stream answers that a person waits for (`stream: true`), and ask for usage in the stream.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.model import Hit, Need, Repair, Severity, value
from ctxdebug.questions import Question
from ctxdebug.rules import rule
from ctxdebug.rules.repairs import set_to

_LONG = 3000
"""Tokens. About a minute of waiting at common speeds."""


@rule("CST104", "long-answer-unstreamed", question=Question.PROMPT_ECONOMICAL, severity=Severity.NOTE, needs=(Need.RESPONSE, Need.REQUEST),
      tags=("TRAIL:timeout",))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Look at the length of an answer that came in one piece."""
    snapshot = analysis.snapshot
    output = snapshot.usage.output if snapshot.usage else None
    if (
        snapshot.settings.stream
        or output is None
        or output < _LONG
        or snapshot.usage is None
        or not analysis.answer.strip()
    ):
        return
    yield Hit(
        f"an answer of {output:,} tokens was sent in one piece",
        (value(snapshot.usage.pointer, f"output tokens: {output:,}", "waited for to the last token"),),
        facts={"output": output},
    )


@check.repairs
def repairs(_: Hit, __: Analysis) -> Iterator[Repair]:
    """Stream it."""
    yield set_to("Stream the answer", "stream", to=True)
