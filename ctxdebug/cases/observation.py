"""What an expectation looks at, and what it says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.records import field, record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ctxdebug.model import ToolCall


@record(frozen=True, slots=True)
class Checked:
    """What the detectors said of an answer: findings by code with their message, and what could not be checked."""

    findings: Mapping[str, str]
    unchecked: Mapping[str, str] = field(default_factory=dict)
    """Code and reason of every rule that could not look."""


@record(frozen=True, slots=True)
class Observation:
    """One answer and what is needed to judge it. Detectors and judge run only when an expectation asks."""

    answer: str
    calls: tuple[ToolCall, ...] = ()
    sources: tuple[str, ...] = ()
    """Ids and titles of the documents that the model was given."""
    detect: Callable[[], Checked] | None = None
    judge: Callable[[str, str], Outcome] | None = None
    """Takes the rubric and the answer."""


@record(frozen=True, slots=True)
class Outcome:
    """Passed, failed, or (None) not to be told, and why; `spans` are the characters of the answer that decided."""

    passed: bool | None
    reason: str
    spans: tuple[tuple[int, int], ...] = ()
