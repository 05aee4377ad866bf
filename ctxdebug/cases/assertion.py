"""The registry of assertions: one file each in `expectations/`, one word each in a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ctxdebug.records import record
from ctxdebug.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from ctxdebug.cases.observation import Observation, Outcome

    Check = Callable[[Any, Observation], Outcome]
    Flaw = Callable[[Any], str | None]


@record(frozen=True, slots=True)
class Assertion:
    """One word of the vocabulary. `type` is what msgspec reads its value as; `flaw` says what is wrong with a value."""

    name: str
    type: Any
    check: Check
    flaw: Flaw | None
    summary: str


ASSERTIONS: Registry[Assertion] = Registry("ctxdebug.cases.expectations", lambda entry: entry.name)


def assertion(name: str, type: Any, flaw: Flaw | None = None) -> Callable[[Check], Check]:  # noqa: A002  (the word that a case uses)
    """Register a check under its word; the first line of its docstring is its summary."""
    return ASSERTIONS.register(
        lambda check: Assertion(name, type, check, flaw, (check.__doc__ or "").strip().splitlines()[0])
    )
