"""One reply, judged by its case: every choice that came, because the user's program was sent all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ctxdebug.cases.exchanges import answer_of, observation
from ctxdebug.cases.expectation import evaluate
from ctxdebug.cases.observation import Outcome
from ctxdebug.cases.proof import asked_codes
from ctxdebug.evals.choices import choices
from ctxdebug.evals.draws import draw
from ctxdebug.evals.replies import snapshot_of
from ctxdebug.evals.trials import Trial
from ctxdebug.records import record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ctxdebug.cases.store import StoredCase
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.evals.endpoint import Reply
    from ctxdebug.model import Snapshot


@record(frozen=True, slots=True)
class Asked:
    """A case's request as it was sent, and the wire format it was sent in."""

    stored: StoredCase
    body: Mapping[str, Any]
    format: str

    def snapshots(self, reply: Reply) -> tuple[Snapshot, ...]:
        """Return one snapshot a choice; raises `NoAnswerError` where the reply, or one of them, is no answer."""
        path = str(self.stored.path)
        return tuple(snapshot_of(self.body, choice, self.format, path) for choice in choices(reply))


def judged(
    asked: Asked,
    reply: Reply,
    snapshots: Sequence[Snapshot],
    options: RunOptions,
    judge: Callable[[str, str], Outcome] | None,
) -> Trial:
    """Return the trial of one reply: it passes where every choice does. Index and cost are the caller's."""
    case = asked.stored.case
    codes = asked_codes(case.expect)
    answers = [answer_of(snapshot) for snapshot in snapshots]
    outcomes = [
        evaluate(case.expect, observation(snapshot, options, answer, judge, codes))
        for snapshot, answer in zip(snapshots, answers, strict=True)
    ]
    which = _deciding(outcomes)
    outcome = outcomes[which]
    if len(outcomes) > 1:
        place = (
            f"choice {which + 1} of {len(outcomes)}" if outcome.passed is not True else f"all {len(outcomes)} choices"
        )
        outcome = Outcome(outcome.passed, f"{place}: {outcome.reason}", outcome.spans)
    usage = snapshots[0].usage
    drawn = draw(snapshots[which], reply, asked.body, answers[which])
    return Trial(
        case.id, 0, outcome, answers[which][0], drawn, reply.seconds,
        prompt_tokens=usage.prompt if usage else None, output_tokens=usage.output if usage else None,
    )  # fmt: skip


def _deciding(outcomes: Sequence[Outcome]) -> int:
    """Return which choice decides: the first that fails, else the first that cannot be judged, else the first."""
    for wanted in (False, None):
        for index, outcome in enumerate(outcomes):
            if outcome.passed is wanted:
                return index
    return 0
