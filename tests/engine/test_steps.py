"""A verdict is earned: nothing is ok that was not examined and found so."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ctxdebug.analysis import AnalysisOptions
from ctxdebug.analysis.judge import Judgement
from ctxdebug.decoding.source import Source
from ctxdebug.engine.fallback import reason_for
from ctxdebug.engine.report import Examined
from ctxdebug.engine.run import Engine, RunOptions
from ctxdebug.engine.selection import Selection
from ctxdebug.engine.steps import Answer
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Confidence, Need, Problem
from ctxdebug.questions import Question, Scope, Step, Verdict, counted, nothing, unexamined
from ctxdebug.rules import RULES
from tests.conversations import examined

ROOT = Path(__file__).parents[2]
CAPTURES = sorted(path for path in (ROOT / "fixtures" / "captures").rglob("*.*") if path.is_file())


def asked(transcript: str, question: Question, tmp_path: Path) -> Answer:
    path = tmp_path / "capture.txt"
    path.write_text(transcript, "utf-8")
    return next(answer for answer in examined(path)[0].steps if answer.question is question)


def test_every_question_is_answered_once() -> None:
    steps = examined(ROOT / "fixtures" / "captures" / "openai.chat" / "leave-bot.json")[0].steps
    assert [answer.question for answer in steps] == list(Question)
    assert {answer.step for answer in steps} == set(Step)


def test_every_rule_answers_a_question_or_looks_at_a_suite() -> None:
    for code, rule in RULES.all().items():
        assert (rule.question is None) == (rule.scope is Scope.SUITE), code


def test_every_question_but_that_of_the_case_has_a_rule() -> None:
    answering = {rule.question for rule in RULES.all().values()}
    assert set(Question) - answering == {Question.CASE_EXISTS}


@pytest.mark.parametrize("code", sorted(code for code, rule in RULES.all().items() if rule.fallback is not None))
def test_a_fallback_has_its_reason(code: str) -> None:
    rule = RULES.all()[code]
    assert rule.question is not None
    assert rule.fallback is not None
    assert reason_for(rule.question, rule.fallback)


def test_coverage_is_ok_only_where_everything_was_examined() -> None:
    assert counted([None, None]).verdict is Verdict.OK
    assert counted([None, "why"]).verdict is Verdict.PARTLY
    assert counted(["why", "why"]).verdict is Verdict.NOT_CHECKED
    assert counted([]).verdict is Verdict.NOT_APPLICABLE
    assert nothing("why").verdict is Verdict.NOT_APPLICABLE
    assert unexamined("why").verdict is Verdict.NOT_CHECKED
    assert counted([None]).but("why").verdict is Verdict.PARTLY


def test_a_request_without_its_response_does_not_tell_what_the_model_read(tmp_path: Path) -> None:
    answer = asked("system: Be brief.\nuser: Who are you?\n", Question.PROMPT_READ_IN_FULL, tmp_path)
    assert (answer.verdict, answer.reason) == (Verdict.NOT_CHECKED, "needs a recorded response")


def test_an_absent_answer_leaves_its_questions_open(tmp_path: Path) -> None:
    transcript = "system: Answer in English.\nuser: Who are you?\n"
    for question in (Question.ANSWER_COMPLETE, Question.INSTRUCTIONS_KEPT):
        assert asked(transcript, question, tmp_path).verdict is Verdict.NOT_CHECKED


def test_the_result_of_an_act_is_no_document_to_cite(tmp_path: Path) -> None:
    acts = "system: You book rooms.\nuser: Book room 4 please.\ntool[book_room]: Room 4 is booked.\nassistant: Done.\n"
    assert asked(acts, Question.CITATIONS_REQUIRED, tmp_path).verdict is Verdict.NOT_APPLICABLE
    assert asked(acts, Question.ANSWER_SUPPORTED, tmp_path).verdict is Verdict.NOT_APPLICABLE


def test_an_override_in_a_language_that_is_not_read_is_not_checked(tmp_path: Path) -> None:
    page = "Butiken är öppen från nio till fem och den är stängd den första måndagen i varje månad."
    transcript = f"system: Summarise the page.\nuser: What is this?\ntool[fetch]: {page}\nassistant: A page.\n"
    assert asked(transcript, Question.NO_INJECTED_INSTRUCTIONS, tmp_path).verdict is not Verdict.OK


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_findings_and_verdicts_agree(path: Path) -> None:
    for one in examined(path):
        found = {finding.question for finding in one.findings}
        for answer in one.steps:
            if answer.question in found:
                assert answer.verdict is Verdict.PROBLEM
                assert answer.codes
            elif answer.verdict is Verdict.OK:
                assert answer.checked == answer.total > 0
            elif answer.verdict is not Verdict.PROBLEM:
                assert answer.reason


CODES = sorted(code for code, rule in RULES.all().items() if rule.scope is Scope.EXCHANGE)


@pytest.mark.parametrize(
    "path", CAPTURES[:: max(1, len(CAPTURES) // 12)], ids=lambda path: f"{path.parent.name}-{path.name}"
)
def test_looking_less_never_makes_a_verdict_ok(path: Path) -> None:
    whole = [{answer.question: answer.verdict for answer in one.steps} for one in examined(path)]
    for left_out in ("MEM", "LRC1", "LRC2", "LRC3", "LRC4", "LRC5", "CST", *CODES[::7]):
        less = examined(path, RunOptions(selection=Selection(ignore=(left_out,))))
        for before, one in zip(whole, less, strict=True):
            for answer in one.steps:
                if answer.verdict is Verdict.OK:
                    assert before[answer.question] is Verdict.OK, (left_out, answer.question)


def verdicts(results: list[Examined]) -> list[dict[Question, Verdict]]:
    return [{answer.question: answer.verdict for answer in one.steps} for one in results]


def newly_ok(whole: list[dict[Question, Verdict]], less: list[dict[Question, Verdict]]) -> list[str]:
    """The questions that are answered with ok by those who know less, and were not before."""
    return [
        question.value
        for before, after in zip(whole, less, strict=True)
        for question, verdict in after.items()
        if verdict is Verdict.OK and before[question] is not Verdict.OK
    ]


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_without_its_answer_no_verdict_of_a_capture_becomes_ok(path: Path) -> None:
    source = Source(str(path))
    loaded = [one for one in load(source, LoadOptions()) if not isinstance(one, Problem)]
    mute = [replace(snapshot, answer=()) for snapshot in loaded]
    unanswered = [replace(snapshot, response=None, finish=None, usage=None, has_response=False) for snapshot in mute]
    whole, *less = (
        verdicts([engine.examine(snapshot, source) for snapshot in snapshots])
        for snapshots in (loaded, mute, unanswered)
        for engine in (Engine(RunOptions()),)
    )
    for one in less:
        assert not newly_ok(whole, one)


class Says:
    """A judge who says the same of everything."""

    def __init__(self, answer: bool | None) -> None:
        self.answer = answer

    def __call__(self, question: str, passages: Sequence[tuple[str, str]]) -> Judgement:  # noqa: ARG002 - the protocol's names
        return Judgement(self.answer, "because it is so")


JUDGED = sorted((ROOT / "fixtures" / "rules").rglob("judged-*.txt"))


@pytest.mark.parametrize(
    "path", [*JUDGED, *CAPTURES[:: max(1, len(CAPTURES) // 12)]], ids=lambda path: f"{path.parent.name}-{path.name}"
)
@pytest.mark.parametrize("says", [True, False, None])
def test_without_its_judge_no_verdict_becomes_ok(path: Path, says: bool | None) -> None:
    judged = examined(path, RunOptions(analysis=AnalysisOptions(judge=Says(says))))
    assert not newly_ok(verdicts(judged), verdicts(examined(path)))


@pytest.mark.parametrize("path", [*JUDGED, *CAPTURES], ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_hidden_low_confidence_finding_leaves_no_ok(path: Path) -> None:
    shown = examined(path, RunOptions(pedantic=True))
    for every, one in zip(shown, examined(path), strict=True):
        doubted = {finding.question for finding in every.findings if finding.confidence is Confidence.LOW}
        for answer in one.steps:
            assert answer.question not in doubted or answer.verdict is not Verdict.OK


def test_a_rule_that_needs_a_judge_is_met_by_one_only() -> None:
    for rule in RULES.all().values():
        if Need.JUDGE in rule.needs:
            assert rule.question is not None


def test_an_unknown_window_never_fits(tmp_path: Path) -> None:
    answer = asked("system: Be brief.\nuser: Who are you?\nassistant: A bot.\n", Question.PROMPT_FITS, tmp_path)
    assert (answer.verdict, answer.checked) == (Verdict.NOT_CHECKED, 0)


def test_facts_are_present_only_where_some_were_expected() -> None:
    path = ROOT / "fixtures" / "captures" / "openai.chat" / "leave-bot.json"
    free = {answer.question: answer for answer in examined(path)[0].steps}
    assert free[Question.FACTS_PRESENT].verdict is Verdict.NOT_CHECKED
    given = examined(path, RunOptions(analysis=AnalysisOptions(facts=("5 days",))))[0]
    held = {answer.question: answer for answer in given.steps}
    assert held[Question.FACTS_PRESENT].verdict in {Verdict.OK, Verdict.PROBLEM}


@pytest.mark.parametrize(
    ("system", "verdict"),
    [
        ("You are a helpful coding assistant. Answer in at most two sentences.", Verdict.OK),
        ("You are a helpful coding assistant.", Verdict.NOT_CHECKED),
        ("You are a terse assistant. Answer in at most two sentences.", Verdict.PARTLY),
        ("You are a helpful assistant who never gives prices. Answer in at most two sentences.", Verdict.PARTLY),
    ],
)
def test_a_bare_persona_asks_nothing_of_the_answer(system: str, verdict: Verdict, tmp_path: Path) -> None:
    transcript = f"system: {system}\nuser: What is two and two?\nassistant: It is four.\n"
    assert asked(transcript, Question.INSTRUCTIONS_KEPT, tmp_path).verdict is verdict


@pytest.mark.parametrize("fixture", ["formats/claude-code/export.json", "captures/otlp/leave-bot.counts-only.json"])
def test_what_the_log_does_not_keep_is_not_vouched_for(fixture: str) -> None:
    asks = {Question.NO_USER_OVERRIDE, Question.INSTRUCTIONS_KEPT, Question.INSTRUCTIONS_PLACED}
    for one in examined(ROOT / "fixtures" / fixture):
        for answer in one.steps:
            if answer.question in asks and one.snapshot.unseen:
                assert answer.verdict not in {Verdict.OK, Verdict.NOT_APPLICABLE}


def test_an_exchange_without_its_request_has_no_inapplicable_questions(tmp_path: Path) -> None:
    body = {"object": "chat.completion", "model": "gpt-4o", "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Four."}}]}  # fmt: skip
    path = tmp_path / "a.json"
    path.write_text(json.dumps(body), "utf-8")
    for one in examined(path):
        found = {answer.question: answer.verdict for answer in one.steps}
        open_ = (Question.NO_INJECTED_INSTRUCTIONS, Question.INSTRUCTIONS_KEPT, Question.SOURCES_AGREE)
        assert [found[question] for question in open_] == [Verdict.NOT_CHECKED] * 3


@pytest.mark.parametrize(
    ("system", "verdict"),
    [
        ('Only respond with exactly "Yes" or "No".', Verdict.NOT_CHECKED),
        ("Answer in XML only.", Verdict.NOT_CHECKED),
        ("Answer in valid JSON only.", Verdict.PROBLEM),
        ("Answer in one sentence.", Verdict.NOT_APPLICABLE),
    ],
)
def test_a_format_that_no_setting_enforces_is_not_ok(system: str, verdict: Verdict, tmp_path: Path) -> None:
    transcript = f"system: {system}\nuser: Is water wet?\nassistant: Yes\n"
    assert asked(transcript, Question.FORMAT_ENFORCED, tmp_path).verdict is verdict
