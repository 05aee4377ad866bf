"""A session as one self-contained page: the timeline, each turn on a click, and what matters without any script.

Everything captured is masked before it is shortened or packed, since nothing can be found in it afterwards.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from ctxdebug.engine.session.figures import Figures, figures
from ctxdebug.engine.session.survival import Survival, survival
from ctxdebug.records import record
from ctxdebug.reports.page.blocks import role_of
from ctxdebug.reports.page.shell import render_page
from ctxdebug.reports.session.flame import flame
from ctxdebug.reports.session.payload import brief, payload
from ctxdebug.reports.session.words import (
    NOT_EXAMINED,
    causes,
    cost_words,
    duration,
    fill_words,
    money,
    not_logged,
    short_number,
    survivor_words,
    tool_name,
    uncounted,
)
from ctxdebug.reports.verdict_marks import SEVERITY_MARKS
from ctxdebug.text.plural import plural

if TYPE_CHECKING:
    from ctxdebug.engine.session.assembly import Session
    from ctxdebug.engine.session.survival import Survivor
    from ctxdebug.engine.session.turn import Turn
    from ctxdebug.model import Finding

HEIGHT = 100
_ROLES = ("system", "developer", "user", "document", "tool", "assistant", "other")
_MOST_BLOCKS = 20


@record(frozen=True, slots=True)
class Area:
    """What one role takes of every prompt, as a path over all turns."""

    role: str
    path: str


def session_page(session: Session) -> str:
    """Return the page of one session."""
    found, kept = figures(session), survival(session)
    turns = session.turns
    return render_page(
        "session.html.jinja",
        styles=("page.css", "session.css"),
        scripts=("session.js",),
        title=brief(PurePath(session.paths[0]).name, 80),
        about=_about(session, found),
        facts=_facts(session, found, kept),
        areas=_areas(turns),
        beyond=uncounted(session),
        roles=_ROLES,
        height=HEIGHT,
        turns=len(turns),
        step=100 / len(turns),
        pins=_pins(session),
        breaks=[(turn.number - 1, turn.stretch.began.value) for turn in turns if turn.first and turn.stretch.began is not None],
        lanes=[brief(lane, 60) or "main" for lane in session.lanes],
        findings=[_finding(number, finding, turn) for number, (finding, turn) in enumerate(session.findings)],
        instructions=[_instruction(one) for one in kept.instructions],
        values=[(brief(one.text, 80), one.what, one.at.number, one.used.number if one.used else None) for one in kept.values[:40]],
        flame=[(cell, brief(cell.words, 200), brief(cell.label, 60)) for cell in flame(found, uncounted(session))],
        blocks=[(block, brief(block.title, 90), short_number(block.total)) for block in found.blocks[:_MOST_BLOCKS]],
        lost=[(one, money(one.price) if one.price is not None else "") for one in found.lost],
        not_logged=not_logged(session),
        not_examined=NOT_EXAMINED,
        data=payload(session),
    )  # fmt: skip


def _about(session: Session, found: Figures) -> str:
    models = [model for model in found.models if model != "?"]
    parts = [
        tool_name(session.examined[0].snapshot.format),
        brief(", ".join(models), 120),
        plural(len(session.turns), "turn"),
    ]
    parts += [duration(found.seconds)] if found.seconds is not None else []
    parts += [cost_words(found, len(session.turns))]
    return " · ".join(part for part in parts if part)


def _facts(session: Session, found: Figures, kept: Survival) -> list[tuple[str, str]]:
    fullest = max(session.turns, key=lambda turn: (turn.fill or 0.0, turn.call.sent))
    rows = [("fill", f"at most {fill_words(fullest)}, at turn {fullest.number}")]
    begun = [stretch for stretch in session.stretches if stretch.began is not None and stretch.turns]
    if begun:
        rows.append(
            (
                "contexts",
                "; ".join(f"{one.began.value if one.began else ''} before turn {one.turns[0].number}" for one in begun),
            )
        )
    if found.cached is not None:
        words = f"{found.cached / max(1, found.cacheable):.0%} of the prompt tokens read from it"
        if found.lost:
            tokens = sum(one.tokens for one in found.lost)
            words += f"; lost {plural(len(found.lost), 'time')} ({causes(found.lost)}), {short_number(tokens)} tokens read anew"
        rows.append(("cache", words))
    rows.append(
        (
            "sent",
            f"{short_number(found.sent)} prompt tokens for {short_number(found.unique)} different ones: {found.replay:.0f} × replay",
        )
    )
    if found.uses:
        rows.append(("tools", f"{plural(found.uses, 'call')}, {found.failed} failed"))
    if len(session.lanes) > 1:
        rows.append(("lanes", ", ".join(brief(lane or "main", 40) for lane in session.lanes)))
    if session.left:
        rows.append(("branches", f"{plural(session.left, 'message')} on branches that were left are not shown"))
    rows.append(
        (
            "instructions",
            f"{len(kept.instructions)} standing, {len(kept.lost)} lost in compactions"
            if kept.instructions
            else "not checked: no standing instruction was recognised",
        )
    )
    return rows


def _areas(turns: list[Turn]) -> list[Area]:
    """Return the roles' shares of every prompt, stacked; what was counted beyond the texts is on top of them."""
    sums = _by_role(turns)
    largest = max(1, *(max(turn.call.sent, sum(held.values())) for turn, held in zip(turns, sums, strict=True)))
    below = [0.0] * len(turns)
    found = []
    for role in (*_ROLES, "gap"):
        tokens = [
            max(0, turn.call.sent - sum(held.values())) if role == "gap" else held.get(role, 0)
            for turn, held in zip(turns, sums, strict=True)
        ]
        if any(tokens):
            above = [low + HEIGHT * size / largest for low, size in zip(below, tokens, strict=True)]
            found.append(Area(role, _path(below, above)))
            below = above
    return found


def _path(below: list[float], above: list[float]) -> str:
    """Return a band of steps, one unit wide each, from the left."""
    top = "".join(f"{'M' if not at else 'L'}{at} {HEIGHT - y:.1f}H{at + 1}" for at, y in enumerate(above))
    bottom = "".join(f"L{at + 1} {HEIGHT - y:.1f}H{at}" for at, y in reversed(list(enumerate(below))))
    return f"{top}{bottom}Z"


def _by_role(turns: list[Turn]) -> list[dict[str, int]]:
    """Tokens of each role in every prompt; the turns of one context grow out of each other."""
    found: list[dict[str, int]] = []
    running: dict[int, tuple[int, dict[str, int]]] = {}
    for turn in turns:
        prompt = turn.examined.analysis.prompt
        tools = {"other": prompt.tools.value} if prompt.tools.value else {}
        start, held = running.get(id(turn.examined), (0, tools))
        held = dict(held)
        for message in turn.examined.snapshot.messages[start : turn.call.read]:
            for segment in message.segments:
                role = role_of(segment)
                held[role] = held.get(role, 0) + prompt.segments[segment.id].value
        running[id(turn.examined)] = turn.call.read, held
        found.append(held)
    return found


def _pins(session: Session) -> list[tuple[int, int, str, str]]:
    """(turn, number of the finding, severity, its words), the gravest of each turn."""
    best: dict[int, tuple[int, int, str, str]] = {}
    for number, (finding, turn) in enumerate(session.findings):
        best.setdefault(
            turn.number, (turn.number, number, finding.severity.word, f"{finding.code} at turn {turn.number}")
        )
    return sorted(best.values())


def _finding(number: int, finding: Finding, turn: Turn) -> dict[str, Any]:
    return {
        "number": number,
        "turn": turn.number,
        "severity": finding.severity.word,
        "symbol": SEVERITY_MARKS[finding.severity],
        "code": finding.code,
        "name": finding.name,
        "message": brief(finding.message, 600),
        "fix": brief(finding.fix.replace("\n", " "), 600),
        "quotes": [(brief(one.text, 400), brief(one.note, 160)) for one in finding.evidence[:6] if one.text.strip()],
    }


def _instruction(one: Survivor) -> dict[str, Any]:
    return {
        "text": brief(one.text, 300),
        "entered": one.entered.number,
        "last": one.last.number,
        "fate": one.fate.value if one.fate is not None else "",
        "words": brief(survivor_words(one), 400),
        "broken": one.broken.number if one.broken is not None else None,
        "checked": one.checked,
        "why": brief(one.why, 160),
    }
