"""What is said of calls while they happen: a line each, on standard error, and a summary with the next command."""

from __future__ import annotations

import shlex
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from ctxdebug.model import Problem, Severity
from ctxdebug.records import field, record
from ctxdebug.reports.verdict_marks import SEVERITY_MARKS, STYLES
from ctxdebug.text.plural import plural
from ctxdebug.text.printable import clean_line, excerpt

if TYPE_CHECKING:
    from ctxdebug.engine.report import Examined
    from ctxdebug.engine.run import Engine
    from ctxdebug.recording.growth import Growth

_EVERY = 0.25
"""Seconds between two looks at the files."""
_PATIENCE = 30
"""Seconds for which calls are examined after the application has ended."""
_MODEL, _MESSAGE = 28, 90


@record(slots=True)
class Live:
    """Examines what grows, and says it. `show` gets the parts of a line with their styles."""

    growth: Growth
    engine: Engine
    show: Callable[[list[tuple[str, str]]], None]
    named: bool = False
    """Whether each line names its file, because there are several."""
    calls: int = 0
    failed: int = 0
    severities: Counter[Severity] = field(default_factory=Counter)
    worst: tuple[Severity, str, int] | None = None
    """Severity, file and number of the call to look at first."""
    last: tuple[str, int] | None = None

    def look(self, *, final: bool = False) -> None:
        """Say every call that has come since the last look; a final one gives up after a while, and says so."""
        begun = time.monotonic()
        for found in self.growth.poll(final=final):
            if final and time.monotonic() - begun > _PATIENCE:
                self.show([("the calls after these are recorded and were not examined: ctxdebug check", "dim")])
                break
            if isinstance(found, Problem):
                self.show([(f"{found.path}: {found.message}", "dim")])
                continue
            number, snapshot, source = found
            self.engine.reread()
            examined = self.engine.examine(snapshot, source)
            self._count(number, examined)
            self.show(call_parts(number, examined, named=self.named))

    def watch(self, over: Callable[[], bool]) -> None:
        """Look again and again until it is over."""
        while not over():
            self.look()
            time.sleep(_EVERY)

    def _count(self, number: int, examined: Examined) -> None:
        snapshot = examined.snapshot
        self.calls += 1
        self.last = snapshot.path, number
        error = snapshot.error is not None or (snapshot.status or 0) >= 400
        self.failed += error
        self.severities.update(finding.severity for finding in examined.findings)
        severity = max([finding.severity for finding in examined.findings], default=None)
        if error:
            severity = Severity.ERROR
        if severity is not None and (self.worst is None or severity >= self.worst[0]):
            self.worst = severity, snapshot.path, number

    def summary(self) -> str:
        """Return how many calls there were, and what was found."""
        found = [
            plural(self.severities[severity], severity.word)
            for severity in sorted(Severity, reverse=True)
            if self.severities[severity]
        ]
        parts = [plural(self.calls, "call"), *([f"{self.failed:,} failed"] if self.failed else [])]
        return " · ".join([*parts, ", ".join(found) or "no findings"])

    @property
    def to_look_at(self) -> tuple[str, int] | None:
        """File and number of the worst call, else of the last; None where there was no call."""
        if self.worst is not None and self.worst[0] > Severity.NOTE:
            return self.worst[1:]
        return self.last

    def next_command(self) -> str | None:
        """Return the command that looks at it."""
        if self.to_look_at is None:
            return None
        path, number = self.to_look_at
        return f"ctxdebug inspect {shlex.quote(path)} -n {number}"


def call_parts(number: int, examined: Examined, *, named: bool = False) -> list[tuple[str, str]]:
    """Return the line of a call in parts with their styles: model, tokens, time, the worst finding."""
    snapshot = examined.snapshot
    model = clean_line(snapshot.answered_by or snapshot.model or "model not named")
    file = f"{clean_line(snapshot.path)} " if named else ""
    parts = [(f"{file}{number:>3} ", "dim"), (f"{model[:_MODEL]:<{_MODEL}} ", "bold"), (_tokens(examined), "")]
    if (seconds := _seconds(examined)) is not None:
        parts.append((f" · {seconds:.2f} s", ""))
    if snapshot.error is not None or (snapshot.status or 0) >= 400:
        status = f"{snapshot.status} " if snapshot.status else ""
        message = excerpt(snapshot.error.message, _MESSAGE) if snapshot.error is not None else ""
        parts.append((f" · {SEVERITY_MARKS[Severity.ERROR]} {status}{message}".rstrip(), STYLES[Severity.ERROR]))
    return [*parts, *_findings(examined)]


def _tokens(examined: Examined) -> str:
    """Return the prompt's tokens as counted here and by the provider, and the answer's."""
    prompt, usage = examined.analysis.prompt, examined.snapshot.usage
    words = []
    if prompt.estimable:
        words.append(f"{'' if prompt.total.exact else '~'}{prompt.total.value:,} tokens")
    if usage is not None and usage.prompt is not None:
        words.append(f"provider {usage.prompt:,}")
    if usage is not None and usage.output is not None:
        words.append(f"answer {usage.output:,}")
    return " · ".join(words) or "tokens not counted"


def _seconds(examined: Examined) -> float | None:
    held = examined.snapshot.labels.get("latency_ms")
    return held / 1000 if isinstance(held, (int, float)) else None


def _findings(examined: Examined) -> list[tuple[str, str]]:
    """Return the worst finding in words, and how many more there are."""
    serious = [finding for finding in examined.findings if finding.severity > Severity.NOTE]
    notes = len(examined.findings) - len(serious)
    if not serious:
        return [(f" · {plural(notes, 'note')}", "dim")] if notes else []
    first = serious[0]
    words = f" · {SEVERITY_MARKS[first.severity]} {first.code} {excerpt(clean_line(first.message), _MESSAGE)}"
    more = f" (+{len(examined.findings) - 1})" if len(examined.findings) > 1 else ""
    return [(words, STYLES[first.severity]), (more, "dim")]


class ErrorLines:
    """Writes lines to standard error, between those of the application; holds them while it has the whole screen."""

    def __init__(self) -> None:
        self._held: list[str] = []

    def __call__(self, parts: list[tuple[str, str]]) -> None:
        """Write a line, or hold it."""
        from ctxdebug.commands.terminal import wants_color
        from ctxdebug.redaction.output import for_output

        cleaned = [(for_output(clean_line(text)), style) for text, style in [("ctxdebug ", "dim"), *parts]]
        if wants_color(sys.stderr):
            from ctxdebug.commands.painting import styled

            line = styled([*cleaned, ("\n", "")])
        else:
            line = "".join(text for text, _ in cleaned) + "\n"
        self._held.append(line)
        if not _screen_is_taken():
            self.flush()

    def say(self, text: str) -> None:
        """Write a line about the run itself."""
        self([(text, "")])

    def flush(self) -> None:
        """Write what was held."""
        held, self._held = self._held, []
        sys.stderr.write("".join(held))
        sys.stderr.flush()


def _screen_is_taken() -> bool:
    """Whether a program draws on the whole terminal now: it reads keys one by one (Claude Code, an editor)."""
    if not sys.stderr.isatty():
        return False
    try:
        import termios

        return not termios.tcgetattr(sys.stderr.fileno())[3] & termios.ICANON
    except (ImportError, OSError, ValueError, termios.error):
        return False
