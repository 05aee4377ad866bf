"""The screen of about 24 rows: asked, answered, the cause with both sides, what was sent, what is open, what next."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctxdebug.engine.likely_cause import cost_cause, likely_cause
from ctxdebug.model import Finding, Kind, Severity
from ctxdebug.questions import Question, Step, Verdict
from ctxdebug.reports.evidence import block_name, dated, place_name, quoted, spotted, values
from ctxdebug.reports.screen.frame import Frame, nearest_path
from ctxdebug.reports.screen.strip import strip
from ctxdebug.reports.verdict_marks import SEVERITY_MARKS, SHORT, STYLES, counts, of_step, still_open
from ctxdebug.text.patterns import lazy
from ctxdebug.text.plural import plural
from ctxdebug.text.printable import clean_line, excerpt, window

if TYPE_CHECKING:
    from ctxdebug.model import Exhibit, Segment

_MOST_OTHER = 5
"""Further findings that have a line of their own; the rest is counted."""


_LEAST_TURNS = 3
"""Turns of a log from which the run has a screen of its own."""
_TAGS = lazy(r"\A(?:\s*</?[A-Za-z][^<>\n]{0,200}>)+")
"""Tags with which a question begins where documents stand before it in the same message."""


class ShortForm(Frame):
    """Writes the parts of one case, in the order in which a tired engineer reads them."""

    def show(self, views: Sequence[str]) -> None:
        """Write everything."""
        self.header()
        self._question()
        cause = likely_cause(self.examined.findings)
        self._answer(cause)
        self.blank()
        if cause is not None:
            self._cause(cause)
            self.blank()
        elif self.snapshot.answer and not self._examined_well():
            self._unknown()
            if not self._brief():
                self.blank()
        cost = cost_cause(self.examined.findings)
        if cost is not None:
            self.finding_line(cost, rows=2)
            self.wrapped("fix", cost.fix.replace("\n", " "), 2)
            self.blank()
        if len(self.snapshot.messages) > 2 or self.snapshot.tools:
            self.labelled("sent", *strip(self.examined, self.width - self.label))
        self.notes()
        self._others(cause or cost)
        for view in views:
            self.blank()
            self.console.out(view.rstrip("\n"), highlight=False)
        self._checked()
        self._next(cause)

    def _question(self) -> None:
        asked = self.examined.analysis.question
        if asked is None:
            self.labelled("asked", ("nothing: no user message is in the capture", "dim"))
            return
        words = clean_line(" ".join(_TAGS.sub("", asked.text).split()))
        self.quoted_lines("asked", (words, "", ""), 2, block_name(self.examined, asked.id))

    def _answer(self, cause: Finding | None) -> None:
        snapshot = self.snapshot
        if snapshot.error is not None:
            status = f" (HTTP {snapshot.error.status})" if snapshot.error.status else ""
            self.labelled(
                "answered",
                ("with an error", "bold red"),
                f"{status}: {excerpt(snapshot.error.message, self.width * 2)}",
            )
            return
        part, span = self._disputed(cause)
        if part is None:
            calls = [one.call.name for one in snapshot.answer_segments() if one.call is not None]
            words = f"called {', '.join(calls)}" if calls else "nothing: no answer is in the capture"
            self.labelled("answered", (excerpt(words, self.width), "" if calls else "dim"))
            return
        room = 3 * (self.width - self.label) - 12
        shown = window(part.text, *span, room) if span[1] else (excerpt(part.text.strip(), room), "", "")
        self.quoted_lines("answered", shown, 3)

    def _disputed(self, cause: Finding | None) -> tuple[Segment | None, tuple[int, int]]:
        """Return the answer's text, and the stretch of it that the cause disputes."""
        parts = [part for part in self.snapshot.answer_segments() if part.kind is Kind.TEXT and part.text.strip()]
        if not parts:
            return None, (0, 0)
        for finding in (cause, *self.examined.findings):
            if finding is None:
                continue
            for one in finding.evidence:
                for part in parts:
                    if one.segment == part.id and 0 < one.end - one.start < len(part.text):
                        inside = spotted(one.text, values(finding)) or (0, one.end - one.start)
                        return part, (one.start + inside[0], one.start + inside[1])
            if finding is cause:
                for part in parts:
                    if (spot := spotted(part.text, values(finding))) is not None:
                        return part, spot
        return parts[0], (0, 0)

    def _cause(self, cause: Finding) -> None:
        self.finding_line(cause, rows=2)
        marked = values(cause)
        for one in [exhibit for exhibit in cause.evidence if exhibit.text.strip()][:3]:
            self._evidence(one, marked)
        self._proof(cause)
        self.wrapped("fix", cause.fix.replace("\n", " "), 2)

    def _proof(self, finding: Finding) -> None:
        if finding.proof is not None:
            self.wrapped("proof", finding.proof.sentence, 2)

    def _evidence(self, exhibit: Exhibit, marked: list[str]) -> None:
        name = " ".join(word for word in (place_name(exhibit, self.examined), dated(exhibit, self.examined)) if word)
        room = self.width - self.label - len(name) - 8
        before, value, after = quoted(exhibit, marked, max(24, room))
        inner: list[str | tuple[str, str]] = [before]
        if value:
            inner += [(f"[{value}]", "bold"), after]
        self.labelled("", (f"{name}  ", "cyan"), "“", *inner, "”", rows=1)

    def _brief(self) -> bool:
        """Whether the exchange is a line to and fro, of which the screen makes no more than a few rows."""
        examined = self.examined
        return not (len(self.snapshot.messages) > 2 or self.snapshot.tools or examined.findings or examined.problems)

    def _examined_well(self) -> bool:
        """Whether the answer itself was examined and found good, so that nothing needs to be explained."""
        about = {Question.ANSWER_SUPPORTED, Question.INSTRUCTIONS_KEPT}
        held = [answer.verdict for answer in self.examined.steps if answer.question in about]
        return all(verdict in {Verdict.OK, Verdict.NOT_APPLICABLE} for verdict in held)

    def _unknown(self) -> None:
        """Nothing explains the answer, and nothing vouches for it: say what was looked at."""
        self.labelled("? unknown", ("No rule explains this answer, and nothing vouches for it:", "bold"))
        for answer in self.examined.steps:
            applies = answer.verdict is not Verdict.NOT_APPLICABLE
            if answer.question in {Question.ANSWER_SUPPORTED, Question.INSTRUCTIONS_KEPT} and answer.reason and applies:
                share = f"{answer.checked} of {answer.total} checked; " if answer.total > 1 else ""
                self.labelled("", f"{answer.question.statement}: {share}{clean_line(answer.reason)}", rows=2)

    def _others(self, cause: Finding | None) -> None:
        others = [finding for finding in self.examined.findings if finding is not cause]
        loud = [finding for finding in others if finding.severity is not Severity.NOTE]
        quiet = [finding for finding in others if finding.severity is Severity.NOTE]
        for finding in loud[:_MOST_OTHER]:
            self.finding_line(finding, rows=1)
            self._proof(finding)
            if len(loud) <= 2:
                for one in [exhibit for exhibit in finding.evidence if exhibit.text.strip()][:1]:
                    self._evidence(one, values(finding))
        if len(loud) > _MOST_OTHER:
            self.labelled("", f"and {plural(len(loud) - _MOST_OTHER, 'more finding')}: --all")
        if len(quiet) == 1:
            self.finding_line(quiet[0], rows=1)
        elif quiet:
            names = ", ".join(dict.fromkeys(f"{finding.name} {finding.code}" for finding in quiet))
            mark, style = SEVERITY_MARKS[Severity.NOTE], STYLES[Severity.NOTE]
            self.labelled(
                (f"{mark} {plural(len(quiet), 'note')}", style), excerpt(names, self.width - self.label - 4), rows=1
            )
        for problem in self.examined.problems:
            self.labelled(("problem", "red"), clean_line(problem.message))
        if self.examined.findings or self.examined.problems:
            self.blank()

    def _checked(self) -> None:
        lines: list[list[str | tuple[str, str]]] = [[]]
        for step in Step:
            part: list[str | tuple[str, str]] = [f"{SHORT[step]} ", *counts(of_step(self.examined.steps, step))]
            if lines[-1] and self.text(*lines[-1], "  ", *part).cell_len > self.width - self.label:
                lines.append([])
            lines[-1] += ["  " if lines[-1] else "", *part]
        for number, line in enumerate(lines):
            self.labelled("" if number else "checked", *line)
        remaining = still_open(self.examined.steps)
        if self.examined.suppressed:
            remaining.insert(
                0, f"{plural(self.examined.suppressed, 'low-confidence finding')} hidden (show: --pedantic)"
            )
        if remaining:
            self.wrapped("open", " · ".join(clean_line(one) for one in remaining), 1 if self._brief() else 2)

    def _run(self, path: str) -> None:
        """Of a session log: how many turns it has, where the findings are, and the command that shows them all."""
        if self.snapshot.request is not None or len(self.examined.analysis.calls) < _LEAST_TURNS:
            return
        from ctxdebug.engine.session.assembly import turns_with_findings

        turns = turns_with_findings(self.examined)
        named = f" --turn {turns[0]}" if len(turns) == 1 else ""
        where = (
            f", findings at {'turn' if len(turns) == 1 else 'turns'} {', '.join(map(str, turns[:4]))}" if turns else ""
        )
        self.labelled(
            "run",
            f"{plural(len(self.examined.analysis.calls), 'turn')}{where}: ",
            (f"ctxdebug session {path}{named}", "bold"),
        )

    def _next(self, cause: Finding | None) -> None:
        path = shlex.quote(clean_line(nearest_path(self.snapshot.path)))
        verb = "freeze" if cause is not None else "check"
        more = "--all  --sources  --html" if self.examined.analysis.sourced.informed else "--all  --html"
        self._run(path)
        command = f"ctxdebug {verb} {path}"
        fits = len(command) + len(more) + 12 <= self.width - self.label
        self.labelled("next", command, (f"     more: {more}" if fits else "", "dim"))
