"""Every directive in untrusted content, and where the values of calls with side effects came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.directives import provenance
from ctxdebug.engine.report import Examined
from ctxdebug.reports.views import view
from ctxdebug.segmentation.block_names import block_names
from ctxdebug.text.printable import clean_line, excerpt

if TYPE_CHECKING:
    from ctxdebug.analysis.directives import Directive


def values(examined: Examined) -> list[dict[str, Any]]:
    """Directives as plain values; offsets count characters of the segment."""
    analysis, names = examined.analysis, block_names(examined.snapshot)
    return [
        {
            "segment": directive.segment.id,
            "place": names[directive.segment.id],
            "start": directive.passage.start,
            "end": directive.passage.end,
            "text": directive.words,
            "tool": directive.segment.tool,
            **_facts(directive, names),
        }
        for directive in (*analysis.directives, *analysis.overrides)
    ] + [
        {
            "segment": traced.segment.id,
            "place": names[traced.segment.id],
            "start": traced.start,
            "end": traced.end,
            "value": traced.value,
            "first_in": traced.source.id,
            "first_place": names[traced.source.id],
            "why": traced.why,
        }
        for traced in provenance(analysis.snapshot, every=True)
    ]


def _facts(directive: Directive, names: dict[str, str]) -> dict[str, Any]:
    """Return a directive's own values, its places by name too."""
    facts = directive.facts()
    obeyed = [{**act, "place": names[act["segment"]]} for act in facts["obeyed"]]
    return {**facts, "asked_place": names.get(facts["asked_in"] or ""), "obeyed": obeyed}


@view("injection", values)
def show(found: list[dict[str, Any]], width: int) -> str:
    """Return a few lines a directive."""
    directives = [one for one in found if "value" not in one]
    traced = [one for one in found if "value" in one]
    lines = [
        " Injection      directives in untrusted content, in order of place"
        if directives
        else " Injection      no directive was found in untrusted content; images and unknown encodings were not read"
    ]
    room = max(20, width - 8)
    for one in directives:
        frames = ", ".join(one["frames"]) or "no frame"
        source = f"{one['channel']} of {one['tool']}" if one["tool"] else one["channel"]
        lines.append(clean_line(f"  {one['place']}  {source} · {one['grade']} · {frames} · score {one['score']}"))
        lines.append(f"     “{excerpt(one['text'], room)}”")
        if one["decoded"]:
            lines.append(f"     decoded ({clean_line(str(one['how']))}): “{excerpt(one['decoded'], room - 20)}”")
        reasons = [*one["raised"], *([one["reason"]] if one["reason"] else [])]
        lines += [f"     {excerpt(reason, room)}" for reason in reasons]
        if one["asked_place"]:
            lines.append(clean_line(f"     asked for, or delegated, in {one['asked_place']}"))
        lines += [
            f"     obeyed: {excerpt(act['shows'], room - 20)} ({clean_line(act['place'])})" for act in one["obeyed"]
        ]
        if not one["obeyed"]:
            lines.append("     not obeyed, as far as the capture shows")
    if traced:
        lines.append("  values of calls with side effects that untrusted text named first")
    for one in traced:
        finding = f": {one['why']}" if one["why"] else ""
        lines.append(f"     {one['place']} from {one['first_place']}  {excerpt(one['value'] + finding, room)}")
    return "\n".join(lines) + "\n"
