"""A setting of the request says the opposite of an instruction in the prompt.

The setting is enforced, the rule is only read. Whoever wrote the rule believes that it holds.

## Bad

    % verbosity: high
    system: You announce trains. Use at most 15 words.
    user: The 9:40 to Ulm is late.

## Good

    % verbosity: low
    system: You announce trains. Use at most 15 words.
    user: The 9:40 to Ulm is late.

## Fix

Make the setting follow the rule: `parallel_tool_calls: false` for "one call at a time", `tool_choice: none` for "do not use
tools", a low `verbosity` for short answers.

## Source

OpenAI, GPT-5 prompting guide (verbosity); OpenAI API reference (`tool_choice`, `parallel_tool_calls`).
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.constraints.entry import Entry
from ctxdebug.analysis.freedom.prompt_clauses import call_forced, calls_forbidden
from ctxdebug.model import Hit, Repair, Severity, quote, value
from ctxdebug.questions import Question
from ctxdebug.rules import rule
from ctxdebug.rules.repairs import set_to

_SHORT_WORDS = 60
_SHORT_SENTENCES = 3


@rule(
    "LRC411", "settings-against-text", question=Question.INSTRUCTIONS_CONSISTENT, severity=Severity.WARNING, explains=30
)
def check(analysis: Analysis) -> Iterator[Hit]:
    """Hold the tool choice, the parallel calls and the verbosity against the binding constraints."""
    for entry, setting, shown, message in _against(analysis):
        pointer = analysis.snapshot.settings_at.get(setting, analysis.snapshot.request_at)
        yield Hit(
            message,
            (
                quote(entry.segment, entry.constraint.start, entry.constraint.end, "the rule"),
                value(pointer, shown, "the setting"),
            ),
            facts={"setting": setting},
        )


def _against(analysis: Analysis) -> Iterator[tuple[Entry, str, str, str]]:
    settings, register = analysis.snapshot.settings, analysis.constraints
    forced = call_forced(settings.tool_choice)
    for entry in (e for e in register.binding if e.constraint.condition is None):
        kind, params = entry.constraint.type, entry.constraint.params
        if (
            kind == "tools.max_calls"
            and params.get("per") == "step"
            and params.get("hi") == 1
            and settings.parallel_tool_calls is True
        ):
            yield (
                entry,
                "parallel_tool_calls",
                "parallel_tool_calls: true",
                "one call at a time is asked for, and parallel calls are on",
            )
        elif kind == "tools.forbid" and params.get("tool") is None and forced:
            yield (
                entry,
                "tool_choice",
                f"tool_choice: {settings.tool_choice}",
                "the rules forbid tools, and the setting forces a call",
            )
        elif kind == "tools.require" and calls_forbidden(settings.tool_choice):
            yield (
                entry,
                "tool_choice",
                "tool_choice: none",
                "the rules demand a tool call, and the setting forbids calls",
            )
        elif _short(entry) and settings.verbosity == "high":
            yield entry, "verbosity", "verbosity: high", "a short answer is asked for, and the verbosity is set to high"


def _short(entry: Entry) -> bool:
    most = entry.constraint.params.get("hi")
    limit = {"length.words": _SHORT_WORDS, "length.sentences": _SHORT_SENTENCES}.get(entry.constraint.type)
    return most is not None and limit is not None and most <= limit and not entry.constraint.partial


_INSTEAD = {"parallel_tool_calls": False, "tool_choice": "auto", "verbosity": "low"}
"""The value that a setting gets, so that it leaves the choice to the rules or says the same."""


@check.repairs
def repairs(hit: Hit, _: Analysis) -> Iterator[Repair]:
    """Change the setting, for the rules say what is wanted."""
    name = str(hit.facts["setting"])
    yield set_to(f"Set {name} as the instructions want it", name, _INSTEAD[name])
