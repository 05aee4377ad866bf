"""The result for programs: a versioned document with a JSON Schema in the package (`schema.json`)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from ctxdebug.evals.reports import eval_format

if TYPE_CHECKING:
    from ctxdebug.evals.comparison import Comparison
    from ctxdebug.evals.trials import CaseResult, Evaluation


class _Closed(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A structure whose unknown keys are errors."""


class TrialDocument(_Closed, frozen=True):
    """One answer, judged; `passed` is null where it could not be judged."""

    index: int
    passed: bool | None
    reason: str
    answer: str
    seconds: float
    spans: list[tuple[int, int]]
    counts: bool
    """False for an answer that is the same draw as an earlier one."""


class CaseDocument(_Closed, frozen=True):
    """One case. Rates are 0..1; `low` and `high` are Wilson's, `bound` is Clopper-Pearson's one-sided."""

    id: str
    title: str
    verdict: Literal["PASS", "FAIL", "UNDECIDED"]
    reason: str
    proves: str
    runs: int
    passes: int
    low: float
    high: float
    bound: float
    target: float
    confidence: float
    sequential: bool
    partial: bool
    fault: str
    trials: list[TrialDocument]


class ChangeDocument(_Closed, frozen=True):
    """One case on both sides, as passes and runs."""

    id: str
    before: tuple[int, int]
    after: tuple[int, int]
    p: float


class ComparisonDocument(_Closed, frozen=True):
    """A canary. `p` of the whole is two-sided; those of the cases are one-sided and adjusted by Holm."""

    baseline: str
    candidate: str
    better: int
    worse: int
    mean_difference: float
    p: float
    method: str
    verdict: Literal["PASS", "FAIL", "UNDECIDED"]
    changes: list[ChangeDocument]
    unpaired: list[str]


class EvaluationDocument(_Closed, frozen=True):
    """The whole result."""

    version: Literal[1]
    mode: Literal["recorded", "live", "replayed"]
    exit_code: int
    model: str
    endpoint: str
    run: str
    calls: int
    seconds: float
    cost: float | None
    interrupted: bool
    stopped: str
    unreadable: list[str]
    notes: list[str]
    cases: list[CaseDocument]
    comparison: ComparisonDocument | None = None


@eval_format("json", "a versioned document for programs")
def document(found: Evaluation, comparison: Comparison | None) -> str:
    """Render the document."""
    content = EvaluationDocument(
        version=1, mode=found.mode, exit_code=found.exit_code(), model=found.model, endpoint=found.endpoint,  # type: ignore[arg-type]  # the mode is one of the words by its construction
        run=found.run, calls=found.calls, seconds=round(found.seconds, 3), cost=found.cost, interrupted=found.interrupted,
        stopped=found.stopped, unreadable=list(found.unreadable), notes=list(found.notes),
        cases=[_case(result) for result in found.results], comparison=_comparison(comparison) if comparison else None,
    )  # fmt: skip
    return json.dumps(msgspec.to_builtins(content), indent=2, ensure_ascii=True) + "\n"


def document_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the document."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ctxdebug eval result",
    } | msgspec.json.schema(EvaluationDocument)


def _case(result: CaseResult) -> CaseDocument:
    interval = result.interval
    counted = {trial.index for trial in result.evidence}
    trials = [
        TrialDocument(
            trial.index, trial.outcome.passed, trial.outcome.reason, trial.answer, round(trial.seconds, 3),
            list(trial.outcome.spans), trial.index in counted,
        )
        for trial in result.trials
    ]  # fmt: skip
    return CaseDocument(
        result.case, result.title, result.verdict.value, result.reason, result.proves, result.runs, result.passes,
        interval.low, interval.high, result.bound, result.target.rate, result.target.confidence, result.sequential,
        result.partial, result.fault, trials,
    )  # fmt: skip


def _comparison(found: Comparison) -> ComparisonDocument:
    words: dict[int, Literal["PASS", "FAIL", "UNDECIDED"]] = {0: "PASS", 1: "FAIL", 4: "UNDECIDED"}
    changes = [ChangeDocument(change.case, change.before, change.after, change.p) for change in found.changes]
    return ComparisonDocument(
        found.baseline, found.candidate, found.better, found.worse, found.mean, found.p, found.method,
        words[found.exit_code()], changes, list(found.unpaired),
    )  # fmt: skip
