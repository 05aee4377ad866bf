"""The provider does not accept the tool calls and results as they are.

A call without its result right after it, a result whose call was trimmed away, two calls where the template knows only one,
an id in another provider's form: the request fails with an error that names a message, not the code that cut it.

## Bad (also LRC103)

    % model: gpt-4o
    % provider: openai
    user: What is the weather in Oslo?
    call[get_weather]: {"city": "Oslo"}
    user: And tomorrow?

## Bad

    % model: meta-llama/Llama-3.1-8B-Instruct
    % provider: vllm
    user: What is the weather in Oslo and in Bergen?
    call[get_weather]: {"city": "Oslo"}
    call[get_weather]: {"city": "Bergen"}
    tool[get_weather]: 4 degrees, rain
    tool[get_weather]: 6 degrees, more rain

## Good

    % model: gpt-4o
    % provider: openai
    user: What is the weather in Oslo and in Bergen?
    call[get_weather]: {"city": "Oslo"}
    call[get_weather]: {"city": "Bergen"}
    tool[get_weather]: 4 degrees, rain
    tool[get_weather]: 6 degrees, more rain
    user: And tomorrow?

## Fix

Trim history in whole groups: a call, all its results, and the answer that follows belong together. When the provider
changes, rewrite ids and split parallel calls as the new one wants them.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.message_shape.wording import rejections
from ctxdebug.model import Hit, NotChecked, Severity
from ctxdebug.questions import Question
from ctxdebug.rules import rule


@rule("LRC108", "tool-turns-rejected", question=Question.ROLES_IN_ORDER, severity=Severity.ERROR, explains=40,
      tags=("MAST:FM-1.4", "TRAIL:context-handling-failure"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Hold calls and results against the provider's rows."""
    yield from rejections(analysis.snapshot, "tools")
