"""Rules over a whole suite, a folder of cases next to the captures of live traffic; `ctxdebug case survey` runs them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ctxdebug.model import Kind, Provenance, Role
from ctxdebug.records import field, record

if TYPE_CHECKING:
    from datetime import date

    from ctxdebug.model import Snapshot
    from ctxdebug.models import ModelInfo


@record(frozen=True)
class SuiteCase:
    """One frozen case. `words` are the assertions of its expectation, `findings` the codes that explain its answer."""

    id: str
    snapshot: Snapshot
    digest: str
    words: frozenset[str] = frozenset()
    findings: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()
    mutation: str = ""
    model: ModelInfo | None = None

    @cached_property
    def question(self) -> str:
        """What the user asked last."""
        return last_question(self.snapshot)


@record(frozen=True)
class SuiteCapture:
    """One exchange of live traffic, examined."""

    snapshot: Snapshot
    digest: str
    errors: tuple[str, ...] = ()
    """Codes of its findings that are errors."""

    @cached_property
    def question(self) -> str:
        """What the user asked last."""
        return last_question(self.snapshot)


@record(frozen=True, slots=True)
class Suite:
    """Cases and captures. `runs` are the models that each case was run against live."""

    cases: tuple[SuiteCase, ...] = ()
    captures: tuple[SuiteCapture, ...] = ()
    runs: dict[str, frozenset[str]] = field(default_factory=dict)
    today: date | None = None


def last_question(snapshot: Snapshot) -> str:
    """Return the words of the user's last message, without documents and tool results."""
    for message in reversed(snapshot.messages):
        if message.role is Role.USER:
            text = "".join(segment.text for segment in message.segments if segment.kind is Kind.TEXT).strip()
            if text:
                return text
    return ""


def reads_untrusted(snapshot: Snapshot) -> bool:
    """Tell whether the model read words that nobody of the application wrote and no user typed."""
    return any(
        segment.provenance in (Provenance.RETRIEVED, Provenance.TOOL_RESULT) and segment.text.strip()
        for segment in snapshot.segments()
    )


def size(snapshot: Snapshot) -> int:
    """Return the characters that the model read."""
    return sum(len(segment.text) for segment in snapshot.segments())
