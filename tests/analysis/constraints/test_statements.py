"""Instructions said as statements, as bans, or turned round are read by their parts, whatever the order of the words."""

from __future__ import annotations

from ctxdebug.analysis.constraints import Outcome, extract, verify
from ctxdebug.analysis.constraints.conflicting import conflicts

ROWS = (
    ("you never type a capital letter, not even at the start of a sentence.", "the tide turns.", "The tide turns."),
    ("Links are taboo in our messages.", "See the harbour page.", "See https://harbour.example/tides."),
    ("Digits have no place in your answers.", "At nine.", "At 9."),
    ("Bulleted and numbered lists are banned here: running text only.", "Bring a coat.", "- coat\n- boots"),
    ("On the first line stands a Markdown title of level one (#).", "# Boats\n\nThey drift.", "Boats drift.\n\nAway."),
    ("Not a word more than five.", "Boats drift past.", "Boats drift past the old pier."),
    ("Output one of these labels and nothing else: LEAK, NOISE, POWER.", "LEAK", "It is the door seal."),
    ("List three steps, no more and no fewer.", "1. Go.\n2. Row.\n3. Rest.", "1. Go.\n2. Row."),
    (
        'You answer mails. Close each mail with the two lines "Kind regards" and "Mira".',
        "No.\n\nKind regards\nMira",
        "No.",
    ),
    ("You write harbour bulletins. Each bulletin has at most 4 words.", "Boats drift.", "Boats drift past the pier."),
    ("Every reply ends with a question.", "It is open. Will you come?", "It is open."),
    ("Three words is the ceiling.", "Boats drift.", "Boats drift past the pier."),
    ("Two sentences are plenty; a third is forbidden.", "Boats drift.", "Boats drift. They turn. Go."),
    ("No more than one question per reply.", "It is open. Will you come?", "Is it open? Will you come?"),
    ("Two sentences per paragraph is the maximum.", "It is open.\n\nCome.", "It is open. Come. Go."),
    ("Limit yourself to three words.", "Boats drift.", "Boats drift past the pier."),
    ('Every message has to contain the booking number "A-17".', "It is A-17.", "It is open."),
    ("Use at most 3 words, even if the guest asks for more.", "Boats drift.", "Boats drift past the pier."),
    ("Put a 🌿 in every answer.", "Rest well. 🌿", "Rest well."),
)
"""A system prompt, an answer that keeps its rule and one that breaks it."""
SILENT = (
    "Body: at most 100 words. Subject: at most 4 words.",
    "Limit: 6 words (lists excluded).",
    "The summary comes first (max. 4 words), then the details.",
    "Do not use both 'tide' and 'boat'.",
    'Say "one moment" before you call a tool.',
    "Tables must always contain headers.",
    "Headings must start with a capital letter.",
    "Links go at the bottom.",
    "Links must be in Markdown.",
    "Every paragraph must have a topic sentence and at least two more sentences.",
    "Use at most 4 words, not counting the greeting.",
    "Use at most 4 words in the summary and 100 in the details.",
    "You answer guests. Every guest gets at most two words of greeting.",
    "In every other message, include the word 'lamp'.",
    "Thirty words is enough for the summary.",
    "Every third message must contain a joke.",
    "There are no tables on the terrace.",
    "No tables are free on Sunday.",
    "The list of links is above.",
    "Guests like tables by the window.",
    "The harbour has digits on its clock.",
    "You write harbour bulletins and letters. Each bulletin has at most 4 words.",
    "Script for the phone line: the caller says no digits.",
)
"""Statements that ask nothing of the answer, or not of all of it."""
NOT_DECIDED = (
    ("If the guest writes in German, reply in German, otherwise in English.", "Ja, die Boote liegen am Steg und treiben nicht."),
    ("I want four numbered steps, each one sentence.", "1. Go.\n2. Row.\n3. Rest.\n4. Eat."),
    ("Subject at most 4 words, body at most 9 words.", "Subject: Boats drift\nBody: They drift past the old pier today."),
    ('Name the boat once, in the first sentence, and afterwards say "she".', "The Ines drifts. She is old. Then she rests."),
    ("Never use emojis in parentheses.", "Boats drift."),
)  # fmt: skip
"""Rules whose qualifier says more than their reader takes up, with answers that keep them."""
OPPOSED = (
    ("Never put a heading above the text.", "Every text begins with a Markdown heading."),
    ("Always end with a question.", 'The last sentence is always: "Thank you for calling."'),
    ("Emoji are not allowed.", "Put a 🌿 at the end of your answer."),
    ("Never use bullet points.", "Answer every question with five bullet points."),
    ("Use at most 30 words.", "Every paragraph has at least 80 words."),
    ("Antworte in höchstens drei Sätzen.", "Jede Antwort hat mindestens sechs Sätze."),
    ("Call search_archive before every answer.", "Do not call any tools."),
)
TOGETHER = (
    ("No commas.", "Export rows separated by commas."),
    ("Answer parents formally.", "Answer children casually."),
    ("Speak only Italian, even if the guest writes in English.", "Always answer in Italian."),
    ("Use plain text.", "Write nothing in bold."),
    ("Answer staff in English only.", "Answer guests in Spanish only."),
    ("Use at most 90 words.", "Every paragraph has at least 20 words."),
    ("Always end with a question.", 'End with the phrase "Shall I book it?"'),
    ("The first line must be in capital letters.", "The second line must be in lower case."),
)


def _judged(text: str, answer: str) -> set[Outcome]:
    found = [verify(one, answer, question=text) for one in extract(text, standing=True)]
    return {one.outcome for one in found} - {Outcome.UNCHECKED}


def test_a_statement_is_held_against_the_answer() -> None:
    assert [text for text, kept, _ in ROWS if _judged(text, kept) != {Outcome.PASS}] == []
    assert [text for text, _, broken in ROWS if Outcome.FAIL not in _judged(text, broken)] == []


def test_a_statement_about_something_else_is_no_rule() -> None:
    answer = "| tide | at 9 |\n|---|---|\n| www.tide.example | 3 boats drift past the pier |"
    assert [text for text in SILENT if _judged(text, answer)] == []


def test_a_rule_with_more_to_it_is_neither_kept_nor_broken() -> None:
    assert [text for text, answer in NOT_DECIDED if Outcome.FAIL in _judged(text, answer)] == []
    assert _judged(*NOT_DECIDED[-1]) == set()


def test_statements_are_compared() -> None:
    def clash(pair: tuple[str, str]) -> bool:
        both = [one for text in pair for one in extract(text, standing=True)]
        return bool(conflicts(both))

    assert [pair for pair in OPPOSED if not clash(pair)] == []
    assert [pair for pair in TOGETHER if clash(pair)] == []


def test_calls_are_counted_and_ordered_over_the_run() -> None:
    (budget,) = extract("You have a budget of two web_search calls for the whole conversation.", standing=True)
    (order,) = extract("Before each call of reserve, call check_stock.", standing=True)
    assert budget.type == "tools.max_calls"
    assert dict(budget.params) == {"hi": 2, "per": "conversation", "tool": "web_search"}
    assert order.type == "tools.order"
    assert order.unchecked is None


GERMAN = "Wann fährt die Fähre heute von der alten Brücke ab, bitte?"
ENGLISH = "When does the ferry leave today from the old bridge?"
UNDER = (
    ("If the user writes in German, use at most 4 words.", GERMAN, ENGLISH),
    ("Never use emojis unless the user writes in English.", GERMAN, ENGLISH),
    ('If a guest mentions "ferry", never use emojis.', ENGLISH, GERMAN),
)
"""A rule with a condition, a message for which it holds, and one for which it does not."""


def test_a_condition_that_the_message_shows_decides_whether_a_rule_is_checked() -> None:
    answer = "It leaves at nine from the old bridge 🙂"

    def outcome(text: str, message: str) -> list[Outcome]:
        return [verify(one, answer, question=message).outcome for one in extract(text, standing=True)]

    assert [outcome(text, holds) for text, holds, _ in UNDER] == [[Outcome.FAIL]] * len(UNDER)
    assert [outcome(text, other) for text, _, other in UNDER] == [[Outcome.NOT_APPLICABLE]] * len(UNDER)
    assert [outcome(text, "") for text, _, _ in UNDER] == [[Outcome.UNCHECKED]] * len(UNDER)
    assert outcome("If the user is in Germany, use at most 4 words.", GERMAN) == [Outcome.UNCHECKED]
