"""Lists: how many items, which mark stands before them, items below items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.constraints.checks.size import within
from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance, Outcome, failed, unchecked
from ctxdebug.analysis.constraints.kinds.kind import Found, Kind, limits
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ctxdebug.analysis.constraints.constraint import Constraint

_ITEM = lazy(r"^(?P<indent>[ \t]*)(?:(?P<bullet>[-*+•–])|(?P<number>\d{1,3}[.)]))[ \t]+\S")


def _items_asked(found: Found) -> Mapping[str, Any]:
    return {**limits(found), "noun": found.get("noun").lower(), "numbered": False}


def _items(constraint: Constraint, answer: Answer) -> Compliance:
    """Count the items of the one list that an answer has; where it has none, or several, what counts is not certain."""
    found = [item for line in answer.prose.splitlines() if (item := _ITEM.match(line))]
    top = [item for item in found if not item["indent"]]
    start, end = answer.whole
    if not top:
        return unchecked(f"no list was found, and which words are the {constraint.params['noun']} is not certain")
    numbers = [item["number"] for item in top if item["number"]]
    if len(found) != len(top) or 0 < len(numbers) < len(top) or any(n[:-1] == "1" for n in numbers[1:]):
        return unchecked(f"which items are the {constraint.params['noun']} is not certain")
    counted = within(constraint, len(top), "items in the list", start=start, end=end)
    if counted.outcome is Outcome.PASS and constraint.params.get("numbered") and not numbers:
        return failed("the items are not numbered", None, start=start, end=end)
    return counted


KINDS = (
    Kind(
        type="count.items",
        topic="kinds_lists",
        cue="""items ideas suggestions examples tips steps reasons options names recommendations questions facts benefits advantages disadvantages
            ingredients titles headlines slogans alternatives proposals arguments pros cons takeaways
            topics books places activities exercises recipes""",
        check=_items,
        asks="Give exactly 3 tips.",
        read=_items_asked,
        kept=("1. Coat\n2. Boots\n3. Lamp", "Take these:\n\n- coat\n- boots\n- lamp"),
        broken=("- coat\n- boots", "1. a\n2. b\n3. c\n4. d"),
        open=("Take a coat, boots and a lamp.", "- coat\n  - warm\n- boots\n- lamp"),
    ),
)
