"""A message that points back: by itself, or because its answer shows that it meant nothing."""

from __future__ import annotations

import pytest

from ctxdebug.analysis.turns.shape import points_back


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Tell me more about the second one.", "Which one do you mean?"),
        ("What were we talking about again?", ""),
        ("How is the weather there in that month?", "Could you tell me which place and month you mean?"),
        ("When does it end?", "I don't have enough context to say what you mean."),
    ],
)
def test_a_message_points_back(text: str, answer: str) -> None:
    assert points_back(text, answer)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("How is the weather there in that month?", "Mild, with some rain."),
        ("What is the capital of Kenya?", "Could you tell me which country you mean?"),
        ("Please ignore the formatting of my last message. What does an account cost?", "It is free."),
        ("There is a leak under the sink. " * 8 + "What can I do about it?", "Which sink is it?"),
    ],
)
def test_a_message_stands_by_itself(text: str, answer: str) -> None:
    assert not points_back(text, answer)
