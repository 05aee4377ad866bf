"""What a case file says of an exchange: a title, the findings with their words, the answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ctxdebug.cases.exchanges import answer_of
from ctxdebug.cases.proposal import explaining, fallback_of
from ctxdebug.model import pointer_text
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ctxdebug.cases.blobs import Blobs
    from ctxdebug.cases.expectation import Expectation
    from ctxdebug.engine.report import Examined
    from ctxdebug.model import Finding, Snapshot, ToolCall
    from ctxdebug.redaction.learned import LearnedSecrets
    from ctxdebug.redaction.redactor import Redactor

_NOT_ID = lazy(r"[^a-z0-9]+")
_LONGEST_ID = 80
_LONGEST_QUOTE = 300
_MOST_FINDINGS = 12
_MOST_QUOTES = 4

Answered = tuple[str, "tuple[ToolCall, ...]"]


@record(frozen=True, slots=True)
class Writer:
    """Texts on their way into the file: redacted, and moved out of it when they are long."""

    redactor: Redactor
    blobs: Blobs
    learned: LearnedSecrets
    """Those of the original, of which a finding may quote a stretch."""

    def line(self, text: str, limit: int = 200) -> str:
        """Return a text on one line, cut when it is long."""
        redacted = self._redacted(" ".join(text.split()))
        return redacted if len(redacted) <= limit else f"{redacted[: limit - 2]} …"

    def quote(self, text: str) -> str:
        """Return captured words, cut in the middle when they are long."""
        redacted = self._redacted(text)
        if len(redacted) <= _LONGEST_QUOTE:
            return redacted
        half = _LONGEST_QUOTE // 2
        return f"{redacted[:half]} … {redacted[-half:]}"

    def _redacted(self, text: str) -> str:
        return writable(self.learned.hide(self.redactor.apply(text))[0])

    def answer(self, answered: Answered) -> dict[str, Any]:
        """Return the words and calls of an answer that is redacted already."""
        text, calls = answered
        written = [{"name": call.name, "arguments": self.blobs.shortened(call.arguments)} for call in calls]
        return {"answer": self.blobs.shortened(text), "calls": written}


def writable(text: str) -> str:
    r"""Return a text with each lone surrogate shown as `\ud83d`, since YAML holds none."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def case_content_of(
    examined: Examined, alone: Examined, expectation: Expectation, good: Answered | None, writer: Writer
) -> dict[str, Any]:
    """Return the content of a case without its request; `alone` is the redacted exchange, examined by itself."""
    snapshot = examined.snapshot
    findings = explaining(examined.findings)[:_MOST_FINDINGS]
    origin = {
        "capture": writer.line(Path(snapshot.path).name) or "capture",
        "pointer": writable(pointer_text(snapshot.pointer)),
    }
    again = {finding.code for finding in alone.findings}
    return {
        "ctxdebug": 1,
        "id": _identifier(snapshot, findings),
        "title": writer.line(findings[0].message if findings else f"a bad answer in {Path(snapshot.path).name}"),
        "tags": [],
        "origin": origin | {"container": snapshot.container},
        "findings": [_explanation(finding, finding.code in again, writer) for finding in findings],
        "fallback": fallback_of(examined.findings),
        "request": {},
        "recorded": {
            "passed": False,
            "model": writable(snapshot.answered_by or ""),
            **writer.answer(answer_of(alone.snapshot)),
        },
        "good": None if good is None else writer.answer(good),
        "expect": msgspec.to_builtins(expectation),
    }


def _explanation(finding: Finding, standalone: bool, writer: Writer) -> dict[str, Any]:
    evidence = [
        {"note": writer.line(item.note), "text": writer.quote(item.text), "segment": writable(item.segment or "")}
        for item in finding.evidence[:_MOST_QUOTES]
    ]
    return {
        "code": finding.code,
        "message": writer.line(finding.message),
        "evidence": evidence,
        "standalone": standalone,
    }


def _identifier(snapshot: Snapshot, findings: Sequence[Finding]) -> str:
    """Return an id from the file's name, the exchange's place in it, and what was found."""
    stem = Path(snapshot.path).name.split(".")[0]
    place = [str(step) for step in snapshot.pointer if isinstance(step, int)]
    words = [stem, *place[:1], *(finding.name for finding in findings[:1])]
    slug = _NOT_ID.sub("-", "-".join(words).lower()).strip("-")[:_LONGEST_ID].strip("-")
    return slug or "case"
