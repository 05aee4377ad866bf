from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctxdebug.decoding.safe_yaml import CAPTURE, Limits, parse_yaml
from ctxdebug.errors import LoadError

pytestmark = pytest.mark.deps


def test_reads_nested_values() -> None:
    assert parse_yaml("a: 1\nb:\n  - x\n  - {c: 2.5, d: null}\n") == {"a": 1, "b": ["x", {"c": 2.5, "d": None}]}


@pytest.mark.parametrize(
    "word", ["no", "yes", "on", "0777", "1:30:00", "2024-01-02", "1_000", "0x1F", ".inf", "NaN", "+1", "True", "NULL"]
)
def test_words_that_yaml_1_1_would_retype_stay_text(word: str) -> None:
    assert parse_yaml(f"a: {word}") == {"a": word}


@pytest.mark.parametrize(
    ("text", "value"), [("1", 1), ("-0", 0), ("1.10", 1.1), ("1e3", 1000.0), ("true", True), ("~", None), ("", None)]
)
def test_json_values_are_typed(text: str, value: object) -> None:
    assert parse_yaml(f"a: {text}") == {"a": value}


def test_quoted_numbers_stay_text() -> None:
    assert parse_yaml("a: '1'\nb: \"true\"\nc: |-\n  2") == {"a": "1", "b": "true", "c": "2"}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a: &x 1\nb: *x", "anchor"),
        ("a: *x", "alias"),
        ("&a [*a]", "anchor"),
        ("!!python/object/apply:os.system [id]", "tag"),
        ("a: !!binary aGk=", "tag"),
        ("a: 1\na: 2", "second time"),
        ("<<: {a: 1}", "merge key"),
        ("? [1, 2]\n: 3", "not text"),
        ("--- 1\n--- 2", "second document"),
        ("a: [1", "line 2"),
        ("a: 1e999", "too large"),
        ("a: \x01", "not YAML"),
        ("a: \ud83d", "surrogate"),
    ],
)
def test_refuses_with_a_reason(text: str, word: str) -> None:
    with pytest.raises(LoadError, match=word):
        parse_yaml(text)


def test_refusal_names_line_and_column() -> None:
    with pytest.raises(LoadError, match="line 3, column 4"):
        parse_yaml("a: 1\nb: 2\nc: &x 3")


def test_deep_nesting_is_refused_quickly() -> None:
    start = time.process_time()
    with pytest.raises(LoadError, match="nesting"):
        parse_yaml("[" * 100_000)
    assert time.process_time() - start < 1


def test_too_many_nodes_are_refused() -> None:
    with pytest.raises(LoadError, match="nodes"):
        parse_yaml("[" + "1," * 100 + "]", Limits(events=50))


def test_size_is_bounded() -> None:
    with pytest.raises(LoadError, match="limit"):
        parse_yaml("a" * 11, Limits(size=10))


def test_invalid_utf8_names_the_byte() -> None:
    with pytest.raises(LoadError, match="byte 3"):
        parse_yaml(b"a: \xff")


def test_bom_is_accepted() -> None:
    assert parse_yaml(b"\xef\xbb\xbfa: 1") == {"a": 1}


def test_captures_keep_the_last_duplicate_and_binary_text() -> None:
    assert parse_yaml("a: 1\na: 2\nb: !!binary aGk=", CAPTURE) == {"a": 2, "b": "aGk="}


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(), st.binary()))
def test_anything_reads_or_raises_load_error(source: str | bytes) -> None:
    with contextlib.suppress(LoadError):
        parse_yaml(source)
