"""The language of the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from ctxdebug.cases.assertion import assertion
from ctxdebug.cases.languages import KNOWN, language_of
from ctxdebug.cases.observation import Outcome

if TYPE_CHECKING:
    from ctxdebug.cases.observation import Observation


def _flaw(value: str) -> str | None:
    return (
        None
        if value.lower().split("-")[0] in KNOWN
        else f"the language {value!r} cannot be told; known: {', '.join(sorted(KNOWN))}"
    )


@assertion("language", Annotated[str, msgspec.Meta(pattern="^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$")], _flaw)
def language(value: str, seen: Observation) -> Outcome:
    """Expect an answer in this language (`en`, `de`, `pt-BR`); too short a text is undecided."""
    expected = value.lower().split("-")[0]
    found = language_of(seen.answer)
    if found is None:
        return Outcome(None, "the answer is too short or too mixed to tell its language")
    return Outcome(found == expected, f"the answer is in {found}, expected {expected}")
