from __future__ import annotations

import re

import pytest

from ctxdebug.text.anchors import anchors


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("(?:no|nie) Emojis?", {" emoji"}),
        ("Wort|Satz", {"wort", "satz"}),
        (r"(?:mehr )?als \d+", {"als "}),
        (r"(?P<n>\d{1,3})(?:Wort)+", {"wort"}),
        (r"Wort|\d", None),
        ("(?:Wort)?", None),
    ],
)
def test_what_a_match_needs(pattern: str, expected: set[str] | None) -> None:
    assert anchors(pattern, re.IGNORECASE) == expected
