"""What a language's file says, as a stranger may write it."""

from __future__ import annotations

from ctxdebug.text.languages import all_languages


def test_the_letters_of_a_language_are_letters_and_no_blank() -> None:
    assert [code for code, language in all_languages().items() if any(one.isspace() for one in language.letters)] == []
