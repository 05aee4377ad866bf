"""Instructions in other languages: each phrasing is read, judged, and given up where a word narrows it."""

from __future__ import annotations

import pytest

from ctxdebug.analysis.constraints import Outcome, extract, verify
from ctxdebug.analysis.constraints.other_languages import instructions_in
from ctxdebug.analysis.constraints.vocabularies import read_languages
from ctxdebug.text.wordings import wording_file

TAILS = {
    "de": "pro Absatz", "fr": "dans chaque section", "es": "en cada párrafo", "it": "in ogni paragrafo", "pt": "em cada parágrafo", "nl": "in elke alinea",
    "zh": "每段", "ja": "各段落",
}  # fmt: skip
"""Words that narrow a demand, in each language."""
LISTED = {"grounding.abstain"}
EXAMPLES = [
    (code, label, example.replace("…", "Moin"))
    for code in sorted(read_languages())
    for label, wordings in wording_file("instructions", code).labels.items()
    for one in wordings
    for example in one.examples
]
JUDGED = (
    ("Antworte in höchstens zwei Sätzen und sieze die Leute.", "Ja. Gern.", "Ja. Gern. Sofort."),
    ("Verwende nie das Wort „billig“.", "Es ist günstig.", "Es ist billig."),
    ("Genau drei Vorschläge, nummeriert.", "1. Meer\n2. See\n3. Fluss", "1. Meer\n2. See"),
    ("Antworte nur mit Ja oder Nein.", "Nein.", "Ja, das geht morgen."),
    ("Réponds en deux phrases au maximum, sans emojis.", "Oui. Demain.", "Oui. Demain. Peut-être."),
    ("Termine chaque réponse par « À bientôt ».", "Le port ouvre. À bientôt", "Le port ouvre."),
    ("No uses la palabra «gratis» en ningún texto.", "Sin coste.", "Es gratis."),
    ("Responde en un máximo de tres frases.", "Sí.", "Sí. Claro. Quizá. Mañana."),
    ("Rispondi in al massimo 5 parole.", "Il porto apre.", "Il porto apre alle nove del mattino."),
    ("Responda apenas em português.", "O porto abre às nove da manhã, e a balsa sai às dez.", "The harbour opens at nine in the morning, and the ferry leaves at ten."),
    ("Antwoord in hoogstens twee zinnen.", "Ja. Morgen.", "Ja. Morgen. Misschien."),
    ("回答不超过十个字。", "九点开门。", "港口每天早上九点开门，渡轮十点出发。"),
    ("请用两句话回答。", "港口开了。渡轮来了。", "港口开了。渡轮来了。天晴。"),
    ("回答は10文字以内にしてください。", "九時です。", "港は毎朝九時に開き、フェリーは十時に出ます。"),
    ("「絶対」という言葉を使わないでください。", "たぶん開きます。", "絶対に開きます。"),
)  # fmt: skip
SILENT = (
    "Übersetze diese drei Sätze ins Englische.",
    "Wie sagt man das auf Englisch?",
    "Kannst du mir zwei Sätze erklären?",
    "Traduis ces deux phrases.",
    "Traduce estas tres frases.",
    "请翻译这三句话。",
    "この二文を訳してください。",
    "Ich habe höchstens zwei Stunden.",
)


@pytest.mark.parametrize(("code", "label", "example"), EXAMPLES)
def test_a_phrasing_is_read_as_its_kind(code: str, label: str, example: str) -> None:
    found = {(c.type, c.negative) for c in instructions_in(example, code, standing=False)}
    kind = label.removeprefix("no ")
    assert (kind, label.startswith("no ") or kind == "keywords.forbid") in found


@pytest.mark.parametrize(("code", "label", "example"), EXAMPLES)
def test_a_word_that_narrows_makes_it_not_checkable(code: str, label: str, example: str) -> None:
    narrowed = f"{TAILS[code]}{example}" if code in {"zh", "ja"} else f"{example.rstrip('.')} {TAILS[code]}."
    assert label
    assert not [c for c in instructions_in(narrowed, code, standing=False) if c.verifiable]


@pytest.mark.parametrize(("instruction", "good", "bad"), JUDGED)
def test_an_answer_is_held_against_it(instruction: str, good: str, bad: str) -> None:
    outcomes = [[verify(c, answer).outcome for c in extract(instruction)] for answer in (good, bad)]
    assert set(outcomes[0]) == {Outcome.PASS}
    assert Outcome.FAIL in outcomes[1]


@pytest.mark.parametrize("text", SILENT)
def test_what_speaks_of_other_things_is_no_demand(text: str) -> None:
    assert not [c for c in extract(text) if c.type != "untyped"]


def test_a_demand_of_no_known_kind_is_listed() -> None:
    (found,) = extract("Du bist ein Bote. Schreibe so, wie ein Fischer aus Husum reden würde.")
    assert (found.type, found.verifiable) == ("untyped", False)


@pytest.mark.parametrize(
    ("instruction", "answer"),
    [
        ("Antworte in höchstens zwei Sätzen.", "Sie können z. B. online melden, bzw. per Telefon. Das gilt u. a. auch für Dr. Meier."),
        ("Réponds en deux phrases au maximum.", "M. Dupont arrive vers 10 h. Il apporte p. ex. du pain."),
        ("Rispondi in al massimo due frasi.", "Il Dott. Rossi arriva alle 10. Porta ad es. il pane."),
        ("Antwoord in hoogstens twee zinnen.", "U kunt bijv. online melden. Dhr. Jansen helpt u graag."),
    ],
)  # fmt: skip
def test_abbreviations_end_no_sentence_for_sure(instruction: str, answer: str) -> None:
    assert Outcome.FAIL not in [verify(c, answer).outcome for c in extract(instruction)]
