"""Two contexts side by side, as text and as JSON values."""

from __future__ import annotations

from typing import Any

from ctxdebug.analysis.turns.differences import Change, Contrast, Difference
from ctxdebug.model import Kind, Snapshot, pointer_text
from ctxdebug.segmentation.block_names import block_names
from ctxdebug.text.printable import clean_line, excerpt

SIGNS = {
    Change.ADDED: "+",
    Change.DROPPED: "-",
    Change.CHANGED: "~",
    Change.MOVED: ">",
    Change.CUT: "<",
    Change.SAME: " ",
}
"""The sign of each kind of change."""
_AROUND = 60


def text(before: Snapshot, after: Snapshot, contrast: Contrast) -> str:
    """One line a difference, unchanged segments counted."""
    lines = [
        f"  {_title(before)}",
        f"  {_title(after)}",
        "",
        *changes(before, after, contrast),
    ]
    counts = [
        f"{len(found)} {change.value}"
        for change in Change
        if change is not Change.SAME and (found := contrast.of(change))
    ]
    lines += ["", "no difference" if contrast.empty else " · ".join(counts) or "only tools or parameters differ"]
    return "\n".join(lines) + "\n"


def changes(before: Snapshot, after: Snapshot, contrast: Contrast) -> list[str]:
    """Return what differs, a line each with the words of it, and how much is unchanged in between."""
    lines: list[str] = []
    same, names = 0, Names(before, after)
    for difference in contrast.segments:
        if difference.change is Change.SAME:
            same += 1
            continue
        if same:
            lines.append(f"    {same} unchanged")
            same = 0
        lines += _difference(difference, names)
    if same:
        lines.append(f"    {same} unchanged")
    return lines + _settings(contrast)


def _title(snapshot: Snapshot) -> str:
    where = pointer_text(snapshot.pointer)
    return clean_line(
        f"{snapshot.path}{f' at {where}' if where else ''}   {snapshot.model or '?'}, {len(snapshot.messages)} messages"
    )


def _difference(difference: Difference, names: Names) -> list[str]:
    sign, segment = SIGNS[difference.change], difference.segment
    line = f"  {sign} {difference.change.value:<8} {names.who(difference):<34} {len(segment.text):>7,} characters"
    if difference.before is not None and difference.after is not None and difference.change is not Change.MOVED:
        old, new = difference.before.text, difference.after.text
        start = max(0, difference.at - 20)
        return [
            f"{line}, was {len(old):,}",
            f"             - {excerpt(old[start : difference.at + _AROUND], 100)}",
            f"             + {excerpt(new[start : difference.at + _AROUND], 100)}",
        ]
    if difference.change is Change.MOVED and difference.before is not None:
        return [f"{line}, was {names.before[difference.before.id]}"]
    return [line, f"             {sign} {excerpt(segment.text, 100)}"]


class Names:
    """What the segments of two contexts are called."""

    def __init__(self, before: Snapshot, after: Snapshot) -> None:
        self.before, self.after = block_names(before), block_names(after)

    def who(self, difference: Difference) -> str:
        """Return what a segment is called in a list of differences."""
        segment = difference.segment
        name = (self.before if difference.after is None else self.after)[segment.id]
        if segment.document is not None:
            return excerpt(f"{name}, document", 34)
        kind = "" if segment.kind is Kind.TEXT else f" {segment.kind.value}"
        return excerpt(f"{name}, {segment.role.value}{kind}{f' {segment.tool}' if segment.tool else ''}", 34)


def _settings(contrast: Contrast) -> list[str]:
    lines = [
        f"  {sign} tool     {clean_line(name)}"
        for sign, names in (("+", contrast.tools_added), ("-", contrast.tools_dropped), ("~", contrast.tools_changed))
        for name in names
    ]
    if contrast.tools_reordered:
        lines.append("  > tools    in another order")
    for name, old, new in contrast.parameters:
        lines.append(f"  ~ setting  {clean_line(name)}: {excerpt(repr(old), 60)} → {excerpt(repr(new), 60)}")
    return lines


def values(before: Snapshot, after: Snapshot, contrast: Contrast) -> dict[str, Any]:
    """Return the same as plain values, version 1."""
    return {
        "version": 1,
        "before": {"path": before.path, "pointer": pointer_text(before.pointer), "model": before.model},
        "after": {"path": after.path, "pointer": pointer_text(after.pointer), "model": after.model},
        "segments": [
            {
                "change": item.change.value,
                "before": item.before.id if item.before else None,
                "after": item.after.id if item.after else None,
                "role": item.segment.role.value,
                "kind": item.segment.kind.value,
                "at": item.at,
                "text_before": item.before.text if item.before and item.change is not Change.SAME else None,
                "text_after": item.after.text if item.after and item.change is not Change.SAME else None,
            }
            for item in contrast.segments
        ],
        "tools": {
            "added": list(contrast.tools_added),
            "dropped": list(contrast.tools_dropped),
            "changed": list(contrast.tools_changed),
            "reordered": contrast.tools_reordered,
        },
        "parameters": [{"name": name, "before": old, "after": new} for name, old, new in contrast.parameters],
    }
