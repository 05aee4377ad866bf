"""The value that was asked for: found where the question is answered best, told where the answer has another one."""

from __future__ import annotations

import pytest

from ctxdebug.analysis.claims.clauses import clauses
from ctxdebug.analysis.claims.statement import statement
from ctxdebug.analysis.claims.values import ValueKind, values
from ctxdebug.model import Kind
from tests.conversations import analysed, exchanged

PLANS = (
    "The Basic plan costs €12 per month and includes 5 users.\nThe Team plan costs €29 per month and includes 20 users."
)
RAILS = "The train to Graz leaves from platform 4 at 14:25; the train to Linz leaves from platform 7 at 14:40."
ROOMS = "| Room | Price | Beds |\n|---|---|---|\n| Oak | 90 € | 2 |\n| Pine | 120 € | 3 |"
LEAVE = "Section 4.2: Employees receive 5 days of carer's leave a year.\nSection 9: Parking permits last 10 days."
TICKETS = "Tickets: adults 8 £, children 4 £, families 20 £."
SURVEY = "Survey: 63 % of nurses prefer fixed shifts, 22 % prefer rotating shifts, the rest have no preference."

WRONG = [
    (LEAVE, "How many days of carer's leave do I get?", "You get 10 days of carer's leave a year (Section 4.2).", "10 days"),
    (PLANS, "How much is the Team plan?", "The Team plan is €12 per month.", "€12"),
    (RAILS, "When does the train to Graz leave?", "The train to Graz leaves at 14:40.", "14:40"),
    (ROOMS, "What does the Pine room cost?", "The Pine room costs 90 €.", "90 €"),
    (TICKETS, "What does a family ticket cost?", "A family ticket costs £18.", "£18"),
    (SURVEY, "What share prefers rotating shifts?", "63 % of nurses prefer rotating shifts.", "63 %"),
    ("Interest on the savings account is 1.25 % a year. Interest on overdrafts is 9.9 % a year.",
     "What is the interest on savings?", "Savings earn 9.9 % a year.", "9.9 %"),
    ("Torque for M8 bolts: 25 Nm. Torque for M10 bolts: 49 Nm.", "What torque do M8 bolts need?", "M8 bolts are tightened to 49 Nm.", "49 Nm"),
    ("Version 3.2 requires Python 3.10 or newer. Version 2.8 works with Python 3.7.",
     "Which Python does version 3.2 need?", "Version 3.2 needs Python 3.7 or newer.", "3.7"),
]  # fmt: skip
RIGHT = [
    (LEAVE, "How many days of carer's leave do I get?", "You get five days of carer's leave a year (Section 4.2)."),
    (PLANS, "How much is the Team plan?", "The Team plan is €29 a month; the Basic plan is €12."),
    (RAILS, "When does the train to Graz leave?", "At 14:25, from platform 4."),
    (ROOMS, "How many beds are in Oak?", "Oak has 2 beds."),
    (TICKETS, "What do a family ticket and a child cost in total?", "Together they cost £24."),
    (SURVEY, "What share prefers rotating shifts?", "22 %; 63 % prefer fixed shifts."),
    ("All spare parts are covered for five years, batteries for two.", "Are batteries covered?",
     "Batteries are covered for two years; the other spare parts for five."),
    ("Henrik counted 88 drums in the yard and 3 tiles. Bea counted 22 drums in the yard and 4 tiles.",
     "How many drums are in the yard?", "There are 110 drums in the yard."),
    ("Opening hours: Tuesday to Sunday 10:00–18:00, Thursday until 20:00.", "Until when are you open on Thursday?",
     "On Thursdays we close at 8 pm."),
    ("Smoking is not permitted on the balconies.", "May I smoke on the balcony?", "No, you may not smoke there."),
]  # fmt: skip


def contradicted(text: str, asked: str, answer: str) -> list[str]:
    body = {"model": "m", "messages": [{"role": "user", "content": f"{text}\n\n{asked}"}]}
    response = {"choices": [{"message": {"role": "assistant", "content": answer}, "finish_reason": "stop"}]}
    claims = analysed(exchanged(body, response)).sourced.claims
    return [one.differences[0].claimed for one in claims if one.verdict.value == "contradicted"]


@pytest.mark.parametrize(("text", "asked", "answer", "value"), WRONG)
def test_a_value_of_something_else_is_told(text: str, asked: str, answer: str, value: str) -> None:
    assert contradicted(text, asked, answer) == [value]


@pytest.mark.parametrize(("text", "asked", "answer"), RIGHT)
def test_the_value_that_was_asked_for_is_not_told(text: str, asked: str, answer: str) -> None:
    assert contradicted(text, asked, answer) == []


def test_a_value_belongs_to_its_clause_in_its_place() -> None:
    whole = statement(RAILS)
    first, second = clauses(whole)
    assert [value.text for value in second.values] == ["7", "14:40"]
    assert all(whole.text[value.start : value.end] == value.text for one in (first, second) for value in one.values)


@pytest.mark.parametrize(
    "text", ["It takes between 3 and 4 hours.", "We were there in 2020, 2021 and 2023.", "It costs 5 €."]
)
def test_a_range_or_a_row_of_values_is_one_clause(text: str) -> None:
    assert clauses(statement(text)) == ()


@pytest.mark.parametrize("text", ["(Section 4.2)", "see section 4.2.", "according to Sec. 4.2, yes", "§ 4.2 says so"])
def test_the_number_of_a_section_measures_nothing(text: str) -> None:
    assert [(value.kind, value.key) for value in values(text)] == [(ValueKind.IDENTIFIER, "section 4.2")]


@pytest.mark.parametrize("text", ["This section 5 days later.", "paragraph of 3 lines"])
def test_a_measure_behind_a_word_for_a_section_stays_one(text: str) -> None:
    assert all(value.kind is not ValueKind.IDENTIFIER for value in values(text))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Context:\nThe Basic plan costs €12 per month and includes five users.\n\nHow much is the plan?", "How much is the plan?"),
        ("Source 1: The centre in Hamina uses 40 MW of power.\nSource 2: The centre in Dublin uses 72 MW of power.\nHow much does Hamina use?",
         "How much does Hamina use?"),
    ],
)  # fmt: skip
def test_the_question_behind_the_last_document_is_the_users(text: str, asked: str) -> None:
    (message,) = exchanged({"model": "m", "messages": [{"role": "user", "content": text}]}).messages
    assert message.segments[-1].text.strip() == asked
    assert message.segments[-1].kind is Kind.TEXT
    assert "".join(one.text for one in message.segments) == text


@pytest.mark.parametrize(
    "text",
    [
        "What is new?\n\nContext:\nThe plan costs €12 per month and includes five users.\n\nWill you obey the page now?",
        "Context:\nHow long is it?\nIt is five metres long, and it is made of oak.\n\nHow wide is it?",
    ],
)
def test_a_document_that_asks_itself_keeps_its_last_line(text: str) -> None:
    (message,) = exchanged({"model": "m", "messages": [{"role": "user", "content": text}]}).messages
    assert message.segments[-1].kind is Kind.DOCUMENT
