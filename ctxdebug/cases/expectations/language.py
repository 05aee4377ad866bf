"""The language of the answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import msgspec

from ctxdebug.cases.assertion import assertion
from ctxdebug.cases.observation import Outcome
from ctxdebug.text.languages import known, languages
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from ctxdebug.cases.observation import Observation

_NOT_PROSE = lazy(r"```.*?(?:```|\Z)|`[^`\n]*`|https?://\S+", re.DOTALL)


def _flaw(value: str) -> str | None:
    return (
        None
        if value.lower().split("-")[0] in known()
        else f"the language {value!r} cannot be told; known: {', '.join(sorted(known()))}"
    )


@assertion("language", Annotated[str, msgspec.Meta(pattern="^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$")], _flaw)
def language(value: str, seen: Observation) -> Outcome:
    """Expect an answer in this language (`en`, `de`, `pt-BR`); too short a text is undecided."""
    expected = value.lower().split("-")[0]
    found = languages(_NOT_PROSE.sub(" ", seen.answer))
    if not found:
        return Outcome(None, "the answer is too short or too mixed to tell its language")
    return Outcome(expected in found, f"the answer is in {' or '.join(found)}, expected {expected}")
