"""Read `fixtures/constraints/phrasings.txt` and see what extraction makes of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ctxdebug.analysis.constraints import Constraint, conflicting, extract

FILE = Path(__file__).parents[3] / "fixtures" / "constraints" / "phrasings.txt"
_LISTED = {"untyped", "style", "persona", "topic", "secrecy", "safety"}
_FIELD = re.compile(
    r"(word|wrap|marker|options|char|phrase|mark|paragraph|tool|first|then|hi|n|format)=(.*?)(?= (?:word|marker|then|hi)=|$)"
)


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One line of the file: what must be found in a text, and whether the line was tuned on."""

    line: int
    type: str
    params: dict[str, Any]
    negative: bool
    text: str

    @property
    def tuned(self) -> bool:
        """Even lines were tuned on, odd ones are held out."""
        return self.line % 2 == 0


def _params(kind: str, words: str) -> dict[str, Any]:
    ranged = re.match(r"\[(\d*),(\d*)\] ?", words)
    if kind == "language":
        return {"language": words}
    if kind in {"keywords.include", "keywords.forbid"}:
        return {"words": words.split(",")}
    params: dict[str, Any] = {}
    fields = {m[1]: m[2].strip() for m in _FIELD.finditer(re.sub(r"\[\d*,\d*\] ?", "", words))}
    for name, value in fields.items():
        params[name] = (
            value.split("|") if name == "options" else int(value) if name in {"paragraph", "hi", "n"} else value
        )
    bounds = re.search(r"\[(\d*),(\d*)\]", words)
    if ranged or bounds:
        match = ranged or bounds
        assert match is not None
        params["lo"] = int(match[1]) if match[1] else None
        params["hi"] = int(match[2]) if match[2] else None
    return params


def phrasings() -> list[Phrasing]:
    """Every line of the file."""
    found = []
    for number, line in enumerate(FILE.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#") or " :: " not in line:
            continue
        wanted, _, text = line.partition(" :: ")
        kind, _, rest = wanted.partition(" ")
        negative = rest.startswith("-")
        found.append(Phrasing(number, kind, _params(kind, rest.lstrip("- ")), negative, text))
    return found


PAIRS = FILE.with_name("pairs.txt")


def pairs() -> list[tuple[bool, str, str]]:
    """Every pair of `pairs.txt`: whether it conflicts, the higher text, the lower text."""
    lines = [
        line for line in PAIRS.read_text(encoding="utf-8").splitlines() if "||" in line and not line.startswith("#")
    ]
    parted = [[part.strip() for part in line.split("||")] for line in lines]
    return [(mark == "x", higher, lower) for mark, higher, lower in parted]


def clash(higher: str, lower: str) -> bool:
    """Whether an instruction of a higher level conflicts with one of a lower level."""
    return any(conflicting(a, b) for a in extract(higher, standing=True) for b in extract(lower))


def _same(want: Any, got: Any) -> bool:
    if isinstance(want, list):
        return isinstance(got, list) and {str(w).lower().rstrip(".") for w in want} == {
            str(g).lower().rstrip(".") for g in got
        }
    if isinstance(want, str):
        return isinstance(got, str) and want.lower().strip(".,") == got.lower().strip(".,")
    return bool(want == got)


def found_right(phrasing: Phrasing) -> tuple[bool, list[Constraint]]:
    """Whether the phrasing gives what it must, and the typed constraints besides."""
    typed = [c for c in extract(phrasing.text) if c.type not in _LISTED or c.type == phrasing.type]
    if phrasing.type == "none":
        return not typed, typed
    polar = {
        "keywords.forbid",
        "punctuation.none",
        "emoji",
        "format.bullets",
        "format.placeholders",
        "count.char",
        "tools.forbid",
        "grounding.only_context",
    }
    for c in typed:
        polarity = c.negative == phrasing.negative or c.type in polar or c.type in _LISTED
        params = all(_same(value, c.params.get(name)) for name, value in phrasing.params.items())
        if c.type == phrasing.type and polarity and params:
            return True, [other for other in typed if other is not c]
    return False, typed
