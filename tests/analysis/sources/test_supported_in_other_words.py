"""Right answers as people and models put them: none is reported as a warning or an error."""

from __future__ import annotations

import pytest

import ctxdebug

_CLAIMS = frozenset({"MEM404", "MEM405", "MEM406", "MEM410", "LRC504", "LRC505"})


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        (
            "Books can be renewed twice unless somebody has reserved them.",
            "can i keep my book longer?",
            "Usually yes, up to two times. If someone else is waiting for it, you have to bring it back.",
        ),
        (
            "The hut serves food from May to October, cash only. Allow four hours for the trail of 11 km.",
            "is the trail doable with kids?",
            "It's 11 km, so plan about four hours, and for little ones that may be a lot.",
        ),
        ("Invoice 7 of 3 March 2025 is due within 30 days.", "when?", "30 days after 3 March, so by April 2nd."),
        ("The deposit is three months' rent.", "rent is 700, how much deposit", "It comes to €2,100, three months at 700 each."),
        ("We are open from 8 to 12 and on Thursdays also from 15 to 18.", "thursday afternoon?", "Yes, from 3 to 6 pm."),
        ("Monday to Friday from 8 to 12. In emergencies call 112.", "weekend?", "We're closed at weekends."),
        ("The budget passed by nine votes to four. Ms Tamm abstained.", "did it pass?", "Nine to four, with one abstention."),
        (
            "Ada Winther founded the bakery in 1987. Since 2015 her daughter Karla has run it.",
            "who runs the bakery now?",
            "Karla, the founder's daughter, has been in charge since 2015.",
        ),
        ('{"order": "A-881", "shipped_on": "2025-06-02"}', "where's my order", "It was shipped on June 2nd."),
        ("Work begins in March and takes eighteen months.", "how long?", "They have a year and a half."),
        ("Flood damage is covered. The excess is 250 euros.", "what do I get for 1,000 damage?", "You'd receive 750 euros."),
        ("The course costs 180 euros; students pay half.", "what do students pay?", "As a student you'd pay 90 euros."),
        (
            "The survey had 1,204 responses, of which 57 were discarded.",
            "how many usable answers?",
            "1,147, since 57 of the 1,204 were discarded.",
        ),
        ("Do not water the orchid more than once a week.", "how often?", "Water it once a week at most."),
        ("Captain Ilse Marren took command in 2021, after Joost Vink had retired.", "who was captain before her", "Joost Vink, until he retired."),
        ('[{"entitled": 28, "carried_over": 3, "taken": 17, "booked": 4}]', "days left?", "10 days: 31 in total with the three carried over, minus 17 taken and 4 booked."),
        ('Today is 2025-09-15. [{"name": "Agnes", "born": "1941-06-02"}]', "how old is Agnes?", "Agnes turned 84 in June."),
        ("The garden is open daily except Mondays.", "monday?", "No, the garden is closed on Mondays."),
        ("Check the green tag at the ladder and report to the foreman.", "What first?", "Look for the green tag by the ladder."),
        ("Die Tiefgarage ist von 6 bis 23 Uhr geöffnet.", "When is the garage open?", "The garage is open from 6 am to 11 pm."),
        ("Helsa is the second-largest city. The largest is Morven.", "largest?", "Morven is the largest city."),
    ],
)  # fmt: skip
def test_a_right_answer_is_silent(text: str, question: str, answer: str) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "search_docs", "arguments": "{}"}}
    request = {
        "model": "gpt-4o-mini",
        "messages": [
            {"role": "system", "content": "Answer from the search results."},
            {"role": "user", "content": question},
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "c1", "content": text},
        ],
    }
    case = ctxdebug.inspect(
        request, {"choices": [{"message": {"role": "assistant", "content": answer}, "finish_reason": "stop"}]}
    )
    assert [
        one.message for one in case.findings if one.code in _CLAIMS and one.severity.word in {"warning", "error"}
    ] == []
