"""Where a text is cut into units at escaped line ends, whatever the number of backslashes."""

from __future__ import annotations

import pytest

from ctxdebug.analysis.directives.units import units


@pytest.mark.parametrize("mark", ["\\n", "\\\\n", "\\" * 9 + "n"])
def test_an_escaped_line_end_is_an_edge(mark: str) -> None:
    text = f"The gate is red today{mark}Yusuf painted it again"
    assert [text[unit.start : unit.end] for unit in units(text)] == ["The gate is red today", "Yusuf painted it again"]
