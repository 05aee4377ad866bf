"""Two contexts side by side, as one self-contained page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.turns.differences import Change, Contrast, Difference
from ctxdebug.model import Snapshot, pointer_text
from ctxdebug.records import record
from ctxdebug.reports.addresses import shown_path
from ctxdebug.reports.contrasts import SIGNS, Names
from ctxdebug.reports.page.chips import chips, contrasted
from ctxdebug.reports.page.shell import render_page
from ctxdebug.text.printable import clean_line, excerpt

if TYPE_CHECKING:
    from markupsafe import Markup

_LONGEST = 20_000
"""Characters of one side of a block that are shown; of a changed text those around its first difference."""


@record(frozen=True, slots=True)
class Row:
    """One block in both contexts; None where it is not there."""

    change: str
    sign: str
    who: str
    sizes: str
    before: Markup | None
    after: Markup | None


def contrast_page(before: Snapshot, after: Snapshot, contrast: Contrast, *, embedded: bool = False) -> str:
    """Return the page of everything that differs between two contexts, or a part of a notebook that says the same."""
    counts = [f"{len(found)} {change.value}" for change in Change if (found := contrast.of(change))]
    names = Names(before, after)
    return render_page(
        "diff.html.jinja",
        embedded=embedded,
        summary="no difference" if contrast.empty else ", ".join(counts),
        before=_title(before),
        after=_title(after),
        settings=_settings(contrast),
        rows=[_row(one, names) for one in contrast.segments],
    )


def _title(snapshot: Snapshot) -> str:
    where = pointer_text(snapshot.pointer)
    model = snapshot.model or "model not named"
    return clean_line(
        f"{shown_path(snapshot.path)}{f' at {where}' if where else ''}, {model}, {len(snapshot.messages)} messages"
    )


def _settings(contrast: Contrast) -> list[tuple[str, str, str]]:
    found = [
        (f"tool {word}: {clean_line(name)}", "", "")
        for word, names in (
            ("added", contrast.tools_added),
            ("dropped", contrast.tools_dropped),
            ("changed", contrast.tools_changed),
        )
        for name in names
    ]
    if contrast.tools_reordered:
        found.append(("the tools are in another order", "", ""))
    return found + [
        (clean_line(name), excerpt(repr(old), 200), excerpt(repr(new), 200)) for name, old, new in contrast.parameters
    ]


def _row(one: Difference, names: Names) -> Row:
    old = _shown(one.before.text, one.at) if one.before is not None else None
    new = _shown(one.after.text, one.at) if one.after is not None else None
    sizes = " → ".join(f"{len(side.text):,}" for side in (one.before, one.after) if side is not None) + " characters"
    sides: tuple[Markup | None, Markup | None]
    if old is not None and new is not None and one.change in {Change.CHANGED, Change.CUT}:
        sides = contrasted(old, new)
    else:
        sides = (None if old is None else chips(old), None if new is None else chips(new))
    return Row(one.change.value, SIGNS[one.change].strip() or "=", names.who(one), sizes, *sides)


def _shown(text: str, at: int) -> str:
    """Return a text, or of a long one what stands around its first difference."""
    if len(text) <= _LONGEST:
        return text
    start = max(0, at - _LONGEST // 2)
    return f"{'…' if start else ''}{text[start : start + _LONGEST]}…"
