"""What was proposed and verified, for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.turns.differences import contrast
from ctxdebug.proof.fixing.verification import Standing, more_answers
from ctxdebug.proof.rows import head, row
from ctxdebug.reports.contrasts import changes
from ctxdebug.text.plural import plural
from ctxdebug.text.printable import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ctxdebug.model import Repair
    from ctxdebug.proof.fixing.proposals import Proposal
    from ctxdebug.proof.fixing.verification import Tried, Verified
    from ctxdebug.proof.sequential import Counts
    from ctxdebug.proof.trial import Experiment


def proposals_text(
    name: str, singles: Sequence[Proposal], both: Proposal | None, unfit: Sequence[tuple[Repair, str]], width: int
) -> str:
    """Return the proposals of one exchange, smallest first, none of them verified; `both` is one repair of each finding."""
    lines = [clean_line(f" {name}   {plural(len(singles), 'repair')} proposed, smallest first · not verified"), ""]
    for number, proposal in enumerate(singles, 1):
        lines += [*_proposal(str(number), proposal, width), ""]
    if both is not None:
        lines += row("together", f"{plural(len(both.repairs), 'repair')} at once: {_offline(both)}", width)
    for repair, reason in unfit:
        lines += row("not", f"{repair.title}: {reason}", width)
    if not singles:
        lines += row("result", "no finding of this exchange offers a repair of the request", width)
    else:
        lines += row("next", "give --endpoint URL to verify them by asking; nothing was sent until now", width)
    return "\n".join(lines) + "\n"


def verified_text(found: Verified, experiment: Experiment, name: str, width: int) -> str:
    """Return what the answers say of each repair, and the winner with its diff and figures."""
    lines = [head(experiment, name), ""]
    lines += row("failure", f"{experiment.failure.words} · before: passes {_passes(found.before)}", width)
    winner = found.winner
    if found.interrupted and winner is None:
        lines += row("result", "interrupted: no repair has passed yet", width)
    elif not found.reproduced and found.error is None:
        lines += row("result", "not reproduced: the request as it is passes, so no repair can be verified", width)
    elif winner is not None:
        suite = _suite(winner, found)
        sure = (
            _p(winner.p)
            if found.sampled
            else "without sampling one answer tells, as far as the endpoint repeats itself"
        )
        figures = f"passes {_passes(winner.counts)}, before {_passes(found.before)} ({sure})"
        lines += ["", *_proposal("fix", winner.proposal, width)]
        lines += row("verified", f"{figures}{suite}", width)
        lines.append("")
    elif found.reproduced and not found.tried and found.error is None:
        lines += row("result", "nothing to try: no finding of this exchange offers a repair of the request", width)
        lines += row("next", f"ctxdebug blame {name} --endpoint … tells which part of the context it is", width)
    elif found.reproduced:
        lines += row(
            "result", f"no repair passes; {plural(len(found.tried), 'repair')} tried, alone and together", width
        )
        lines += row("next", f"ctxdebug blame {name} --endpoint … tells which part of the context it is", width)
    for tried in found.tried:
        if tried is not winner:
            lines += row("tried", f"{tried.proposal.title}: {_standing(tried, found.before)}", width)
    for note in found.notes:
        lines += row("note", note, width)
    if found.error is not None:
        lines += row("stopped", f"{found.error}; the same command goes on from the record", width)
    return "\n".join(lines) + "\n"


def _proposal(label: str, proposal: Proposal, width: int) -> Iterator[str]:
    yield from row(label, f"{proposal.title}   {', '.join(proposal.codes)} · {proposal.size:,} characters", width)
    for line in changes(proposal.before, proposal.after, contrast(proposal.before, proposal.after)):
        if not line.startswith("    ") or not line.endswith("unchanged"):
            yield f"        {line}"[:width]
    yield from row("offline", _offline(proposal), width)
    yield from row("means", proposal.meaning, width)


def _offline(proposal: Proposal) -> str:
    gone = [code for code in proposal.codes if code not in proposal.stays]
    parts = [f"{', '.join(gone)} no longer found"] if gone else []
    if proposal.stays:
        parts.append(f"{', '.join(proposal.stays)} is about the answer, so only a new one can tell")
    parts.append(f"new: {'; '.join(proposal.new)}" if proposal.new else "nothing new")
    if proposal.unwritable:
        parts.append(f"cannot be sent: {proposal.unwritable}")
    return " · ".join(parts)


def _standing(tried: Tried, before: Counts) -> str:
    if tried.standing is Standing.NOT_SENT:
        return f"not sent: {tried.reason}"
    words = f"{tried.standing.value}, passes {_passes(tried.counts)}"
    if tried.standing is Standing.REGRESSES:
        words += f" ({tried.reason})"
    if tried.standing is Standing.UNDECIDED:
        more = more_answers(before, tried, 0.95)
        words += f" ({tried.reason})" if tried.reason else ""
        words += f"; about {plural(more, 'more call')} would decide" if more else ""
    return words


def _suite(winner: Tried, found: Verified) -> str:
    if not found.suite_cases:
        return ""
    applied = len(winner.suite)
    untouched = found.suite_cases - applied
    parts = []
    if applied:
        answers = sum(after.runs for _, _, after in winner.suite)
        fails = sum(after.fails for _, _, after in winner.suite)
        parts.append(f"{plural(applied, 'case')} of the suite: {fails} of {answers} answers fail")
    if untouched:
        parts.append(f"{plural(untouched, 'case')} not changed by it")
    return " · no regression in " + ", ".join(parts)


def _passes(counts: Counts) -> str:
    return f"{counts.runs - counts.fails} of {counts.runs}"


def _p(value: float) -> str:
    return "p < 0.0001" if value < 0.0001 else f"p = {value:.4f}"
