from __future__ import annotations

from typing import Any

import pytest

from ctxdebug.analysis.constraints import Constraint, Outcome, extract, verify
from ctxdebug.model import ToolCall
from ctxdebug.text.languages import languages


def _outcome(demand: str, answer: str, **given: Any) -> Outcome:
    (constraint,) = [c for c in extract(demand) if c.verifiable]
    return verify(constraint, answer, **given).outcome


FAILS = [
    ("Keep it under 5 words.", "This answer has far too many words in it."),
    ("Answer in at most two sentences.", "One. Two. Three."),
    ("Write exactly 2 paragraphs.", "Only one here."),
    ("Use exactly two bullet points.", "- one\n- two\n- three"),
    ("Do not use bullet points.", "Well:\n- one"),
    ("Output valid JSON only.", "Sure! {}"),
    ("Respond in German.", "The weather is nice today and we are all very happy about it."),
    ("Do not use commas.", "Well, yes."),
    ("Never use emojis.", "Fine 😀"),
    ("Write in lowercase.", "Hello there"),
    ("Respond in ALL CAPS.", "HELLO there"),
    ('Include the word "tide".', "The sea is calm."),
    ('Do not use the word "sorry".', "I am sorry."),
    ('Use the word "sea" at least twice.', "The sea."),
    ("The letter e should appear at least 4 times.", "eel"),
    ('End with "The end."', "The end. Or not?"),
    ('Begin your answer with "Ahoy".', "Hello, ahoy."),
    ("Add a postscript starting with P.S.", "Dear Ann. Bye."),
    ("Wrap your whole response in double quotation marks.", "plain"),
    ("Add a title wrapped in double angular brackets, such as <<title>>.", "A title\n\ntext"),
    ("Include at least 2 placeholders in square brackets.", "Dear [name]"),
    ("Highlight at least 2 sections with markdown.", "*one* only"),
    ("Answer with 'yes' or 'no'.", "Perhaps."),
    ("Present the answer in a table.", "a and b"),
    ("Answer in at most 1 sentence.", "1. Do this. 2. Do that."),
    ("The second paragraph must start with the word tide.", "One.\n\nWaves come."),
    ("At least 2 words must be in all capital letters.", "Only ONE here"),
]
PASSES = [
    ("Do not use bullet points.", "Run:\n\n```yaml\n- one\n- two\n```"),
    ("Do not use headings.", "Run:\n\n```sh\n# remove the folder\nrm -r x\n```"),
    ("Do not use tables.", "Run `a | b`, or:\n\n```\na | b\n--|--\n```"),
    ("Answer in at most 2 sentences.", "1. Do this. 2. Do that."),
    ("Use exactly 2 bullet points.", "```markdown\n- one\n- two\n```"),
    ("Keep it under 5 words.", "Just four words here"),
    ("Answer in at most two sentences.", "Dr. Smith paid 3.5 dollars to Mr. Jones. Fine."),
    ("Use exactly two bullet points.", "Here:\n\n* one\n* two\n\n---\n\nDone"),
    ("Output valid JSON only.", '```json\n{"a": 1}\n```'),
    ("Respond in German.", "Das Wetter ist heute sehr schön und wir sind alle froh."),
    ("Do not use commas.", "Well yes"),
    ('Do not use the word "war".', "The warden was kind."),
    ('End with "The end."', "And so on. *The end.*"),
    ("Answer with 'yes' or 'no'.", "Yes."),
    ("Write in lowercase.", "all small 123"),
    ("Add a title wrapped in double angular brackets, such as <<title>>.", "<<tides>>\nText"),
    ("The second paragraph must start with the word tide.", 'One.\n\n"Tide" and time.'),
]


@pytest.mark.parametrize(("demand", "answer"), FAILS)
def test_a_violation_fails(demand: str, answer: str) -> None:
    assert _outcome(demand, answer) is Outcome.FAIL


@pytest.mark.parametrize(("demand", "answer"), PASSES)
def test_a_kept_constraint_passes(demand: str, answer: str) -> None:
    assert _outcome(demand, answer) is Outcome.PASS


def test_deviation_is_in_percent_of_the_bound() -> None:
    (constraint,) = extract("Write at most 10 words.")
    assert verify(constraint, "w " * 12).deviation == 20.0


def test_a_bare_number_is_approximate() -> None:
    (constraint,) = extract("Write a 10 word summary.")
    assert verify(constraint, "w " * 11).outcome is Outcome.PASS
    assert verify(constraint, "w " * 20).outcome is Outcome.FAIL


def test_evidence_is_the_offending_place() -> None:
    (constraint,) = extract("Never use em dashes.")
    verdict = verify(constraint, "a — b")
    assert (verdict.start, verdict.end) == (2, 3)


@pytest.mark.parametrize(
    "demand",
    [
        "If asked, keep it under 3 words.",
        "Keep the title under 3 words.",
        "Be friendly.",
        "Each paragraph of the second part must have 2 sentences.",
    ],
)
def test_what_does_not_bind_the_whole_answer_is_never_violated(demand: str) -> None:
    assert all(verify(c, "a b c d e f. g. h.").outcome is not Outcome.FAIL for c in extract(demand))


def test_tools_are_checked_against_calls() -> None:
    called = (ToolCall("1", "search_docs", "{}"), ToolCall("2", "edit_file", "{}"))
    assert _outcome("Always call `search_docs` before you answer.", "", tool_calls=called) is Outcome.PASS
    assert _outcome("Never call delete_file.", "", tool_calls=called) is Outcome.PASS
    assert _outcome("Never call edit_file.", "", tool_calls=called) is Outcome.FAIL
    assert _outcome("Make at most 1 tool calls.", "", tool_calls=called) is Outcome.FAIL
    assert _outcome("Call `edit_file` before calling `search_docs`.", "", tool_calls=called) is Outcome.FAIL


def test_a_turn_that_only_calls_tools_has_no_text_to_check() -> None:
    assert _outcome("Write at least 50 words.", "", tool_calls=(ToolCall("1", "f", "{}"),)) is Outcome.NOT_APPLICABLE


def test_the_users_language_is_that_of_the_question() -> None:
    demand = Constraint("language", {"language": "user"}, "", 0, 0)
    question = "¿Dónde está la biblioteca y cuándo abre por la mañana?"
    assert (
        verify(demand, "The library is on the main street and it opens at nine.", question=question).outcome
        is Outcome.FAIL
    )
    assert (
        verify(demand, "La biblioteca está en la calle mayor y abre a las nueve.", question=question).outcome
        is Outcome.PASS
    )
    assert verify(demand, "La biblioteca", question="ok").outcome is Outcome.UNCHECKED


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The quick answer is that we have no time for this.", "en"),
        ("Wir haben heute leider keine Zeit für das und sind müde.", "de"),
        ("Nous n'avons pas le temps pour cela et nous sommes fatigués.", "fr"),
        ("Non abbiamo il tempo per questo e siamo molto stanchi.", "it"),
        ("Нам сегодня не хватает времени на это.", "ru"),
        ("我们今天没有时间做这件事。", "zh"),
        ("今日はそのための時間がありません。", "ja"),
        ("हमारे पास आज इसके लिए समय नहीं है।", "hi"),
        ("आम्हाला आज यासाठी वेळ नाही आणि आम्ही थकलो आहे.", "mr"),
        ("Chúng tôi không có thời gian cho việc này hôm nay.", "vi"),
        ("امروز برای این کار وقت نداریم و خسته هستیم که", "fa"),
    ],
)
def test_languages_are_told_apart(text: str, code: str) -> None:
    assert languages(text)[:1] == (code,)


@pytest.mark.parametrize("text", ["", "42", "ok", "xyzzy plugh"])
def test_no_language_is_named_without_grounds(text: str) -> None:
    assert languages(text) == ()


@pytest.mark.parametrize(
    ("demand", "answer", "outcome"),
    [
        ('Do not use the word "just".', "Run this:\n```sh\njust build\n```\nThat is all.", Outcome.UNCHECKED),
        ('Do not use the word "just".', "Run `just build` in the folder.", Outcome.UNCHECKED),
        ('Do not use the word "just".', "I just run `just build`.", Outcome.FAIL),
        ('Use the word "sale" exactly once.', "The wholesale hall opens. The sale ends at six.", Outcome.UNCHECKED),
        ('Use the word "sale" exactly once.', "The sale ends at six.", Outcome.PASS),
        ("Use at most 8 words.", "1. Drain the boiler.\n2. Fit a new seal.", Outcome.UNCHECKED),
        ("Use at most 6 words.", "1. Drain the boiler.\n2. Fit a new seal.", Outcome.FAIL),
        ("Answer in at most two sentences.", "Er wird am 3. Mai getauscht. Bitte räumen Sie ihn aus.", Outcome.PASS),
        ("Answer in at most two sentences.", "Er wird bald getauscht. Das dauert nicht lange. Bitte räumen Sie ihn aus.", Outcome.FAIL),
    ],
)  # fmt: skip
def test_what_can_be_counted_in_two_ways_is_decided_only_where_both_agree(
    demand: str, answer: str, outcome: Outcome
) -> None:
    assert _outcome(demand, answer) is outcome
