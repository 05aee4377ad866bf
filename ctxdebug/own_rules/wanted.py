"""What a rule looks for: words, whatever their case and spacing, or a regular expression that is stopped in time."""

from __future__ import annotations

from ctxdebug.records import record
from ctxdebug.redaction.bounded_regex import search
from ctxdebug.text.find_phrase import find_phrase


@record(frozen=True, slots=True)
class Wanted:
    """Words, or with `regex` a Python regular expression."""

    text: str
    regex: bool = False

    def find(self, text: str) -> tuple[int, int] | None:
        """Return the span of the first match, or None; raises `UsageError` where a pattern takes too long."""
        return search(self.text, text) if self.regex else find_phrase(text, self.text, ignore_case=True)

    def __str__(self) -> str:
        return f"/{self.text}/" if self.regex else f"“{self.text}”"
