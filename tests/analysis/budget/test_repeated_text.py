from __future__ import annotations

import pytest

from ctxdebug.analysis.budget.repeated_text import repeats
from tests.conversations import exchanged

RULES = "Answer in one sentence, in the voice of the lighthouse keeper, and name the hour of the tide in it. " * 6


@pytest.mark.parametrize(
    ("second", "repeated"),
    [
        (RULES, True),
        (f"{RULES}Today the tower is closed.", True),
        ("Answer as you like. " * 30, False),
        (RULES[:200], False),
    ],
)
def test_a_system_text_that_is_sent_again_is_a_repeat_with_or_without_a_tail(second: str, repeated: bool) -> None:
    messages = [{"role": "system", "content": text} for text in (RULES, second)]
    snapshot = exchanged({"model": "gpt-4o", "messages": [*messages, {"role": "user", "content": "When?"}]})
    assert bool(repeats(snapshot.segments())) is repeated
