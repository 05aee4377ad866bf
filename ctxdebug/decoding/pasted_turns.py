"""The turns of a chat that somebody pasted: who speaks, told by labels in any of the usual styles."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ctxdebug.records import record

_STYLE = r"""
    ^[ \t]{0,3}
    (?:>[ ])?
    (?P<open>\#{1,6}[ \t]+|_\*\*|\*\*_|\*\*|__|\[|<)?
    (?P<name>%s)
    (?P<more>[ \t]*\([^()\n]{1,60}\))?
    (?P<inner>:?)
    (?P<close>\*\*_|_\*\*|\*\*|__|\]|>)?
    (?P<colon>[ \t]?:)?
    (?P<rest>[ \t]*$|[ \t]+|(?<=:))
"""
"""A label: a name, emphasised or not, with a colon inside or after the emphasis; a heading needs none."""


@record(frozen=True, slots=True)
class PastedTurn:
    """One turn: a role, the label as it was written, and where its text begins and ends."""

    role: str
    label: str
    start: int
    end: int
    more: str | None = None
    """What follows the name in parentheses: a model, a time."""


@cache
def _speakers() -> tuple[re.Pattern[str], Mapping[str, str]]:
    held = json.loads(Path(__file__).with_name("speakers.json").read_text("utf-8"))
    roles = {name: role for role in ("user", "assistant", "system", "tool") for name in held[role]}
    names = "|".join(re.escape(name).replace(r"\ ", r"[ ]") for name in sorted(roles, key=len, reverse=True))
    return re.compile(_STYLE % names, re.IGNORECASE | re.MULTILINE | re.VERBOSE), roles


def pasted_turns(text: str) -> list[PastedTurn]:
    """Return the turns of a chat; none unless both sides speak, and the first label is near the beginning."""
    pattern, roles = _speakers()
    labels = [label for label in pattern.finditer(text) if _is_label(label)]
    if not labels or text[: labels[0].start()].count("\n") > _LATEST:
        return []
    ends = [label.start() for label in labels[1:]] + [len(text)]
    found = []
    for label, end in zip(labels, ends, strict=True):
        body = text[label.end() : end]
        start = label.end() + len(body) - len(body.lstrip())
        stop = label.end() + len(_without_rule(body))
        role = roles[" ".join(label["name"].lower().split())]
        found.append(PastedTurn(role, label["name"], start, max(start, stop), label["more"]))
    spoken = {turn.role for turn in found if turn.end > turn.start}
    return found if {"user", "assistant"} <= spoken else []


_LATEST = 30
"""Lines that may stand before the first label: a title, the date of an export."""


def _is_label(label: re.Match[str]) -> bool:
    """Whether a name at the beginning of a line is a label: it has a colon, or is a heading or emphasis of its own line."""
    if label["inner"] or label["colon"]:
        return True
    alone = not label["rest"].strip() and label.end() == label.string.find("\n", label.start()) % (
        len(label.string) + 1
    )
    return label["open"] is not None and alone


def _without_rule(body: str) -> str:
    """Return a turn's text without the rule that parts it from the next one."""
    return re.sub(r"\n(?:-{3,}|_{3,}|\*{3,}|={3,})\s*\Z", "", body.rstrip()).rstrip()
