"""The provider does not accept a role that the request uses.

It answers with an error, and nobody sees an answer at all; or a framework drops the message to get through, and the rules in
it are gone. Which roles are taken differs by provider, by model and by chat template.

## Bad

    % model: o1-mini
    % provider: openai
    system: Answer in one sentence.
    user: What is the tallest mountain in Norway?

## Bad (also LRC102)

    % model: claude-sonnet-4-5
    % provider: anthropic
    system: Answer in one sentence.
    user: What is the tallest mountain in Norway?
    assistant: Galdhøpiggen.
    user: And in Sweden, please?
    system: Answer in Swedish.

## Good

    % model: o3-mini
    % provider: openai
    system: Answer in one sentence.
    user: What is the tallest mountain in Norway?

## Good

    % model: claude-opus-4-8
    % provider: anthropic
    system: Answer in one sentence.
    user: And in Sweden, please?

## Fix

Put the rules where this provider takes them: a top-level system text (Anthropic, Gemini, Bedrock), a developer message, or
the first user message for a model without a system role.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.message_shape.wording import rejections
from ctxdebug.model import Hit, NotChecked, Severity
from ctxdebug.questions import Question
from ctxdebug.rules import rule


@rule("LRC106", "role-not-accepted", question=Question.ROLES_IN_ORDER, severity=Severity.ERROR, explains=40,
      tags=("MAST:FM-1.2",))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Hold the roles against the provider's rows."""
    yield from rejections(analysis.snapshot, "role")
