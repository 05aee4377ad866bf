"""What a difference needs before a rule reports it: the figures of thresholds.json, each with the measurement that set it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path


@cache
def threshold(name: str) -> float:
    """Return a threshold of thresholds.json, which names the measurement that set it."""
    row = json.loads(Path(__file__).with_name("thresholds.json").read_text("utf-8"))[name]
    return float(next(value for value in row.values() if not isinstance(value, str)))
