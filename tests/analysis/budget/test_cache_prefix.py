from __future__ import annotations

from typing import Any

import pytest

from ctxdebug.analysis import Analysis, AnalysisOptions
from ctxdebug.analysis.budget.cache_prefix import prefix_break, volatile
from tests.conversations import analysed, exchanged

CLOCK = "Current date and time: 2026-03-04 09:31:07. "
RULES = "Be polite to every visitor of the lighthouse, and name the hour of the tide. " * 120


def rules(text: str, *behind: Any) -> Analysis:
    messages = [{"role": "system", "content": text}, *behind, {"role": "user", "content": "When does it open?"}]
    return analysed(exchanged({"model": "gpt-4o", "messages": messages}))


@pytest.mark.parametrize(("text", "before", "after"), [(CLOCK + RULES, 0, 1000), (RULES + CLOCK + RULES, 1000, 1000)])
def test_text_behind_a_clock_could_have_been_cached(text: str, before: int, after: int) -> None:
    found = volatile(rules(text))
    assert found is not None
    assert found.before >= before
    assert found.after >= after


def test_a_clock_at_the_end_of_the_rules_loses_nothing() -> None:
    found = volatile(rules(RULES + CLOCK))
    assert found is None or found.after < 50


def test_what_is_marked_for_caching_counts_behind_the_rules() -> None:
    document = {"type": "text", "text": RULES, "cache_control": {"type": "ephemeral"}}
    body = {
        "model": "claude-sonnet-4-5",
        "system": f"You answer visitors. {CLOCK}",
        "messages": [{"role": "user", "content": [document, {"type": "text", "text": "When does it open?"}]}],
    }
    found = volatile(analysed(exchanged(body, form="anthropic.messages")))
    assert found is not None
    assert found.after > 1000


def test_rules_in_several_messages_are_one_stable_text() -> None:
    found = volatile(rules(CLOCK, {"role": "system", "content": RULES}))
    assert found is not None
    assert found.after > 1000


def marked(*parts: str) -> Analysis:
    """A user message in parts of which the last but one is marked for caching."""
    content: list[dict[str, Any]] = [{"type": "text", "text": text} for text in parts]
    content[-2]["cache_control"] = {"type": "ephemeral"}
    body = {"model": "claude-sonnet-4-5", "system": "Be kind.", "messages": [{"role": "user", "content": content}]}
    return analysed(exchanged(body, form="anthropic.messages"))


def test_a_clock_in_front_of_a_marked_document_breaks_its_caching() -> None:
    found = volatile(marked(CLOCK, RULES, "When does it open?"))
    assert found is not None
    assert found.after > 1000


def test_a_clock_behind_the_last_cache_mark_breaks_nothing() -> None:
    assert volatile(marked(RULES, f"{CLOCK}When does it open?")) is None


def test_a_document_that_an_earlier_turn_had_too_could_have_been_cached() -> None:
    document = {"role": "user", "content": f"<document>{RULES}</document>"}
    more = [{"role": "assistant", "content": "At nine."}, {"role": "user", "content": "And on Sunday?"}]

    def turn(clock: str, *behind: Any) -> Any:
        messages = [{"role": "system", "content": f"Be kind. {clock}"}, document, *behind]
        return exchanged({"model": "gpt-4o", "messages": messages})

    first = analysed(turn(CLOCK))
    second = Analysis(turn(CLOCK.replace("09:31", "09:34"), *more), AnalysisOptions(), (first,))
    alone, found = volatile(first), volatile(second)
    assert alone is None or alone.after < 50  # one capture cannot show that the document stays
    assert found is not None
    assert found.after > 1000


def test_the_text_of_a_tool_that_changed_is_shown_where_it_differs() -> None:
    before, after = (
        analysed(exchanged({"model": "gpt-4o", "tools": [tool("tide", text)], "messages": []}))
        for text in ("40 seats are left.", "39 seats are left.")
    )
    found = prefix_break(before, after)
    assert found is not None
    assert found.pointer is not None
    assert ("40 seats" in found.old, "39 seats" in found.new) == (True, True)
    assert "tide" in found.advice


def tool(name: str, text: str = "") -> dict[str, Any]:
    parameters = {"type": "object", "properties": {}}
    return {
        "type": "function",
        "function": {"name": name, "description": f"The {name}. {text}", "parameters": parameters},
    }


@pytest.mark.parametrize(
    ("tools", "words"),
    [
        ([tool("tide"), tool("hours")], "the order of the tools (the same 2)"),
        ([tool("hours"), tool("tide"), tool("ferry")], "the tool declarations (added ferry)"),
        ([tool("hours")], "the tool declarations (removed tide)"),
        ([tool("hours"), tool("tide", "Today.")], "the tool declarations (another text of tide)"),
    ],
)
def test_what_changed_in_the_tools_is_told(tools: list[Any], words: str) -> None:
    body = {"model": "gpt-4o", "messages": [{"role": "user", "content": "When?"}]}
    before = analysed(exchanged({**body, "tools": [tool("hours"), tool("tide")]}))
    after = Analysis(exchanged({**body, "tools": tools}), AnalysisOptions(), (before,))
    found = prefix_break(before, after)
    assert found is not None
    assert found.where == words
