"""The long form of the screen: the map of the prompt, every question's verdict, every finding whole."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import PurePath

from ctxdebug.analysis.token_table import model_named
from ctxdebug.engine.fallback import recommend
from ctxdebug.engine.likely_cause import cost_cause, likely_cause
from ctxdebug.engine.report import Examined
from ctxdebug.model import Exhibit, Finding, Severity
from ctxdebug.questions import Step
from ctxdebug.records import record
from ctxdebug.reports.context_map import Row, bar, rows
from ctxdebug.reports.evidence import block_name, place_name
from ctxdebug.reports.provider_count import provider_count
from ctxdebug.reports.screen.frame import Frame
from ctxdebug.reports.token_table import certainty
from ctxdebug.reports.verdict_marks import STYLES, detail, mark, of_step
from ctxdebug.rules import family_row
from ctxdebug.text.plural import plural
from ctxdebug.text.printable import around, clean, clean_line, excerpt

_FIGURES = 18
_FULL_TAIL = 40
_SHORT_TAIL = 15
_LEAST_FREE = 26
_ROLE_STYLES = {
    "system": "magenta",
    "developer": "magenta",
    "user": "green",
    "assistant": "blue",
    "tool": "yellow",
    "tools": "yellow",
}


@record(frozen=True, slots=True)
class _Layout:
    """Widths of the map's columns, in cells."""

    who: int
    what: int
    bar: int
    tail: int


class LongForm(Frame):
    """Writes every part of one case: the map of the prompt, every question's verdict, every finding whole."""

    def show(self, views: Sequence[str]) -> None:
        """Write everything."""
        self.header()
        self._exchange()
        self._cause()
        self._sent()
        self._map()
        self._steps()
        self._findings()
        for view in views:
            self.blank()
            self.console.out(view.rstrip("\n"), highlight=False)
        self._not_checked()
        self._next()

    def _line(self, *parts: str | tuple[str, str], indent: int = 0) -> None:
        from rich.padding import Padding

        text = self.text(*parts)
        self.console.print(Padding(text, (0, 0, 0, indent)) if indent else text)

    def _exchange(self) -> None:
        asked = self.examined.analysis.question
        if asked is not None:
            self.quoted_lines(
                "asked", (clean_line(" ".join(asked.text.split())), "", ""), 12, block_name(self.examined, asked.id)
            )
        answer = self.examined.analysis.answer
        if answer.strip():
            self.quoted_lines("answered", (clean(answer.strip()), "", ""), 30)
        self.blank()

    def _cause(self) -> None:
        cause = likely_cause(self.examined.findings)
        if cause is None:
            words = (
                "no finding explains the answer"
                if self.snapshot.has_response
                else "there is no answer in the capture to explain"
            )
            self.labelled("cause", words)
            cost = cost_cause(self.examined.findings)
            if cost is not None:
                self.labelled("cost", (clean_line(cost.message), "bold"), f"   {cost.code}")
        else:
            self.labelled("cause", (clean_line(cause.message), "bold"), f"   {cause.code}")
            quoted = [exhibit for exhibit in cause.evidence if exhibit.text.strip()][:2]
            if quoted:
                self.labelled("", "  ↔  ".join(self._quote(exhibit, 70) for exhibit in quoted))
        self.blank()

    def _quote(self, exhibit: Exhibit, limit: int) -> str:
        where = f" ({_spot(exhibit, self.examined)})"
        return f"“{around(exhibit.text, 0, len(exhibit.text), limit)}”{where}"

    def _sent(self) -> None:
        analysis, snapshot = self.examined.analysis, self.snapshot
        prompt, window = analysis.prompt, analysis.window
        mark = "" if prompt.total.exact else "~"
        parts = [f"{mark}{prompt.total.value:,} tokens"]
        if window is not None:
            parts[0] += f" of {window.tokens:,}{window.qualifier}"
        else:
            parts.append("context window not known (--window)")
        parts.append(certainty(prompt.total, named=model_named(analysis)))
        parts.append(provider_count(self.examined))
        reserve = snapshot.settings.max_output
        if reserve:
            parts.append(f"{reserve:,} reserved for output")
        if window is not None:
            used = snapshot.usage.prompt if snapshot.usage and snapshot.usage.prompt else prompt.total.value
            parts.append(f"{max(0, window.free(used, reserve or 0)):,} free")
        self.labelled("sent", " · ".join(part for part in parts if part))
        self.notes()
        if snapshot.error is not None:
            status = f" (HTTP {snapshot.error.status})" if snapshot.error.status else ""
            words = f"{status}: {excerpt(snapshot.error.message, 160)}"
            self.labelled("", ("the provider answered with an error", "bold red"), words)

    def _map(self) -> None:
        shown = rows(self.examined.analysis)
        if not shown:
            return
        who = min(26, max(len(row.who) + 4 * row.depth for row in shown)) + 4
        free = self.console.width - who - _FIGURES
        tail = next((width for width in (_FULL_TAIL, _SHORT_TAIL) if free - width >= _LEAST_FREE), 0)
        what = min(max(len(row.what) for row in shown) + 1, (free - tail) * 6 // 10)
        layout = _Layout(who, what, max(6, min(40, free - tail - what)), tail)
        for index, row in enumerate(shown):
            self._map_row(row, layout, last=all(other.depth for other in shown[index + 1 :]))
        self.blank()

    def _map_row(self, row: Row, layout: _Layout, *, last: bool) -> None:
        branch = _branch(row, last=last)
        tokens = f"{'' if row.exact else '~'}{row.tokens:,}"
        sits = f"{row.start:.0%}".rstrip("%") + f"–{row.end:.0%}"
        style = _ROLE_STYLES.get(row.who, "yellow" if row.depth else "")
        if self.narrow:
            self._line((f"{branch}{row.who}"[: self.console.width - 16], style), f" {tokens}  {sits}")
            return
        name = f"{branch}{row.who}"[: layout.who - 1].ljust(layout.who)
        words = row.what if len(row.what) < layout.what else row.what[: layout.what - 2] + "…"
        tail = f"  {row.authority:<13}" if layout.tail else ""
        if layout.tail == _FULL_TAIL:
            tail += f"{row.trust:<10} {row.provenance}"
        self._line(
            (name, style), words.ljust(layout.what), (bar(row.start, row.end, layout.bar), style), f"{tokens:>8} {sits:>8}",
            (tail, "dim"),
        )  # fmt: skip

    def _steps(self) -> None:
        for step in Step:
            self._line((f" {step.value}  {step.title}", "bold"))
            for answer in of_step(self.examined.steps, step):
                sign, style = mark(answer)
                behind = detail(answer)
                words = f"  {clean_line(behind)}" if behind else ""
                self.labelled(
                    "", (f"{sign} ", style), answer.question.statement, (words, "dim" if answer.codes == () else style)
                )
            if step is Step.FALLBACK and (way := recommend(self.examined.findings)) is not None:
                self.labelled(
                    "", ("recommended: ", "bold"), f"{way.action.value}; {way.reason} ({', '.join(way.codes)})"
                )
        self.blank()

    def _findings(self) -> None:
        if not self.examined.findings:
            self.labelled("findings", "none from the rules that looked")
        for finding in self.examined.findings:
            self._finding(finding)
        for problem in self.examined.problems:
            self.labelled("problem", (clean_line(problem.message), "red"))
        self.blank()

    def _finding(self, finding: Finding) -> None:
        if finding.severity is Severity.NOTE:
            self._note(finding)
            return
        sure = "" if finding.confidence.word == "high" else f", {finding.confidence.word} confidence"
        self._line(
            " ", (f"{finding.severity.word:<8}", STYLES[finding.severity]), (f" {finding.code}", "bold"), f" {finding.name}",
            (f"   {family_row(finding)}{sure}", "dim"),
        )  # fmt: skip
        indent = 2 if self.narrow else 10
        self._line((clean_line(finding.message), "bold"), indent=indent)
        for exhibit in finding.evidence[:4]:
            place = exhibit.place
            where = (
                f"{clean_line(PurePath(exhibit.path).name)}:{place.line}:{place.column}" if place else exhibit.pointer
            )
            words = f"“{around(exhibit.text, 0, len(exhibit.text), 150)}” " if exhibit.text.strip() else ""
            name = place_name(exhibit, self.examined)
            self._line(
                (f"{where}  ", "cyan"), f"{name}  ", words, (f"— {clean_line(exhibit.note)}", "dim"), indent=indent
            )
        why = finding.why.split(". ")[0].rstrip(".")
        self._line(("why it matters  ", "dim"), why, indent=indent)
        self._line(("fix  ", "dim"), clean_line(finding.fix.replace("\n", " ")), indent=indent)
        if finding.proof is not None:
            self._line(("proof  ", "dim"), clean_line(finding.proof.sentence), indent=indent)
        self.blank()

    def _note(self, finding: Finding) -> None:
        """A note takes little room: what and where, and what to do."""
        place = finding.place
        where = f"   {clean_line(PurePath(finding.path).name)}:{place.line}:{place.column}" if place else ""
        self._line(
            " ", (f"{'note':<8}", STYLES[Severity.NOTE]), (f" {finding.code}", "bold"), f" {finding.name}", (where, "cyan")
        )  # fmt: skip
        indent = 2 if self.narrow else 10
        first = finding.fix.replace("\n", " ").split(". ")[0].rstrip(".")
        self._line(clean_line(finding.message), ("  →  ", "dim"), clean_line(first), indent=indent)
        if finding.proof is not None:
            self._line(("proof  ", "dim"), clean_line(finding.proof.sentence), indent=indent)

    def _not_checked(self) -> None:
        reasons: dict[str, list[str]] = {}
        for code, reason in self.examined.not_checked:
            reasons.setdefault(reason, []).append(code)
        for number, (reason, codes) in enumerate(reasons.items()):
            self.labelled("skipped" if not number else "", f"{', '.join(codes)}: {clean_line(reason)}")
        if self.examined.suppressed:
            self.labelled(
                "hidden", f"{plural(self.examined.suppressed, 'finding')} of low confidence (--pedantic shows them)"
            )
        if reasons or self.examined.suppressed:
            self.blank()

    def _next(self) -> None:
        path = shlex.quote(clean_line(self.snapshot.path))
        cause = likely_cause(self.examined.findings)
        commands = []
        if cause is not None:
            commands.append(f"ctxdebug explain {cause.code}")
        commands.append(f"ctxdebug budget {path}")
        if cause is not None:
            commands.append(f"ctxdebug freeze {path}")
        for number, command in enumerate(commands):
            self.labelled("next" if not number else "", command)


def _branch(row: Row, *, last: bool) -> str:
    """Return the tree's lines before a row; below the last message nothing goes on."""
    if row.depth:
        return "     ├ " if last else " │   ├ "
    return " └ " if last else " ├ "


def _spot(exhibit: Exhibit, examined: Examined) -> str:
    """Which document, and how far into the prompt, a quotation stands."""
    for segment in examined.analysis.segments:
        if segment.id == exhibit.segment:
            start, _ = examined.analysis.prompt.share(segment.id)
            label = segment.document.id or segment.document.title if segment.document else None
            name = excerpt(label, 40) if label else segment.role.value
            return f"{name}, {start:.0%} into the context"
    if exhibit.segment is not None:
        return "the answer"
    return excerpt(exhibit.note, 50)
