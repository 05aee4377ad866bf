"""Lists: how many items, which mark stands before them, items below items."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.constraints.checks.size import within
from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance, Outcome, failed, passed, unchecked
from ctxdebug.analysis.constraints.kinds.kind import Found, Kind, limits
from ctxdebug.analysis.constraints.numbers import number
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ctxdebug.analysis.constraints.constraint import Constraint

_ITEM = lazy(r"^(?P<indent>[ \t]*)(?:(?P<bullet>[-*+•–])|(?P<number>\d{1,3}[.)]))[ \t]+\S", re.MULTILINE)


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


def _mark_read(found: Found) -> Mapping[str, Any]:
    return {"mark": found.raw("mark").strip(" ,")}


def _mark(constraint: Constraint, answer: Answer) -> Compliance:
    mark = str(constraint.params["mark"])
    lines = [line.strip() for line in answer.prose.splitlines() if line.strip()]
    marked = sum(line.startswith(mark) for line in lines)
    start, end = answer.whole
    if mark not in answer.text:
        return failed(f"{mark!r} is not in the answer", None, start=start, end=end)
    other = next(
        (line for line in lines if (item := _ITEM.match(line)) and not line.startswith(mark) and item["bullet"]), None
    )
    if other is not None:
        at = max(answer.text.find(other), 0)
        return failed(
            f"an item begins with {other[0]!r}, {mark!r} asked for", other[:60], start=at, end=at + len(other)
        )
    return (
        passed(f"{marked} items with {mark!r}", marked)
        if marked > 1
        else unchecked("which words are items is not certain")
    )


def _nested_read(found: Found) -> Mapping[str, Any]:
    return {"bullet": found.get("bullet"), "sub": found.get("sub")}


def _nested(constraint: Constraint, answer: Answer) -> Compliance:
    bullet, sub = str(constraint.params["bullet"]), str(constraint.params["sub"])
    marks = [line.strip()[0] for line in answer.prose.splitlines() if line.strip()[:2] in {f"{bullet} ", f"{sub} "}]
    start, end = answer.whole
    if bullet not in marks:
        return failed(f"no bullet point with {bullet!r}", 0, start=start, end=end)
    lone = any(one == bullet and after != sub for one, after in pairwise([*marks, ""]))
    if lone:
        return failed(f"a bullet point with {bullet!r} has no sub-bullet with {sub!r}", None, start=start, end=end)
    lines = [line.strip() for line in answer.prose.splitlines() if line.strip()]
    if sum(line[:2] in {f"{bullet} ", f"{sub} "} for line in lines) < len(lines) - 1:
        return unchecked("text stands between the bullet points, and what is a bullet point is not certain")
    return passed("each bullet point has a sub-bullet")


def _after_read(found: Found) -> Mapping[str, Any]:
    return {"sentences": number(found.get("s")), "n": number(found.get("n")), "bullet": found.get("bullet")}


def _after(constraint: Constraint, answer: Answer) -> Compliance:
    bullet, n = str(constraint.params["bullet"]), int(constraint.params["n"])
    lines = answer.prose.splitlines()
    places = [number for number, line in enumerate(lines) if line.strip().startswith(f"{bullet} ")]
    start, end = answer.whole
    if len(places) < n:
        return failed(
            f"{len(places)} bullet points with {bullet!r}, at least {n} asked for", len(places), start=start, end=end
        )
    before = "\n".join(lines[: places[0]])
    stops = len(re.findall(r"\w[\"”’)*_]*\.(?=\s|$)", before))
    if stops < constraint.params["sentences"]:
        return failed(
            f"{stops} sentences before the bullet points, at least {constraint.params['sentences']} asked for",
            stops,
            start=start,
            end=end,
        )
    if any(line.strip() and not line.strip().startswith(f"{bullet} ") for line in lines[places[0] :]) or _ITEM.search(
        before
    ):
        return unchecked("more than the sentences and the bullet points is in the answer")
    return passed("sentences, then bullet points")


def _subs(constraint: Constraint, answer: Answer) -> Compliance:
    """Count what is indented under each item of the outermost level."""
    found = [item for line in answer.prose.splitlines() if (item := _ITEM.match(line))]
    if not found:
        return Compliance(Outcome.NOT_APPLICABLE, "there is no list in the answer")
    depths = [len(item["indent"].expandtabs()) for item in found]
    groups: list[int] = []
    for depth in depths:
        if depth == min(depths):
            groups.append(0)
        elif groups:
            groups[-1] += 1
    judged = [within(constraint, count, "sub-bullets under a bullet") for count in groups]
    wrong = next((one for one in judged if one.outcome is Outcome.FAIL), None)
    start, end = answer.whole
    if wrong is None:
        return passed("each bullet has so many sub-bullets", len(groups))
    return failed(wrong.reason, wrong.measured, start=start, end=end)


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
    Kind(
        "list.mark", "kinds_lists", "list", _mark, "Answer with a list of items, instead of bullet points use SEPARATOR.", _mark_read,
        kept=("SEPARATOR coat\nSEPARATOR boots",), broken=("- coat\n- boots", "SEPARATOR coat\n- boots"), open=("coat SEPARATOR boots",),
    ),
    Kind(
        "list.nested", "kinds_lists", "bullet bullets", _nested,
        "Your response must include bullet points denoted by * and at least one sub-bullet point denoted by - for each bullet point.", _nested_read,
        kept=("* coat\n  - warm\n* boots\n  - dry",), broken=("* coat\n  - warm\n* boots", "- coat"),
    ),
    Kind(
        "list.after", "kinds_lists", "bullet bullets", _after,
        "Your answer must contain at least two sentences ending in a period followed by at least two bullet points denoted by *.", _after_read,
        kept=("It is cold. Take this.\n* coat\n* boots",), broken=("It is cold:\n* coat\n* boots", "It is cold. Take this.\n- coat"),
    ),
    Kind(
        "list.subs", "kinds_lists", "bullet bullets", _subs, "Each bullet has exactly two indented sub-bullets.", limits,
        kept=("- coat\n  - warm\n  - dry\n- lamp\n  - oil\n  - wick",), broken=("- coat\n  - warm\n- lamp",),
    ),
)  # fmt: skip
