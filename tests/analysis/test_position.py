"""Where things stand in a long prompt: told only when it is long, when it explains something, and when the vendor says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.position import one_ended, overlooked, question_far
from ctxdebug.model import Snapshot
from tests.conversations import analysed, transcribed

SYSTEM = "system: Answer only from the documents and cite their ids. Answer in exactly one sentence.\n"
ASKED = "Who repaired the hydraulic press in the smithy, and on which day?"
PRESS = "Yusuf repaired the hydraulic press in the smithy on Tuesday, with a new seal from the workshop."
DECLINES = "assistant: The documents do not say who repaired the press.\n"


def library(count: int, place: int) -> str:
    filler = [
        " ".join(
            f"The {n}th crate of lot {m} went by cart to shed {(n * 7 + m) % 90} before the rain of week {n % 50}."
            for m in range(9)
        )
        for n in range(count)
    ]
    filler[place] = PRESS
    return "".join(f'<document id="d{n}">{text}</document>\n' for n, text in enumerate(filler))


def only(text: str) -> Snapshot:
    (snapshot,) = transcribed(text)
    return snapshot


def talk(text: str, **options: Any) -> Analysis:
    return analysed(only(text), **options)


def test_a_declined_question_whose_passage_is_in_the_middle() -> None:
    found = overlooked(talk(f"% model: gpt-4o\n{SYSTEM}user: {library(50, 25)}\n{ASKED}\n{DECLINES}"))
    assert found is not None
    assert found.declined
    assert 0.4 < found.share < 0.6


@pytest.mark.parametrize("place", [0, 2, 47, 49])
def test_a_passage_at_either_end_is_not_in_the_middle(place: int) -> None:
    assert overlooked(talk(f"% model: gpt-4o\n{SYSTEM}user: {library(50, place)}\n{ASKED}\n{DECLINES}")) is None


def test_a_passage_that_was_used_is_not_overlooked() -> None:
    answer = "assistant: Yusuf repaired the hydraulic press on Tuesday [d25].\n"
    assert overlooked(talk(f"% model: gpt-4o\n{SYSTEM}user: {library(50, 25)}\n{ASKED}\n{answer}")) is None


def test_a_short_prompt_has_no_middle() -> None:
    assert overlooked(talk(f"% model: gpt-4o\n{SYSTEM}user: {library(9, 4)}\n{ASKED}\n{DECLINES}")) is None


def test_an_expected_fact_is_another_rule_s() -> None:
    text = f"% model: gpt-4o\n{SYSTEM}user: {library(50, 25)}\n{ASKED}\n{DECLINES}"
    assert overlooked(talk(text, facts=("Yusuf",))) is None


def test_a_question_in_front_of_documents() -> None:
    found = question_far(talk(f"% model: gemini-2.5-flash\n{SYSTEM}user: {ASKED}\n{library(70, 0)}\n"))
    assert found is not None
    assert found.question.text.startswith("Who repaired")


@pytest.mark.parametrize("model", ["gpt-4o", "gpt-4.1", "mistral-large-latest", "some-model"])
def test_without_the_maker_s_advice_the_question_may_stand_anywhere(model: str) -> None:
    assert question_far(talk(f"% model: {model}\n{SYSTEM}user: {ASKED}\n{library(70, 0)}\n")) is None


def test_a_question_behind_the_documents_is_where_it_belongs() -> None:
    assert question_far(talk(f"% model: gemini-2.5-flash\n{SYSTEM}user: {library(70, 0)}\n{ASKED}\n")) is None


def test_tool_results_come_after_their_question_by_nature() -> None:
    text = f"% model: gemini-2.5-flash\n{SYSTEM}user: {ASKED}\ncall[search]: {{}}\ntool[search]: {library(70, 0)}\n"
    assert question_far(talk(text)) is None


def test_claude_s_advice_begins_at_twenty_thousand_tokens() -> None:
    assert question_far(talk(f"% model: claude-sonnet-4-5\n{SYSTEM}user: {ASKED}\n{library(60, 0)}\n")) is None


def test_instructions_only_in_front_of_documents() -> None:
    found = one_ended(talk(f"% model: gpt-4.1\n{SYSTEM}user: {library(70, 0)}\n{ASKED}\n"))
    assert found is not None
    assert found.side == "front"


def test_instructions_at_both_ends() -> None:
    text = f"% model: gpt-4.1\n{SYSTEM}user: {library(70, 0)}\n{ASKED} Answer in exactly one sentence.\n"
    assert one_ended(talk(text)) is None


def test_instructions_at_one_end_of_a_short_prompt() -> None:
    assert one_ended(talk(f"% model: gpt-4.1\n{SYSTEM}user: {library(5, 0)}\n{ASKED}\n")) is None


def test_no_documents_no_ends() -> None:
    assert one_ended(talk(f"% model: gpt-4.1\n{SYSTEM}user: {ASKED}\n")) is None


def test_a_model_that_nobody_advises_on() -> None:
    snapshot = replace(only(f"{SYSTEM}user: {library(70, 0)}\n{ASKED}\n"), model=None)
    assert one_ended(Analysis(snapshot)) is None
