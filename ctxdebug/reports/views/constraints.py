"""Every instruction of the context: whose it is, where it is, and whether the answer keeps it."""

from __future__ import annotations

from typing import Any

from ctxdebug.engine.report import Examined
from ctxdebug.reports.views import view
from ctxdebug.segmentation.block_names import block_names
from ctxdebug.text.printable import clean_line, excerpt


def values(examined: Examined) -> dict[str, Any]:
    """Entries and clashes as plain values; offsets count characters of the segment."""
    register, names = examined.analysis.constraints, block_names(examined.snapshot)
    return {
        "entries": [
            {
                "id": entry.id,
                "type": entry.constraint.type,
                "params": {key: value for key, value in entry.constraint.params.items() if _plain(value)},
                "parts": [str(part) for part in entry.constraint.parts],
                "polarity": "-" if entry.constraint.negative else "+",
                "strength": str(entry.constraint.strength),
                "condition": entry.constraint.condition,
                "target": str(entry.constraint.target),
                "scope": str(entry.constraint.scope),
                "authority": entry.authority.name.lower(),
                "segment": entry.segment.id,
                "place": names[entry.segment.id],
                "start": entry.constraint.start,
                "end": entry.constraint.end,
                "text": entry.constraint.text,
                "depth": round(entry.depth, 4),
                "tokens_to_end": entry.to_end,
                "status": str(entry.status),
                "by": entry.by,
                "verdict": None if entry.verdict is None else str(entry.verdict.outcome),
                "examined": str(entry.examination),
                "reason": entry.constraint.unchecked if entry.verdict is None else entry.verdict.reason,
            }
            for entry in register.entries
        ],
        "clashes": [
            {
                "first": clash.first.id,
                "second": clash.second.id,
                "rule": clash.rule,
                "reason": clash.reason,
                "wins_by_authority": clash.authority_winner.id if clash.authority_winner else None,
                "wins_by_position": clash.position_winner.id,
            }
            for clash in register.clashes
        ],
        "compared": register.compared,
        "kept": len(register.kept),
        "broken": len(register.broken),
        "not_checkable": len(register.not_checkable),
        "unread": [
            {
                "segment": text.segment.id,
                "place": names[text.segment.id],
                "language": text.language,
                "reason": text.why,
            }
            for text in register.unread
        ],
    }


def _plain(value: Any) -> bool:
    return isinstance(value, (str, int, float, bool, type(None))) or (
        isinstance(value, (list, tuple)) and all(isinstance(item, (str, int, float, bool)) for item in value)
    )


@view("constraints", values)
def show(found: dict[str, Any], width: int) -> str:
    """Return a line an instruction, in order of place."""
    counts = f"{found['kept']} kept · {found['broken']} broken · {found['not_checkable']} not checkable"
    lines = [f" Instructions   {counts}"]
    room = max(20, width - 8)
    called = {entry["id"]: f"“{excerpt(entry['text'], 40)}”" for entry in found["entries"]}
    for entry in found["entries"]:
        judged = entry["verdict"] is not None or entry["reason"]
        verdict = f" · {entry['examined']}" if judged else ""
        reason = f" ({entry['reason']})" if entry["reason"] else ""
        by = f" by {called.get(entry['by'], entry['by'])}" if entry["by"] else ""
        head = (
            f"{entry['authority']} · {entry['place']}, {entry['depth']:.0%} in, {entry['tokens_to_end']:,} tokens to the end"
            f" · {entry['status']}{by}{verdict}{reason}"
        )
        sign = "not " if entry["polarity"] == "-" else ""
        lines.append(f"  {entry['type']:<20} {sign}“{excerpt(entry['text'], room - 24)}”")
        lines.append(f"     {excerpt(head, room)}")
    if not found["entries"]:
        lines.append("  no instruction was recognised")
    lines.extend(clean_line(f"  {text['place']} not read: {text['reason']}") for text in found["unread"])
    for clash in found["clashes"]:
        first, second = called[clash["first"]], called[clash["second"]]
        winner = {clash["first"]: "the first", clash["second"]: "the second", None: "neither"}
        wins = (
            f"by authority {winner[clash['wins_by_authority']]} wins, by position {winner[clash['wins_by_position']]}"
        )
        lines.append(clean_line(f"  {first} ↔ {second}"))
        lines.append(clean_line(f"     {clash['reason']} ({wins})"))
    if not found["compared"]:
        lines.append("  too many instructions to compare with each other")
    return "\n".join(lines) + "\n"
