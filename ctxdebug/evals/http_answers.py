"""Read what an HTTP answer says beside an answer: numbers that are none, an error's words, a time to wait."""

from __future__ import annotations

import json
import math
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from ctxdebug.text.printable import excerpt

if TYPE_CHECKING:
    from collections.abc import Mapping


def no_number(word: str) -> Any:
    """Refuse `NaN` and `Infinity`, which are no JSON; raises `ValueError`."""
    raise ValueError(f"{word} is no JSON")


def finite(digits: str) -> float:
    """Return a number; raises `ValueError` for one that is too large to be one."""
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits[:20]} is no number")
    return number


def error_of(text: str) -> tuple[str, str]:
    """Return an error body's message on one line and its code; captured text, so it is cut and cleaned."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return ("" if text.lstrip()[:1] == "<" else excerpt(text, 160)), ""
    error = body.get("error", body) if isinstance(body, dict) else {}
    if not isinstance(error, dict):
        return excerpt(str(error), 160), ""
    message = error.get("message") or error.get("detail") or ""
    return excerpt(str(message), 160), str(error.get("code") or error.get("type") or "")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a server asks to wait: a number, milliseconds, or a date; never below 0."""
    try:
        if "retry-after-ms" in headers:
            return max(0.0, float(headers["retry-after-ms"]) / 1000)
        value = headers.get("retry-after")
        if value is None:
            return None
        if value.strip().replace(".", "", 1).isdecimal():
            return float(value)
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None
