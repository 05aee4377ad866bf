from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ctxdebug.segmentation.frameworks import _TITLED
from ctxdebug.segmentation.labels import _BRACKET, _HEADING, _NUMBERED_BRACKET, _SPOKEN
from ctxdebug.segmentation.lines import at_line_starts

LINES = st.lists(
    st.sampled_from(
        ["[1] words of a source", "[2]", "Source 1: it says", "Document #2:", "## Document 3", "## Source", "plain", "", "  ",
         "Context:", "**Sources:**", "document [1] (policy.md) words", "\t[3]: x", "[doc A, b.md] y"]
    ),
    max_size=9,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(LINES, st.sampled_from([_BRACKET, _HEADING, _NUMBERED_BRACKET, _SPOKEN, _TITLED]), st.booleans())
def test_trying_line_starts_gives_what_a_search_gives(lines: list[str], pattern: object, ends: bool) -> None:
    text = "\n".join(lines) + ("\n" if ends else "")
    compiled = pattern
    found = [match.span() for match in at_line_starts(compiled, text)]  # type: ignore[arg-type]  # a lazy pattern is one in use
    assert found == [match.span() for match in compiled.finditer(text)]  # type: ignore[attr-defined]  # as above
