from __future__ import annotations

import re

import pytest

from ctxdebug.analysis.directives.disguise import Disguise
from ctxdebug.analysis.directives.hidden import hidden
from ctxdebug.text.invisible import characters, lookalikes
from ctxdebug.text.printable import clean

UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u180b\u200b\u2060\u206a\u206f\u2800\u3164\ufeff\uffa0\U000e0001\U000e0100"
)


@pytest.mark.parametrize("character", UNSEEN)
def test_what_nobody_sees_is_shown_as_an_escape(character: str) -> None:
    assert clean(f"a{character}b").startswith("a\\")


def test_a_selector_is_kept_after_the_sign_that_it_belongs_to() -> None:
    assert clean("❤\ufe0f") == "❤\ufe0f"
    assert clean("a\ufe0f") == "a\\ufe0f"
    assert clean("❤\ufe0f\ufe0f") == "❤\ufe0f\\ufe0f"


@pytest.mark.parametrize("character", "\u034f\u115f\u2800\u3164\u206a\u200b")
def test_a_word_taken_apart_by_them_is_hidden_text(character: str) -> None:
    found = list(hidden(f"please {character.join('ignore')} it"))
    assert [(one.disguise, one.decoded) for one in found] == [(Disguise.ZERO_WIDTH, "ignore")]


@pytest.mark.parametrize(
    "text",
    [
        "Donau\u00addampf\u00adschiff\u00adfahrt",
        "\u280b\u2819\u2839\u2838 done \u2800\u2800\u2800\u2800\u2800\u2800\u2800\u2800\u2800",
        "\u2764\ufe0f\u200d\U0001f525 and \U0001f469\u200d\U0001f467",
        "می\u200cخواهم",
    ],
)
def test_what_a_script_or_a_picture_needs_is_silent(text: str) -> None:
    assert list(hidden(text)) == []


def test_a_hint_where_to_break_a_word_hides_nothing_by_itself() -> None:
    (one,) = hidden("the Schiff\u200bfahrt museum")
    assert (one.disguise, one.decoded) == (Disguise.SPLIT, "the Schifffahrt museum")


def test_the_tables_are_those_of_unicode() -> None:
    ignorable = re.compile(f"[{characters('default_ignorable')}]")
    assert ignorable.search("\u2063")
    assert not ignorable.search("aé中 \n")
    assert (lookalikes()[ord("а")], lookalikes()[ord("ο")]) == ("a", "o")
