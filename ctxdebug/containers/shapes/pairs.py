"""Rows of home-made logs and evaluation tables: which key holds the prompt, and which the answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_LONG_ENOUGH = 20
"""Characters that both texts have at least, where nothing else says that the row is a call."""


@cache
def _names() -> Mapping[str, Any]:
    names: Mapping[str, Any] = json.loads(Path(__file__).with_name("pairs.json").read_text("utf-8"))
    return names


def pair_of(row: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the keys of a row's prompt and answer; None where they cannot be told."""
    names = _names()
    asked = next((key for key in names["prompts"] if _speaks(row.get(key))), None)
    answered = next((key for key in names["responses"] if key != asked and _speaks(row.get(key))), None)
    if asked is None or answered is None:
        return None
    if {asked, answered} & set(names["own"]):
        return asked, answered
    sure = isinstance(row.get("model"), str) and "choices" not in row
    return (asked, answered) if sure or min(_size(row[asked]), _size(row[answered])) >= _LONG_ENOUGH else None


def has_own_names(pair: tuple[str, str]) -> bool:
    """Whether one of a pair's keys is used by no provider's body."""
    return bool(set(pair) & set(_names()["own"]))


def _speaks(value: Any) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, (str, dict)) for item in value)
    return isinstance(value, dict) and bool({"content", "messages", "role", "text"} & value.keys())


def _size(value: Any) -> int:
    return len(value) if isinstance(value, str) else _LONG_ENOUGH


def call_of(row: Mapping[str, Any], pair: tuple[str, str]) -> dict[str, Any]:
    """Return a row without its answer and without what no prompt holds: the request, as far as the row keeps it."""
    names = _names()
    keep = {pair[0], "model", *names["systems"], *names["contexts"], "temperature", "max_tokens", "tools"}
    return {key: value for key, value in row.items() if key in keep}
