from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ctxdebug.cases.yaml_form import keys_fit, yaml_text
from ctxdebug.decoding.safe_yaml import parse_yaml
from ctxdebug.text.printable import clean

pytestmark = pytest.mark.deps

CHARACTERS = st.characters(exclude_categories=["Cs"])
TEXT = st.text(CHARACTERS, max_size=60) | st.text(
    st.sampled_from(list(" \n\t-:#'\"\\|>&*!%@`{}[],?ab1\u202e\u2028\x85\r\x00é😀")), max_size=40
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def same(left: Any, right: Any) -> bool:
    return repr(left) == repr(right)


@settings(max_examples=600, deadline=None)
@given(JSON)
def test_what_is_written_is_read(value: Any) -> None:
    assert same(parse_yaml(yaml_text(value)), value)


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXT, max_size=4))
def test_text_stays_text_for_other_readers(value: list[str]) -> None:
    assert yaml.load(yaml_text(value), Loader=yaml.CSafeLoader) == value
    assert yaml.load(yaml_text(value), Loader=yaml.SafeLoader) == value


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_no_hidden_character_is_written(value: Any) -> None:
    written = yaml_text(value)
    assert clean(written) == written
    assert not any(line.endswith((" ", "\t")) for line in written.split("\n"))


@pytest.mark.parametrize(
    "word", ["no", "Yes", "on", "OFF", "null", "~", "true", "0777", "1:30:00", "2024-01-02", "1.10", "1_000", "0x1f", ".inf", "NaN", "y", "N", "<<", "=", "1e3", "", " ", "-", "?", ":", "a: b", "a #b", "- a", "&a", "*a", "!a", "|", ">", "%a", "@a", "`a", "---", "..."]
)  # fmt: skip
def test_words_that_would_be_retyped_are_quoted(word: str) -> None:
    written = yaml_text({"a": word, word: "b"})
    assert parse_yaml(written) == {"a": word, word: "b"}
    assert yaml.safe_load(written) == {"a": word, word: "b"}


def test_form_is_readable() -> None:
    value = {
        "id": "rate-limit",
        "request": {
            "messages": [{"role": "user", "content": "How many?\nAnd why?\n"}, {"role": "assistant", "content": None}]
        },
        "tags": [],
        "hidden": "a\u202eb",
        "stripped": "one \n  two\n",
        "matrix": [[1, 2], [{"a": 0.5}]],
    }
    assert yaml_text(value) == (
        "id: rate-limit\n"
        "request:\n"
        "  messages:\n"
        "    - role: user\n"
        "      content: |\n"
        "        How many?\n"
        "        And why?\n"
        "    - role: assistant\n"
        "      content: null\n"
        "tags: []\n"
        'hidden: "a\\u202eb"\n'
        'stripped: "\\\n'
        "  one \\n\\\n"
        "  \\  two\\n\\\n"
        '  "\n'
        "matrix:\n"
        "  - - 1\n"
        "    - 2\n"
        "  - - a: 0.5\n"
    )


def test_order_of_keys_is_kept() -> None:
    assert list(parse_yaml(yaml_text({"z": 1, "a": 2, "m": 3}))) == ["z", "a", "m"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), b"x", object()])
def test_what_is_not_json_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="is not a JSON value"):
        yaml_text({"a": value})


def test_keys_that_the_file_cannot_hold() -> None:
    assert keys_fit({"a": 1})
    assert keys_fit([{"k" * 500: 1}])
    assert not keys_fit({"k" * 500: 1})
    assert not keys_fit({"\ud800": 1})
