"""One store for what the passes make of texts, shared by all turns: a text that comes again is not read again.

The turns of a session repeat its history, so the same texts come in every request, each time read anew from the file.
A text is known by Python's own (keyed, 64-bit) hash and its length, which costs far less than reading it once more;
the store keeps the facts, never the text, and is bounded by their estimated bytes.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import update_wrapper
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar

Rest = ParamSpec("Rest")
Result = TypeVar("Result")

_SMALL = 400
"""Bytes that a fact costs at least: its key and its place in the table."""


class Store:
    """Facts by function, text and further arguments, up to `most` estimated bytes; the oldest go first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.held = 0
        self.facts: OrderedDict[tuple[object, ...], tuple[Any, int]] = OrderedDict()
        self._keeping = Lock()

    def keep(self, key: tuple[object, ...], fact: object, size: int) -> None:
        """Keep a fact of so many bytes; one that would take more than half of the room is not kept."""
        if size > self.most // 2:
            return
        with self._keeping:
            self.held += size - self.facts.pop(key, (None, 0))[1]
            self.facts[key] = fact, size
            while self.held > self.most:
                self.held -= self.facts.popitem(last=False)[1][1]


STORE = Store(32_000_000)
"""The facts of this process."""


def by_text(
    function: Callable[Concatenate[str, Rest], Result], store: Store = STORE
) -> Callable[Concatenate[str, Rest], Result]:
    """Remember the results of a function of a text and other, hashable arguments.

    For results that are small and never changed.
    """
    return _remembering(function, store, 0)


def by_length(
    bytes_per_character: float, store: Store = STORE
) -> Callable[[Callable[Concatenate[str, Rest], Result]], Callable[Concatenate[str, Rest], Result]]:
    """Remember, as `by_text` does, results that grow with their texts and are never changed."""
    return lambda function: _remembering(function, store, bytes_per_character)


def _remembering(
    function: Callable[Concatenate[str, Rest], Result], store: Store, rate: float
) -> Callable[Concatenate[str, Rest], Result]:
    facts = store.facts

    def remembered(text: str, /, *rest: Rest.args, **named: Rest.kwargs) -> Result:
        key = (remembered, hash(text), len(text), *rest, *named.items())
        known = facts.get(key)
        if known is not None:
            return known[0]  # type: ignore[no-any-return]  # the cache holds what this function returns
        result = function(text, *rest, **named)
        store.keep(key, result, _SMALL + int(rate * len(text)))
        return result

    update_wrapper(remembered, function)
    return remembered
