"""Instructions about parts of an answer: the part is named, the rest is read as if it were about all of it."""

from __future__ import annotations

from ctxdebug.analysis.constraints import Outcome, extract, verify

PARTS = "Boats drift. The tide turns at nine.\n\nBring a coat. Mind the tide."
LISTED = "You need:\n\n- a warm coat\n- boots for the tide\n- a lamp"
TITLED = "# HARBOUR NEWS\n\nthe tide turns at nine."
ROWS = (
    ("Every paragraph must contain exactly 2 sentences.", PARTS, "Boats drift.\n\nBring a coat. Mind the tide."),
    ("Include the word 'coat' in the second paragraph.", PARTS, "Bring a coat.\n\nMind the tide."),
    ("Include the word 'tide' in every paragraph.", PARTS, "Mind the tide.\n\nBring a coat."),
    ("In the first paragraph, do not use the word 'coat'.", PARTS, "Bring a coat.\n\nMind the tide."),
    ("The last sentence must contain the word 'tide'.", PARTS, "Mind the tide. Bring a coat."),
    ("The first sentence must not contain any commas.", PARTS, "Boats, ships. The tide turns."),
    ("The first two sentences must not contain commas.", PARTS, "It is late. Boats, ships. Go."),
    ("Use at most 5 words in the first sentence.", PARTS, "Boats drift past the old stone pier. Go."),
    ("Use at most one comma per paragraph.", "One, two.\n\nThree, four.", "One, two, three.\n\nFour."),
    ("No line may exceed 40 characters, spaces included.", PARTS, "Boats drift past the pier and nobody knows whose."),
    ("No sentence may contain the word 'coat'.", LISTED.replace("coat", "hat"), PARTS),
    ("Each bullet point must contain the letter a at least 1 time.", "- a coat\n- a lamp", "- a coat\n- boots"),
    ("Keep every bullet under 5 words, please.", LISTED, "- a coat that is warm and dry\n- boots"),
    ("The title must be in capital letters.", TITLED, "# Harbour news\n\nthe tide turns at nine."),
    ("Use only lowercase letters, except in the title.", TITLED, "# HARBOUR NEWS\n\nThe tide turns."),
    ("Do not use commas, except in the first sentence.", "Boats, ships. We go.", "Boats. Ships, lamps."),
    ("Do not use exclamation marks outside of code blocks.", "Run it.\n\n```\na != b!\n```", "Run it!\n\n```\na\n```"),
    (
        "Paragraph 2 must contain at most 4 words.",
        "Boats drift past.\n\nBring a coat.",
        "Go.\n\nBring a coat and a lamp.",
    ),
    ("In every third line, include the word 'tide'.", "a\nb\nthe tide\nc", "a\nb\nc\nthe tide"),
    ("Include the word 'tide' in the second sentence of the second paragraph.", PARTS, "Go. The tide.\n\nMind. Go."),
    ('End every paragraph with "Over."', "Ship one here. Over.\n\nGo on. Over.", "Ship one here. Over.\n\nGo on."),
)
"""An instruction, an answer that keeps it and one that breaks it."""
NOT_READ = (
    "Include the word 'tide' between the first and the second paragraph.",
    "Use at least two emojis, only in the title.",
    "Use exactly 3 sentences in each paragraph about cats.",
    "Include the word 'tide' in the second paragraph unless it is short.",
    "Use lowercase letters, except for names.",
    "Write three paragraphs with two sentences in each paragraph.",
)


def _judged(text: str, answer: str) -> list[Outcome]:
    return [verify(one, answer, question=text).outcome for one in extract(text)]


def test_an_answer_is_held_against_the_parts_that_are_named() -> None:
    found = [(text, _judged(text, kept), _judged(text, broken)) for text, kept, broken in ROWS]
    assert found == [(text, [Outcome.PASS], [Outcome.FAIL]) for text, _, _ in ROWS]


def test_what_is_said_of_a_part_in_other_words_is_not_checkable() -> None:
    assert [text for text in NOT_READ if not {Outcome.PASS, Outcome.FAIL}.isdisjoint(_judged(text, PARTS))] == []


def test_a_part_that_is_not_there_leaves_it_open() -> None:
    assert _judged("Include the word 'tide' in the fifth paragraph.", PARTS) == [Outcome.UNCHECKED]
    assert _judged("Each bullet point must contain the word 'tide'.", "Mind the tide.") == [Outcome.NOT_APPLICABLE]


def test_readings_that_disagree_decide_nothing() -> None:
    assert _judged("Include the word 'tide' in every other sentence.", "Mind the tide. Go. The tide. Go.") == [
        Outcome.UNCHECKED
    ]
