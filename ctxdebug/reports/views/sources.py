"""The sources, their conflicts, and the answer with its support, sentence by sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ctxdebug.engine.report import Examined
from ctxdebug.reports.cited import cited
from ctxdebug.reports.views import view
from ctxdebug.text.printable import clean_line, excerpt

if TYPE_CHECKING:
    from ctxdebug.analysis.sources.claim import Claim
    from ctxdebug.analysis.sources.sourced import Sourced

_MARKS = {"supported": "✓", "contradicted": "✗", "unsupported": "!"}
_MOST_IN_MATRIX = 12
_MOST_CITED = 12
"""Citations of the provider that are shown."""


def values(examined: Examined) -> dict[str, Any]:
    """Source table, conflicts, support and the whereabouts of expected facts as plain values."""
    analysis = examined.analysis
    sourced = analysis.sourced
    found = sourced.examination
    used = found.used
    judged = {(claim.start, claim.end): claim.verdict for claim in sourced.claims}
    return {
        "sources": [
            {
                "number": number,
                "name": sourced.name(number),
                "id": source.id or None,
                "title": source.title or None,
                "date": source.date or None,
                "segment": segment.id if segment is not None else None,
                "retrieved": source.retrieved,
                "tokens": _tokens(examined, segment.id if segment is not None else None),
                "from": _start(examined, segment.id if segment is not None else None),
                "used": number in used,
            }
            for number, (source, segment) in enumerate(zip(found.sources, sourced.segments, strict=True))
        ],
        "conflicts": [
            {
                "kind": conflict.kind,
                "basis": str(conflict.basis),
                "left": conflict.left.source,
                "right": conflict.right.source,
                "left_value": conflict.left_value,
                "right_value": conflict.right_value,
                "left_text": found.corpus.words(conflict.left),
                "right_text": found.corpus.words(conflict.right),
                "used": str(conflict.used) if conflict.used is not None else None,
                "score": round(conflict.score, 3),
            }
            for conflict in found.conflicts
        ],
        "answer": [
            {
                "text": support.text,
                "start": support.start,
                "end": support.end,
                "verdict": str(judged.get((support.start, support.end), support.verdict)),
                "sources": sorted({passage.source for passage in support.passages}),
                "note": support.note,
                "parts": [
                    {"kind": part.kind, "text": part.text, "verdict": str(part.verdict), "how": part.how}
                    for part in support.parts
                ],
            }
            for support in (found.supports if found.sources else ())
        ],
        "claims": [_claim(sourced, claim) for claim in sourced.claims],
        "citations": cited(sourced),
        "facts": [
            {"fact": one.fact, "verdict": str(one.place), "position": one.share, "note": one.note}
            for one in sourced.localisations
        ],
        "not_checked": list(found.not_checked),
    }


def _claim(sourced: Sourced, claim: Claim) -> dict[str, Any]:
    """Return a claim of the answer as plain values, with the sentence of the evidence beside it and only the words that differ."""
    corpus = sourced.examination.evidence.corpus
    return {
        "text": claim.text,
        "start": claim.start,
        "end": claim.end,
        "verdict": str(claim.verdict),
        "why": claim.why,
        "asserts": claim.asserts,
        "source": sourced.evidence_name(claim.passage) if claim.passage is not None else None,
        "evidence": corpus.words(claim.passage) if claim.passage is not None else None,
        "covered": round(claim.covered, 3),
        "differences": [
            {"kind": one.kind, "claimed": one.claimed, "stated": one.stated, "start": one.start, "end": one.end}
            for one in claim.differences
        ],
    }


def _tokens(examined: Examined, segment: str | None) -> int | None:
    count = examined.analysis.prompt.segments.get(segment) if segment else None
    return count.value if count is not None else None


def _start(examined: Examined, segment: str | None) -> float | None:
    prompt = examined.analysis.prompt
    return round(prompt.share(segment)[0], 4) if segment in prompt.segments and segment is not None else None


@view("sources", values)
def show(found: dict[str, Any], width: int) -> str:
    """Return the table, the matrix, the answer."""
    room = max(20, width - 8)
    lines = [" Sources        number · id · date · tokens · position · used by the answer"]
    for source in found["sources"]:
        tokens = f"{source['tokens']:,}" if source["tokens"] is not None else "?"
        place = f"{source['from']:.0%} in" if source["from"] is not None else "in the answer"
        used = "used" if source["used"] else "not used"
        lines.append(
            clean_line(
                f"  {source['number'] + 1:>3}  {source['name'][:44]:<44} {source['date'] or '-':<12} {tokens:>8}  {place:<8} {used}"
            )
        )
    if not found["sources"]:
        lines.append("  none in the context")
    lines += _matrix(found)
    for conflict in found["conflicts"]:
        left, right = conflict["left"] + 1, conflict["right"] + 1
        used = {"left": str(left), "right": str(right)}.get(
            conflict["used"] or "", conflict["used"] or "neither, or there is none"
        )
        lines.append(clean_line(f"  {left} ↔ {right}  {conflict['kind']}: {conflict['left_value']} against {conflict['right_value']}"
                                f"; the answer used {used}"))  # fmt: skip
        lines.append(f"     {left}: “{excerpt(conflict['left_text'], room)}”")
        lines.append(f"     {right}: “{excerpt(conflict['right_text'], room)}”")
    asserted = [claim for claim in found["claims"] if claim["asserts"]]
    if asserted:
        lines += ["", " Answer         ✓ supported · ✗ contradicted · ! in no source · ? not examined"]
    for claim in asserted:
        lines.append(f"  {_MARKS.get(claim['verdict'], '?')} {excerpt(claim['text'], room)}")
        lines += _beside(claim, room)
    lines += _cited(found, room)
    lines += [f"  fact “{excerpt(one['fact'], 60)}”: {clean_line(one['verdict'])}" for one in found["facts"]]
    if found["not_checked"]:
        lines.append(f"  not checked offline: {excerpt('; '.join(found['not_checked']), 400)}")
    return "\n".join(lines) + "\n"


def _cited(found: dict[str, Any], room: int) -> list[str]:
    if not found["citations"]:
        return []
    lines = ["", " Cited          by the provider: words of the answer · source · what is known of it"]
    for one in found["citations"][:_MOST_CITED]:
        names = ", ".join(one["sources"][:3]) or one["missing"] or ""
        lines.append(f"  “{excerpt(one['text'], room // 2)}” · {excerpt(names, room // 3)} · {one['verdict']}")
    more = len(found["citations"]) - _MOST_CITED
    return [*lines, f"  … and {more} more"] if more > 0 else lines


def _matrix(found: dict[str, Any]) -> list[str]:
    count = len(found["sources"])
    if not found["conflicts"] or count < 2:
        return []
    pairs: dict[tuple[int, int], int] = {}
    for conflict in found["conflicts"]:
        key = (min(conflict["left"], conflict["right"]), max(conflict["left"], conflict["right"]))
        pairs[key] = pairs.get(key, 0) + 1
    shown = sorted({number for pair in pairs for number in pair})[:_MOST_IN_MATRIX]
    lines = ["", "  conflicts   " + " ".join(f"{number + 1:>3}" for number in shown)]
    for row in shown:
        cells = [
            f"{pairs.get((min(row, column), max(row, column)), 0) or '·':>3}" if row != column else "  -"
            for column in shown
        ]
        lines.append(f"        {row + 1:>3}   " + " ".join(cells))
    return [*lines, ""]


def _beside(claim: dict[str, Any], room: int) -> list[str]:
    """Return what is shown under a claim: the evidence with the words that differ, the part that no source contains, or why it is open."""
    if claim["verdict"] == "supported":
        return [f"      {excerpt(claim['source'] or '', 24)}: {excerpt(claim['evidence'] or '', room - 28)}"]
    lines = [
        f"      {excerpt(one['kind'], 16)}: [{excerpt(one['claimed'], 40)}]"
        + (
            f" against [{excerpt(one['stated'], 40)}] in {excerpt(claim['source'] or '', 24)}"
            if one["stated"]
            else " is in no source"
        )
        for one in claim["differences"][:4]
    ]
    return lines or [f"      {excerpt(claim['why'], room)}"]
