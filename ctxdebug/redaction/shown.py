"""What is masked before anything of an exchange is shown: its secrets, learned from the captured text, hidden in any form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ctxdebug.model import Finding, Snapshot
    from ctxdebug.redaction.learned import LearnedSecrets


def captured_values(snapshot: Snapshot) -> Iterator[Any]:
    """Yield everything captured that a report of an exchange may quote."""
    error = snapshot.error
    yield from (snapshot.request, snapshot.response, dict(snapshot.parameters))
    yield from (snapshot.model, snapshot.answered_by, snapshot.session)
    yield [tool.description for tool in snapshot.tools]
    yield [error.message, error.code] if error is not None else []
    yield from (segment.text for segment in (*snapshot.segments(), *snapshot.answer_segments()))


def quoted_values(snapshot: Snapshot, findings: Iterable[Finding]) -> Iterator[Any]:
    """Yield what the findings of an exchange quote, which is less to search."""
    told = list(findings)
    cited = {item.segment for finding in told for item in finding.evidence}
    yield [one.text for one in (*snapshot.segments(), *snapshot.answer_segments()) if one.id in cited]
    yield [(finding.message, [item.text for item in finding.evidence], dict(finding.facts)) for finding in told]
    yield from (snapshot.model, snapshot.session)


class Mask:
    """Masks what it has learned, and whatever else looks like a secret."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        """How many were masked of which kind."""
        self._learned: LearnedSecrets | None = None

    def learn(self, values: Iterable[Any]) -> None:
        """Search captured values and texts for secrets, before an output quotes from them."""
        if self._learned is None:
            from ctxdebug.redaction.learned import LearnedSecrets

            self._learned = LearnedSecrets()
        self._learned.learn(tuple(values))

    def hide(self, text: str) -> str:
        """Return a text of the same length with its secrets masked."""
        from ctxdebug.redaction.masking import mask

        result = mask(text)
        self.kinds.update(result.kinds)
        if self._learned is None:
            return result.text
        hidden, kinds = self._learned.hide(result.text)
        self.kinds.update(kinds)
        return hidden

    def forget(self) -> None:
        """Begin anew."""
        self.kinds.clear()
        self._learned = None
