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


def by_text(
    size: int,
) -> Callable[[Callable[Concatenate[str, Rest], Result]], Callable[Concatenate[str, Rest], Result]]:
    """Remember up to `size` results by text and the other, hashable arguments; the older half goes first.

    For results that are small and never changed.
    """

    def remembering(function: Callable[Concatenate[str, Rest], Result]) -> Callable[Concatenate[str, Rest], Result]:
        known: dict[tuple[object, ...], Result] = {}

        def remembered(text: str, /, *rest: Rest.args, **named: Rest.kwargs) -> Result:
            key = (hash(text), len(text), *rest, *named.items())
            if key in known:
                return known[key]
            if len(known) >= size:
                for old in list(known)[: size // 2]:
                    del known[old]
            result = known[key] = function(text, *rest, **named)
            return result

        update_wrapper(remembered, function)
        return remembered

    return remembering
