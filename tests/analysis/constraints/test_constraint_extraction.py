from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctxdebug.analysis.constraints import Scope, Strength, Target, extract
from ctxdebug.analysis.constraints.families import PATTERNS
from tests.analysis.constraints.constraint_phrasings import found_right, phrasings


def _types(text: str) -> list[str]:
    return [c.type for c in extract(text)]


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.phrasing)
def test_a_pattern_finds_its_own_phrasing(pattern: object) -> None:
    assert pattern.type in _types(pattern.phrasing)  # type: ignore[attr-defined]  # pytest gives a pattern


def test_tuned_phrasings_are_found() -> None:
    tuned = [p for p in phrasings() if p.tuned]
    assert sum(found_right(p)[0] for p in tuned) / len(tuned) > 0.95


def test_held_out_phrasings_are_found() -> None:
    held = [p for p in phrasings() if not p.tuned]
    assert sum(found_right(p)[0] for p in held) / len(held) > 0.9


def test_spans_are_the_words_of_the_text() -> None:
    text = "Hello.\n\nPlease keep it under 40 words. Do not use commas."
    found = {c.type: text[c.start : c.end] for c in extract(text)}
    assert found == {"length.words": "under 40 words", "punctuation.none": "commas"}


def test_negation_is_of_the_clause() -> None:
    found = extract("Do not use commas, and use exactly 3 bullet points.")
    assert [(c.type, c.negative) for c in found] == [("punctuation.none", True), ("format.bullets", False)]


def test_do_not_forget_is_no_negation() -> None:
    assert _types('Do not forget to include the word "tide".') == ["keywords.include"]


@pytest.mark.parametrize(
    "text",
    [
        "If the user is angry, keep it under 20 words.",
        "Keep it under 20 words when the user is angry.",
        "Unless asked otherwise, answer in French.",
        "When the user asks about refunds:\n- answer in at most two sentences",
    ],
)
def test_a_condition_makes_it_unverifiable(text: str) -> None:
    (found,) = extract(text)
    assert found.condition
    assert not found.verifiable


def test_tell_me_if_is_no_condition() -> None:
    (found,) = extract("Answer in at most two sentences and check if the door is open.")
    assert found.type == "length.sentences"
    assert found.condition is None


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("Commit messages must be under 50 characters.", Target.COMMIT),
        ("Search queries must be at most 5 words.", Target.TOOL_ARGUMENTS),
        ("Never quote more than 25 words from any source.", Target.QUOTATION),
        ("Keep your answer under 50 words.", Target.RESPONSE),
    ],
)
def test_target_is_read_from_the_clause(text: str, target: Target) -> None:
    assert extract(text)[0].target is target


def test_scope_of_a_standing_text_is_the_conversation() -> None:
    assert extract("Use plain text only.", standing=True)[0].scope is Scope.CONVERSATION
    assert extract("Use plain text only.")[0].scope is Scope.TURN
    assert extract("Never use emojis in any reply.")[0].scope is Scope.CONVERSATION


def test_should_is_weaker_than_must() -> None:
    assert extract("Try to keep it under 100 words.")[0].strength is Strength.SHOULD
    assert extract("Ideally keep it under 100 words.")[0].strength is Strength.WISH
    assert extract("You must keep it under 100 words.")[0].strength is Strength.MUST


def test_lower_bound_of_a_violation_is_an_upper_bound() -> None:
    (found,) = [c for c in extract("15+ words is a violation.") if c.type == "length.words"]
    assert found.params["hi"] == 14


def test_a_list_under_never_is_negative() -> None:
    found = extract("Never:\n- use emojis\n- use tables")
    assert [(c.type, c.negative) for c in found] == [("emoji", True), ("format.table", True)]


def test_untyped_orders_are_listed() -> None:
    (found,) = extract("You must escort the visitor to the gate.")
    assert found.type == "untyped"
    assert found.unchecked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The weather in Oslo is mild.",
        'The manual says "use at least 300 words" and I wonder why.',
        "```python\nraise ValueError('must not use commas')\n```",
        "Example: use at least 300 words.",
        '{"description": "must be in French"}',
        "## Never use commas",
        "You can use bullet points.",
        "Feel free to answer in French.",
        "What does JSON stand for?",
        "The report was 300 words long.",
    ],
)
def test_what_is_no_instruction_is_not_listed(text: str) -> None:
    assert [c.type for c in extract(text)] == []


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read(text: str) -> None:
    for found in extract(text):
        assert 0 <= found.start <= found.end <= len(text)


def test_a_sentence_goes_on_over_a_line_end() -> None:
    text = "Please write the whole story of the lighthouse, and keep it\nunder 90 words, with exactly two\nparagraphs."
    assert _types(text) == ["length.words", "length.paragraphs"]


@pytest.mark.parametrize(
    ("text", "checked"),
    [
        ("The user interface shows at most 3 lines.", False),
        ("Summaries are limited to 100 words by the app.", False),
        ("The screen shows little, so answer in at most 3 lines.", True),
        ("The answer is limited to 100 words.", True),
        ("Your reply should fit in at most 3 lines.", True),
    ],
)
def test_what_another_thing_does_is_no_demand_on_the_answer(text: str, checked: bool) -> None:
    assert [c.verifiable for c in extract(text, standing=True) if c.type.startswith("length.")] == [checked]


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("Use numbered lists for steps.", "for steps"),
        ("Use tables for comparisons.", "for comparisons"),
        ("Use bullet points to list features.", "to list features"),
        ("Use bullet points for clarity.", None),
        ("Use a numbered list for your answer.", None),
        ("Use bullet points for all of your answers.", None),
        ("Use bullet points.", None),
    ],
)
def test_a_standing_layout_is_for_the_things_that_it_names(text: str, condition: str | None) -> None:
    assert [c.condition for c in extract(text, standing=True) if c.family == "format"] == [condition]
