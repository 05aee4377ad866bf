"""The token table, as text and as JSON values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ctxdebug.analysis.budget.cost import Cost
from ctxdebug.analysis.token_table import Budget, Line
from ctxdebug.records import record, replace
from ctxdebug.reports.context_map import bar
from ctxdebug.text.printable import clean_line, excerpt
from ctxdebug.tokens.count import Count

_NAME, _WHAT, _BAR = 24, 18, 16


@record(frozen=True, slots=True)
class Scenario:
    """A table under another assumption."""

    name: str
    budget: Budget


def text(title: str, budget: Budget, scenarios: list[Scenario], counted: int | None = None) -> str:
    """Return a table: block, tokens, share, and the sum against the recorded figure."""
    whole = max(1, budget.total.value)
    lines = [clean_line(title), "", f"  {'block':<{_NAME}} {'':<{_WHAT}} {'tokens':>9}  share"]
    at = 0.0
    for line in joined(budget.lines):
        share = line.count.value / whole
        drawn = bar(at, min(1.0, at + share), _BAR)
        at += share
        name, what = excerpt(line.name, _NAME), excerpt(line.what, _WHAT)
        lines.append(f"  {name:<{_NAME}} {what:<{_WHAT}} {_count(line.count):>9} {share:>6.1%}  {drawn}".rstrip())
    lines += [
        "",
        f"  {'predicted':<{_NAME + _WHAT + 1}} {_count(budget.total):>9}  {certainty(budget.total, named=budget.named)}",
    ]
    if budget.recorded is not None:
        difference = budget.recorded - budget.total.value
        lines.append(f"  {'recorded by the provider':<{_NAME + _WHAT + 1}} {budget.recorded:>9,}  {difference:+,}")
    if counted is not None:
        lines.append(
            f"  {'counted by the server now':<{_NAME + _WHAT + 1}} {counted:>9,}  {counted - budget.total.value:+,}"
        )
    if budget.window is not None:
        lines.append(f"  {'window':<{_NAME + _WHAT + 1}} {budget.window:>9,}  {clean_line(budget.window_source)}")
        if budget.input_limit is not None:
            lines.append(f"  {'input limit of the provider':<{_NAME + _WHAT + 1}} {budget.input_limit:>9,}")
        lines.append(f"  {'reserved for output':<{_NAME + _WHAT + 1}} {budget.reserve:>9,}")
        left = budget.left or 0
        lines.append(f"  {'free' if left >= 0 else 'too much':<{_NAME + _WHAT + 1}} {abs(left):>9,}")
    else:
        lines.append("  window not known: set it with --window or in the configuration")
    lines.append(f"  {_price(budget.cost)}")
    if not budget.estimable:
        lines.append(f"  not countable from the capture: {clean_line(budget.why_not)}")
    lines += ["", f"  {clean_line(budget.verdict)}"]
    for scenario in scenarios:
        lines += ["", *_scenario(scenario, budget)]
    return "\n".join(lines) + "\n"


def joined(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with those of one name made one, at the place of the first: what stands around documents is one block."""
    found: dict[tuple[str, str], Line] = {}
    for line in lines:
        key = (line.name, line.what)
        old = found.get(key)
        found[key] = line if old is None else replace(old, count=_sum(old.count, line.count))
    return list(found.values())


def _sum(one: Count, other: Count) -> Count:
    return Count(one.value + other.value, one.low + other.low, one.high + other.high, one.exact and other.exact)


def _count(count: Count) -> str:
    return f"{count.value:,}" if count.exact else f"~{count.value:,}"


def certainty(count: Count, *, named: bool) -> str:
    """How sure a count is, in words; a band wider than the count itself helps nobody, and its cause is named instead."""
    if count.exact:
        return "exact"
    if count.high - count.low <= count.value:
        return f"estimate, {count.low:,} to {count.high:,}"
    return "rough estimate" if named else "rough estimate (model not named: --model)"


def _price(cost: Cost | None) -> str:
    if cost is None:
        return "price not known for this model"
    if cost.estimated:
        return f"about ${cost.total:.6f} for the prompt alone"
    cached = f", cache read ${cost.cache_read:.6f}" if cost.cache_read else ""
    written = f", cache written ${cost.cache_write:.6f}" if cost.cache_write else ""
    thought = f" (reasoning ${cost.reasoning:.6f} of it)" if cost.reasoning else ""
    return f"cost ${cost.total:.6f}: fresh input ${cost.fresh:.6f}{cached}{written}, output ${cost.output:.6f}{thought}"


def _scenario(scenario: Scenario, base: Budget) -> list[str]:
    budget = scenario.budget
    change = budget.total.value - base.total.value
    left = "window not known" if budget.left is None else f"{budget.left:,} free of {budget.window:,}"
    return [
        f"  what if {clean_line(scenario.name)}",
        f"    {_count(budget.total)} tokens ({change:+,}), {left}",
        f"    {_price(budget.cost)}",
    ]


def values(
    path: str, pointer: str, budget: Budget, scenarios: list[Scenario], counted: int | None = None
) -> dict[str, Any]:
    """Return the same as plain values, version 1."""
    return {
        "version": 1,
        "path": path,
        "pointer": pointer,
        **_values(budget),
        "counted_by_server": counted,
        "what_if": [{"name": scenario.name, **_values(scenario.budget)} for scenario in scenarios],
    }


def _values(budget: Budget) -> dict[str, Any]:
    return {
        "blocks": [
            {"id": line.id, "name": line.name, "what": line.what, **_count_values(line.count)} for line in budget.lines
        ],
        "predicted": _count_values(budget.total),
        "estimable": budget.estimable,
        "why_not": budget.why_not,
        "recorded": budget.recorded,
        "difference": None if budget.recorded is None else budget.recorded - budget.total.value,
        "window": budget.window,
        "input_limit": budget.input_limit,
        "reserve": budget.reserve,
        "left": budget.left,
        "cost": None if budget.cost is None else _cost_values(budget.cost),
        "verdict": budget.verdict,
    }


def _count_values(count: Count) -> dict[str, Any]:
    return {"tokens": count.value, "low": count.low, "high": count.high, "exact": count.exact}


def _cost_values(cost: Cost) -> dict[str, Any]:
    parts = {
        name: round(getattr(cost, name), 9)
        for name in ("fresh", "cache_read", "cache_write", "output", "reasoning", "total")
    }
    return {**parts, "estimated": cost.estimated, "currency": "USD"}
