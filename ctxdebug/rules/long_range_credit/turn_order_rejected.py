"""The provider does not accept the messages in this order.

Many providers and chat templates want user and assistant to take turns, the user first and last, or the system message at
the top. A history that was trimmed, merged or summarised often breaks that, and the request fails only then.

## Bad

    % model: us.anthropic.claude-3-7-sonnet-20250219-v1:0
    % provider: bedrock
    user: Here is the contract.
    user: Which clause covers late delivery?

## Bad (also LRC101)

    % model: Qwen/Qwen3.5-27B
    % provider: vllm
    user: Here is the contract.
    assistant: Thank you, I have read it.
    system: Answer in one sentence.
    user: Which clause covers late delivery?

## Good

    % model: us.anthropic.claude-3-7-sonnet-20250219-v1:0
    % provider: bedrock
    user: Here is the contract. Which clause covers late delivery?

## Good

    % model: gpt-4o
    % provider: openai
    user: Here is the contract.
    user: Which clause covers late delivery?

## Fix

Merge messages of one role, keep the system text at the top, and trim history in whole turns, so that it still begins and
ends with the user.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.message_shape.wording import rejections
from ctxdebug.model import Hit, NotChecked, Severity
from ctxdebug.questions import Question
from ctxdebug.rules import rule


@rule("LRC107", "turn-order-rejected", question=Question.ROLES_IN_ORDER, severity=Severity.ERROR, explains=40,
      tags=("MAST:FM-1.4",))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Hold the order of turns against the provider's rows."""
    yield from rejections(analysis.snapshot, "order")
