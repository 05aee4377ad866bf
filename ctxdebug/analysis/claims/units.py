"""Units, currencies, scales, months and number words, read once from `units.json`."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from ctxdebug.records import record


@record(frozen=True, slots=True)
class Unit:
    """What one of a written unit is: `factor` times the canonical unit `name` of `kind`."""

    kind: str
    name: str
    factor: float


@cache
def _table() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(Path(__file__).with_name("units.json").read_text("utf-8"))
    return loaded


def _units() -> dict[str, Unit]:
    return {
        written: Unit(kind, name, float(factor))
        for kind in ("duration", "quantity", "percent", "money")
        for name, factors in _table()[kind].items()
        for factor, forms in factors.items()
        for written in forms.split()
    }


UNITS: dict[str, Unit] = _units()
"""Lower-case written form -> unit."""
CASED: dict[str, Unit] = {
    "Mb": Unit("quantity", "bit", 1e6),
    "Kb": Unit("quantity", "bit", 1e3),
    "M": Unit("", "", 1e6),
}
"""Written forms whose case decides."""
GLUED: dict[str, Unit] = {"C": UNITS["°c"], "F": UNITS["°f"]}
"""Units only when nothing stands between: `22C`."""
SCALES: dict[str, float] = {name: float(factor) for name, factor in _table()["scales"].items()}
NUMBER_WORDS: dict[str, float] = {name: float(number) for name, number in _table()["number_words"].items()}
NUMBER_WORDS_ELSEWHERE: dict[str, float] = {name: float(n) for name, n in _table()["number_words_elsewhere"].items()}
"""Number words of other languages, which count where a unit follows them: `dreißig Tage`."""
ORDINAL_WORDS: dict[str, int] = dict(_table()["ordinal_words"])
MONTHS: dict[str, int] = {
    form: number
    for number, name in enumerate(_table()["months"].split(), 1)
    for form in (name, name[:3], name[:3] + ".")
} | {"sept": 9, "sept.": 9}
MONTHS |= {form: number for number, form in enumerate(_table()["months_elsewhere"]["capital"].split(), 1)}
SMALL_MONTHS: dict[str, int] = {
    form: number for row in _table()["months_elsewhere"]["small"] for number, form in enumerate(row.split(), 1)
}
"""Months in the languages that write them in small letters, and behind the day."""
SIGNS: dict[str, str] = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}
