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

## Bad

    system: You are the assistant of {{ company_name }}. Greet {{ user.first_name }} and answer briefly.
    user: When do you open?
    assistant: Hello! We open at nine.

## Bad

    system: You answer questions of customers about their contract.
    Customer name: None
    Plan: undefined
    user: What is my plan?
    assistant: You are on the Professional plan.

## Bad

    system: Answer the tenant from the contract below.
    CONTRACT:
    {contract_text}
    user: How high is the deposit?
    assistant: The deposit is two months' rent.

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

    system: You write welcome mails. Where the name goes, write {{ first_name }}: our mailer puts it in.
    user: One mail for new members of the gym, please.
    assistant: Dear {{ first_name }}, welcome!

## Good

    system: You answer questions about flights. Baggage: None
    Allergies: None
    user: May I take a suitcase?
    assistant: No bag is booked.

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
from ctxdebug.analysis.sources.unfilled import Unfilled, unfilled
from ctxdebug.model import Hit, Severity, quote
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule

MOST = 4
"""Placeholders reported per exchange."""


@rule("MEM412", "placeholder-not-filled", question=Question.CONTENT_COMPLETE, fallback=Fallback.RETRIEVE, severity=Severity.ERROR,
      explains=88, tags=("OWASP:LLM09",))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Look for placeholders that are the whole content of a labelled place, or a word of the system prompt."""
    told: set[str] = set()
    for found in unfilled(analysis.segments):
        mark = f"{found.slot.name}: {found.slot.written}"
        if mark not in told and len(told) < MOST:
            told.add(mark)
            yield _hit(found)


def _hit(found: Unfilled) -> Hit:
    slot = found.slot
    place = (
        "in a sentence of the system prompt"
        if not found.whole
        else f"in place of “{slot.name}”"
        if slot.name
        else "in place of content"
    )
    return Hit(
        f"the placeholder {slot.written} was sent {place}: the template was not filled",
        (quote(slot.segment, slot.start, slot.end, "content was due here"),),
        severity=None if found.whole else Severity.WARNING,
        facts={"placeholder": slot.written, "name": slot.name},
    )
