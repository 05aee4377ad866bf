"""Remember what a pure function made of a text, without keeping the text.

The turns of a session repeat its history, so the same texts come again in every request, each time read
anew from the file. A text is known by Python's own (keyed, 64-bit) hash and its length, which costs far
less than reading it once more.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec, TypeVar

Rest = ParamSpec("Rest")
Result = TypeVar("Result")

_LEAST = 250
"""Characters that any text counts as at least: a place in the table costs as much."""


def by_text(
    size: int,
) -> Callable[[Callable[Concatenate[str, Rest], Result]], Callable[Concatenate[str, Rest], Result]]:
    """Remember up to `size` results by text and the other, hashable arguments; the older half goes first.

    For results that are small and never changed.
    """
    return _remembering(size, lambda _: 1)


def by_length(
    characters: int,
) -> Callable[[Callable[Concatenate[str, Rest], Result]], Callable[Concatenate[str, Rest], Result]]:
    """Remember the results of texts that have `characters` in all, as `by_text` does.

    For results that grow with their texts and are never changed.
    """
    return _remembering(characters, lambda text: max(len(text), _LEAST))


def _remembering(
    most: int, cost: Callable[[str], int]
) -> Callable[[Callable[Concatenate[str, Rest], Result]], Callable[Concatenate[str, Rest], Result]]:
    def remembering(function: Callable[Concatenate[str, Rest], Result]) -> Callable[Concatenate[str, Rest], Result]:
        known: dict[tuple[object, ...], Result] = {}
        costs: dict[tuple[object, ...], int] = {}
        held = 0

        def remembered(text: str, /, *rest: Rest.args, **named: Rest.kwargs) -> Result:
            nonlocal held
            key = (hash(text), len(text), *rest, *named.items())
            if key in known:
                return known[key]
            result = function(text, *rest, **named)
            size = cost(text)
            if size > most:
                return result
            if held + size > most:
                for old in list(known):
                    if held <= most // 2:
                        break
                    held -= costs.pop(old)
                    del known[old]
            known[key], costs[key] = result, size
            held += size
            return result

        update_wrapper(remembered, function)
        return remembered

    return remembering
