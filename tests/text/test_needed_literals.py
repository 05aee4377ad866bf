"""What a pattern needs: a text without it has no match, and a search says so as the pattern itself would."""

import re

import pytest

from ctxdebug.rules import RULES
from ctxdebug.text import patterns
from ctxdebug.text.needed_literals import needed_literals
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import _FRAGMENTS, wording_file, wording_source


@pytest.mark.parametrize(
    ("source", "flags", "wanted"),
    [
        (r"\b(?:more|less) than\b", 0, ("less than", "more than")),
        (r"\bat (?:least|most) \d+ words", re.IGNORECASE, ("at least ", "at most ")),
        (r"Colou?r", re.IGNORECASE, ("color", "colour")),
        (r"(?:never|do not) (?:say|write)s?", 0, ("never say", "do not say", "never write", "do not write")),
        (r"(?<!\w)promise(?=d)", 0, ("promise",)),
        (r"(?:warning\s+)+here", 0, ("warning",)),
        (r"(?:warning)?\s*\d", 0, ()),
        (r"warning|\d", 0, ()),
        (r"[ab]\w+", 0, ()),
        (r"(?i:warning)", 0, ()),
        (r"größe", re.IGNORECASE, ("gr",)),
        (r"größe", 0, ("größe",)),
        (r"(a)?(?(1)warning|danger)", 0, ()),
    ],
)
def test_what_is_needed(source: str, flags: int, wanted: tuple[str, ...]) -> None:
    assert set(needed_literals(source, flags)) == set(wanted)


def test_every_example_of_every_wording_has_what_its_pattern_needs() -> None:
    RULES.all()
    seen = 0
    for (topic, label, language), fragments in _FRAGMENTS.items():
        rows = wording_file(topic, language).labels.get(label, [])
        source = wording_source(topic, label, language=language, **fragments) if rows else ""
        needed = needed_literals(source, re.IGNORECASE)
        for example in (example for row in rows for example in row.examples if needed):
            found = re.search(source, example, re.IGNORECASE)
            assert found is None or any(one in example.lower() for one in needed), (label, example)
            seen += found is not None
    assert seen > 200


def test_a_pattern_that_was_searched_for_often_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "_MANY", 0)
    monkeypatch.setattr(patterns, "_SHORT", 0)
    texts = (
        *(
            "",
            "nothing",
            "You MUST not.",
            "must",
            "muſt",
            "MUST NOT\nmust",
            "a Kelvin sign: maK\u212ae",
            "make",
            "l\u0131ke",
            "L\u0130KE",
        ),
        *("é" * 50, "é must " * 3),
    )
    for source in (r"\b(?:must|shall)\b", r"ma(?:\w{0,3})ke\b|mak.?e", r"like"):
        plain, often = re.compile(source, re.IGNORECASE), lazy(source, re.IGNORECASE)
        for text in texts:
            assert _found(often.search(text)) == _found(plain.search(text))
            assert [_found(one) for one in often.finditer(text)] == [_found(one) for one in plain.finditer(text)]
            assert often.findall(text) == plain.findall(text)
            assert often.sub("-", text) == plain.sub("-", text)
            assert often.subn("-", text, 1) == plain.subn("-", text, 1)
            assert _found(often.search(text, 2)) == _found(plain.search(text, 2))
            assert often.split(text) == plain.split(text)


def _found(match: re.Match[str] | None) -> tuple[int, int] | None:
    return match.span() if match else None
