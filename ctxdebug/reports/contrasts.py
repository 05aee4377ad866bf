"""Two contexts side by side, as text and as JSON values."""

from __future__ import annotations

from typing import Any

from ctxdebug.analysis.turns.differences import Change, Contrast, Difference
from ctxdebug.model import Kind, Segment, Snapshot, pointer_text
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
    ]
    same = 0
    for difference in contrast.segments:
        if difference.change is Change.SAME:
            same += 1
            continue
        if same:
            lines.append(f"    {same} unchanged")
            same = 0
        lines += _difference(difference)
    if same:
        lines.append(f"    {same} unchanged")
    lines += _settings(contrast)
    counts = [
        f"{len(found)} {change.value}"
        for change in Change
        if change is not Change.SAME and (found := contrast.of(change))
    ]
    lines += ["", "no difference" if contrast.empty else " · ".join(counts) or "only tools or parameters differ"]
    return "\n".join(lines) + "\n"


def _title(snapshot: Snapshot) -> str:
    where = pointer_text(snapshot.pointer)
    return clean_line(
        f"{snapshot.path}{f' at {where}' if where else ''}   {snapshot.model or '?'}, {len(snapshot.messages)} messages"
    )


def _difference(difference: Difference) -> list[str]:
    sign, segment = SIGNS[difference.change], difference.segment
    line = f"  {sign} {difference.change.value:<8} {who(segment):<34} {len(segment.text):>7,} characters"
    if difference.before is not None and difference.after is not None and difference.change is not Change.MOVED:
        old, new = difference.before.text, difference.after.text
        start = max(0, difference.at - 20)
        return [
            f"{line}, was {len(old):,}",
            f"             - {excerpt(old[start : difference.at + _AROUND], 100)}",
            f"             + {excerpt(new[start : difference.at + _AROUND], 100)}",
        ]
    if difference.change is Change.MOVED and difference.before is not None:
        return [f"{line}, was {difference.before.id}"]
    return [line, f"             {sign} {excerpt(segment.text, 100)}"]


def who(segment: Segment) -> str:
    """What a segment is called in a list of differences."""
    document = segment.document
    if document is not None:
        name = document.id or document.title or "document"
        return clean_line(f"{segment.id} document {name}")[:34]
    kind = "" if segment.kind is Kind.TEXT else f" {segment.kind.value}"
    return clean_line(f"{segment.id} {segment.role.value}{kind}{f' {segment.tool}' if segment.tool else ''}")[:34]


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
    """The same as plain values, version 1."""
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
