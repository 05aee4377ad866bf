from __future__ import annotations

from ctxdebug.model import Step
from ctxdebug.steps import QUESTIONS, answers


def answer(question: str, **given: object) -> tuple[str, str]:
    found = answers((), given.get("ran", ()), given.get("skipped", {}), absent=given.get("absent", ()))  # type: ignore[arg-type]
    return next((one.answer, one.reason) for one in found if question in one.question)


def test_silence_of_a_rule_that_looked_is_an_answer() -> None:
    assert answer("read all that was sent", ran=("MEM101",)) == ("yes", "")
    assert answer("do sources conflict", ran=("MEM402", "MEM403")) == ("no", "")


def test_what_the_telling_rule_could_not_see_is_not_checked_though_others_looked() -> None:
    skipped = {"MEM101": "the response records no prompt tokens"}
    assert answer("read all that was sent", ran=("MEM101", "MEM102"), skipped=skipped) == (
        "not checked",
        skipped["MEM101"],
    )


def test_a_question_about_nothing_is_not_answered() -> None:
    assert answer("citations demanded", ran=("LRC405",), absent=("documents",)) == (
        "not checked",
        "no documents were given",
    )


def test_every_step_but_the_case_has_a_question_of_its_own() -> None:
    assert {question.step for question in QUESTIONS} == set(Step)


def test_a_question_whose_rules_do_not_exist_is_not_asked() -> None:
    assert answers((), ("XYZ999",), {}) == ()
