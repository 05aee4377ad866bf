"""Typed netstrings: every type, and what is broken or hostile is told, never guessed."""

from __future__ import annotations

import pytest

from ctxdebug.decoding.tnetstring import tnetstrings
from ctxdebug.errors import LoadError


@pytest.mark.parametrize(
    ("data", "value"),
    [(b"3:abc,", b"abc"), (b"2:\xc3\xa9;", "é"), (b"2:-4#", -4), (b"3:1.5^", 1.5), (b"4:true!", True), (b"5:false!", False),
     (b"0:~", None), (b"8:1:1#1:2#]", [1, 2]), (b"8:1:a,1:1#}", {"a": 1}), (b"0:}", {}), (b"0:,", b"")],
)  # fmt: skip
def test_a_value_of_each_type(data: bytes, value: object) -> None:
    assert list(tnetstrings(data)) == [value]


def test_values_follow_each_other() -> None:
    assert list(tnetstrings(b"1:1#1:2#")) == [1, 2]


@pytest.mark.parametrize(
    "data", [b"9:abc,", b"abc", b"3:abc?", b":,", b"99999999999999:a,", b"1:x#", b"4:1:a,}", b"3:abc", b"-1:a,"]
)
def test_what_is_broken_is_told(data: bytes) -> None:
    with pytest.raises(LoadError):
        list(tnetstrings(data))


def test_deep_nesting_ends() -> None:
    data = b"0:]"
    for _ in range(5000):
        data = str(len(data)).encode() + b":" + data + b"]"
    with pytest.raises(LoadError):
        list(tnetstrings(data))
