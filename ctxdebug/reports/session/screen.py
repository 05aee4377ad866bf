"""A session in about 24 rows: how full, how cached, what it cost, what was lost and when, and what to run next."""

from __future__ import annotations

import io
import shlex
from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from ctxdebug.engine.session.figures import Figures, figures
from ctxdebug.engine.session.survival import Fate, Survival, survival
from ctxdebug.model import Severity
from ctxdebug.reports.screen.frame import Frame, nearest_path
from ctxdebug.reports.session.strips import cache_strip, fill_strip
from ctxdebug.reports.session.words import (
    NOT_EXAMINED,
    began_words,
    causes,
    cost_words,
    duration,
    fill_words,
    money,
    not_logged,
    short_number,
    survivor_words,
    tool_name,
)
from ctxdebug.reports.verdict_marks import SEVERITY_MARKS, STYLES
from ctxdebug.text.plural import plural
from ctxdebug.text.printable import clean_line, excerpt

if TYPE_CHECKING:
    from rich.console import Console

    from ctxdebug.engine.session.assembly import Session
    from ctxdebug.engine.session.turn import Stretch, Turn
    from ctxdebug.model import Finding

_MOST_FINDINGS = 6
_MOST_INSTRUCTIONS = 4
_LAST_FINDING = 15
"""Rows after which no further finding is begun: 24 in all."""
_STRIP = 48
"""Columns of a strip; the words behind it have the rest."""


def session_screen(session: Session, *, width: int, color: bool) -> str:
    """Return the screen as text, with ANSI colours when `color`."""
    console, buffer = console_of(width, color=color)
    SessionScreen(console, session).show()
    return buffer.getvalue() if color else "".join(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines())


def console_of(width: int, *, color: bool) -> tuple[Console, io.StringIO]:
    """Return a console that writes to a buffer."""
    from rich.console import Console

    buffer = io.StringIO()
    console = Console(
        file=buffer, width=max(20, width), force_terminal=color, no_color=not color, color_system="standard" if color else None,
        markup=False, emoji=False, highlight=False, legacy_windows=False,
    )  # fmt: skip
    return console, buffer


class SessionScreen(Frame):
    """Writes one session, part by part."""

    wide = 13

    def __init__(self, console: Console, session: Session) -> None:
        super().__init__(console, session.turns[-1].examined, "")
        self.session = session
        self.figures: Figures = figures(session)
        self.survival: Survival = survival(session)
        self.main = session.lane(session.lanes[0])

    def show(self) -> None:
        """Write everything."""
        self._head()
        self.blank()
        self._fill()
        self._cache()
        self._cost()
        self._tools()
        self._parts()
        self.blank()
        self._findings()
        self._instructions()
        self._not_checked()
        self._next()

    def _head(self) -> None:
        session, found = self.session, self.figures
        name = clean_line(PurePath(session.paths[0]).name)
        more = f" and {plural(len(session.paths) - 1, 'file')}" if len(session.paths) > 1 else ""
        models = [model for model in found.models if model != "?"]
        about = [tool_name(self.snapshot.format), models[0] if models else "model not named: --model"]
        about += [plural(len(session.turns), "turn")]
        about += [duration(found.seconds)] if found.seconds is not None else []
        about += [words] if (words := cost_words(found, len(session.turns))) else []
        self.console.print(
            self.text(" ", (f"{name}{more}", "bold"), "   ", clean_line(" · ".join(about))), soft_wrap=True
        )

    def _fill(self) -> None:
        largest = max(self.main, key=lambda turn: (turn.fill or 0.0, turn.call.sent))
        counted = len(self.session.turns) - self.figures.recorded
        self._strip("fill", fill_strip(self.main, self._room), "cyan", f"{fill_words(largest)}, turn {largest.number}")
        rows = [began_words(stretch) for stretch in self._begun()]
        words = "; ".join(rows[:2]) + (f"; {len(rows) - 2} more" if len(rows) > 2 else "")
        if counted:
            told = (
                "counted by ctxdebug (~)"
                if not self.figures.recorded
                else f"{plural(counted, 'turn')} counted by ctxdebug (~)"
            )
            words = f"{words} · {told}" if words else told
        if words:
            self.labelled("", (words, "dim" if not rows else ""), rows=2)

    @property
    def _room(self) -> int:
        """Columns of a strip; the words behind it have the rest."""
        return max(8, min(_STRIP, self.width - self.label - 36))

    def _strip(self, label: str, strip: str, style: str, words: str) -> None:
        self.labelled(label, (strip, style), f"  {words}", rows=2)

    def _begun(self) -> list[Stretch]:
        return [one for one in self.session.stretches if one.began is not None and one.turns and not one.lane]

    def _cache(self) -> None:
        found = self.figures
        if found.cached is None:
            return
        lost = f", lost {len(found.lost)} ×" if found.lost else ""
        self._strip(
            "cache",
            cache_strip(self.main, self._room),
            "green",
            f"{found.cached / max(1, found.cacheable):.0%} read from it{lost}",
        )
        if found.lost:
            tokens = sum(one.tokens for one in found.lost)
            prices = [one.price for one in found.lost if one.price is not None]
            paid = f" (~{money(sum(prices))} more)" if prices else ""
            self.labelled("", f"{causes(found.lost)}: {short_number(tokens)} tokens read anew{paid}", rows=1)

    def _cost(self) -> None:
        found = self.figures
        words = f"{short_number(found.sent)} prompt tokens sent for {short_number(found.unique)} different ones: {found.replay:.0f} × replay"
        self.labelled("cost", words, rows=2)
        if found.blocks and found.blocks[0].times > 1:
            top = found.blocks[0]
            self.labelled(
                "", f"most: {excerpt(top.title, 40)}, sent {top.times} × ({short_number(top.total)} tokens)", rows=1
            )

    def _tools(self) -> None:
        found = self.figures
        if not found.uses:
            return
        parts = [f"{plural(found.uses, 'call')}, {found.failed} failed"]
        if found.rereads:
            top = found.rereads[0]
            parts.append(f"the same again: {excerpt(top.uses[0].title, 40)} {top.times} ×")
        if found.stale:
            parts.append(f"stale results ~{short_number(found.stale)} tokens")
        self.labelled("tools", " · ".join(parts), rows=1)

    def _parts(self) -> None:
        """The models, sub-agents and branches, where there is more than one."""
        found, session = self.figures, self.session
        if len(found.models) > 1:
            self.labelled(
                "models",
                clean_line(" · ".join(f"{name} {plural(count, 'turn')}" for name, count in found.models.items())),
                rows=1,
            )
        if len(session.lanes) > 1:
            rows = [f"{lane or 'main'} {plural(len(session.lane(lane)), 'turn')}" for lane in session.lanes]
            self.labelled("lanes", clean_line(" · ".join(rows)), rows=2)
        if session.left:
            self.labelled("branches", f"{plural(session.left, 'message')} on branches that were left are not shown")

    def _findings(self) -> None:
        groups: dict[str, list[tuple[Finding, Turn]]] = {}
        for finding, turn in self.session.findings:
            groups.setdefault(finding.code, []).append((finding, turn))
        loud = [group for group in groups.values() if group[0][0].severity is not Severity.NOTE]
        quiet = [group for group in groups.values() if group[0][0].severity is Severity.NOTE]
        shown = (loud + quiet[: max(1, _MOST_FINDINGS - 3 - len(loud))])[:_MOST_FINDINGS]
        told: list[list[tuple[Finding, Turn]]] = []
        for group in shown:
            if told and self._rows() > _LAST_FINDING:
                break
            self._finding(group)
            told.append(group)
        rest = [group for group in (*loud, *quiet) if all(group is not one for one in told)]
        if rest:
            names = ", ".join(f"{group[0][0].name} {group[0][0].code}" for group in rest)
            count = sum(map(len, rest))
            self.labelled("", (f"{plural(count, 'more finding')}: {names}", "dim"), rows=1)

    def _finding(self, group: Sequence[tuple[Finding, Turn]]) -> None:
        """The gravest of the findings of one rule, and the turns of the others."""
        finding, turn = group[0]
        mark, style = SEVERITY_MARKS[finding.severity], STYLES[finding.severity]
        words = clean_line(finding.message[:1].upper() + finding.message[1:])
        others = list(dict.fromkeys(str(other.number) for _, other in group[1:] if other is not turn))
        more = (
            f"  also at turn{'s' if len(others) > 1 else ''} {', '.join(others[:4])}{' …' if len(others) > 4 else ''}"
            if others
            else ""
        )
        self.labelled(
            (f"{mark} turn {turn.number}", style), (words, "bold"), f"  {finding.code}", (more, "dim"), rows=2
        )

    def _rows(self) -> int:
        """Rows that were written so far."""
        assert isinstance(self.console.file, io.StringIO)
        return self.console.file.getvalue().count("\n")

    def _instructions(self) -> None:
        found = self.survival
        if not found.instructions:
            self.labelled("kept", ("not checked: no standing instruction was recognised", "dim"))
            return
        noted = [one for one in found.instructions if one.fate in {Fate.LOST, Fate.WEAKENED} or one.broken is not None]
        noted.sort(key=lambda one: (one.broken is None, one.fate is not Fate.LOST, one.entered.number))
        shown = noted[: max(1, min(_MOST_INSTRUCTIONS, (_LAST_FINDING + 2 - self._rows()) // 2))]
        for one in shown:
            self.labelled("", survivor_words(one), rows=2)
        if len(noted) > len(shown):
            self.labelled("", (f"and {len(noted) - len(shown)} more: --format json", "dim"), rows=1)
        self.labelled("kept", self._summary(), rows=2)

    def _summary(self) -> str:
        found = self.survival
        fates = [one.fate for one in found.instructions]
        parts = [f"{plural(len(fates), 'standing instruction')}"]
        if any(fate is not None for fate in fates):
            told = [f"{fates.count(fate)} {fate.value}" for fate in Fate if fates.count(fate)]
            parts.append(f"{', '.join(told)} in compactions")
        held = sum(one.checked > 0 for one in found.instructions)
        parts.append(
            f"{held} of {len(fates)} held against the answers" if held else "none could be held against the answers"
        )
        if found.values:
            used = sum(value.used is not None for value in found.values)
            parts.append(f"{plural(len(found.values), 'value')} lost, {used} needed again")
        if not found.complete:
            parts.append("more were not followed")
        return " · ".join(parts)

    def _not_checked(self) -> None:
        unseen = not_logged(self.session)
        if unseen:
            words = f"{'; '.join(unseen[:2])}: what depends on it is not checked"
            self.labelled(("not logged", "dim"), (clean_line(words), "dim"), rows=1)
        self.labelled(("not checked", "dim"), (NOT_EXAMINED, "dim"), rows=1)

    def _next(self) -> None:
        path = shlex.quote(clean_line(nearest_path(self.session.paths[0])))
        number = self._telling().number
        self.labelled("next", f"ctxdebug session {path} --turn {number}", rows=1)
        diff = f"  ctxdebug diff {path} --turns {number - 1}..{number}" if number > 1 else ""
        self.labelled("", (f"more: --html page.html{diff}", "dim"), rows=1)

    def _telling(self) -> Turn:
        """Return the turn to look at first: of the gravest finding, else the first after a compaction, else the fullest."""
        loud = [turn for finding, turn in self.session.findings if finding.severity is not Severity.NOTE]
        begun = [stretch.turns[0] for stretch in self.session.stretches if stretch.began is not None and stretch.turns]
        return next(iter([*loud, *begun]), max(self.main, key=lambda turn: turn.call.sent))
