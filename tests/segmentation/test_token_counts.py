from __future__ import annotations

import pytest

from ctxdebug.model import Usage
from ctxdebug.segmentation.token_counts import believable


@pytest.mark.parametrize("usage", [None, Usage(), Usage(0, 0, 0, 0, 0), Usage(2_000_000, output=5), Usage(output=7)])
def test_counts_that_can_be_are_used(usage: Usage | None) -> None:
    assert believable(usage) == (usage, ())


@pytest.mark.parametrize(
    ("usage", "words"),
    [
        (Usage(-5, output=1), "below zero"),
        (Usage(5, cache_read=-1), "below zero"),
        (Usage(5, output=10**400), "above 1,000,000,000,000"),
    ],
)
def test_a_count_that_can_be_none_takes_the_others_with_it(usage: Usage, words: str) -> None:
    found, notes = believable(usage)
    assert found == Usage()
    assert words in notes[0]
