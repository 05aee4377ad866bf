"""What shrinking came to, for a person: how often it fails, what matters, and what was proved of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.proof.rows import head, row
from ctxdebug.proof.sequential import Counts
from ctxdebug.proof.shrink import Outcome
from ctxdebug.proof.units.texts import asked_words
from ctxdebug.text.plural import plural
from ctxdebug.text.printable import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.proof.doses import DoseResponse
    from ctxdebug.proof.shrink import Kept, Shrunk
    from ctxdebug.proof.trial import Experiment

_MOST_SHOWN = 20


def shrunk_text(found: Shrunk, experiment: Experiment, name: str, width: int = 100) -> str:
    """Return the screen; captured text in it is made printable."""
    lines = [head(experiment, name), ""]
    lines += row("failure", f"{experiment.failure.words} · {found.whole} answers to the whole context fail", width)
    lines += _outcome(found, width)
    if found.outcome in (Outcome.SHRUNK, Outcome.NOT_CONFIRMED) and found.removed:
        lines += _matters(found, width)
        if asked := asked_words(found.request.snapshot(experiment.run)):
            lines += row("asked", excerpt(asked, 300), width)
        if found.answer:
            lines += row("answered", excerpt(found.answer, 300), width)
    if found.doses is not None:
        lines += row("doses", _doses(found.doses, found.confidence), width)
    if found.outcome is Outcome.SHRUNK:
        lines += row("proved", _bound(found), width)
    if found.stopped:
        lines += row("stopped", f"{found.stopped}; the same command goes on from the record", width)
    for note in found.notes:
        lines += row("note", note, width)
    return "\n".join(lines) + "\n"


def _outcome(found: Shrunk, width: int) -> Iterator[str]:
    if found.outcome is Outcome.NOT_REPRODUCED:
        yield from row("result", f"not reproduced: {found.whole} answers fail", width)
    elif found.outcome is Outcome.UNDECIDED:
        more = f"; about {plural(found.more, 'more call')} would decide" if found.more else ""
        yield from row("result", f"undecided whether it fails: {found.whole} answers do{more}", width)
    else:
        left = len(found.kept)
        does = "does" if left == 1 else "do"
        words = f"{found.removed} of {plural(found.total, 'unit')} do not matter; {left} {does}"
        if found.outcome is Outcome.NOT_CONFIRMED:
            words = (
                f"not confirmed: {found.removed} of {plural(found.total, 'unit')} seem not to matter; {left} are left"
            )
        yield from row("result", f"{words} · {_final(found)}", width)


def _final(found: Shrunk) -> str:
    return f"{found.final} fresh answers without them fail" if found.final.runs else "no fresh answers yet"


def _doses(doses: DoseResponse, confidence: float) -> str:
    """Return what is known where nothing was confirmed: the failure falls with the parts, or not."""
    told = f"with {doses.doses[0].parts} units, then with fewer of them: {doses}"
    if doses.p > 1 - confidence:
        return told
    if doses.is_gradual:
        return f"it is gradual: the failure rate falls with each unit that is taken away, and no few of them keep it up · {told}"
    return f"the failure rate falls as units are taken away · {told}"


def _matters(found: Shrunk, width: int) -> Iterator[str]:
    shown = found.kept[:_MOST_SHOWN]
    for number, kept in enumerate(shown):
        label = f"{kept.unit.label} · {_without(kept)}"
        yield from row("matters" if number == 0 else "", label, width)
    if len(found.kept) > len(shown):
        yield from row("", f"and {plural(len(found.kept) - len(shown), 'more unit')} (--format json)", width)


def _without(kept: Kept) -> str:
    """Return what happened without a unit."""
    if isinstance(kept.without, Counts):
        return f"without it {kept.without} fail"
    return f"not left out: {kept.without}" if kept.without else "not left out alone"


def _bound(found: Shrunk) -> str:
    return (
        f"at {found.confidence * 100:g} % confidence, nothing was taken away without which it fails in "
        f"{found.low * 100:.0f} % of answers or less"
    )
