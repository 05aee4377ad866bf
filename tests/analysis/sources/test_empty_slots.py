"""Places for retrieved text that hold nothing, or only the report that nothing was found."""

from __future__ import annotations

import pytest

from ctxdebug.analysis.sources.slots import empty_slots
from ctxdebug.model import Kind, Piece, Role, Segment

TEXT = "The bell of the church was cast in 1712."


def slots(text: str) -> list[tuple[str, str]]:
    """Return name and content of the empty places of a system prompt."""
    segment = Segment("m0.s0", Role.SYSTEM, Kind.TEXT, text, (Piece(0, len(text), ()),))
    return [(one.name, one.written) for one in empty_slots([segment])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Context:\n\n", ("Context", "")),
        ("Context:\n\n\nQuestion: when?", ("Context", "")),
        ("<context></context>\nWhen?", ("context", "")),
        ("<documents>\nNo documents found.\n</documents>", ("documents", "")),
        ("Context: No results found.\n\nQuestion: when?", ("Context", "No results found.")),
        ("Search results:\nNo results found", ("Search results", "No results found")),
        ("Search results:\nNo results found.\n\nAnswer briefly.", ("Search results", "No results found.")),
        ("Documents: []", ("Documents", "[]")),
        ("## Retrieved documents\n\n## Question\nWhen?", ("Retrieved documents", "")),
        ("# Rules\nBe brief.\n\n# Search results\nNo results found.\n", ("Search results", "No results found.")),
    ],
)
def test_an_empty_place_is_found(text: str, expected: tuple[str, str]) -> None:
    """By its label, its element or its heading."""
    assert slots(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        f"Context:\n{TEXT}",
        f"Context:\n\n{TEXT}",
        f"Context: No results found in the archive.\n{TEXT}",
        f"Search results:\nNo results found in the archive.\n{TEXT}",
        f"## Documents\n### Bells\n{TEXT}",
        f"## Context\n{TEXT}\n\n## Question\nWhen?",
        "Answer in this format:\n## Context\n\n## Answer\n",
        "## References\n\n## Summary\n",
        "## Results\n\n## Discussion\n",
        f"<context>{TEXT}</context>",
        "Allergies: None\nBaggage: none",
    ],
)
def test_a_filled_place_and_a_form_are_none(text: str) -> None:
    """Text that follows, a deeper heading, a form that is shown, sections of an answer."""
    assert slots(text) == []
