"""What was blamed, for a person: a ranking with figures, and what the failure is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.proof.blaming.verdicts import Blame
from ctxdebug.proof.rows import head, row
from ctxdebug.text.plural import plural

if TYPE_CHECKING:
    from ctxdebug.proof.blaming.blame import Blamed
    from ctxdebug.proof.blaming.verdicts import Judged
    from ctxdebug.proof.sequential import Counts
    from ctxdebug.proof.trial import Experiment

_NAMES = {Blame.CONTRIBUTES: "contrib.", Blame.NOT_TESTED: "not tested"}
_MOST_INNOCENT = 8


def blamed_text(found: Blamed, experiment: Experiment, name: str, width: int) -> str:
    """Return the screen; captured text in it is made printable."""
    lines = [head(experiment, name), ""]
    lines += row("failure", f"{experiment.failure.words} · {found.whole} answers to the whole context fail", width)
    if not found.reproduced:
        lines += row("result", "not reproduced: the whole context does not fail, so nothing can be blamed", width)
    elif found.conclusion:
        lines += row("result", found.conclusion, width)
    else:
        lines += row("result", "no part is proved to be the cause", width)
    lines.append("")
    innocent = 0
    for one in found.ranked:
        if one.blame is Blame.INNOCENT:
            innocent += 1
            if innocent > _MOST_INNOCENT:
                continue
        lines += row(_NAMES.get(one.blame, one.blame.value), _figures(one), width)
    if innocent > _MOST_INNOCENT:
        lines += row("innocent", f"and {innocent - _MOST_INNOCENT} more (--format json)", width)
    for note in found.notes:
        lines += row("note", note, width)
    if found.error is not None:
        lines += row("stopped", f"{found.error}; the same command goes on from the record", width)
    return "\n".join(lines) + "\n"


def _figures(one: Judged) -> str:
    codes = f" {', '.join(one.codes)}" if one.codes else ""
    if one.effect is None:
        return f"{one.label}{codes} · {one.reason}"
    low, high = one.effect.low * 100, one.effect.high * 100
    parts = [f"{one.label}{codes}", f"then {one.counts} fail"]
    parts.append(
        f"{abs(one.effect.difference) * 100:.0f} points {_direction(one.effect.difference)} ({low:.0f} to {high:.0f} fewer), {_p(one.p)}"
    )
    if one.replaced is not None:
        parts.append(f"text about nothing in its place: {_fails(one.replaced)}")
    if one.alone is not None:
        parts.append(f"back alone: {_fails(one.alone)}")
    if one.reason:
        parts.append(one.reason)
    if one.blame is Blame.UNDECIDED and one.more:
        parts.append(f"about {plural(one.more, 'more call')} would decide")
    return " · ".join(parts)


def _direction(difference: float) -> str:
    return "fewer" if difference >= 0 else "more"


def _fails(counts: Counts) -> str:
    return f"{counts} fail"


def _p(value: float) -> str:
    return "p < 0.0001" if value < 0.0001 else f"p = {value:.4f}"
