"""Split a text into words; drop those that carry no subject.

One splitter for everybody, so that two passes never disagree about what a word is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ctxdebug.text.languages import all_languages
from ctxdebug.text.patterns import lazy
from ctxdebug.text.stems import stemmer

WORD = lazy(r"[^\W_]+(?:_+[^\W_]+)*")
"""A run of letters and digits; `snake_case` is one word, the marks of `_emphasis_` are none."""
LETTERS = lazy(r"[^\W\d_]+")
"""A run of letters alone, for those who read digits as values."""


def words(text: str) -> list[str]:
    """Return the words of a text as written."""
    return WORD.findall(text)


def stop_words(language: str = "en") -> frozenset[str]:
    """Return the words of a language that carry no subject, in lower case; empty for an unknown language."""
    known = all_languages().get(language)
    return known.stop_words if known else frozenset()


def content_words(text: str, language: str = "en") -> Iterator[str]:
    """Yield the words that carry a subject, in lower case and in order."""
    stops = stop_words(language)
    return (word for word in WORD.findall(text.lower()) if word not in stops)


def content_stems(text: str, language: str = "en") -> list[str]:
    """Return the stems of the words that carry a subject, in order."""
    stem: Callable[[str], str] = stemmer(language)
    return [stem(word) for word in content_words(text, language)]
