"""A pattern of the user's own, searched in a process that is ended when it takes too long."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import msgspec

from ctxdebug.cases.assertion import assertion
from ctxdebug.cases.observation import Outcome
from ctxdebug.redaction.bounded_regex import search

if TYPE_CHECKING:
    from ctxdebug.cases.observation import Observation

Pattern = Annotated[str, msgspec.Meta(min_length=1)]


def _flaw(value: str) -> str | None:
    try:
        compiled = re.compile(value)
    except (re.error, RecursionError, OverflowError) as error:
        return f"the pattern cannot be read: {error}"
    return "the pattern matches the empty text, which is in every answer" if compiled.match("") else None


@assertion("regex", Pattern, _flaw)
def regex(value: str, seen: Observation) -> Outcome:
    """Expect a match of this Python pattern in the answer."""
    span = search(value, seen.answer)
    if span is None:
        return Outcome(False, f"nothing in the answer matches {value!r}")
    return Outcome(True, f"the answer matches {value!r}", (span,))


@assertion("not-regex", Pattern, _flaw)
def not_regex(value: str, seen: Observation) -> Outcome:
    """Expect no match of this Python pattern in the answer."""
    outcome = regex(value, seen)
    return Outcome(not outcome.passed, outcome.reason, outcome.spans)
