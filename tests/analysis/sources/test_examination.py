"""The whole pass over texts: conflicts and sides, age, support, and what is left alone."""

from __future__ import annotations

import pytest

from ctxdebug.analysis.sources.answer_part import Grounding
from ctxdebug.analysis.sources.conflict import Basis, Side
from ctxdebug.analysis.sources.examination import Examination
from ctxdebug.analysis.sources.source import Source

OLD = "Last updated: 2022-03-01. Up to 10 days of unused leave may be carried over to the next year. Sick notes go to the office."
NEW = "Last updated: 2025-01-15. Up to 5 days of unused leave may be carried over to the next year. Sick notes go to the office."
QUESTION = "How many days of unused leave can I carry over?"


def examine(
    *texts: str, question: str = "", answer: str = "", user: tuple[str, ...] = (), developer: tuple[str, ...] = ()
) -> Examination:
    sources = [Source(f"doc-{number}", text) for number, text in enumerate(texts, 1)]
    return Examination(sources, question, answer, user=user, developer=developer)


def parts(answer: str, *texts: str, user: tuple[str, ...] = ()) -> dict[str, tuple[str, str]]:
    found = examine(*texts, answer=answer, user=user).supports
    return {part.text: (part.verdict.value, part.how) for support in found for part in support.parts}


def test_near_duplicates_with_one_other_value_conflict_at_the_value() -> None:
    examined = examine(OLD, NEW, question=QUESTION)
    assert [(one.kind, one.left_value, one.right_value) for one in examined.conflicts] == [
        ("duration", "10 days", "5 days")
    ]
    conflict = examined.conflicts[0]
    assert examined.corpus.words(conflict.left_spot) == "10 days"
    assert examined.corpus.words(conflict.right_spot) == "5 days"
    assert conflict.relevance > 0.5
    assert conflict.used is None


@pytest.mark.parametrize(
    ("answer", "side"),
    [
        ("You can carry over up to 10 days of unused leave.", Side.LEFT),
        ("You can carry over 5 days of unused leave.", Side.RIGHT),
        ("One document says 10 days of leave, the other 5 days of leave.", Side.BOTH),
        ("Please ask your manager about your leave.", Side.NEITHER),
    ],
)
def test_a_conflict_knows_the_side_that_the_answer_took(answer: str, side: Side) -> None:
    assert examine(OLD, NEW, question=QUESTION, answer=answer).conflicts[0].used is side


def test_the_older_side_is_superseded_and_the_newer_is_not() -> None:
    older = examine(OLD, NEW, question=QUESTION, answer="You can carry over up to 10 days of unused leave.").superseded
    assert [(one.older, one.newer, one.older_dating.shown) for one in older] == [(0, 1, "Last updated: 2022-03-01")]
    assert not examine(OLD, NEW, question=QUESTION, answer="You can carry over 5 days of unused leave.").superseded


@pytest.mark.parametrize(
    ("id_", "text"),
    [
        ("handbook-2021", "Up to 10 days of unused leave may be carried over to the next year."),
        ("handbook", "This page is superseded. Up to 10 days of unused leave may be carried over to the next year."),
        ("handbook-v1", "Up to 10 days of unused leave may be carried over to the next year."),
    ],
)
def test_age_is_read_from_ids_versions_and_marks(id_: str, text: str) -> None:
    newer = {"handbook-2021": "policy-2024", "handbook": "policy", "handbook-v1": "handbook-v2"}[id_]
    sources = [Source(id_, text), Source(newer, "Up to 5 days of unused leave may be carried over to the next year.")]
    found = Examination(sources, QUESTION, "You can carry over up to 10 days of unused leave.").superseded
    assert [one.older for one in found] == [0]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "Audit logs are kept for 90 days on the Team plan.",
            "Audit logs are kept for 365 days on the Enterprise plan.",
        ),
        ("Retrieved 23 July 2015.", "Retrieved 30 November 2024."),
        ("It was listed on the register in 1983.", "The house was listed on the register in 1991."),
        ("Top 10 grocery stores near Lincoln Park", "2 grocery stores near Lincoln Park closed today, says Yelp"),
        ('{"id": 4, "score": 0.0023699602904358563}', '{"id": 4, "score": 0.0018325738434757787}'),
        ("The office is open on weekdays. It closes at 17:00.", "The office is open on weekdays. It closes at 5 pm."),
        ("order-123: refund allowed for 30 days.", "order-456: refund allowed for 30 days."),
    ],
)
def test_what_is_no_conflict_is_left_alone(first: str, second: str) -> None:
    assert [one for one in examine(first, second).conflicts if one.sure] == []


def test_one_source_cannot_conflict_with_itself() -> None:
    assert examine("The fee is $10 per month. The fee is $12 per month.").conflicts == ()


def test_results_of_acting_tools_support_and_do_not_compete() -> None:
    sources = [
        Source("", "The cart total is $10 for this order.", retrieved=False),
        Source("", "The cart total is $25 for this order.", retrieved=False),
    ]
    examined = Examination(sources, "", "The cart total is $25 for this order.")
    assert examined.conflicts == ()
    assert [support.verdict for support in examined.supports] == [Grounding.SUPPORTED]


def test_a_question_brings_out_rival_answers_in_other_words() -> None:
    found = examine(
        "The Nomad tent won a design award. Its designer was Ingrid Solberg of Bergen.",
        "Peter Wachowski drew the Nomad tent in his studio in Gdansk, and it won a design award.",
        question="Who designed the Nomad tent?",
    ).conflicts
    assert all(one.basis is not Basis.TYPED for one in found)


PRICES = (
    "The monthly fee of the Business account is £12. The setup fee is £30. The Business account opened in March 2024."
)


@pytest.mark.parametrize(
    ("answer", "value", "verdict"),
    [
        ("The monthly fee of the Business account is £12.", "£12", "supported"),
        ("The monthly fee of the Business account is £12.00.", "£12.00", "supported"),
        ("The Business account opened in 03/2024.", "03/2024", "supported"),
        ("The monthly fee and the setup fee of the Business account come to £42 in total.", "£42", "supported"),
        ("The monthly fee of the Business account is £12, so a year costs £144: £12 times 12.", "£144", "supported"),
        ("The monthly fee of the Business account is £15.", "£15", "contradicted"),
        ("The Business account has a yearly limit of £85,000.", "£85,000", "absent"),
        ("The Business account opened in March 2021.", "March 2021", "contradicted"),
    ],
)
def test_each_value_of_an_answer_gets_a_verdict(answer: str, value: str, verdict: str) -> None:
    assert parts(answer, PRICES)[value][0] == verdict


def test_what_the_user_said_is_given_and_told_apart() -> None:
    assert parts("With your 12 days you may carry over 5 days.", NEW, user=("I have 12 days left.",))["12 days"] == (
        "supported",
        "the user said so",
    )


def test_another_unit_of_the_same_amount_is_supported() -> None:
    assert parts("It takes 1.5 hours.", "The trip takes 90 minutes.")["1.5 hours"][0] == "supported"
    assert parts("It is 22 °C (72 °F) in Denver.", "Weather in Denver: 22 °C")["72 °F"][0] == "supported"


@pytest.mark.parametrize(
    "answer",
    [
        "1. Open the app.\n2. Press start.",
        "Here are three options:\n- one\n- two\n- three",
        "As of my training cutoff in October 2023, I do not know.",
    ],
)
def test_counts_list_numbers_and_words_about_itself_are_not_specific(answer: str) -> None:
    found = examine(PRICES, answer=answer).supports
    assert [
        part for support in found for part in support.parts if part.verdict is Grounding.ABSENT and part.specific
    ] == []


def test_a_negated_source_sentence_is_contradicted() -> None:
    found = examine(
        "Sale items can be exchanged in every shop.", answer="Sale items cannot be exchanged in every shop."
    ).supports
    assert [support.verdict for support in found] == [Grounding.CONTRADICTED]


def test_code_in_an_answer_makes_no_claim() -> None:
    assert examine(PRICES, answer="```\nfee = 99\n```").supports == ()


def test_duplicates_are_waste_and_other_passages_are_not() -> None:
    copy = "The router restarts itself after every update of its software. Do not unplug it while the lamp is amber."
    examined = examine(
        copy,
        "Something else about lamps, and how they glow in the dark of night.",
        copy + " Thanks.",
        question="When does the router restart?",
    )
    assert [(one.source, one.earlier) for one in examined.waste.duplicates] == [(2, 0)]


def test_limits_are_said_only_where_sources_could_conflict() -> None:
    assert examine(PRICES).not_checked == ()
    assert any("no" in note for note in examine(PRICES, NEW).not_checked)


def test_no_sources_is_no_trouble() -> None:
    empty = Examination([], "What?", "It costs £5.")
    assert (empty.conflicts, empty.superseded, empty.citations, empty.waste.duplicates) == ((), (), (), ())


@pytest.mark.parametrize(
    ("first", "second", "values"),
    [
        ("| Plan | Price |\n|---|---|\n| Pro | $20 |", "| Plan | Price |\n|---|---|\n| Pro | $25 |", ("$20", "$25")),
        (
            "Q: How long is the warranty?\nA: 2 years.",
            "Q: How long is the warranty?\nA: 3 years.",
            ("2 years", "3 years"),
        ),
        ("- Vacation days: 28\n- Office: Lund", "- Vacation days: 25\n- Office: Lund", ("28", "25")),
        (
            '{"text": "Refunds are accepted within 30 days of delivery."}',
            '{"text": "Refunds are accepted within 14 days of delivery."}',
            ("30 days", "14 days"),
        ),
    ],
)
def test_tables_questions_fields_and_records_are_read(first: str, second: str, values: tuple[str, str]) -> None:
    found = [one for one in examine(first, second).conflicts if one.sure]
    assert [(one.left_value, one.right_value) for one in found] == [values]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("| Plan | Price |\n|---|---|\n| Pro | $20 |", "| Plan | Price |\n|---|---|\n| Team | $25 |"),
        ("| Plan | Price |\n|---|---|\n| Pro | $20 |", "| Region | Tax |\n|---|---|\n| Pro | $25 |"),
    ],
)
def test_other_rows_and_other_tables_do_not_conflict(first: str, second: str) -> None:
    assert [one for one in examine(first, second).conflicts if one.sure] == []
