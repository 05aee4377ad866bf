"""What came of checking an answer against one constraint."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ctxdebug.records import record
from ctxdebug.text import counts as counting
from ctxdebug.text.languages import languages
from ctxdebug.text.layout import prose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ctxdebug.model import ToolCall


class Outcome(StrEnum):
    """The four ends of a check."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    FAIL = "fail"
    NOT_APPLICABLE = "not applicable"
    UNCHECKED = "unchecked"


@record(frozen=True, slots=True)
class Compliance:
    """An outcome with its evidence.

    `measured` is what was counted or found, `deviation` how far outside the bounds it is in percent of
    the bound, `start` and `end` the characters of the answer that show it (both 0 when none do).
    """

    outcome: Outcome
    reason: str
    measured: Any = None
    deviation: float | None = None
    start: int = 0
    end: int = 0


def passed(reason: str, measured: Any = None) -> Compliance:
    """Say that the answer does what was asked."""
    return Compliance(Outcome.PASS, reason, measured)


def failed(
    reason: str, measured: Any = None, *, start: int = 0, end: int = 0, deviation: float | None = None
) -> Compliance:
    """Say that the answer does not do what was asked."""
    return Compliance(Outcome.FAIL, reason, measured, deviation, start, end)


def unchecked(reason: str) -> Compliance:
    """Say that it could not be decided."""
    return Compliance(Outcome.UNCHECKED, reason)


@record
class Answer:
    """An answer as checks read it: the text, the tool calls, and their counts, each taken once."""

    text: str
    calls: Sequence[ToolCall] = ()
    question: str = ""
    """The user's words, for `in the user's language` and `repeat the request`."""

    last: Sequence[ToolCall] | None = None
    """The calls of the last step, where those before it are known too."""

    offset: int = 0
    """Where the text begins in everything that was answered."""

    given_for_a_case: bool | None = None
    """Whether an instruction gives it for a case of its own; None where nobody asked yet."""

    @property
    def step(self) -> Sequence[ToolCall]:
        """The calls of one step."""
        return self.calls if self.last is None else self.last

    @cached_property
    def stripped(self) -> str:
        """The text without white space around it."""
        return self.text.strip()

    @cached_property
    def words(self) -> int:
        """How many words."""
        return counting.words(self.text)

    @cached_property
    def language(self) -> str:
        """The language by whose abbreviations sentences are counted; English where it cannot be told."""
        return next(iter(languages(self.text)), "en")

    @cached_property
    def sentences(self) -> int:
        """How many sentences."""
        return counting.sentences(self.text, self.language)

    @cached_property
    def paragraphs(self) -> list[str]:
        """Paragraphs, parted by blank lines."""
        return counting.paragraphs(self.text)

    @cached_property
    def prose(self) -> str:
        """The text with its code blanked out."""
        return prose(self.text)

    @property
    def whole(self) -> tuple[int, int]:
        """The span of the whole text."""
        return 0, len(self.text)
