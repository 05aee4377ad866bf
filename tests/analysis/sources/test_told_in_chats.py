"""What a user tells in a chat without documents is held against the answer; what only the user can know is not invented."""

from __future__ import annotations

import pytest

import ctxdebug

ROMY = "My sister Romy moved to Lisbon in March and pays 840 euros for a flat. She starts her job at Galp on 4 May."
LENE = "Meine Tochter Lene ist 9. Ihr Schwimmkurs kostet 95 Euro und ist immer mittwochs um 16:30 Uhr."
BIKE = "My budget for the bike is 900 euros."
BOY = "My son is 11 and has Mrs. Novak in maths. He has football on Mondays and Thursdays."
DOG = "My dog weighs 12 kg. My cat weighs 4 kg. The vet says the dog should lose 2 kg."


def _told(said: list[str], answer: str) -> list[str]:
    roles = ("user", "assistant")
    messages = [{"role": roles[at % 2], "content": text} for at, text in enumerate(said)]
    response = {"choices": [{"message": {"role": "assistant", "content": answer}, "finish_reason": "stop"}]}
    case = ctxdebug.inspect({"model": "m", "messages": messages}, response)
    return [one.code for one in case.findings if one.code in {"MEM404", "MEM410"} and one.severity.word != "note"]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ([ROMY, "Nice!", "How much rent does Romy pay?"], "Romy pays 480 euros a month."),
        ([ROMY, "Nice!", "When is her birthday again?"], "Her birthday is on 12 June."),
        ([LENE, "Schön!", "Wann ist ihr Schwimmkurs und was kostet er?"], "Der Schwimmkurs kostet 85 Euro."),
        ([LENE, "Schön!", "Wann ist ihr Schwimmkurs?"], "Ihr Schwimmkurs ist donnerstags um 16:30 Uhr."),
        (
            [BIKE, "Good.", "Sorry, make it 1,100 euros.", "Fine.", "So what's my budget?"],
            "Your budget is 1,300 euros.",
        ),
        ([BOY, "Busy boy.", "On which days does he have football?"], "He has football on Mondays and Wednesdays."),
        (
            [BOY, "Busy boy.", "What is his teacher's email address?"],
            "His teacher's email address is novak@school.example.",
        ),
    ],
)
def test_what_differs_from_what_was_told_is_told(said: list[str], answer: str) -> None:
    assert _told(said, answer)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ([ROMY, "Nice!", "How much rent does Romy pay?"], "Your sister pays 840 euros for her flat in Lisbon."),
        ([ROMY, "Nice!", "When is her birthday again?"], "You haven't told me her birthday."),
        ([LENE, "Schön!", "Wann ist ihr Schwimmkurs?"], "Mittwochs um halb fünf, und er kostet 95 €."),
        (
            [BIKE, "Good.", "Sorry, make it 1,100 euros.", "Fine.", "So what's my budget?"],
            "Your budget is 1,100 euros.",
        ),
        ([BOY, "Busy boy.", "On which days does he have football?"], "He has football on Mondays and Thursdays."),
        ([DOG, "Sure.", "What should my dog weigh?"], "Your dog should weigh 10 kg."),
        (
            ["The waste is collected on Wednesday. When should I put it out?"],
            "On Tuesday evening, so that it is out in time.",
        ),
        (["I sleep 6 hours.", "Not much.", "How many hours should I sleep?"], "Adults should sleep 7 to 9 hours."),
        (["I like Rome.", "Me too.", "When will it rain again?"], "It usually rains again on about 12 October."),
    ],
)
def test_what_agrees_or_follows_is_left_alone(said: list[str], answer: str) -> None:
    assert _told(said, answer) == []
