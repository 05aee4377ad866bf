"""Every directive in untrusted content, in its place: how it was found, what makes it worse, and whether it was obeyed."""

from __future__ import annotations

from typing import Any

from ctxdebug.engine.report import Examined
from ctxdebug.reports.views import view
from ctxdebug.text.printable import clean_line, excerpt


def values(examined: Examined) -> list[dict[str, Any]]:
    """Directives as plain values; offsets count characters of the segment."""
    analysis = examined.analysis
    return [
        {
            "segment": directive.segment.id,
            "start": directive.passage.start,
            "end": directive.passage.end,
            "text": directive.words,
            "tool": directive.segment.tool,
            **directive.facts(),
        }
        for directive in (*analysis.directives, *analysis.overrides)
    ]


@view("injection", values)
def show(found: list[dict[str, Any]], width: int) -> str:
    """A few lines a directive."""
    if not found:
        return " Injection      no directive was found in untrusted content; images, other languages and unknown encodings were not read\n"
    lines = [" Injection      directives in untrusted content, in order of place"]
    room = max(20, width - 8)
    for one in found:
        frames = ", ".join(one["frames"]) or "no frame"
        source = f"{one['channel']} of {one['tool']}" if one["tool"] else one["channel"]
        lines.append(clean_line(f"  {one['segment']}  {source} · {one['grade']} · {frames} · score {one['score']}"))
        lines.append(f"     “{excerpt(one['text'], room)}”")
        if one["decoded"]:
            lines.append(f"     decoded ({clean_line(str(one['how']))}): “{excerpt(one['decoded'], room - 20)}”")
        reasons = [*one["raised"], *([one["reason"]] if one["reason"] else [])]
        lines += [f"     {excerpt(reason, room)}" for reason in reasons]
        if one["asked_in"]:
            lines.append(f"     asked for, or delegated, in {one['asked_in']}")
        lines += [f"     obeyed: {excerpt(act['shows'], room - 20)} ({act['segment']})" for act in one["obeyed"]]
        if not one["obeyed"]:
            lines.append("     not obeyed, as far as the capture shows")
    return "\n".join(lines) + "\n"
