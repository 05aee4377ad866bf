"""What `freeze` does: choose the exchange, show the proposal, prove it, write it."""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctxdebug.commands.one_exchange import one_examined
from ctxdebug.commands.stages import Stages
from ctxdebug.engine.run import RunOptions
from ctxdebug.errors import UsageError
from ctxdebug.records import record
from ctxdebug.redaction.output import for_output
from ctxdebug.text.plural import plural
from ctxdebug.text.printable import clean, clean_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ctxdebug.cases.freeze import Frozen
    from ctxdebug.cases.proposal import Proposal


@record(frozen=True, slots=True)
class FreezeCall:
    """One call of `freeze`."""

    capture: str
    exchange: int | None
    expect: tuple[str, ...]
    forbid: tuple[str, ...]
    accept: bool
    good: str | None
    id: str | None
    title: str | None
    tags: tuple[str, ...]
    folder: str
    pass_rate: float
    force: bool
    allow_change: bool
    dry_run: bool


def freeze_capture(request: FreezeCall, options: RunOptions, patterns: Mapping[str, str]) -> int:
    """Freeze, and return the exit code; raises `UsageError` where the case would prove nothing."""
    from ctxdebug.cases.case import Runs
    from ctxdebug.cases.demands import demand, good_answer, prohibition
    from ctxdebug.cases.freeze import FreezeOptions, freeze, proposal_for
    from ctxdebug.cases.store import save_case

    with Stages("no case was written") as stages:
        stages.begin(f"reading {request.capture}")
        examined = one_examined(request.capture, request.exchange, options, lost="no case was written")
        if examined is None:
            return 2
        stages.done("exchange examined")
        parts = (*map(demand, request.expect), *map(prohibition, request.forbid))
        stages.begin("looking for what its findings propose")
        proposal = proposal_for(examined, options)
        _show_proposal(proposal)
        stages.begin("asking for the expectation")
        accept = request.accept or (not parts and not request.dry_run and bool(proposal.parts) and _asked())
        if request.dry_run or not (parts or accept):
            return _not_written(request, bool(proposal.parts))
        stages.begin("proving the case on the bad and the good answer")
        frozen = freeze(
            examined,
            FreezeOptions(
                request.id, request.title, request.tags, parts, accept,
                good_answer(request.good) if request.good is not None else None,
                Runs(pass_rate=request.pass_rate), patterns, request.allow_change,
            ),
            options,
        )  # fmt: skip
        stages.done("case proven")
        stages.begin(f"writing it to {request.folder}, which may be incomplete: ctxdebug case verify")
        path = save_case(frozen.case, frozen.blobs, Path(request.folder), replace=request.force)
        stages.lost = f"the case is in {path}"
        stages.done("case written")
        _show(frozen, path)
        return 0


def _asked() -> bool:
    """Ask a person; where there is no terminal, nobody is asked and nothing is taken."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    sys.stdout.write("take this expectation? [y/N] ")
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _show_proposal(proposal: Proposal) -> None:
    import msgspec

    if not proposal.parts:
        _say("the findings propose no expectation")
        return
    _say("the findings propose")
    for part in proposal.parts:
        source = f"{part.code}: " if part.code else ""
        _say(f"  {_demand_text(msgspec.to_builtins(part.expectation))}   {source}{part.reason}")
    if proposal.fallback != "none":
        _say(f"  and when it cannot be answered: {proposal.fallback}")


def _demand_text(held: Mapping[str, Any]) -> str:
    import json

    word, value = next(iter(held.items()))
    return word if value is True else f"{word}:{json.dumps(value, ensure_ascii=False)}"


def _not_written(request: FreezeCall, proposed: bool) -> int:
    name = shlex.quote(request.capture)
    if proposed:
        _say(f"nothing was written; take it with: ctxdebug freeze {name} --accept")
    _say(f'or say what you expect: ctxdebug freeze {name} --expect contains:"…" --forbid contains:"…"')
    if request.dry_run:
        return 0
    raise UsageError("no expectation was given, so nothing was written")


def _show(frozen: Frozen, path: Path) -> None:
    case = frozen.case
    _say(
        f"wrote {path}"
        + (f" and {plural(len(frozen.blobs.texts), 'text')} in {path.parent / 'blobs'}" if frozen.blobs.texts else "")
    )
    _say(f"  bad answer   fails: {frozen.proof.bad.reason}")
    if frozen.proof.good is not None:
        _say(f"  good answer  passes: {frozen.proof.good.reason}")
    kinds = Counter(redaction.kind for redaction in frozen.redactions)
    if kinds:
        _say(
            "  hidden       "
            + ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
            + "; the verdict is the same"
        )
    for change in frozen.changes:
        _say(f"  changed      {change}")
    if not case.request.exact:
        _say("  request      rebuilt from messages; the capture does not contain the request itself")
    from ctxdebug.evals.statistics import runs_needed

    runs = case.runs
    needed = runs_needed(runs.pass_rate, 1, runs.confidence)
    if needed is None or needed > runs.max:
        allowed = "no number of runs proves it" if needed is None else f"{needed} runs would be needed"
        _say(
            f"  runs         {runs.max} at most cannot prove {runs.pass_rate * 100:g} % once one answer fails: {allowed}"
        )
    _say(f"next: ctxdebug eval {path}")


def _say(text: str) -> None:
    sys.stdout.write(for_output(clean_line(clean(text))) + "\n")
