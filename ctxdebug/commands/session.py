"""What `session` does: read a log or a folder of logs, put its turns together, and show the whole, a turn, or a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctxdebug.commands.captured_secrets import hide_secrets_of_exchange
from ctxdebug.commands.delivery import deliver, matched
from ctxdebug.commands.progress import Progress
from ctxdebug.commands.terminal import notice, say, terminal_width, wants_color, warn, write
from ctxdebug.engine.run import RunOptions, run
from ctxdebug.engine.session.assembly import Session, sessions
from ctxdebug.engine.session.scope import of_runs
from ctxdebug.errors import UsageError
from ctxdebug.records import record, replace
from ctxdebug.redaction.output import for_output
from ctxdebug.reports.lines import problem_line
from ctxdebug.text.nearest import choices
from ctxdebug.text.plural import plural

if TYPE_CHECKING:
    from ctxdebug.engine.report import Report
    from ctxdebug.engine.session.turn import Turn
    from ctxdebug.gate.settlement import Settlement

FORMATS = ("text", "json", "html")


@record(frozen=True, slots=True)
class SessionCall:
    """One call of `session`."""

    path: str
    turn: int | None
    name: str | None
    formats: tuple[str, ...]
    outputs: tuple[str, ...]
    html: str | None
    open_page: bool
    quiet: bool
    exclude: tuple[str, ...] = ()


def show_session(request: SessionCall, options: RunOptions, settled: Settlement | None = None) -> int:
    """Examine and show; returns the exit code: 2 where something was not read, else 0."""
    progress = Progress(lambda: 1, wanted=not request.quiet)
    options = replace(options, steps=False, repeats=True, selection=of_runs(options.selection, options.own_rules))
    with progress:
        report = run(
            [request.path], options, keep=True, agreements=settled, opened=progress, watch=progress.examined, exclude=request.exclude
        )  # fmt: skip
    for problem in report.problems:
        warn(problem_line(problem))
    found = chosen(sessions(report), request.name)
    if not found:
        return 2
    for examined in report.examined:
        hide_secrets_of_exchange(examined.snapshot)
    if request.turn is not None:
        session = main_session(found)
        write(_turn_text(session, turn_of(session, request.turn)))
        return _code(report)
    if request.html is not None:
        _write_page(request, found, report)
        return _code(report)
    asked = matched(request.formats, request.outputs, FORMATS)
    texts = [_rendered(name, found, report, request) for name in asked.formats]
    deliver(texts, asked.outputs, asked.formats, masked=frozenset({"html"}))
    return _code(report)


def _code(report: Report) -> int:
    return 2 if report.unreadable else 0


def chosen(found: Sequence[Session], name: str | None) -> list[Session]:
    """Return the sessions that were asked for; raises `UsageError` where none has the name."""
    if name is None:
        return list(found)
    named = [session for session in found if session.name == name]
    if not named:
        raise UsageError(f"no session {name!r}; {choices(name, [session.name for session in found][:100])}")
    return named


def main_session(found: Sequence[Session]) -> Session:
    """Return the session that a turn is meant of: the longest; says which where there are several."""
    longest = max(found, key=lambda session: len(session.turns))
    if len(found) > 1:
        notice(f"session {longest.name}, the longest of {len(found)}; --session ID takes another")
    return longest


def turn_of(session: Session, number: int) -> Turn:
    """Return a turn by its number; raises `UsageError` where there is none."""
    if not 1 <= number <= len(session.turns):
        raise UsageError(f"the session has {plural(len(session.turns), 'turn')}; there is no turn {number}")
    return session.turns[number - 1]


def _turn_text(session: Session, turn: Turn) -> str:
    from ctxdebug.reports.session.turn_view import turn_screen

    return for_output(turn_screen(session, turn, width=terminal_width(), color=wants_color()))


def _rendered(name: str, found: Sequence[Session], report: Report, request: SessionCall) -> str:
    if name == "json":
        from ctxdebug.reports.session.document import session_json

        return session_json(found, report)
    if name == "html":
        from ctxdebug.reports.session.page import session_page

        return session_page(main_session(found))
    if len(found) > 1:
        from ctxdebug.reports.session.overview import overview

        return overview(found, terminal_width())
    from ctxdebug.reports.session.screen import session_screen

    return session_screen(found[0], width=terminal_width(), color=wants_color() and not request.outputs)


def _write_page(request: SessionCall, found: Sequence[Session], report: Report) -> None:
    """Write the page, and open it where that was asked."""
    from pathlib import Path

    from ctxdebug.files import write_whole

    assert request.html is not None
    write_whole(request.html, _rendered("html", found, report, request))
    say(f"{request.html}: written")
    if request.open_page:
        import webbrowser

        webbrowser.open(Path(request.html).resolve().as_uri())
