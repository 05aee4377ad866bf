"""One turn of a session: what entered the context, what left and changed, what was answered, what was found."""

from __future__ import annotations

import shlex
from pathlib import PurePath
from typing import TYPE_CHECKING

from ctxdebug.analysis.turns.differences import Change, Difference, compare
from ctxdebug.model import Kind, Segment
from ctxdebug.records import record
from ctxdebug.reports.screen.frame import Frame, nearest_path
from ctxdebug.reports.session.screen import console_of
from ctxdebug.reports.session.words import fill_words, money, short_number, tool_name
from ctxdebug.reports.verdict_marks import CHANGE_SIGNS, SEVERITY_MARKS, STYLES
from ctxdebug.text.plural import plural
from ctxdebug.text.printable import clean_line, excerpt

if TYPE_CHECKING:
    from rich.console import Console

    from ctxdebug.engine.session.assembly import Session
    from ctxdebug.engine.session.turn import Turn

_MOST_ROWS = 12
_STYLES = {
    Change.ADDED: "green",
    Change.DROPPED: "red",
    Change.CHANGED: "yellow",
    Change.CUT: "yellow",
    Change.MOVED: "dim",
}


@record(frozen=True, slots=True)
class Step:
    """A turn beside the one before it in its lane; `changes` are without what stayed, and without the answer that came back."""

    turn: Turn
    before: Turn | None
    changes: tuple[Difference, ...]
    kept: int
    """Segments that stayed."""


def step_of(session: Session, turn: Turn) -> Step:
    """Return what a turn's context has, and has not, beside the turn before it in its lane."""
    lane = session.lane(turn.lane)
    at = lane.index(turn)
    before = lane[at - 1] if at else None
    new = [segment for message in turn.context() for segment in message.segments if segment.text.strip()]
    old: list[Segment] = []
    if before is not None:
        old = [segment for message in before.context() for segment in message.segments if segment.text.strip()]
        if before.call.answer is not None:
            old += [
                segment
                for segment in before.call.answer.segments
                if segment.text.strip() and segment.kind is not Kind.THINKING
            ]
    found = compare(old, new)
    changed = tuple(one for one in found if one.change is not Change.SAME)
    return Step(turn, before, changed, len(found) - len(changed))


def turn_screen(session: Session, turn: Turn, *, width: int, color: bool) -> str:
    """Return the screen of one turn as text, with ANSI colours when `color`."""
    console, buffer = console_of(width, color=color)
    TurnScreen(console, session, turn).show()
    return buffer.getvalue() if color else "".join(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines())


class TurnScreen(Frame):
    """Writes one turn, part by part."""

    wide = 13

    def __init__(self, console: Console, session: Session, turn: Turn) -> None:
        super().__init__(console, turn.examined, "")
        self.session, self.turn = session, turn
        self.step = step_of(session, turn)

    def show(self) -> None:
        """Write everything."""
        turn, call = self.turn, self.turn.call
        name = clean_line(PurePath(self.snapshot.path).name)
        about = [tool_name(self.snapshot.format), turn.model_name or "model not named", fill_words(turn)]
        about += [money(turn.cost)] if turn.cost is not None else []
        about += [call.time] if call.time else []
        lane = f" · {turn.lane}" if turn.lane else ""
        self.console.print(
            self.text(
                " ",
                (name, "bold"),
                f" · turn {turn.number} of {len(self.session.turns)}{lane}   ",
                clean_line(" · ".join(about)),
            ),
            soft_wrap=True,
        )
        self.blank()
        self._asked()
        self._changes()
        self._answered()
        self._cache()
        self._findings()
        self._next()

    def _asked(self) -> None:
        asked = self.turn.asked
        self.labelled(
            "asked",
            excerpt(asked.text, 3 * self.width) if asked is not None else ("nothing: no user message", "dim"),
            rows=2,
        )

    def _changes(self) -> None:
        step = self.step
        if self.turn.first and self.turn.stretch.began is not None:
            self.labelled("context", (f"{self.turn.stretch.began.value} before this turn", "yellow"))
        words = {
            Change.ADDED: "entered", Change.DROPPED: "left", Change.CHANGED: "changed", Change.CUT: "cut", Change.MOVED: "moved",
        }  # fmt: skip
        for change, word in words.items():
            rows = [one for one in step.changes if one.change is change and one.segment.kind is not Kind.THINKING]
            rows.sort(key=lambda one: -len(one.segment.text))
            for number, one in enumerate(rows[:_MOST_ROWS] if change is not Change.MOVED else ()):
                self.labelled(word if number == 0 else "", *self._row(one), rows=1)
            if len(rows) > _MOST_ROWS or (rows and change is Change.MOVED):
                rest = rows[_MOST_ROWS:] if change is not Change.MOVED else rows
                size = sum(len(one.segment.text) for one in rest)
                self.labelled(
                    word if change is Change.MOVED else "",
                    (f"{plural(len(rest), 'more block')}, {size:,} characters", "dim"),
                )
        self.labelled("stayed", plural(step.kept, "block"))

    def _row(self, one: Difference) -> list[str | tuple[str, str]]:
        segment = one.segment
        prompt = self.turn.examined.analysis.prompt
        tokens = prompt.segments[segment.id].value if one.after is not None else None
        size = f"~{short_number(tokens)} tokens" if tokens is not None else f"{len(segment.text):,} characters"
        who = segment.tool or (segment.call.name if segment.call is not None else segment.role.value)
        return [
            (f"{CHANGE_SIGNS[one.change]} ", _STYLES[one.change]),
            (f"{clean_line(who)} ", "bold"),
            (f"{size}  ", "dim"),
            excerpt(segment.text, self.width),
        ]

    def _answered(self) -> None:
        answer = self.turn.call.answer
        if answer is None:
            self.labelled("answered", ("nothing: no answer is in the capture", "dim"))
            return
        first = True
        for segment in answer.segments:
            if segment.kind is Kind.THINKING or not segment.text.strip():
                continue
            words = f"called {segment.call.name} {segment.text}" if segment.call is not None else segment.text
            self.labelled(
                "answered" if first else "", excerpt(words, 3 * self.width), rows=3 if segment.call is None else 2
            )
            first = False

    def _cache(self) -> None:
        usage = self.turn.call.usage
        if usage is not None and usage.prompt and usage.cache_read is not None:
            written = f", {usage.cache_write:,} written to it" if usage.cache_write else ""
            self.labelled(
                "cache", f"{usage.cache_read:,} of {usage.prompt:,} prompt tokens read from the cache{written}"
            )

    def _findings(self) -> None:
        for finding in self.turn.findings:
            mark, style = SEVERITY_MARKS[finding.severity], STYLES[finding.severity]
            words = clean_line(finding.message[:1].upper() + finding.message[1:])
            self.labelled((f"{mark} {finding.severity.word}", style), (words, "bold"), f"  {finding.code}", rows=3)
            for exhibit in finding.evidence[:3]:
                if exhibit.text.strip():
                    self.labelled(
                        "", (f"{excerpt(exhibit.text, self.width)}", ""), (f"  {exhibit.note}", "dim"), rows=2
                    )
            self.labelled(("fix", "dim"), finding.fix.replace("\n", " "), rows=3)

    def _next(self) -> None:
        number, path = self.turn.number, shlex.quote(clean_line(nearest_path(self.session.paths[0])))
        if number < len(self.session.turns):
            self.labelled("next", f"ctxdebug session {path} --turn {number + 1}")
        before = self.step.before
        if before is not None:
            self.labelled(
                "" if number < len(self.session.turns) else "next",
                (f"ctxdebug diff {path} --turns {before.number}..{number}", "dim"),
            )
