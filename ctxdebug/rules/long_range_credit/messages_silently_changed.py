"""The provider changes the messages before the model reads them, and does not say so.

The request is taken and answered. But the system text was moved to the last user message, folded into the first, or given
another role, so it does not have the place or the authority that it was written for.

## Bad

    % model: open-mistral-nemo
    % provider: mistral
    system: Never name a price.
    user: Which plans do you have?
    assistant: Small, medium and large.
    user: What does the large one cost?

## Bad (also LRC102)

    % model: o3-mini
    % provider: openai
    system: Never name a price.
    developer: Answer every question about prices.
    user: What does the large plan cost?

## Good

    % model: open-mistral-nemo
    % provider: mistral
    system: Never name a price.
    user: What does the large plan cost?

## Good

    % model: o3-mini
    % provider: openai
    system: Never name a price.
    user: What does the large plan cost?

## Fix

Say in the last user message what must hold for it, or take a model whose template keeps the system message where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.message_shape.wording import changes
from ctxdebug.model import Hit, Severity
from ctxdebug.questions import Question
from ctxdebug.rules import rule


@rule("LRC109", "messages-silently-changed", question=Question.ROLES_IN_ORDER, severity=Severity.NOTE, explains=25,
      tags=("MAST:FM-1.2",))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Hold the request against the provider's silent changes."""
    yield from changes(analysis.snapshot)
