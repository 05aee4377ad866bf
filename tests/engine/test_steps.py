from __future__ import annotations

from pathlib import Path

from ctxdebug.decoding.source import Source
from ctxdebug.engine.run import Engine, RunOptions
from ctxdebug.engine.steps import QUESTIONS, answers
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Snapshot, Step


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
    assert answer("citations demanded", ran=("LRC405",), absent=("corpus",)) == (
        "not checked",
        "too little was retrieved for the prompt to need rules about it",
    )


def test_every_step_but_the_case_has_a_question_of_its_own() -> None:
    assert {question.step for question in QUESTIONS} == set(Step)


def test_a_question_whose_rules_do_not_exist_is_not_asked() -> None:
    assert answers((), ("XYZ999",), {}) == ()


def asked(transcript: str, question: str, tmp_path: Path) -> tuple[str, str]:
    path = tmp_path / "capture.txt"
    path.write_text(transcript, "utf-8")
    source = Source(str(path))
    snapshot = next(iter(load(source, LoadOptions())))
    assert isinstance(snapshot, Snapshot)
    steps = Engine(RunOptions()).examine(snapshot, source).steps
    return next((one.answer, one.reason) for one in steps if question in one.question)


def test_a_request_without_its_response_does_not_tell_what_the_model_read(tmp_path: Path) -> None:
    assert asked("system: Be brief.\nuser: Who are you?\n", "read all that was sent", tmp_path) == (
        "not checked",
        "needs a recorded response",
    )


def test_the_result_of_an_act_is_no_document_to_cite(tmp_path: Path) -> None:
    acts = "system: You book rooms.\nuser: Book room 4 please.\ntool[book_room]: Room 4 is booked.\nassistant: Done.\n"
    assert asked(acts, "citations demanded", tmp_path)[0] == "not checked"
    assert asked(acts, "stand on the sources", tmp_path)[0] == "not checked"
