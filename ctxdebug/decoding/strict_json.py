"""JSON as captures really hold it: read what is well formed, and say what was odd.

The standard parser keeps the last of two equal keys and lets NaN through without a word. A capture
with either is still evidence, so both are read (NaN as null) and told.
"""

from __future__ import annotations

import json
from typing import Any

from ctxdebug.errors import LoadError

_TOO_DEEP = "nested too deeply to be read"


class Oddities:
    """Collects what was odd in the documents of one file."""

    __slots__ = ("seen",)

    def __init__(self) -> None:
        self.seen: dict[str, int] = {}

    def note(self, what: str) -> None:
        """Count one more of its kind."""
        self.seen[what] = self.seen.get(what, 0) + 1

    def messages(self) -> list[str]:
        """One sentence a kind."""
        return [f"{what}{f' ({count} times)' if count > 1 else ''}" for what, count in self.seen.items()]


def _decoder(oddities: Oddities) -> json.JSONDecoder:
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(items)
        if len(result) != len(items):
            seen: set[str] = set()
            repeated = next(key for key, _ in items if key in seen or seen.add(key))  # type: ignore[func-returns-value]  # None, which is what is wanted of it
            oddities.note(f"duplicate key {repeated!r}, the last value counts")
        return result

    def constant(name: str) -> None:
        oddities.note(f"{name} is not JSON, read as null")

    def number(text: str) -> float | None:
        found = float(text)
        if found in {float("inf"), float("-inf")}:
            oddities.note(f"{text} is out of range, read as null")
            return None
        return found

    return json.JSONDecoder(object_pairs_hook=pairs, parse_constant=constant, parse_float=number)


class JsonReader:
    """Parses the documents of one file and remembers what was odd in them."""

    __slots__ = ("_decoder", "oddities")

    def __init__(self) -> None:
        self.oddities = Oddities()
        self._decoder = _decoder(self.oddities)

    def read(self, text: str, what: str = "the file") -> Any:
        """Return the value of a JSON document; raises `LoadError` with line and column when it is not one."""
        try:
            return self._decoder.decode(text)
        except json.JSONDecodeError as error:
            raise LoadError(
                f"{what} is not JSON: {error.msg.lower()} at line {error.lineno} column {error.colno}"
            ) from error
        except RecursionError as error:
            raise LoadError(f"{what} is {_TOO_DEEP}") from error
        except ValueError as error:  # an integer of thousands of digits
            raise LoadError(f"{what} contains a number too long to be read") from error

    def value(self, text: str) -> Any:
        """Return the value of a JSON document, or None when it is not one."""
        try:
            return self.read(text)
        except LoadError:
            return None


def compact(value: Any) -> str:
    """Return a value as compact JSON, with its characters as they are and its keys in their own order."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
