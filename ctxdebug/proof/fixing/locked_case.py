"""A new eval case of a verified repair: the repaired request, an answer that passed, and the captured one, which must fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ctxdebug.cases.blobs import Blobs, reader
from ctxdebug.cases.case import Answer, Blob, Call, Case, Origin, Recorded, Text, case_content, case_from
from ctxdebug.cases.exchanges import Sender, answer_of, snapshot_from
from ctxdebug.cases.freeze import FreezeOptions, freeze
from ctxdebug.cases.lint import verify
from ctxdebug.cases.store import StoredCase, save_case
from ctxdebug.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from ctxdebug.engine.report import Examined
    from ctxdebug.model import ToolCall
    from ctxdebug.proof.fixing.proposals import Proposal
    from ctxdebug.proof.request import Request
    from ctxdebug.proof.trial import Experiment

Answered = tuple[str, "tuple[ToolCall, ...]"]


def lock(
    subject: Examined | StoredCase, proposal: Proposal, request: Request, experiment: Experiment, folder: Path
) -> Path:
    """Write the case and return its path; raises `UsageError` with the reason where it would prove nothing."""
    run = experiment.run
    good = _passing(experiment, request)
    blobs = Blobs()
    if isinstance(subject, StoredCase):
        case, bad = subject.case, _bad(subject)
    else:
        frozen = freeze(subject, FreezeOptions(parts=(experiment.failure.expectation,), good=good), run)
        case, bad = frozen.case, answer_of(subject.snapshot)
    locked = _locked(case, proposal, request, good, bad, blobs)
    path = folder / f"{locked.id}.yaml"
    flaws = [flaw.message for flaw in verify(StoredCase(locked, path, reader(folder / "blobs", blobs.texts)), run)]
    if flaws:
        raise UsageError(f"no case was written: {flaws[0]}")
    return save_case(locked, blobs, folder, replace=True)


def _passing(experiment: Experiment, request: Request) -> Answered:
    """Return the first answer to the repaired request that passed."""
    for answer in experiment.held(request):
        if answer.seen.fails is False:
            body, reply = experiment.reply(request, answer.index)
            return answer_of(snapshot_from(body, reply.body, Sender(experiment.format), experiment.run))
    raise UsageError("no case was written: no answer to the repaired request passed")


def _bad(stored: StoredCase) -> Answered:
    held = stored.case.recorded if not stored.case.recorded.passed else stored.case.bad
    if held is None:
        raise UsageError("no case was written: the case has no bad answer")
    return stored.answer(held)


def _locked(case: Case, proposal: Proposal, request: Request, good: Answered, bad: Answered, blobs: Blobs) -> Case:
    origin = case.origin or Origin(capture=case.id)
    locked = msgspec.structs.replace(
        case, id=f"{case.id[:80]}--fixed", title=f"{case.title[:300]} (fixed: {proposal.title[:150]})", findings=[],
        origin=msgspec.structs.replace(origin, mutation="fixed", parent=case.id),
        request=msgspec.structs.replace(
            case.request, format=request.sender.format, exact=False, model=request.sender.model, body=blobs.packed(request.body)
        ),
        recorded=Recorded(passed=True, model="", answer=_text(good[0], blobs), calls=_calls(good, blobs)),
        good=None, bad=Answer(answer=_text(bad[0], blobs), calls=_calls(bad, blobs)),
    )  # fmt: skip
    return case_from(case_content(locked))


def _text(text: str, blobs: Blobs) -> str | Blob:
    held: str | Blob = msgspec.convert(blobs.shortened(text), Text)
    return held


def _calls(answered: Answered, blobs: Blobs) -> list[Call]:
    return [
        msgspec.convert({"name": call.name, "arguments": blobs.shortened(call.arguments)}, Call) for call in answered[1]
    ]
