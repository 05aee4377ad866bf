"""Names and cells that answer a question, against the ones that an answer gives."""

from __future__ import annotations

import pytest

from ctxdebug.analysis.sources.claim import ClaimVerdict
from ctxdebug.analysis.sources.examination import Examination
from ctxdebug.analysis.sources.source import Source

MILL = (
    "Ida Norling has been chief executive of Velden Mill since 2018. Per Aske is the chief financial officer. "
    "The mill was founded by Wendela Roos. Dr. Hult trained the crew in Skagen; the crew in Varde was trained by Dr. Bek."
)
PLANS = "| Plan | Price (EUR per month) | Storage (GB) |\n|---|---|---|\n| Small | 5 | 50 |\n| Medium | 9 | 200 |"
HALLS = '[{"hall": "Main House", "seats": 640, "lift": true}, {"hall": "Studio", "seats": 220, "lift": true}]'
TOWNS = "Country,Population (millions),Capital\nNorland,5.4,Veldhavn\nSudmark,10.2,Karst"
MUSEUM = "The museum is closed on Mondays. On the first Friday of a month it stays open until 21:00."


def contradicted(text: str, question: str, answer: str) -> bool:
    claims = Examination([Source("text", text)], question, answer, user=[question]).claims
    return any(claim.verdict is ClaimVerdict.CONTRADICTED for claim in claims)


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        (MILL, "Who is the CEO of Velden Mill?", "Per Aske is the CEO."),
        (MILL, "Who is the CEO of Velden Mill?", "Wendela Roos."),
        (MILL, "Who founded the mill?", "The mill was founded by Ida Norling."),
        (MILL, "Who trained the crew in Varde?", "Dr. Hult trained the crew in Varde."),
        (PLANS, "What does the Medium plan cost?", "The Medium plan costs €5 a month."),
        (PLANS, "How much storage has the Small plan?", "The Small plan has 200 GB of storage."),
        (HALLS, "How many seats are there?", "The Main House seats 220, and the Studio 640."),
        (TOWNS, "What is the capital of Norland?", "The capital of Norland is Karst."),
        (MUSEUM, "Which day are you shut?", "We are closed on Tuesday."),
    ],
)
def test_another_name_or_cell_is_told(text: str, question: str, answer: str) -> None:
    assert contradicted(text, question, answer)


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        (MILL, "Who is the CEO of Velden Mill?", "Ida Norling is the CEO."),
        (MILL, "Who is the CEO of Velden Mill?", "Ida Norling has led the mill as chief executive since 2018."),
        (MILL, "Who founded the mill?", "It was founded by Wendela Roos."),
        (MILL, "Who trained the crew in Varde?", "The crew in Varde was trained by Dr. Bek."),
        (MILL, "Who trained the crew in Skagen?", "Dr. Hult did."),
        (PLANS, "What does the Medium plan cost?", "The Medium plan costs €9 a month."),
        (PLANS, "What do you offer?", "The Medium plan has 200 GB and costs 9 EUR, the Small plan 5 EUR."),
        (HALLS, "How many seats are there?", "The Main House seats 640, and the Studio 220."),
        (TOWNS, "What is the capital of Norland?", "The capital of Norland is Veldhavn."),
        (MUSEUM, "Which day are you shut?", "We are closed on Mondays."),
        (
            "The museum is open from 10:00 to 17:00, and closed on Mondays.",
            "When do you close on Sundays?",
            "On Sundays the museum closes at 17:00.",
        ),
        (MUSEUM, "Are you open on Tuesday?", "The museum is open on Tuesday."),
        (MUSEUM, "Which day are you shut?", "We are open from Tuesday to Sunday."),
    ],
)
def test_the_same_name_or_cell_is_silent(text: str, question: str, answer: str) -> None:
    assert not contradicted(text, question, answer)
