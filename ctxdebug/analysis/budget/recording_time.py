"""The day on which an exchange was recorded, as its response says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ctxdebug.model import Snapshot

_KEYS = ("created", "created_at", "createTime")
_LATEST = 4_102_444_800
"""Seconds since 1970, the year 2100; larger figures are no time in seconds."""


def day_of(snapshot: Snapshot) -> date | None:
    """Return the day (UTC) of the response; None where it does not say."""
    events = getattr(snapshot.response, "events", ())
    held: Any = events[0].data if events else snapshot.response
    if not isinstance(held, Mapping):
        return None
    inner = held.get("response")
    found = next(
        (value for part in (held, inner) if isinstance(part, Mapping) for key in _KEYS if (value := part.get(key))),
        None,
    )
    if isinstance(found, int | float) and 0 < found < _LATEST:
        return datetime.fromtimestamp(found, tz=UTC).date()
    if isinstance(found, str):
        try:
            return date.fromisoformat(found[:10])
        except ValueError:
            return None
    return None
