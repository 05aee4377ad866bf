"""A pattern that is taken apart and put together is the pattern."""

from __future__ import annotations

import marshal
import re
from typing import Any

import pytest

from ctxdebug.rules import RULES
from ctxdebug.text.pattern_code import put_together, taken_apart
from ctxdebug.text.patterns import lazy
from ctxdebug.text.phrases import phrases
from ctxdebug.text.stored import keep_in, stored
from ctxdebug.text.wordings import _FRAGMENTS, wording_file, wording_source

SOURCES = (
    (r"(?P<year>\d{4})-(?P<month>\d\d)(-\d\d)?", 0),
    (r"[^\W_]+|\u00e9|[\U0001f600-\U0001f64f]", re.IGNORECASE),
    (r"(?x) a b # c", 0),
    (r"(?i:a)(?=b)(?<!c)(?:d|e){2,5}?", re.MULTILINE | re.DOTALL),
    ("", 0),
)


class Kept:
    """A store that marshals what it keeps, as the file does."""

    def __init__(self) -> None:
        self.data: dict[Any, bytes] = {}
        self.found = 0

    def get(self, table: str, key: Any) -> Any:
        data = self.data.get((table, key))
        self.found += data is not None
        return None if data is None else marshal.loads(data)

    def put(self, table: str, key: Any, value: Any) -> None:
        self.data[table, key] = marshal.dumps(value)


@pytest.mark.parametrize(("source", "flags"), SOURCES)
def test_it_is_the_same_pattern(source: str, flags: int) -> None:
    parts = taken_apart(source, int(flags))
    assert parts is not None
    made, known = put_together(source, marshal.loads(marshal.dumps(parts))), re.compile(source, flags)
    assert made == known
    assert (made.flags, made.groups, dict(made.groupindex)) == (known.flags, known.groups, dict(known.groupindex))
    text = "2026-11-30 ab\nABde é c 😀 dede"
    assert [match.groupdict() for match in made.finditer(text)] == [match.groupdict() for match in known.finditer(text)]


def test_so_is_every_wording_of_the_rules() -> None:
    RULES.all()
    for (topic, label, language), fragments in _FRAGMENTS.items():
        if label not in wording_file(topic, language).labels:
            continue  # another test asked for a label that is not there
        source = wording_source(topic, label, language=language, **fragments)
        parts = taken_apart(source, int(re.IGNORECASE))
        assert parts is not None
        assert put_together(source, parts) == re.compile(source, re.IGNORECASE)


def test_a_faulty_pattern_is_an_error_all_the_same() -> None:
    keep_in(Kept())
    try:
        with pytest.raises(re.error):
            lazy("(").search("x")
    finally:
        keep_in(None)


def test_phrases_are_the_same_when_they_come_from_a_store() -> None:
    phrases.cache_clear()
    known = [(phrase.pattern.pattern, phrase.needs, phrase.literals) for phrase in phrases("injection").all]
    store = Kept()
    keep_in(store)
    try:
        for round_ in range(2):
            phrases.cache_clear()
            assert [
                (phrase.pattern.pattern, phrase.needs, phrase.literals) for phrase in phrases("injection").all
            ] == known
            assert store.found == round_ * len(known)
    finally:
        keep_in(None)
        phrases.cache_clear()


def test_what_is_not_kept_is_made_each_time() -> None:
    values = iter("ab")
    assert [stored("t", "k", lambda: next(values)) for _ in range(2)] == ["a", "b"]
