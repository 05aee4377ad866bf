"""A placeholder was sent where content was due.

The template was not rendered, a variable had another name, or its value was `undefined`: the model read `{context}` instead of the
context. It answers all the same, from what it learnt in training.

## Bad

    system: Answer only from the context and cite it. If the context does not hold the answer, say so.
    Context:
    {context}
    user: What is the notice period of the workshop?
    assistant: The notice period is three months.

## Bad

    system: Answer only from the context and cite it. If the context does not hold the answer, say so.
    <context>
    {{#context#}}
    </context>
    user: What is the notice period of the workshop?
    assistant: The notice period is three months.

## Good

    system: Answer only from the context and cite it. If the context does not hold the answer, say so.
    Context:
    The notice period of the workshop is three months.
    user: What is the notice period of the workshop?
    assistant: The notice period is three months.

## Good

    system: Answer in the format
    Name: {name}
    Text: {text}
    user: Ada wrote: thank you.
    assistant: Name: Ada
    Text: thank you

## Good

    system: You help with templates.
    user: Why does `{context}` stay in my prompt, as in Context: {context} and so on?
    assistant: The template is not rendered: call format() on it.

## Fix

Render the template in one place and fail when a variable is missing (`str.format_map` with a strict mapping, Jinja's `StrictUndefined`).
A test on the rendered prompt that looks for `{`, `undefined` and `None` costs one line.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.sources.slots import Slot, unfilled
from ctxdebug.model import Hit, Severity, quote
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule

MOST = 4
"""Placeholders reported per exchange."""


@rule("MEM412", "placeholder-not-filled", question=Question.CONTENT_COMPLETE, fallback=Fallback.RETRIEVE, severity=Severity.ERROR,
      explains=88, tags=("OWASP:LLM09",))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Look for placeholders that are the whole content of a labelled place."""
    told: set[str] = set()
    for slot in unfilled(analysis.segments):
        if slot.written not in told and len(told) < MOST:
            told.add(slot.written)
            yield _hit(slot)


def _hit(slot: Slot) -> Hit:
    name = f" of “{slot.name}”" if slot.name else ""
    return Hit(
        f"the placeholder {slot.written} was sent in place{name or ' of content'}: the template was not filled",
        (quote(slot.segment, slot.start, slot.end, "content was due here"),),
        facts={"placeholder": slot.written, "name": slot.name},
    )
