"""How a session's figures are said: large numbers, durations, money, tools by their names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.analysis.runs.cache_breaks import Cause
from ctxdebug.engine.session.survival import Fate
from ctxdebug.engine.session.turn import Began
from ctxdebug.model import UnseenKind
from ctxdebug.text.printable import excerpt

if TYPE_CHECKING:
    from ctxdebug.engine.session.assembly import Session
    from ctxdebug.engine.session.figures import Figures, Lost
    from ctxdebug.engine.session.survival import Survivor
    from ctxdebug.engine.session.turn import Stretch, Turn

_SHORT = {
    Cause.COMPACTION: "after a compaction",
    Cause.MODEL: "another model",
    Cause.PAUSE: "after a pause",
    Cause.PREFIX: "with neither a pause nor another model",
    Cause.UNKNOWN: "cause not known",
}


NOT_EXAMINED = "injected instructions and support by sources: ctxdebug check"
"""What the picture of a run leaves to the commands that look at single exchanges."""


@cache
def _tools() -> dict[str, str]:
    rows: dict[str, str] = json.loads(Path(__file__).with_name("tools.json").read_text("utf-8"))
    return rows


def tool_name(form: str) -> str:
    """Return the name of the program that wrote a log of a format."""
    return _tools().get(form, form)


def short_number(number: float) -> str:
    """Return 812, 9.1 k, 148 k, 2.4 M."""
    for size, letter in ((1_000_000, " M"), (1_000, " k")):
        if number >= size * 0.9995:
            value = number / size
            return f"{value:.1f}{letter}" if value < 9.95 else f"{value:,.0f}{letter}"
    return f"{number:,.0f}"


def duration(seconds: float) -> str:
    """Return 40 s, 12 min, 3 h 12 min, 2 d 4 h."""
    minutes = round(seconds / 60)
    if minutes < 2:
        return f"{seconds:.0f} s"
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{hours // 24} d {hours % 24} h"


def money(dollars: float) -> str:
    """Return an amount of USD, to the cent, or to two figures below one."""
    return f"${dollars:,.2f}" if dollars >= 0.1 or not dollars else f"${dollars:.2g}"


def cost_words(found: Figures, turns: int) -> str:
    """Return what a session cost, and of how many turns that is known; empty where of none."""
    if found.cost is None:
        return ""
    return money(found.cost) if found.priced == turns else f"{money(found.cost)} for {found.priced} of {turns} turns"


def causes(lost: Sequence[Lost]) -> str:
    """Return the causes of cache losses with their numbers, the commonest first."""
    counts: dict[Cause, int] = {}
    for one in lost:
        counts[one.cause] = counts.get(one.cause, 0) + 1
    ranked = sorted(counts.items(), key=lambda item: -item[1])
    return ", ".join(f"{number} {_SHORT[cause]}" for cause, number in ranked)


def fill_words(turn: Turn) -> str:
    """Return how full a turn's window is: recorded figures plain, counted ones with a tilde."""
    mark = "" if turn.call.recorded else "~"
    tokens = f"{mark}{short_number(turn.call.sent)}"
    if turn.window is None or turn.fill is None:
        return f"{tokens} tokens; the window is not known (--window)"
    return f"{tokens} of {short_number(turn.window.input_limit)} tokens ({mark}{turn.fill:.0%})"


def not_logged(session: Session) -> list[str]:
    """Return what the captures of a session do not keep, each said once, what no log of its kind keeps first."""
    unseen = [one for examined in session.examined for one in examined.snapshot.unseen]
    unseen.sort(key=lambda one: one.kind is not UnseenKind.NOT_LOGGED)
    return list(dict.fromkeys(one.what for one in unseen))


def uncounted(session: Session) -> str:
    """Return what the tokens are that the provider counted beyond the texts of the captures."""
    return "not in the capture" if not_logged(session) else "framing, counted beside the texts"


def began_words(stretch: Stretch) -> str:
    """How a stretch began, in words."""
    assert stretch.began is not None
    turn = stretch.turns[0].number
    if stretch.began is not Began.COMPACTION:
        return f"{stretch.began.value} at turn {turn}"
    of = f" from {short_number(stretch.tokens_before)} tokens" if stretch.tokens_before else ""
    by = (
        f" ({stretch.trigger})"
        if stretch.trigger in {"auto", "manual"}
        else ""
        if stretch.by_record
        else " (by its summary)"
    )
    return f"compaction{by} before turn {turn}{of}"


def survivor_words(one: Survivor) -> str:
    """Return what became of an instruction, in one sentence."""
    words = f"“{excerpt(one.text, 70)}” (turn {one.entered.number})"
    if one.fate is not None and one.at is not None and one.fate is not Fate.WORD_FOR_WORD:
        words += f" … {one.fate.value} at turn {one.at.number}"
    if one.broken is not None:
        words += f" … broken at turn {one.broken.number}"
        if one.fate is not Fate.LOST or one.at is None or one.broken.number < one.at.number:
            words += " while it was in the context"
    return words
