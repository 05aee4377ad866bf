"""No list of words in a data file says a word twice; a second mention hides a slip."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ctxdebug.text.languages import fields

ROOT = Path(__file__).parents[2] / "ctxdebug"
PAIRS = {"about", "irregular"}
"""Keys of `lexicon.json` that are no lists of words."""


def lists() -> Iterator[tuple[str, list[str]]]:
    for path in sorted((ROOT / "text/languages").glob("*.txt")):
        row = fields(path)
        for key in sorted({"near", "abbreviations", "function words", "stop words"} & row.keys()):
            yield f"{path.name} {key}", row[key].split()
    lexicon = json.loads((ROOT / "analysis/claims/lexicon.json").read_text("utf-8"))
    for key, value in lexicon.items():
        for number, line in enumerate(value if isinstance(value, list) else [value]):
            if key not in PAIRS:
                yield f"lexicon.json {key} {number}", str(line).split()
    for line in (ROOT / "analysis/directives/model/lexicon.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, words = line.partition(": ")
            yield f"lexicon.txt {name}", words.split()


@pytest.mark.parametrize(("name", "words"), list(lists()))
def test_a_list_says_no_word_twice(name: str, words: list[str]) -> None:
    assert sorted({word for word in words if words.count(word) > 1}) == [], name


@pytest.mark.parametrize("path", sorted((ROOT / "text/languages").glob("*.txt")), ids=lambda path: path.stem)
def test_a_language_says_nothing_twice(path: Path) -> None:
    assert len(fields(path)) == len(path.read_text(encoding="utf-8").splitlines())
