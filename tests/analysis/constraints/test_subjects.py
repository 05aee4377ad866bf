"""A rule about another thing than the answer, on an occasion, or with an exemption is not held against the answer."""

from __future__ import annotations

import pytest

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.constraints import extract
from tests.conversations import transcribed


@pytest.mark.parametrize(
    "rule",
    [
        "The greeting card must have at least 40 words.",
        "French replies must be under 8 words.",
        "Product names are written in capitals.",
        "Questions about prices are answered in one sentence.",
        "The reply to a complaint must contain the word 'sorry'.",
        "Complaints get at least 80 words.",
        "Keep summaries under 30 words.",
        "Never use the word 'cheap' in adverts.",
        "Headlines must not contain the word 'new'; body copy is exempt.",
        "Avoid emojis; birthday greetings are exempt.",
        "Keep texts under 10 words. Legal notices are not affected.",
        "Do not use bullet points. Shopping lists are the exception.",
        "Avoid numbered lists; recipes use numbered lists.",
        "The Findings section has at most 15 words.",
        "Write everything in lower case; only the names of firms keep their capitals.",
        "On Sundays, reply in one word.",
        "In the morning reply in English.",
        "As long as the user is logged out, answer in one sentence.",
        "In Spanish texts, use no more than six words.",
        "Der Brief muss mindestens 60 Wörter lang sein.",
        "Antworte in höchstens 10 Wörtern. Rezepte sind davon ausgenommen.",
        "Pour les textes en allemand, pas plus de 8 mots.",
        "La carta debe tener al menos 60 palabras.",
        "L'oggetto deve avere al massimo 5 parole.",
        "O resumo deve ter no máximo 10 palavras.",
        "De onderwerpregel mag maximaal 5 woorden hebben.",
        "正文至少80个字。",
        "件名は10文字以内にしてください。",
    ],
)
def test_a_standing_rule_about_something_else_is_not_checked(rule: str) -> None:
    assert [c.type for c in extract(rule, standing=True) if c.verifiable] == []


@pytest.mark.parametrize(
    "rule",
    [
        "Your answer must have at least 40 words.",
        "Each of your replies must be under 8 words.",
        "All responses to the user are written in English.",
        "However, the final answer must contain the word 'sorry'.",
        "The length must be at most 50 words.",
        "Never use the word 'cheap' in any of your answers.",
        "In your answers, use at most 50 words.",
        "From now on use at least 50 words in every answer.",
        "Keep it under 30 words.",
        "Keep your replies under 30 words.",
        "The letter e should appear at least 4 times.",
        "Write a letter to the landlord. The letter must be at least 60 words long.",
        "Deine Antwort muss mindestens 60 Wörter lang sein.",
        "La réponse doit contenir au moins 50 mots.",
        "La respuesta debe tener al menos 60 palabras.",
        "La risposta deve avere al massimo 5 parole.",
        "A resposta deve ter no máximo 10 palavras.",
        "Het antwoord heeft maximaal 5 woorden.",
        "回答不超过50字。",
        "回答は50文字以内にしてください。",
    ],
)
def test_a_rule_about_the_answer_is_checked(rule: str) -> None:
    assert any(c.verifiable for c in extract(rule, standing=True))


@pytest.mark.parametrize(
    "text",
    [
        "Part A must have a title. Part B must have no title.",
        "The cover letter has at most 200 words. The project plan has at least 800 words.",
        "Never use bullet points, with one exception: packing lists are written in bullet points.",
        "El asunto del correo tiene como máximo 6 palabras. El cuerpo tiene al menos 80 palabras.",
        "Der Betreff hat höchstens 6 Wörter. Der Text hat mindestens 80 Wörter.",
        "Customers get answers in at most 30 words. Partners get answers with at least 100 words.",
    ],
)
def test_rules_about_different_things_do_not_conflict(text: str) -> None:
    snapshot = transcribed(f"system: {text}\nuser: Go on.")[-1]
    assert Analysis(snapshot).constraints.clashes == ()


@pytest.mark.parametrize(
    ("rules", "answer"),
    [
        (
            "Answer in two sentences. If the leaflet does not say, reply only with: Not in the leaflet.",
            "Not in the leaflet.",
        ),
        ("Reply in exactly three bullet points. Off topic? Then say so. If asked otherwise, answer: No.", "No."),
    ],
)
def test_an_answer_that_a_rule_gives_for_its_case_breaks_no_other(rules: str, answer: str) -> None:
    snapshot = transcribed(f"system: {rules}\nuser: Is there a café?\nassistant: {answer}")[-1]
    assert Analysis(snapshot).constraints.broken == ()


@pytest.mark.parametrize("rule", ["In two sentences, answer in English.", "In German, answer with at most 5 words."])
def test_a_demand_at_the_head_of_a_sentence_is_no_occasion(rule: str) -> None:
    assert [c.condition for c in extract(rule, standing=True)] == [None, None]


@pytest.mark.parametrize(
    ("rule", "phrase"),
    [
        ('Answer in plain words and finish with the exact sentence "This is no advice."', "This is no advice."),
        ('Sign every message with "— Team Oriel".', "— Team Oriel"),
    ],
)
def test_the_last_words_of_the_answer_are_read(rule: str, phrase: str) -> None:
    assert [c.params for c in extract(rule, standing=True) if c.type == "position.end"] == [{"phrase": phrase}]
