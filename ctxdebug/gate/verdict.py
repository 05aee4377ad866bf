"""Check and recorded eval, one verdict: a row a demand, each with what was wanted and what was found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctxdebug.engine.report import Report
from ctxdebug.errors import UsageError
from ctxdebug.gate.limits import Limit, Meter
from ctxdebug.gate.policy import GatePolicy
from ctxdebug.records import record
from ctxdebug.rules import FAMILIES, Family
from ctxdebug.text.plural import plural

if TYPE_CHECKING:
    from ctxdebug.cases.store import StoredCase
    from ctxdebug.evals.trials import Evaluation


@record(frozen=True, slots=True)
class Row:
    """One demand. `passed` is None where it could not be decided; `code` is the exit code when it is not met.

    A row that was not `looked` at had nothing to look at: it fails nothing, and is never called a pass.
    """

    demand: str
    wanted: str
    found: str
    passed: bool | None
    code: int = 1
    looked: bool = True

    @property
    def word(self) -> str:
        """`pass`, `fail`, `undecided`, `not read` or `not checked`."""
        if not self.looked:
            return "not checked"
        if self.passed is None:
            return "undecided"
        return "pass" if self.passed else ("not read" if self.code == 2 else "fail")


@record(frozen=True, slots=True)
class GateVerdict:
    """All demands of one gate."""

    rows: tuple[Row, ...]
    undecided: str = "fail"

    @property
    def exit_code(self) -> int:
        """2 something was not read, 1 a demand is not met, 4 one is undecided and the policy lets that fail, else 0."""
        failed = {row.code for row in self.rows if row.passed is False}
        if failed:
            return max(failed)
        return 4 if self.undecided == "fail" and any(row.passed is None and row.looked for row in self.rows) else 0

    @property
    def word(self) -> str:
        """The verdict in a word or two."""
        return {0: "pass", 1: "fail", 2: "not read", 4: "undecided"}[self.exit_code]


@record(frozen=True, slots=True)
class Evidence:
    """What the gate looked at; `evaluation` is None where there are no cases."""

    report: Report
    meter: Meter
    cases: Sequence[StoredCase] = ()
    evaluation: Evaluation | None = None
    llm_judge: MeasuredJudge | None = None
    """The LLM judge that was asked, where one was."""


@record(frozen=True, slots=True)
class MeasuredJudge:
    """An LLM judge and what `case judge-check` found of it."""

    model: str
    agreed: int = 0
    asked: int = 0
    """Known verdicts that it was measured on; 0: it was never measured."""
    believed: bool = True


def judge(policy: GatePolicy, evidence: Evidence) -> GateVerdict:
    """Hold the evidence against the policy."""
    if policy.undecided not in {"fail", "pass"}:
        raise UsageError(f"gate.undecided is fail or pass, not {policy.undecided!r}")
    rows = [_inputs(evidence.report), _findings(evidence.report)]
    if evidence.llm_judge is not None:
        rows.append(_llm_judge(evidence.llm_judge, evidence.report))
    rows += [_limit(limit) for limit in evidence.meter.limits]
    rows += _cases(policy, evidence.evaluation)
    rows += [_required(word, evidence.cases) for word in policy.require_cases]
    return GateVerdict(tuple(rows), policy.undecided)


def _inputs(report: Report) -> Row:
    unread = len({problem.path for problem in report.unreadable})
    read = f"{plural(report.files, 'file')}, {plural(report.exchanges, 'exchange')}"
    found = f"{read}; {plural(unread, 'file')} with something not read" if unread else read
    return Row("captures", "all can be read", found, not unread, 2)


def _findings(report: Report) -> Row:
    failing, hidden = len(report.failing), []
    if report.baselined:
        hidden.append(f"{report.baselined} in the baseline")
    if report.ignored:
        hidden.append(f"{sum(report.ignored.values())} ignored")
    lower = len(report.findings) - failing
    hidden += [f"{lower} below the gate"] if lower else []
    level = "never" if report.fail_on is None else report.fail_on.word
    sure = f" of {report.least.word} confidence" if report.least.value else ""
    wanted = "none: fail-on is never" if report.fail_on is None else f"none at {level} or above{sure}"
    found = f"{failing} ({', '.join(hidden)})" if hidden else str(failing)
    if not report.exchanges:
        return Row("findings", wanted, "no exchange was examined", None, looked=False)
    return Row("findings", wanted, found, not failing, looked=report.fail_on is not None)


def _llm_judge(measured: MeasuredJudge, report: Report) -> Row:
    """Return a judge that is not believed fails nothing; one that was never measured is believed, and that is said."""
    wanted = "proven on known verdicts"
    if not measured.asked:
        found = f"{measured.model} was not measured: ctxdebug case judge-check"
        return Row("LLM judge", wanted, found, None, looked=False)
    found = f"{measured.model} agreed with {measured.agreed} of {measured.asked}"
    if measured.believed:
        return Row("LLM judge", wanted, found, passed=True)
    shown = sum(finding.code in report.advisory for finding in report.findings)
    return Row("LLM judge", wanted, f"{found}: {plural(shown, 'finding')} of it fail nothing", None, looked=False)


def _limit(limit: Limit) -> Row:
    return Row(
        limit.name, f"at most {limit.unit(limit.most)}", limit.found, limit.passed if limit.seen else None, looked=bool(limit.seen)
    )  # fmt: skip


def _cases(policy: GatePolicy, evaluation: Evaluation | None) -> list[Row]:
    wanted = f"at least {policy.min_pass_rate:.0%} pass"
    if evaluation is None:
        return [Row("recorded cases", wanted, "there are no eval cases", None, looked=False)]
    from ctxdebug.evals.statistics import Decision

    rows = []
    if evaluation.unreadable:
        rows.append(Row("cases", "all can be read", f"{len(evaluation.unreadable)} not read", passed=False, code=2))
    total = len(evaluation.results)
    if not total:
        return [*rows, Row("recorded cases", wanted, "no eval case could be run", None, looked=False)]
    passing = evaluation.count(Decision.PASS)
    undecided = evaluation.count(Decision.UNDECIDED)
    rate = passing / total
    failing = [result.case for result in evaluation.results if result.verdict is Decision.FAIL]
    found = f"{passing} of {total}"
    if failing:
        found += f"; failing: {', '.join(failing[:3])}{' …' if len(failing) > 3 else ''}"
    passed: bool | None = rate >= policy.min_pass_rate
    if not passed and (passing + undecided) / total >= policy.min_pass_rate:
        passed = None
        found += f"; {undecided} undecided"
    return [*rows, Row("recorded cases", wanted, found, passed)]


def _required(word: str, cases: Sequence[StoredCase]) -> Row:
    family = family_of(word)
    having = [
        stored.case.id for stored in cases if any(item.code.startswith(family.prefix) for item in stored.case.findings)
    ]
    found = f"{len(having)}: {', '.join(having[:3])}{' …' if len(having) > 3 else ''}" if having else "none"
    return Row(f"cases of {family.prefix}", f"at least one ({family.problem})", found, bool(having))


def family_of(word: str) -> Family:
    """Return the family that a word of the configuration names; raises `UsageError` on any other."""
    for family in FAMILIES.values():
        if word.upper() == family.prefix or word.lower() == family.folder:
            return family
    raise UsageError(f"gate.require-cases: no family is called {word!r}; there are {', '.join(FAMILIES)}")
