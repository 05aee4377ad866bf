"""What was blamed, for a person: a ranking with figures, and what the failure is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.proof.blaming.verdicts import Blame
from ctxdebug.proof.rows import head, row
from ctxdebug.text.plural import plural

if TYPE_CHECKING:
    from ctxdebug.proof.attribution.attribution import Attribution
    from ctxdebug.proof.blaming.blamed import Blamed
    from ctxdebug.proof.blaming.verdicts import Judged
    from ctxdebug.proof.sequential import Counts
    from ctxdebug.proof.trial import Experiment

_NAMES = {Blame.CONTRIBUTES: "contrib.", Blame.NOT_TESTED: "untested"}
_MOST_INNOCENT = 8
_MOST_ATTRIBUTED = 5


def blamed_text(found: Blamed, experiment: Experiment, name: str, width: int) -> str:
    """Return the screen; captured text in it is made printable."""
    lines = [head(experiment, name), ""]
    lines += row("failure", f"{experiment.failure.words} · {found.whole} answers to the whole context fail", width)
    if found.interrupted and not found.whole.runs:
        lines += row("result", "interrupted before it was known whether the whole context fails", width)
    elif not found.reproduced:
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
    if found.doses is not None:
        lines += row("doses", f"of {found.doses.doses[0].parts} parts, with {found.doses}", width)
    if found.attribution is not None:
        lines += row("logprobs", _attribution(found.attribution), width)
    for note in found.notes:
        lines += row("note", note, width)
    if found.error is not None:
        lines += row("stopped", f"{found.error}; the same command goes on from the record", width)
    return "\n".join(lines) + "\n"


def _attribution(found: Attribution) -> str:
    """Return what log-probabilities said, and that it is no proof."""
    if found.missing:
        return f"not used: {found.missing}; each part was asked for"
    means = f"the answer lacks {found.words}" if found.is_wanted else f"the answer says {found.words}"
    named = " · ".join(f"× {one.times:.3g} {one.unit.label}" for one in found.parts[:_MOST_ATTRIBUTED])
    raised = f"the odds that {means} are raised by: {named}" if named else f"no part raises the odds that {means}"
    return (
        f"an attribution, not a proof ({plural(found.calls, 'call')}, {found.looked_at} parts, {found.explained * 100:.0f} % explained): "
        f"{raised}; what replay says of them is above"
    )


def _figures(one: Judged) -> str:
    codes = f" {', '.join(one.codes)}" if one.codes else ""
    if one.effect is None:
        return f"{one.label}{codes} · {one.reason}"
    low, high = one.effect.low * 100, one.effect.high * 100
    parts = [f"{one.label}{codes}", f"then {one.counts} fail"]
    if one.sampled:
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
