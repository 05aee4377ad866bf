"""A setting permits the server to drop part of the prompt without a word.

The request will not fail when it grows too long; it will succeed with less context, and nothing in the response says so.

## Bad

    % model: gpt-4o
    % truncation: truncation=auto
    system: Answer in one sentence.
    user: Which of the rules above still holds?

## Good

    % model: gpt-4o
    % truncation: truncation=disabled
    system: Answer in one sentence.
    user: Which of the rules above still holds?

## Fix

Turn it off, so that an overlong request fails loudly, and shorten the context where you can choose what goes.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.model import Hit, Repair, Severity, value
from ctxdebug.models.providers import reported_settings
from ctxdebug.questions import Question
from ctxdebug.rules import rule
from ctxdebug.rules.repairs import set_to

_OFF = ("disabled", "none", "off", "false", "[]", "-1")


@rule("MEM107", "truncation-enabled", question=Question.PROMPT_READ_IN_FULL, severity=Severity.NOTE, explains=10,
      tags=("TRAIL:context-handling-failure",))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Look for the parameter that permits it."""
    setting = analysis.snapshot.settings.truncation
    if (
        setting is None
        or setting.partition("=")[2].strip().lower() in _OFF
        or setting.partition("=")[0] in reported_settings()
    ):
        return
    yield Hit(
        f"{setting} lets the server drop part of the prompt silently",
        (value(analysis.snapshot.settings_at["truncation"], setting, "the setting"),),
    )


@check.repairs
def repairs(_: Hit, __: Analysis) -> Iterator[Repair]:
    """Do without the setting."""
    yield set_to("Do not let the server drop part of the prompt", "truncation", None)
