"""What `diff` does: read two exchanges, compare them, tell."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from ctxdebug.analysis.turns.differences import Contrast, contrast
from ctxdebug.commands.delivery import deliver, matched
from ctxdebug.commands.one_exchange import one_snapshot
from ctxdebug.commands.stages import Stages
from ctxdebug.engine.run import RunOptions, run
from ctxdebug.errors import UsageError
from ctxdebug.loading.load import LoadOptions
from ctxdebug.model import Snapshot
from ctxdebug.records import replace
from ctxdebug.reports import contrasts
from ctxdebug.reports.json_text import safe_json
from ctxdebug.reports.lines import problem_line

if TYPE_CHECKING:
    from ctxdebug.engine.session.turn import Turn


def show_difference(
    before: tuple[str, int | None],
    after: tuple[str, int | None],
    formats: tuple[str, ...],
    outputs: tuple[str, ...],
    options: LoadOptions,
) -> int:
    """Compare two (path, exchange number from 1 or the last); 0 when nothing differs, else 1."""
    with Stages("no comparison was written") as stages:
        stages.begin(f"reading {before[0]}")
        old = one_snapshot(*before, options)
        stages.done(f"{before[0]} read")
        stages.begin(f"reading {after[0]}")
        new = one_snapshot(*after, options)
        stages.done(f"{after[0]} read")
        stages.begin("comparing")
        return _show(old, new, formats, outputs)


def show_turns(
    path: str, turns: str, name: str | None, formats: tuple[str, ...], outputs: tuple[str, ...], options: RunOptions
) -> int:
    """Compare two turns of the session in a file, `88..89`; 0 when nothing differs, else 1."""
    from ctxdebug.commands.session import chosen, main_session, turn_of
    from ctxdebug.engine.selection import Selection
    from ctxdebug.engine.session.assembly import sessions

    first, dots, second = turns.partition("..")
    if not (dots and first.isdecimal() and second.isdecimal() and len(turns) < 20):
        raise UsageError(f"--turns takes two numbers, as in 88..89, not {turns!r}")
    report = run([path], replace(options, selection=Selection(("MEM104",))), keep=True)
    for problem in report.problems:
        sys.stderr.write(problem_line(problem) + "\n")
    found = chosen(sessions(report), name)
    if not found:
        return 2
    session = main_session(found)
    old, new = (_context(turn_of(session, int(number))) for number in (first, second))
    return _show(old, new, formats, outputs)


def _context(turn: Turn) -> Snapshot:
    """Return what a turn read, as an exchange of its own."""
    held = turn.examined.snapshot
    return replace(held, messages=tuple(turn.context()), model=turn.call.model or held.model)


def _show(old: Snapshot, new: Snapshot, formats: tuple[str, ...], outputs: tuple[str, ...]) -> int:
    chosen = matched(formats, outputs, ("text", "json", "html"))
    found = contrast(old, new)
    texts = [_FORMATS[name](old, new, found) for name in chosen.formats]
    deliver(texts, chosen.outputs, chosen.formats)
    return 0 if found.empty else 1


def _json(old: Snapshot, new: Snapshot, found: Contrast) -> str:
    return safe_json(json.dumps(contrasts.values(old, new, found), ensure_ascii=False, indent=1)) + "\n"


def _html(old: Snapshot, new: Snapshot, found: Contrast) -> str:
    from ctxdebug.reports.page.contrast import contrast_page

    return contrast_page(old, new, found)


_FORMATS = {"text": contrasts.text, "json": _json, "html": _html}
