"""An instruction whose qualifier nobody read is never called kept."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ctxdebug.analysis.constraints import Outcome, extract, verify

ANSWER = "The tide turns at nine. Bring a coat, boots and a lamp.\n\n- coat\n- boots\n- lamp\n\nStay dry."
KEPT = (
    "Use at least 5 words",
    "Write at most 60 words",
    "Write at least 2 sentences",
    "Use exactly three bullet points",
    "Include the word 'tide'",
    "Include the keywords 'coat' and 'lamp'",
    "Do not use the word 'storm'",
    "Do not use exclamation marks",
    "Never use emojis",
    "Use the word 'boots' at least twice",
    "Answer in English",
    "Use the letter q at most 3 times",
    "Never ask the user questions",
    "Use bullet points for every list",
)
"""Instructions that the answer keeps, each of a kind of its own."""
_PARTS = st.sampled_from(
    ["sentence", "paragraph", "line", "word", "section", "bullet point", "heading", "stanza", "item", "clause"]
)
_ORDINALS = st.sampled_from(
    ["first", "second", "third", "last", "penultimate", "7th", "22-nd", "next", "final", "opening"]
)
_QUALIFIERS = st.one_of(
    st.builds("in the {} {}".format, _ORDINALS, _PARTS),
    st.builds("for each {}".format, _PARTS),
    st.builds("in every {}".format, _PARTS),
    st.builds("per {}".format, _PARTS),
    st.builds("in every other {}".format, _PARTS),
    st.builds("in alternate {}s".format, _PARTS),
    st.builds("between the {} and the {} paragraph".format, _ORDINALS, _ORDINALS),
    st.builds("except in the {} {}".format, _ORDINALS, _PARTS),
    st.sampled_from(
        [
            "in alphabetical order", "more than in the previous paragraph", "at the end of each line", "in consecutive sentences",
            "in a 2:1 ratio of questions to statements", "with prime lengths", "in strictly increasing order", "in reverse",
            "of three syllables", "in parentheses", "in title case", "before every comma", "only in headings", "nested three levels deep",
            "with rhyming line ends", "in upper and lower case alternately", "as the 3rd word of the 2nd sentence", "in 30% of the sentences", "with alternating indentation",
            "followed by a question", "unless the question is short", "other than in quotations", "with the same number of vowels",
        ]
    ),
)  # fmt: skip


READ = {"each.length", "sentences.keyword"}
"""Kinds that read such a qualifier and hold the answer against it."""


def _outcomes(text: str) -> list[Outcome]:
    return [verify(constraint, ANSWER, question=text).outcome for constraint in extract(text)]


def _unread_outcomes(text: str) -> set[Outcome]:
    """Return what came of the instructions whose kind does not read the qualifier."""
    return {verify(c, ANSWER, question=text).outcome for c in extract(text) if c.type not in READ and not c.parts}


@pytest.mark.parametrize("instruction", KEPT)
def test_an_instruction_without_qualifier_is_kept(instruction: str) -> None:
    assert _outcomes(f"{instruction}.") == [Outcome.PASS]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the first example compiles every pattern
@given(st.sampled_from(KEPT), _QUALIFIERS)
def test_an_unknown_qualifier_never_yields_kept(instruction: str, qualifier: str) -> None:
    assert _unread_outcomes(f"{instruction} {qualifier}.") != {Outcome.PASS}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the first example compiles every pattern
@given(st.sampled_from(KEPT), _QUALIFIERS)
def test_a_qualifier_in_front_never_yields_kept(instruction: str, qualifier: str) -> None:
    text = f"{qualifier[0].upper()}{qualifier[1:]}, {instruction[0].lower()}{instruction[1:]}."
    assert _unread_outcomes(text) != {Outcome.PASS}


@pytest.mark.parametrize(
    "plain",
    [
        "Write at most 60 words about the tide.",
        "Please answer in English.",
        "Your whole response must have at least 2 sentences.",
        "Explain how a reader finds the harbour, and use exactly three bullet points.",
        "Rewrite the following sentence without exclamation marks.",
        "Include the keywords 'coat' and 'lamp' in your response.",
        "Throughout your answer, never use emojis.",
        "Use at least 5 words in your answer.",
        "Tell my brother what to bring, in at most 60 words.",
        "Make sure that the word 'tide' is included in your reply.",
    ],
)
def test_words_that_narrow_nothing_leave_it_kept(plain: str) -> None:
    assert _outcomes(plain) == [Outcome.PASS]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Use at most 3 sentences in each section about ships.", "each section"),
        ("Include the word 'tide' before the third paragraph.", "third paragraph"),
        ("Write at least two different sentences.", "different"),
        ("Never use emojis, except once.", "except"),
        ("Include the word 'tide' in at least two paragraphs.", "paragraphs"),
    ],
)
def test_the_reason_names_the_qualifier(text: str, words: str) -> None:
    found = extract(text)[0]
    assert found.qualifier is not None or found.params.get("each")
    assert words.rsplit(maxsplit=1)[-1] in str(found.unchecked)


BESIDE = (
    "near the end", "in the sign-off", "right before the conclusion", "in the first half", "on its own line", "in pairs", "by turns", "between dashes",
    "on weekdays", "as often as possible", "compared with before", "as long as it is short", "next to 'boots'", "not counting 'coat'",
    "with the list excluded", "but only in lists", "in random order", "by the second line", "while the ferry is late", "only in the title",
)  # fmt: skip
"""Words of the closed classes with what nobody has a list of."""


def test_what_stands_beside_a_demand_is_never_lost() -> None:
    texts = [f"{one} {beside}." for one in KEPT[::5] for beside in BESIDE]
    texts += [f"{beside[0].upper()}{beside[1:]}, {one[0].lower()}{one[1:]}." for one in KEPT[::5] for beside in BESIDE]
    assert [text for text in texts if set(_outcomes(text)) == {Outcome.PASS}] == []
