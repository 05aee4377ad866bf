"""One case on one screen: likely cause, what was sent, the five steps, the findings, what to run next."""

from __future__ import annotations

import io
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from ctxdebug import __version__
from ctxdebug.engine.fallback import recommend
from ctxdebug.engine.likely_cause import likely_cause
from ctxdebug.engine.report import Examined
from ctxdebug.engine.steps import TITLES, StepAnswer
from ctxdebug.model import Exhibit, Finding, Severity, Step
from ctxdebug.reports.context_map import Row, bar, rows
from ctxdebug.reports.summary import plural
from ctxdebug.rules import FAMILIES, RULES
from ctxdebug.text.printable import around, clean, clean_line, excerpt

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_LABEL = 15
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


def screen(examined: Examined, *, width: int, color: bool, position: str = "", views: Sequence[str] = ()) -> str:
    """The whole screen as text, with ANSI colours when `color`. `position` says which exchange of how many this is."""
    from rich.console import Console

    buffer = io.StringIO()
    console = Console(
        file=buffer, width=max(20, width), force_terminal=color, no_color=not color, color_system="standard" if color else None,
        markup=False, emoji=False, highlight=False, legacy_windows=False,
    )  # fmt: skip
    Screen(console, examined, position).show(views)
    return "".join(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines()) if not color else buffer.getvalue()


@dataclass(frozen=True, slots=True)
class _Layout:
    """Widths of the map's columns, in cells."""

    who: int
    what: int
    bar: int
    tail: int


class Screen:
    """Writes the parts of one case, in the order in which a tired engineer reads them."""

    def __init__(self, console: Console, examined: Examined, position: str) -> None:
        self._console = console
        self._examined = examined
        self._position = position
        self._snapshot = examined.snapshot
        self._narrow = console.width < 72

    def show(self, views: Sequence[str]) -> None:
        """Write everything."""
        self._header()
        self._cause()
        self._sent()
        self._map()
        self._steps()
        self._findings()
        for view in views:
            self._line()
            self._console.out(view.rstrip("\n"), highlight=False)
        self._not_checked()
        self._next()

    def _text(self, *parts: str | tuple[str, str]) -> Text:
        """Styled words; whatever is in them, a terminal will only show it."""
        from rich.text import Text

        return Text.assemble(*(clean(part) if isinstance(part, str) else (clean(part[0]), part[1]) for part in parts))

    def _line(self, *parts: str | tuple[str, str], indent: int = 0) -> None:
        from rich.padding import Padding

        text = self._text(*parts)
        self._console.print(Padding(text, (0, 0, 0, indent)) if indent else text)

    def _labelled(self, label: str, *parts: str | tuple[str, str]) -> None:
        """A label in the left column, and text that folds under itself in the right one."""
        from rich.table import Table

        if self._narrow:
            self._line((label, "bold"))
            self._line(*parts, indent=2)
            return
        grid = Table.grid(padding=0)
        grid.add_column(width=_LABEL)
        grid.add_column()
        grid.add_row(self._text((f" {label}", "bold")), self._text(*parts))
        self._console.print(grid)

    def _header(self) -> None:
        snapshot = self._snapshot
        model = snapshot.model or "model not named"
        answered = (
            f" (answered by {snapshot.answered_by})"
            if snapshot.answered_by and snapshot.answered_by != snapshot.model
            else ""
        )
        provider = f" · {snapshot.provider}" if snapshot.provider else ""
        name = clean_line(PurePath(snapshot.path).name)
        middle = clean_line(f"{snapshot.format}{provider} · {model}{answered}{self._position}")
        version = f"ctxdebug {__version__}"
        room = self._console.width - len(name) - len(middle) - len(version) - 5
        if room > 0:
            self._line(" ", (name, "bold"), "   ", middle, " " * room, (version, "dim"))
        else:
            self._line(" ", (name, "bold"))
            self._line(" ", middle)
        self._line()

    def _cause(self) -> None:
        cause = likely_cause(self._examined.findings)
        if cause is None:
            words = (
                "no finding explains the answer"
                if self._snapshot.has_response
                else "there is no answer in the capture to explain"
            )
            self._labelled("Likely cause", words)
        else:
            self._labelled("Likely cause", (clean_line(cause.message), "bold"), f"   {cause.code}")
            quoted = [exhibit for exhibit in cause.evidence if exhibit.text.strip()][:2]
            if quoted:
                self._labelled("", "  ↔  ".join(self._quote(exhibit, 70) for exhibit in quoted))
        self._line()

    def _quote(self, exhibit: Exhibit, limit: int) -> str:
        where = f" ({_spot(exhibit, self._examined)})"
        return f"“{around(exhibit.text, 0, len(exhibit.text), limit)}”{where}"

    def _sent(self) -> None:
        analysis, snapshot = self._examined.analysis, self._snapshot
        prompt, window = analysis.prompt, analysis.window
        mark = "" if prompt.total.exact else "~"
        parts = [f"{mark}{prompt.total.value:,} tokens"]
        if window is not None:
            parts[0] += f" of {window.tokens:,}{window.qualifier}"
        else:
            parts.append("window not known (--window)")
        parts.append("exact" if prompt.total.exact else f"estimate, {prompt.total.low:,} to {prompt.total.high:,}")
        parts.append(_recorded(self._examined))
        reserve = snapshot.settings.max_output
        if reserve:
            parts.append(f"{reserve:,} kept for the answer")
        if window is not None:
            used = snapshot.usage.prompt if snapshot.usage and snapshot.usage.prompt else prompt.total.value
            parts.append(f"{max(0, window.free(used, reserve or 0)):,} left")
        self._labelled("What was sent", " · ".join(part for part in parts if part))
        for note in (
            *snapshot.notes,
            *dict.fromkeys(f"not in the capture: {unseen.what}" for unseen in snapshot.unseen),
        ):
            self._labelled("", (clean_line(note), "dim"))
        if snapshot.error is not None:
            status = f" (HTTP {snapshot.error.status})" if snapshot.error.status else ""
            self._labelled(
                "",
                ("the provider answered with an error", "bold red"),
                f"{status}: {excerpt(snapshot.error.message, 160)}",
            )

    def _map(self) -> None:
        shown = rows(self._examined.analysis)
        if not shown:
            return
        who = min(26, max(len(row.who) + 4 * row.depth for row in shown)) + 4
        free = self._console.width - who - _FIGURES
        tail = next((width for width in (_FULL_TAIL, _SHORT_TAIL) if free - width >= _LEAST_FREE), 0)
        what = min(max(len(row.what) for row in shown) + 1, (free - tail) * 6 // 10)
        layout = _Layout(who, what, max(6, min(40, free - tail - what)), tail)
        for index, row in enumerate(shown):
            self._map_row(row, layout, last=all(other.depth for other in shown[index + 1 :]))
        self._line()

    def _map_row(self, row: Row, layout: _Layout, *, last: bool) -> None:
        branch = " │   ├ " if row.depth else (" └ " if last else " ├ ")
        tokens = f"{'' if row.exact else '~'}{row.tokens:,}"
        sits = f"{row.start:.0%}".rstrip("%") + f"–{row.end:.0%}"
        style = _ROLE_STYLES.get(row.who, "yellow" if row.depth else "")
        if self._narrow:
            self._line((f"{branch}{row.who}"[: self._console.width - 16], style), f" {tokens}  {sits}")
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
        by_step: dict[int, list[StepAnswer]] = {}
        for answer in self._examined.steps:
            by_step.setdefault(int(answer.step), []).append(answer)
        for step, title in TITLES.items():
            answers = by_step.get(int(step), [])
            parts: list[str | tuple[str, str]] = []
            for answer in answers:
                if answer.answer != "not checked":
                    parts += [" · " if parts else "", f"{answer.question} ", _answer_words(answer)]
            for reason, questions in _unanswered(answers).items():
                words = f"not checked, because {clean_line(reason)}: {', '.join(questions)}"
                parts += [" · " if parts else "", (words, "dim")]
            if step is Step.FALLBACK and (way := recommend(self._examined.findings)) is not None:
                parts += [
                    " · " if parts else "",
                    ("recommended: ", "bold"),
                    f"{way.action.value}; {way.reason} ({', '.join(way.codes)})",
                ]
            self._step_line(
                f"{step.value}  {title}", parts or [("not checked, because no rule looks at it here", "dim")]
            )
        self._line()

    def _step_line(self, title: str, parts: Sequence[str | tuple[str, str]]) -> None:
        from rich.table import Table

        if self._narrow:
            self._line((title, "bold"))
            self._line(*parts, indent=2)
            return
        grid = Table.grid(padding=0)
        grid.add_column(width=28)
        grid.add_column()
        grid.add_row(self._text((f" {title}", "bold")), self._text(*parts))
        self._console.print(grid)

    def _findings(self) -> None:
        if not self._examined.findings:
            self._labelled("Findings", "none from the rules that looked")
        for finding in self._examined.findings:
            self._finding(finding)
        for problem in self._examined.problems:
            self._labelled("Problem", (clean_line(problem.message), "red"))
        self._line()

    def _finding(self, finding: Finding) -> None:
        if finding.severity is Severity.NOTE:
            self._note(finding)
            return
        family = FAMILIES[finding.code[:3]]
        sure = "" if finding.confidence.word == "high" else f", {finding.confidence.word} confidence"
        self._line(
            " ", (f"{finding.severity.word:<8}", _STYLES[finding.severity]), (f" {finding.code}", "bold"), f" {finding.name}",
            (f"   {family.problem} → {family.manifestation}{sure}", "dim"),
        )  # fmt: skip
        indent = 2 if self._narrow else 10
        self._line((clean_line(finding.message), "bold"), indent=indent)
        for exhibit in finding.evidence[:4]:
            place = exhibit.place
            where = (
                f"{clean_line(PurePath(exhibit.path).name)}:{place.line}:{place.column}" if place else exhibit.pointer
            )
            words = f"“{around(exhibit.text, 0, len(exhibit.text), 150)}” " if exhibit.text.strip() else ""
            self._line((f"{where}  ", "cyan"), words, (f"— {clean_line(exhibit.note)}", "dim"), indent=indent)
        why = RULES.all()[finding.code].page.why.split("\n\n")[0].replace("\n", " ").split(". ")[0].rstrip(".")
        self._line(("why  ", "dim"), why, indent=indent)
        self._line(("do   ", "dim"), clean_line(finding.fix.replace("\n", " ")), indent=indent)
        self._line()

    def _note(self, finding: Finding) -> None:
        """A note takes little room: what and where, and what to do."""
        place = finding.place
        where = f"   {clean_line(PurePath(finding.path).name)}:{place.line}:{place.column}" if place else ""
        self._line(
            " ", (f"{'note':<8}", _STYLES[Severity.NOTE]), (f" {finding.code}", "bold"), f" {finding.name}", (where, "cyan")
        )  # fmt: skip
        indent = 2 if self._narrow else 10
        first = finding.fix.replace("\n", " ").split(". ")[0].rstrip(".")
        self._line(clean_line(finding.message), ("  →  ", "dim"), clean_line(first), indent=indent)

    def _not_checked(self) -> None:
        reasons: dict[str, list[str]] = {}
        for code, reason in self._examined.not_checked:
            reasons.setdefault(reason, []).append(code)
        for number, (reason, codes) in enumerate(reasons.items()):
            self._labelled("Not checked" if not number else "", f"{', '.join(codes)}: {clean_line(reason)}")
        if self._examined.suppressed:
            self._labelled(
                "Hidden", f"{plural(self._examined.suppressed, 'finding')} of low confidence (--pedantic shows them)"
            )
        if reasons or self._examined.suppressed:
            self._line()

    def _next(self) -> None:
        path = shlex.quote(clean_line(self._snapshot.path))
        cause = likely_cause(self._examined.findings)
        commands = []
        if cause is not None:
            commands.append(f"ctxdebug explain {cause.code}")
        commands.append(f"ctxdebug budget {path}")
        if cause is not None:
            commands.append(f"ctxdebug freeze {path}")
        for number, command in enumerate(commands):
            self._labelled("Next" if not number else "", command)


def _unanswered(answers: Sequence[StepAnswer]) -> dict[str, list[str]]:
    """The questions that were not answered, by the reason."""
    reasons: dict[str, list[str]] = {}
    for answer in answers:
        if answer.answer == "not checked":
            reasons.setdefault(answer.reason, []).append(answer.question.rstrip("?"))
    return reasons


def _answer_words(answer: StepAnswer) -> tuple[str, str]:
    if answer.alarming:
        return f"{answer.answer.upper()} ({', '.join(answer.codes)})", "bold yellow"
    return (f"{answer.answer} ({clean_line(answer.reason)})" if answer.reason else answer.answer), "green"


def _recorded(examined: Examined) -> str:
    usage, prompt = examined.snapshot.usage, examined.analysis.prompt
    if usage is None or usage.prompt is None:
        return "the provider reports no prompt tokens" if examined.snapshot.has_response else "no response recorded"
    if not prompt.estimable:
        return f"provider read {usage.prompt:,}, not comparable"
    slack = max(4, usage.prompt // 100)
    if usage.prompt > prompt.total.high + slack:
        return f"provider read {usage.prompt:,}, {usage.prompt - prompt.total.value:,} more than the capture explains"
    lost = any(finding.code == "MEM101" for finding in examined.findings)
    inside = prompt.total.low - slack <= usage.prompt
    return f"provider read {usage.prompt:,}" + (" ✗" if lost else " ✓" if inside else "")


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
