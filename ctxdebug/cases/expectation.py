"""Expectations: one word of the vocabulary each, or several joined by `all`, `any` and `not`.

The structure that msgspec reads is built from the registry, so a new assertion is one new file.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import msgspec

from ctxdebug.cases.assertion import ASSERTIONS
from ctxdebug.cases.observation import Observation, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    class Expectation(msgspec.Struct):
        """One expectation: exactly one of its fields is set."""


_JOINTS = {"all": "list[Expectation]", "any": "list[Expectation]", "not": "Expectation"}


def _field(word: str) -> str:
    return f"{word.replace('-', '_')}_"


def _one_word(self: Expectation) -> None:
    words = list(_set_words(self))
    if len(words) != 1:
        names = ", ".join(word for word, _ in words) or "none"
        raise ValueError(f"an expectation is exactly one word, here: {names}")
    word, value = words[0]
    if word in ("all", "any") and not value:
        raise ValueError(f"`{word}` needs at least one expectation")
    entry = ASSERTIONS.all().get(word)
    if entry is not None and entry.flaw is not None and (flaw := entry.flaw(value)):
        raise ValueError(f"{word}: {flaw}")


def _struct() -> Any:
    optional: list[tuple[str, Any, Any]] = [
        (_field(word), f"{kind} | msgspec.UnsetType", msgspec.UNSET) for word, kind in _JOINTS.items()
    ]
    optional += [
        (_field(name), entry.type | msgspec.UnsetType, msgspec.UNSET) for name, entry in ASSERTIONS.all().items()
    ]
    return msgspec.defstruct(
        "Expectation",
        optional,
        module=__name__,
        namespace={"__post_init__": _one_word, "__doc__": "One expectation: exactly one of its fields is set."},
        forbid_unknown_fields=True,
        omit_defaults=True,
        repr_omit_defaults=True,
        frozen=True,
        rename={_field(word): word for word in (*_JOINTS, *ASSERTIONS.all())},
    )


def _set_words(expectation: Expectation) -> Iterator[tuple[str, Any]]:
    fields = type(expectation).__struct_fields__
    names = type(expectation).__struct_encode_fields__
    for field, name in zip(fields, names, strict=True):
        value = getattr(expectation, field)
        if value is not msgspec.UNSET:
            yield name, value


if not TYPE_CHECKING:
    Expectation = _struct()
    setattr(sys.modules[__name__], "Expectation", Expectation)  # noqa: B010  (msgspec resolves the name here)


def expect(word: str, value: Any) -> Expectation:
    """Build one expectation; raises `ValueError` for a value that cannot be used."""
    result: Expectation = msgspec.convert({word: msgspec.to_builtins(value)}, Expectation)
    return result


def content(expectation: Expectation) -> tuple[str, Any]:
    """Return the word of an expectation and its value."""
    return next(_set_words(expectation))


def leaves(expectation: Expectation, negated: bool = False) -> Iterator[tuple[str, Any, bool]]:
    """Yield every assertion with its value, and whether a `not` stands over it."""
    word, value = content(expectation)
    if word in ("all", "any"):
        for part in value:
            yield from leaves(part, negated)
    elif word == "not":
        yield from leaves(value, not negated)
    else:
        yield word, value, negated


def evaluate(expectation: Expectation, seen: Observation) -> Outcome:
    """Judge one answer; `passed` is None when it cannot be told."""
    word, value = content(expectation)
    if word == "all":
        return _all([evaluate(part, seen) for part in value])
    if word == "any":
        return _any([evaluate(part, seen) for part in value])
    if word == "not":
        outcome = evaluate(value, seen)
        return Outcome(None if outcome.passed is None else not outcome.passed, outcome.reason, outcome.spans)
    return ASSERTIONS.all()[word].check(value, seen)


def _all(outcomes: Sequence[Outcome]) -> Outcome:
    for wanted in (False, None):
        stopping = [outcome for outcome in outcomes if outcome.passed is wanted]
        if stopping:
            return _joined(wanted, stopping)
    return _joined(True, outcomes)


def _any(outcomes: Sequence[Outcome]) -> Outcome:
    for wanted in (True, None):
        for outcome in outcomes:
            if outcome.passed is wanted:
                return outcome
    return _joined(False, outcomes)


def _joined(passed: bool | None, outcomes: Sequence[Outcome]) -> Outcome:
    spans = tuple(span for outcome in outcomes for span in outcome.spans)
    return Outcome(passed, "; ".join(outcome.reason for outcome in outcomes), spans)
