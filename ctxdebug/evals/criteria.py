"""An expectation in plain words, so that a judge can be asked what code has decided already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ctxdebug.cases.expectation import Expectation, content, expect
from ctxdebug.records import record

if TYPE_CHECKING:
    from collections.abc import Callable


@record(frozen=True, slots=True)
class Criterion:
    """Words for the part of an expectation that can be said in words."""

    words: str
    told: Expectation
    """The part that the words say."""
    complete: bool
    """Whether that is all of it."""


def _quoted(value: Any) -> str:
    return ", ".join(f"“{text}”" for text in ([value] if isinstance(value, str) else value))


_SENTENCES: dict[str, Callable[[Any], str]] = {
    "contains": lambda value: f"the answer says {_quoted(value)}",
    "icontains": lambda value: f"the answer says {_quoted(value)}",
    "contains-all": lambda value: f"the answer says all of {_quoted(value)}",
    "contains-any": lambda value: f"the answer says one of {_quoted(value)}",
    "not-contains": lambda value: f"the answer does not say {_quoted(value)}",
    "not-icontains": lambda value: f"the answer does not say {_quoted(value)}",
    "equals": lambda value: f"the answer is exactly {_quoted(value)}",
    "abstains": lambda value: (
        "the answer says that the question cannot be answered from what was given"
        if value
        else "the answer answers the question and does not decline"
    ),
    "asks-clarification": lambda value: (
        "the answer asks a clarifying question" if value else "the answer asks no clarifying question"
    ),
    "language": lambda value: f"the answer is in the language with the code {value}",
    "judge": str,
}
"""What a person could read off an answer; counts, patterns, tools and schemas are for code."""


def criterion(expectation: Expectation) -> Criterion | None:
    """Return an expectation in words, or None where no part of it can be said in words."""
    word, value = content(expectation)
    if word in ("all", "any"):
        parts = [part for part in map(criterion, value) if part is not None]
        complete = len(parts) == len(value) and all(part.complete for part in parts)
        if not parts or (word == "any" and not complete):
            return None
        joint = " and " if word == "all" else " or "
        told = parts[0].told if len(parts) == 1 else expect(word, [part.told for part in parts])
        return Criterion(joint.join(part.words for part in parts), told, complete)
    if word == "not":
        inner = criterion(value)
        if inner is None or not inner.complete:
            return None
        return Criterion(f"it is not so that {inner.words}", expectation, complete=True)
    sentence = _SENTENCES.get(word)
    return None if sentence is None else Criterion(sentence(value), expectation, complete=True)
