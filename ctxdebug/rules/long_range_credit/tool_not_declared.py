"""The prompt tells the model to use a tool that the request does not declare.

The model cannot call it. It writes the call as text, calls something else, or makes the result up.

## Bad

    tools[get_menu]: The dishes of the day.
    system: You take orders for a canteen. Use `get_menu` for the dishes and `get_allergens` for what is in them.
    user: Is there celery in the soup?

## Good

    tools[get_menu]: The dishes of the day.
    tools[get_allergens]: What is in a dish.
    system: You take orders for a canteen. Use `get_menu` for the dishes and `get_allergens` for what is in them.
    user: Is there celery in the soup?

A tool that the prompt forbids is not asked for:

    tools[get_menu]: The dishes of the day.
    system: You take orders for a canteen. Use `get_menu` for the dishes. Never call `get_prices`, it does not exist.
    user: Is there celery in the soup?

## Fix

Declare the tool in the request's `tools`, or take it out of the prompt.

## Source

OpenAI, GPT-4.1 prompting guide, section 1 ("Tool Calls").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.constraints.grammar import negated
from ctxdebug.model import Authority, Confidence, Hit, Kind, Severity, quote
from ctxdebug.questions import Question
from ctxdebug.rules import rule
from ctxdebug.text.patterns import lazy

_NAME = lazy(r"`(?P<name>[a-z]+(?:_[a-z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]+)+)(?:\(\))?`")
"""A name in backticks, spelled as tools are."""
_USE = lazy(r"\b(?:use|call|invoke|calling|using|invoking)\b(?![^\n]{0,200}[.!?]\s)[^\n]{0,200}$", re.IGNORECASE)
"""A verb of calling earlier in the sentence."""
_ABSENT = lazy(
    r"[^.!?\n]{0,80}\b(?:(?:do|does|is|are)(?: not|n['’]t) (?:exist|available|supported|declared)|unavailable|not available|no longer)\b",
    re.IGNORECASE,
)
_STOPS = lazy(r"[.!?;\n](?=\s|$)|\n")


def _sentence_before(text: str, end: int) -> str:
    """Return the words of the sentence before a place in it."""
    part = text[max(0, end - 200) : end]
    return part[max((match.end() for match in _STOPS.finditer(part)), default=0) :]


@rule("LRC410", "tool-not-declared", question=Question.INSTRUCTIONS_CONSISTENT, severity=Severity.WARNING, confidence=Confidence.MEDIUM, explains=30,
      tags=("TRAIL:tool-related-hallucination",))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Look for tools that the rules name and the request lacks, where it declares some others."""
    from ctxdebug.analysis.constraints.checks.actions import same_tool

    declared = [tool.name for tool in analysis.snapshot.tools]
    if not declared or any(tool.deferred for tool in analysis.snapshot.tools):
        return
    fields = {name for tool in analysis.snapshot.tools for name in re.findall(r"\"(\w+)\"", tool.text)}
    seen: set[str] = set()
    for segment in analysis.segments:
        if segment.authority < Authority.DEVELOPER or segment.kind is not Kind.TEXT:
            continue
        for match in _NAME.finditer(segment.text):
            name = match["name"]
            called = _USE.search(segment.text[max(0, match.start() - 200) : match.start()])
            if called is not None and (
                negated(_sentence_before(segment.text, match.start())) or _ABSENT.match(segment.text, match.end())
            ):
                continue
            if name in seen or name in fields or called is None or any(same_tool(name, other) for other in declared):
                continue
            seen.add(name)
            yield Hit(
                f"the instructions tell the model to use {name}, which the request does not declare",
                (quote(segment, match.start("name"), match.end("name"), f"declared are: {', '.join(declared[:6])}"),),
                facts={"tool": name, "declared": declared[:50]},
            )
