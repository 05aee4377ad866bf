from __future__ import annotations

import textwrap

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ctxdebug.locate.layers import Layer
from ctxdebug.locate.yaml_text import YamlText


def assert_every_character_is_found(text: str, steps: list[str | int]) -> None:
    value: object = yaml.load(text, Loader=yaml.CBaseLoader)
    for step in steps:
        value = value[step]  # type: ignore[index]  # a value as YAML has it
    assert isinstance(value, str)
    region = YamlText(Layer.of(text)).find(steps)
    assert region is not None
    assert region.inward is not None, text
    assert region.value == value
    for at, character in enumerate(value):
        raw = text[region.inward(at) : region.inward(at) + 1]
        assert raw == character or character in "\n '\"\\" or raw == "\\" or ord(character) < 32 or ord(character) > 126


@pytest.mark.parametrize(
    "text",
    [
        "a: plain words\n",
        "a: plain words\n  that go on\n\n  after a blank line\n",
        "a: 'it''s quoted'\n",
        "a: 'it''s\n  folded'\n",
        'a: "tab\\t, \\u00e9, \\x41 and \\"quotes\\""\n',
        'a: "a long line \\\n  \\ goes on\n\n  here"\n',
        "a: |\n  one\n   two\n\n  three\n",
        "a: |-\n  one\n  two\n",
        "a: |+\n  one\n\n\n",
        "a: |2\n   deeper first line\n  second\n",
        "a: >\n  folded words\n  in one line\n\n  new paragraph\n    kept\n  end\n",
        "a: >-\n  folded words\n  in one line\n",
        "a: {b: 1}\nc: d\n",
    ],
)
def test_every_character_of_a_scalar_is_found(text: str) -> None:
    assert_every_character_is_found(text, ["a", "b"] if "b: 1" in text else ["a"])


WORDS = st.text(st.sampled_from("abc é\n\t:#'\"\\-{}[]|>&*!%@`,?\u2028\x07😀\r"), max_size=60)


@settings(max_examples=400, deadline=None)
@given(WORDS, st.sampled_from([None, "'", '"', "|", ">"]), st.booleans(), st.integers(20, 200))
def test_what_pyyaml_writes_is_found(value: str, style: str | None, unicode: bool, width: int) -> None:
    text = yaml.dump([{"key": value}], default_style=style, allow_unicode=unicode, width=width)
    region = YamlText(Layer.of(text)).find([0, "key"])
    assert region is not None
    assert region.value == value or region.value is None
    assert region.inward is not None, (text, value)


def test_an_alias_is_found_where_it_was_written_first() -> None:
    region = YamlText(Layer.of("a: &x words\nb: *x\n")).find(["b"])
    assert region is not None
    assert region.value == "words"


def test_deep_nesting_is_not_looked_into() -> None:
    assert YamlText(Layer.of("[" * 500 + "]" * 500)).find([0]) is None


def test_a_block_in_a_list_keeps_its_indentation() -> None:
    text = textwrap.dedent("""\
        interactions:
        - response:
            body: |
              data: {"a": 1}

              data: {"b": 2}

          status: ok
        """)
    assert_every_character_is_found(text, ["interactions", 0, "response", "body"])
