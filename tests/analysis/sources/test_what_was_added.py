"""What an answer adds to what was given, and what it may add: through the whole program, each loud case beside silent ones."""

from __future__ import annotations

import pytest

import ctxdebug

_TOLD = frozenset({"MEM404", "MEM405", "MEM410"})


def codes(system: str, user: str, answer: str, tool: str = "", name: str = "") -> set[str]:
    """The rules of claims that report an answer as a warning or an error."""
    messages: list[object] = [{"role": "system", "content": system}, {"role": "user", "content": user}]
    if tool:
        call = {"id": "c1", "type": "function", "function": {"name": name, "arguments": "{}"}}
        messages += [
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "c1", "content": tool},
        ]
    request = {"model": "gpt-4o-mini", "messages": messages}
    response = {"choices": [{"message": {"role": "assistant", "content": answer}, "finish_reason": "stop"}]}
    case = ctxdebug.inspect(request, response)
    assert not case.problems
    return {one.code for one in case.findings if one.code in _TOLD and one.severity.word in {"warning", "error"}}


FERRY = "The ferry Kittiwake leaves at 9:15 and takes twenty minutes. Bicycles travel free. The café on board takes cards only."
TIMES = '{"ferry": "K 2", "scheduled": "09:15", "expected": "09:40", "pier": "3"}'
HOUSE = "Desk of the Juniper hostel. House facts: Breakfast is from 7 to 10. Towels cost 2 euros. The kitchen closes at 22:00."
BILL = "Bill 77: hedge 120.00 EUR, cuttings 45.00 EUR, travel 18.50 EUR. Payable within 14 days."
MEMORY = "You remember things about the user:\n- plays the cello\n- lives in Aarhus since spring\nIf you do not remember something, say so."


@pytest.mark.parametrize(
    ("system", "user", "answer", "tool", "name"),
    [
        ("Report bills.", "What is the total of bill 77?", "The total of bill 77 is 193.50 EUR.", BILL, "get_bill"),
        ("Report ferries.", "is the 9.15 on time?", "It leaves at 9:40. The captain is Astrid Holm.", TIMES, "status"),
        (
            "Use only the tool output.",
            "what does the crossing cost?",
            "The crossing costs 14.50 euros.",
            TIMES,
            "ferry",
        ),
        (HOUSE, "what does a towel cost?", "A towel costs 2 euros, or write to towels@juniper.example.", "", ""),
        (MEMORY, "who did I say my teacher is?", "You said that your teacher is Mrs. Ellery.", "", ""),
    ],
)
def test_what_no_text_contains_is_told(system: str, user: str, answer: str, tool: str, name: str) -> None:
    assert codes(system, user, answer, tool, name) == {"MEM404"}


@pytest.mark.parametrize(
    ("system", "user", "answer", "tool", "name"),
    [
        (
            "Report ferries.",
            "is the 9.15 on time?",
            "No, it is 25 minutes late because of an engine fault.",
            TIMES,
            "status",
        ),
        (MEMORY, "remind me what I am allergic to", "You are allergic to walnuts.", "", ""),
        (
            "Answer from the document.",
            f'<document id="ferry">{FERRY}</document>\nWhat about bikes?',
            "Bicycles travel free, and we also lend helmets to passengers.",
            "",
            "",
        ),
        (
            HOUSE + " Bring a passport, a sleeping bag and a padlock.",
            "what to bring?",
            "Please bring:\n\n- a passport\n- a padlock\n- a sleeping bag\n- a vaccination certificate",
            "",
            "",
        ),
        (
            "",
            "Two names for a pet pelican",
            "1. **Charles** - a dignified name\n2. **Sammy** - a playful name that gives off warm, approachable vibes.",
            "Charles, Sammy",
            "pelican_names",
        ),
        (
            "Use the document to answer.",
            f'<document id="ferry">{FERRY}</document>\nIs it a nice trip?',
            "It is short and lovely. Bring sunscreen and a windbreaker.",
            "",
            "",
        ),
    ],
)
def test_words_alone_that_no_text_contains_are_no_warning(
    system: str, user: str, answer: str, tool: str, name: str
) -> None:
    assert codes(system, user, answer, tool, name) == set()


VANS = '[{"van": "V1", "km": 812}, {"van": "V2", "km": 1240}, {"van": "V3", "km": 1095}]'
TRAINS = "| from | to | dep | arr |\n|---|---|---|---|\n| Aarn | Belt | 22:48 | 01:03 |"
VIAL = "Answer only from the context.\nContext: Once opened, a vial is to be used within 6 hours. A vial holds 10 doses of 0.5 ml."


@pytest.mark.parametrize(
    ("system", "user", "answer", "tool"),
    [
        ("Fleet desk.", "which van drove furthest?", "V2, 145 km ahead of V3; all three covered 3,147 km.", VANS),
        ("Trains.", "how long is the trip?", "It takes 135 minutes: 10:48 pm to 1:03 am.", TRAINS),
        ("Fuel log.", "what did I use?", "You burned 7 litres per 100 km.", '{"litres": 42.0, "km": 600}'),
        ("Payroll.", "gross per month?", "That is 5,200 euros a month.", '{"annual_gross": 62400, "currency": "EUR"}'),
        ("Weather.", "how warm?", "A high of about 70 °F.", '{"today": {"high_c": 21}}'),
        (
            "Museum.",
            "which is from the 20th century?",
            "Harvest, of the early 1900s.",
            '[{"title": "Harvest", "year": 1903}]',
        ),
        ("Report bills.", "What is the total of bill 77?", "The total of bill 77 is 183.50 EUR.", BILL),
        ("Status.", "disk?", "82 % is used and 90 GB are left.", '{"disk_total_gb": 500, "disk_used_gb": 410}'),
        ("Power.", "price per kwh?", "It came to 35 cents per kWh.", '{"kwh": 3200, "eur": 1120}'),
        (VIAL, "one opened at 9:15?", "It holds 5 ml and has to be used up by 15:15.", ""),
        (
            "Pantry.",
            "enough for 2 batches? each takes 5 eggs and 200 g butter",
            "Eggs are fine: you need ten and have a dozen. Two batches take 400 g of butter, so you're missing 50 g.",
            "| item | amount |\n|---|---|\n| eggs | 12 |\n| butter | 350 g |",
        ),
    ],
)
def test_what_may_have_been_worked_out_is_not_told(system: str, user: str, answer: str, tool: str) -> None:
    assert codes(system, user, answer, tool, "lookup") == set()


@pytest.mark.parametrize(
    ("system", "user", "answer", "tool"),
    [
        (
            "Use only the tool output.",
            "what is it?",
            "An interest of 3.17 percent.",
            '{"account": "Savings", "opened": "2019"}',
        ),
        (VIAL, "one opened at 9:15?", "It has to be used up by 19:40.", ""),
    ],
)
def test_what_no_given_values_make_is_told(system: str, user: str, answer: str, tool: str) -> None:
    assert codes(system, user, answer, tool, "lookup") == {"MEM404"}


@pytest.mark.parametrize(
    ("system", "user", "answer", "tool", "name"),
    [
        (
            "Report ferries.",
            "is the 9.15 on time?",
            "No, it is 25 minutes late: it leaves at 9:40 from pier 3.",
            TIMES,
            "status",
        ),
        (
            "Use only the tool output.",
            "what does the crossing cost?",
            "The output does not say what it costs.",
            TIMES,
            "ferry",
        ),
        (HOUSE, "what does a towel cost?", "Towels are two euros each.", "", ""),
        (HOUSE, "can I cook at 9 pm?", "Yes, the kitchen is open until ten in the evening. Enjoy your meal!", "", ""),
        (MEMORY, "remind me what I am allergic to", "I don't remember you telling me about an allergy.", "", ""),
        (
            "Answer from the document.",
            f'<document id="ferry">{FERRY}</document>\nWhat about bikes?',
            "Bikes go for free. If you want a coffee on board, bring a card.",
            "",
            "",
        ),
        (
            "You plan meals. If you are not sure about an allergy, say so.",
            "We have 30 minutes and an oven. What could we cook?",
            "Pea risotto. Simmer 300 g of rice for 18 minutes and finish with butter.",
            "",
            "",
        ),
        ("You are a helpful assistant.", "Who wrote Emma?", "Jane Austen wrote Emma in 1815.", "", ""),
        (
            "Query the shops.",
            "how many shops per country?",
            "19 in the Netherlands and 9 in Belgium.",
            "country,shops\nNL,19\nBE,9",
            "run_query",
        ),
    ],
)
def test_what_is_given_worked_out_or_free_is_not_told(
    system: str, user: str, answer: str, tool: str, name: str
) -> None:
    assert codes(system, user, answer, tool, name) == set()


PARTS = "bikes.html - Bicycles are carried free of charge, except on weekdays between 6 and 9.\nfares.html - A day pass costs 7.40."
TITLED = (
    '<document id="1" title="Housing guide">Rooms are allotted by lot in August.</document>\n'
    '<document id="2" title="Fee regulations">The semester fee of 214 EUR is due by 15 September.</document>\nWhen is the fee due?'
)
STATUTE = "§ 1 Members pay 30 EUR a year.\n§ 2 Members leave by written notice to the board.\n\nHow do I leave?"
SAUNA = "| row | day | rule |\n|---|---|---|\n| 1 | Monday | mixed |\n| 2 | Tuesday | women only |"
ROWS = (
    '[{"id": "D-01", "text": "Pallets in Lille may be up to 180 cm high."}, {"id": "D-02", "text": "Metz opens at 7."}]'
)


@pytest.mark.parametrize(
    ("user", "answer", "tool", "loud"),
    [
        ("bikes?", "Bicycles are free of charge, except on weekdays between 6 and 9 (fares.html).", PARTS, True),
        ("bikes?", "Bicycles are free of charge, except on weekdays between 6 and 9 (bikes.html).", PARTS, False),
        (TITLED, "The housing guide says the semester fee of 214 EUR is due by 15 September.", "", True),
        (TITLED, "The fee regulations say the semester fee of 214 EUR is due by 15 September.", "", False),
        ("Pallets?", '{"answer": "Pallets in Lille may be up to 180 cm high.", "source": "D-02"}', ROWS, True),
        ("Pallets?", '{"answer": "Pallets in Lille may be up to 180 cm high.", "source": "D-01"}', ROWS, False),
        ("Pallets?", '{"answer": "Pallets in Lille may be up to 180 cm high.", "sources": ["D-09"]}', ROWS, True),
        ("Pallets?", '{"answer": "Pallets in Lille may be up to 180 cm high.", "sources": ["D-01"]}', ROWS, False),
        (STATUTE, "You leave by written notice to the board (§ 7).", "", True),
        (STATUTE, "You leave by written notice to the board (§ 2), see § 39 BGB.", "", False),
        ("Name the row. When is it for women?", "On Tuesdays (row 7).", SAUNA, True),
        ("Name the row. When is it for women?", "On Tuesdays (row 2).", SAUNA, False),
        (TITLED, "The semester fee is due by 15 September [fees-2024].", "", True),
        (TITLED, "The semester fee is due by 15 September [2].", "", False),
    ],
)
def test_a_citation_in_any_style_is_held_against_its_passage(user: str, answer: str, tool: str, loud: bool) -> None:
    found = codes("Cite the id or the title of the document.", user, answer, tool, "search_docs")
    assert found == ({"MEM405"} if loud else set())
