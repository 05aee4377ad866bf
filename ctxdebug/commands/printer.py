"""Prints what a check finds as it is found: a line a finding, or in a terminal file by file."""

from __future__ import annotations

from ctxdebug.commands.captured_secrets import hide_secrets_of_findings
from ctxdebug.commands.progress import Progress
from ctxdebug.commands.terminal import terminal_width, wants_color, write
from ctxdebug.engine.report import Examined
from ctxdebug.model import Finding, Problem
from ctxdebug.redaction.output import for_output
from ctxdebug.reports.lines import finding_line, problem_line


class Printer:
    """Watches a run. `most` findings are printed; `left` counts the others."""

    def __init__(self, progress: Progress, *, grouped: bool, most: int | None = None) -> None:
        self._progress = progress
        self._grouped = grouped
        self._most = most
        self._printed = 0
        self.left = 0
        self._path = ""
        self._findings: list[Finding] = []
        self._problems: list[Problem] = []

    def opened(self, path: str) -> None:
        """A file is begun: show the one before."""
        self.close()
        self._path = path
        self._progress(path)

    def __call__(self, result: Examined | Problem) -> None:
        """An exchange or a problem has come."""
        self._progress.examined(result)
        if not isinstance(result, Problem):
            hide_secrets_of_findings(result)
        findings = () if isinstance(result, Problem) else self._within(result.findings)
        problems = (result,) if isinstance(result, Problem) else result.problems
        if self._grouped:
            if problems and problems[0].path != self._path:
                self.close()
                self._path = problems[0].path
            self._findings += findings
            self._problems += problems
        elif findings or problems:
            lines = [*map(finding_line, findings), *map(problem_line, problems)]
            self._show("\n".join(lines) + "\n")

    def close(self) -> None:
        """Show what is still held back."""
        if self._findings or self._problems:
            from ctxdebug.commands.painting import link
            from ctxdebug.reports.grouped import grouped

            color = wants_color()
            text = grouped(
                self._path, self._findings, self._problems, width=terminal_width(), color=color, link=link
            )  # fmt: skip
            self._findings, self._problems = [], []
            self._show(text, plain=True)

    def _within(self, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """Return as many of the findings as may still be printed."""
        room = len(findings) if self._most is None else max(0, self._most - self._printed)
        self._printed += len(findings[:room])
        self.left += len(findings[room:])
        return findings[:room]

    def _show(self, text: str, *, plain: bool = False) -> None:
        import sys

        self._progress.clear()
        if plain:
            sys.stdout.write(for_output(text))
        else:
            write(text)
