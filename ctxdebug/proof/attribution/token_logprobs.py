"""The log-probabilities of an answer's tokens, as each wire format gives them; how to ask is data (`logprobs.json`)."""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctxdebug.records import record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_DATA = Path(__file__).with_name("logprobs.json")


@record(frozen=True, slots=True)
class Token:
    """One token of an answer with its probability, and the tokens that could have stood there."""

    text: str
    logprob: float
    others: tuple[tuple[str, float], ...] = ()
    """Text and log-probability of the likeliest tokens; the chosen one may be among them."""


@record(frozen=True, slots=True)
class Way:
    """How an endpoint of one wire format is asked for log-probabilities."""

    ask: Mapping[str, Any]
    """What is added to a request."""
    fewer: Mapping[str, Any]
    """The same with fewer alternatives, for an endpoint that refuses as many."""
    _shape: Mapping[str, Any]

    def tokens(self, reply: Any) -> tuple[Token, ...]:
        """Return the tokens of a reply's body; none where it has no log-probabilities."""
        chosen = list(_found(reply, self._shape["tokens"]))
        beside = list(_found(reply, self._shape["beside"])) if "beside" in self._shape else chosen
        found = []
        for number, one in enumerate(chosen):
            text, logprob = self._read(one)
            if text is None or logprob is None:
                return ()
            near = _found(beside[number], self._shape["others"]) if number < len(beside) else ()
            others = [self._read(other) for other in near]
            found.append(
                Token(text, logprob, tuple((name, value) for name, value in others if name is not None and value is not None))
            )  # fmt: skip
        return tuple(found)

    def _read(self, held: Any) -> tuple[str | None, float | None]:
        """Return the text and the log-probability of what is said of one token; None for what is no such value."""
        if not isinstance(held, dict):
            return None, None
        text, value = held.get(self._shape["token"]), held.get(self._shape["logprob"])
        if not isinstance(text, str) or not isinstance(value, int | float) or math.isnan(value):
            return None, None
        return text, min(0.0, float(value))


@cache
def way_of(format: str) -> Way | None:
    """Return how endpoints of a wire format are asked; None for a format that gives no log-probabilities."""
    shape = json.loads(_DATA.read_text(encoding="utf-8")).get(format)
    return Way(shape["ask"], shape["fewer"], shape) if shape is not None else None


def _found(held: Any, path: Sequence[str | int]) -> Iterator[Any]:
    """Yield the items of the lists at a path; `*` stands for every item of a list."""
    if not path:
        yield from held if isinstance(held, list) else ()
        return
    step, rest = path[0], path[1:]
    if step == "*":
        for one in held if isinstance(held, list) else ():
            yield from _found(one, rest)
    elif isinstance(step, int):
        if isinstance(held, list) and len(held) > step:
            yield from _found(held[step], rest)
    elif isinstance(held, dict) and step in held:
        yield from _found(held[step], rest)
