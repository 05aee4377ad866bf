"""What a typed value is: its kind, its normal form, and whether it is a limit."""

from __future__ import annotations

from enum import StrEnum

from ctxdebug.records import record


class ValueKind(StrEnum):
    """What a value is; only like is compared with like."""

    NUMBER = "number"
    QUANTITY = "quantity"
    MONEY = "money"
    PERCENT = "percent"
    DURATION = "duration"
    DATE = "date"
    CLOCK = "time of day"
    VERSION = "version"
    ORDINAL = "ordinal"
    URL = "URL"
    EMAIL = "e-mail address"
    QUOTED = "quoted name"
    IDENTIFIER = "identifier"


NUMERIC = frozenset({ValueKind.NUMBER, ValueKind.QUANTITY, ValueKind.MONEY, ValueKind.PERCENT, ValueKind.DURATION})


class Bound(StrEnum):
    """Whether the value is the thing itself or a limit of it."""

    EXACT = "="
    AT_MOST = "<"
    AT_LEAST = ">"
    ABOUT = "~"


@record(frozen=True, slots=True)
class Value:
    """A value as written at `start:end` of a sentence.

    `low` and `high` are in canonical `unit`s (equal unless a range was written); `key` is the normal form of what is not a
    quantity (`2024-03-??`, `3.10`, a URL); `step` is the last written digit's worth, for rounding.
    """

    kind: ValueKind
    text: str
    start: int
    end: int
    low: float = 0.0
    high: float = 0.0
    unit: str = ""
    key: str = ""
    step: float = 0.0
    bound: Bound = Bound.EXACT
    noun: str = ""
    """The word after a plain number, in lower case."""
    calendar: bool = False
    """A plain number that stands as a year would: `in 2019`."""

    def shown(self) -> str:
        """Return the words, for a message."""
        return " ".join(self.text.split())
