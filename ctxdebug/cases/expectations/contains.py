"""Words that must, or must not, stand in the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from ctxdebug.cases.assertion import assertion
from ctxdebug.cases.observation import Outcome
from ctxdebug.text.find_phrase import find_phrase

if TYPE_CHECKING:
    from ctxdebug.cases.observation import Observation

Phrase = Annotated[str, msgspec.Meta(min_length=1)]
Phrases = Annotated[list[Phrase], msgspec.Meta(min_length=1)]


def _blank(value: str | list[str]) -> str | None:
    phrases = [value] if isinstance(value, str) else value
    return None if all(phrase.strip() for phrase in phrases) else "only spaces, which every answer has"


def _has(phrase: str, seen: Observation, ignore_case: bool) -> Outcome:
    span = find_phrase(seen.answer, phrase, ignore_case)
    if span is None:
        return Outcome(False, f"the answer does not say {phrase!r}")
    return Outcome(True, f"the answer says {phrase!r}", (span,))


@assertion("contains", Phrase, _blank)
def contains(value: str, seen: Observation) -> Outcome:
    """Expect these words in the answer."""
    return _has(value, seen, ignore_case=False)


@assertion("icontains", Phrase, _blank)
def icontains(value: str, seen: Observation) -> Outcome:
    """Expect these words, in capitals or small letters."""
    return _has(value, seen, ignore_case=True)


@assertion("not-contains", Phrase, _blank)
def not_contains(value: str, seen: Observation) -> Outcome:
    """Expect an answer without these words."""
    outcome = _has(value, seen, ignore_case=False)
    return Outcome(not outcome.passed, outcome.reason, outcome.spans)


@assertion("not-icontains", Phrase, _blank)
def not_icontains(value: str, seen: Observation) -> Outcome:
    """Expect an answer without these words, in capitals or small letters."""
    outcome = _has(value, seen, ignore_case=True)
    return Outcome(not outcome.passed, outcome.reason, outcome.spans)


@assertion("contains-any", Phrases, _blank)
def contains_any(value: list[str], seen: Observation) -> Outcome:
    """Expect at least one of these in the answer."""
    for phrase in value:
        outcome = _has(phrase, seen, ignore_case=False)
        if outcome.passed:
            return outcome
    return Outcome(False, f"the answer says none of {', '.join(map(repr, value))}")


@assertion("contains-all", Phrases, _blank)
def contains_all(value: list[str], seen: Observation) -> Outcome:
    """Expect every one of these in the answer."""
    outcomes = [_has(phrase, seen, ignore_case=False) for phrase in value]
    for outcome in outcomes:
        if not outcome.passed:
            return outcome
    return Outcome(True, "the answer says all of them", tuple(span for outcome in outcomes for span in outcome.spans))


@assertion("starts-with", Phrase, _blank)
def starts_with(value: str, seen: Observation) -> Outcome:
    """Expect the answer to begin with these words."""
    text = seen.answer.lstrip()
    begins = find_phrase(text[: len(value) + 40], value) == (0, len(value)) or text.startswith(value)
    return Outcome(begins, f"the answer {'begins' if begins else 'does not begin'} with {value!r}")
