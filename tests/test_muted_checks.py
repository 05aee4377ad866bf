"""A check that is muted says why."""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
_MUTED = re.compile(r"#\s*(?:noqa\b(?:: ?[A-Z]+[0-9]+(?:, ?[A-Z]+[0-9]+)*)?|type: ignore(?:\[[\w, -]+\])?)")
_REASON = re.compile(r"\s*(?:[-#(]|  )\s*\S")


def comments() -> Iterator[tuple[str, str]]:
    """Yield every comment of our own Python, and where it stands."""
    for room in ("ctxdebug", "scripts", "tests"):
        for path in sorted((ROOT / room).rglob("*.py")):
            if b"noqa" not in (data := path.read_bytes()) and b"type: ignore" not in data:
                continue
            with path.open("rb") as file:
                for token in tokenize.tokenize(file.readline):
                    if token.type == tokenize.COMMENT:
                        yield f"{path.relative_to(ROOT)}:{token.start[0]}", token.string


def test_every_muted_check_has_its_reason() -> None:
    bare = []
    for place, comment in comments():
        muted = [match.end() for match in _MUTED.finditer(comment)]
        if muted and not _REASON.match(comment, muted[-1]):
            bare.append(f"{place}: {comment}")
    assert bare == []
