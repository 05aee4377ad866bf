"""Read genai-prices' data module without running it: windows, and the prices that hold on a day."""

from __future__ import annotations

import ast
import datetime as dt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Row = dict[str, Any]


def literal(node: ast.expr) -> Any:
    """Give the value of a data expression of genai-prices, with every constructor call read as a dict."""
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func)
        if name == "Decimal":
            return float(literal(node.args[0]))
        if name.startswith("datetime"):
            return [literal(argument) for argument in node.args]
        return {"is": name} | {keyword.arg: literal(keyword.value) for keyword in node.keywords}
    if isinstance(node, ast.List | ast.Tuple):
        return [literal(item) for item in node.elts]
    if isinstance(node, ast.Dict):
        return {literal(key): literal(item) for key, item in zip(node.keys, node.values, strict=True) if key}
    return ast.literal_eval(node)


def genai_price(prices: Any, today: dt.date) -> tuple[Row, list[Any] | None]:
    """Give the prices that hold today, and the dearer ones for long prompts where there are any."""
    if isinstance(prices, list):
        dated = [
            p for p in prices if (p.get("constraint") or {}).get("is", "StartDateConstraint") == "StartDateConstraint"
        ]
        held = [p for p in dated if started(p) <= today]
        prices = (max(held, key=started) if held else prices[0])["prices"]
    keys = {"input": "input_mtok", "output": "output_mtok", "cache_read": "cache_read_mtok"}
    keys |= {"cache_write": "cache_write_mtok", "cache_write_long": "cache_write_1h_mtok"}
    row: Row = {}
    dear: Row = {}
    size = None
    for ours, theirs in keys.items():
        value = prices.get(theirs)
        if isinstance(value, dict):
            row[ours] = value["base"]
            size, dear[ours] = value["tiers"][0]["start"], value["tiers"][0]["price"]
        else:
            row[ours] = dear[ours] = value
    long = [size, dear["input"], dear["output"], dear["cache_read"], dear["cache_write"]] if size else None
    return row, long


def started(price: Row) -> dt.date:
    """When a dated price began; the beginning of time where it does not say."""
    date = (price.get("constraint") or {}).get("start_date")
    return dt.date(*date) if date else dt.date.min


def names(match: Row) -> Iterator[str]:
    """Give the exact names a genai-prices clause matches; its prefixes and regexes are left to our own rules."""
    if match["is"] == "ClauseEquals":
        yield match["equals"]
    elif match["is"] == "ClauseOr":
        for clause in match["or_"]:
            yield from names(clause)


def genai_rows(source: str, today: dt.date) -> Iterator[tuple[str, str, Row]]:
    """Every (section, model name, row) of genai-prices' data module, which is parsed and never run."""
    assignment = next(s for s in ast.parse(source).body if isinstance(s, ast.AnnAssign) and s.value)
    assert assignment.value is not None
    for provider in literal(assignment.value):
        for model in provider["models"]:
            row, long = genai_price(model["prices"], today)
            row |= {"window": model.get("context_window"), "long": long}
            if row.get("input") is None and row["window"] is None:
                continue
            for name in {model["id"], *names(model["match"])}:
                yield provider["id"], name.lower(), row
