"""Attributes of a trace span, asked for by name: values may be JSON in a string, and lists are spread over keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.decoding.strict_json import JsonReader
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Pointer
from ctxdebug.text.patterns import lazy
from ctxdebug.text.whole_numbers import whole_number
from ctxdebug.wire.shape import mapping, request_of

_INDEX = lazy(r"\d{1,6}")


class Attributes:
    """The attributes of the span that an exchange holds."""

    def __init__(self, exchange: Exchange) -> None:
        self.held: Mapping[str, Any] = mapping(request_of(exchange).get("attributes"))
        self._at: Pointer = (*exchange.request_at, "attributes")
        self._reader = JsonReader()

    def __bool__(self) -> bool:
        return bool(self.held)

    def notes(self) -> list[str]:
        """Return a sentence about the attributes that lost their key, which are kept by their number."""
        lost = sum(name.startswith("#") and " " not in name for name in self.held)
        return [f"{lost} attributes of the span have no key of their own"] if lost else []

    def has(self, *beginnings: str) -> bool:
        """Whether any attribute's name begins with one of `beginnings`."""
        return any(name.startswith(beginnings) for name in self.held)

    def at(self, name: str) -> Pointer:
        """Return the pointer to an attribute's value."""
        return (*self._at, name)

    def text(self, *names: str) -> str | None:
        """Return the first of several attributes that is a text."""
        return next((self.held[name] for name in names if isinstance(self.held.get(name), str)), None)

    def first(self, *names: str) -> tuple[str, Any]:
        """Name and value of the first of several attributes that is given."""
        return next(((name, self.held[name]) for name in names if self.held.get(name) is not None), (names[0], None))

    def parsed(self, name: str) -> tuple[Any, Pointer]:
        """Return an attribute's value, read as JSON where it is JSON in a string, and the pointer to it."""
        value = self.held.get(name)
        if isinstance(value, str) and value.lstrip()[:1] in {"{", "[", '"'}:
            inner = self._reader.value(value)
            if inner is not None:
                return inner, (*self.at(name), Decoding.JSON)
        return value, self.at(name)

    def cut(self, name: str) -> bool:
        """Whether an attribute begins as JSON does and is none: a length limit cut it."""
        value = self.held.get(name)
        return isinstance(value, str) and value.lstrip()[:1] in {"{", "["} and self._reader.value(value) is None

    def number(self, *names: str) -> int | None:
        """Return the first of several attributes that is a count, also where it was written as text."""
        for name in names:
            value = self.held.get(name)
            if isinstance(value, bool):
                continue
            if isinstance(value, int):
                return value
            if isinstance(value, float) and value.is_integer():
                return int(value)
            if isinstance(value, str) and (number := whole_number(value)) is not None:
                return number
        return None

    def indexes(self, beginning: str) -> Iterator[int]:
        """Yield the indexes of a list that is spread over `beginning.0.…`, in order; there may be holes."""
        found = set()
        for name in self.held:
            if name.startswith(beginning + ".") and (index := _INDEX.match(name, len(beginning) + 1)):
                found.add(int(index[0]))
        yield from sorted(found)
