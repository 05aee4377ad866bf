from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from ctxdebug.cases.observation import Outcome
from ctxdebug.evals.comparison import compare
from ctxdebug.evals.reports import EVAL_FORMATS
from ctxdebug.evals.reports.json_document import document_schema
from ctxdebug.evals.statistics import Decision
from ctxdebug.evals.trials import CaseResult, Evaluation, Target, Trial, sequential_verdict

HOSTILE = "\x1b[31m\x9b \u202e evil \ud83d \x00 ]]> <script> & \ufffe\n::error::x"


def a_result(case: str, passes: int, runs: int, **changes: Any) -> CaseResult:
    trials = tuple(
        Trial(
            case,
            index,
            Outcome(index < passes, "the answer says it" if index < passes else "the answer does not say it"),
            "an answer",
        )
        for index in range(runs)
    )
    return CaseResult(case, f"title of {case}", changes.pop("target", Target()), trials, **changes)


def an_evaluation(*results: CaseResult, **changes: Any) -> Evaluation:
    return Evaluation(results, changes.pop("mode", "live"), **changes)


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (an_evaluation(a_result("a", 29, 29)), 0),
        (an_evaluation(a_result("a", 0, 9)), 1),
        (an_evaluation(a_result("a", 3, 3)), 4),
        (an_evaluation(a_result("a", 29, 29), a_result("b", 3, 3)), 4),
        (an_evaluation(a_result("a", 0, 0, fault="500")), 3),
        (an_evaluation(a_result("a", 0, 9), a_result("b", 0, 0, fault="500")), 1),
        (an_evaluation(a_result("a", 29, 29), unreadable=("x",)), 2),
        (an_evaluation(a_result("a", 29, 29), interrupted=True), 130),
    ],
)
def test_exit_codes(found: Evaluation, code: int) -> None:
    assert found.exit_code() == code


def test_sequential_verdict_is_the_first_decision() -> None:
    wins = a_result("a", 12, 12).trials
    assert sequential_verdict(wins, Target()) is Decision.PASS
    assert sequential_verdict(wins[:11], Target()) is None
    assert sequential_verdict((*wins, *a_result("a", 0, 9).trials), Target()) is Decision.PASS


def test_a_target_of_one_is_refuted_by_one_failure() -> None:
    assert a_result("a", 40, 41, target=Target(rate=1.0), sequential=True).verdict is Decision.FAIL
    assert a_result("a", 40, 40, target=Target(rate=1.0)).verdict is Decision.UNDECIDED


def test_an_early_stop_says_what_it_refuted() -> None:
    found = a_result("a", 12, 12, sequential=True)
    assert found.proves == "12 of 12 proves more than 78 % (at 95 %, stopped early: a rate of 70 % is refuted)"


def test_table_puts_failures_first_and_says_what_is_proven() -> None:
    text = EVAL_FORMATS.all()["text"].render(
        an_evaluation(a_result("good", 29, 29), a_result("bad", 0, 9), a_result("few", 3, 3)), None
    )
    names = [line.split()[1] for line in text.splitlines()[:3]]
    assert names == ["bad", "few", "good"]
    assert "3 of 3 proves more than 37 % (at 95 %); 29 runs with no failures prove 90 %" in text
    assert "3 cases · 1 pass · 1 fail · 1 undecided" in text
    assert "pass@3" in text


@pytest.mark.parametrize("name", ["text", "junit"])
def test_hostile_text_is_shown_and_harmless(name: str) -> None:
    trial = Trial("a", 0, Outcome(False, HOSTILE), HOSTILE)
    result = CaseResult(HOSTILE, HOSTILE, Target(), (trial,) * 9, fault=HOSTILE)
    text = EVAL_FORMATS.all()[name].render(an_evaluation(result, unreadable=(HOSTILE,)), None)
    assert not set(text) & set("\x1b\x9b\u202e\ud83d\x00")
    assert "\n::error" not in text
    if name == "junit":
        ET.fromstring(text.encode())


def test_junit_counts() -> None:
    text = EVAL_FORMATS.all()["junit"].render(
        an_evaluation(a_result("good", 29, 29), a_result("bad", 0, 9), a_result("few", 3, 3)), None
    )
    suite = ET.fromstring(text.encode())
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "1", "1")


def test_json_document_fits_the_shipped_schema(shipped: Callable[[str, Any], None]) -> None:
    baseline, candidate = (
        an_evaluation(a_result("a", 9, 10), model="old"),
        an_evaluation(a_result("a", 1, 10), model="new"),
    )
    shipped("evals/reports/schema.json", document_schema())
    document = json.loads(EVAL_FORMATS.all()["json"].render(candidate, compare(baseline, candidate)))
    jsonschema.validate(document, document_schema())
    assert document["cases"][0]["passes"] == 1
    assert document["comparison"]["verdict"] == "FAIL"


def test_comparison_lists_regressions_by_name() -> None:
    before = an_evaluation(a_result("same", 9, 10), a_result("worse", 10, 10), a_result("gone", 1, 1), model="old")
    after = an_evaluation(a_result("same", 9, 10), a_result("worse", 2, 10), a_result("added", 1, 1), model="new")
    found = compare(before, after)
    assert [change.case for change in found.regressions] == ["worse"]
    assert found.regressions[0].p == pytest.approx(2 * 0.000357, rel=0.01)
    assert found.unpaired == ("added", "gone")
    assert found.exit_code() == 1
    assert "worse  worse  10/10 → 2/10" in EVAL_FORMATS.all()["text"].render(after, found)


def test_single_runs_are_compared_by_mcnemar() -> None:
    before = an_evaluation(*(a_result(f"c{n}", 1, 1) for n in range(6)))
    after = an_evaluation(*(a_result(f"c{n}", 0, 1) for n in range(6)))
    found = compare(before, after)
    assert (found.method, found.p, found.exit_code()) == ("exact McNemar", 0.03125, 1)


def test_five_worse_of_five_are_undecided() -> None:
    before = an_evaluation(*(a_result(f"c{n}", 1, 1) for n in range(5)))
    after = an_evaluation(*(a_result(f"c{n}", 0, 1) for n in range(5)))
    assert compare(before, after).exit_code() == 4


def test_an_improvement_does_not_fire() -> None:
    before = an_evaluation(*(a_result(f"c{n}", 0, 5) for n in range(9)))
    after = an_evaluation(*(a_result(f"c{n}", 5, 5) for n in range(9)))
    found = compare(before, after)
    assert found.p < 0.05
    assert found.exit_code() == 0


def test_nothing_in_common_is_no_regression() -> None:
    found = compare(an_evaluation(a_result("a", 1, 1)), an_evaluation(a_result("b", 1, 1)))
    assert (found.p, found.changes, found.unpaired) == (1.0, (), ("a", "b"))
