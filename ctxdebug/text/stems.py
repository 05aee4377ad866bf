"""Cut a word to what its forms share, by the Snowball stemmers: `policies`, `policy` -> `polici`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from ctxdebug.text.languages import all_languages

_MOST = 100_000
_LONGEST = 64
"""Characters; what is longer is no word of a language."""


class _Stems(dict[str, str]):
    """Word as written -> stem; emptied when it grows too large."""

    def __init__(self, algorithm: str) -> None:
        super().__init__()
        import Stemmer

        self._cut: Callable[[str], str] = Stemmer.Stemmer(algorithm, 0).stemWord

    def __missing__(self, word: str) -> str:
        if len(self) >= _MOST:
            self.clear()
        lowered = word.lower()
        made = lowered if len(word) > _LONGEST else self._cut(lowered)
        if len(word) <= _LONGEST:
            self[word] = made
        return made


@cache
def stemmer(language: str = "en") -> Callable[[str], str]:
    """Return the function that stems a word of a language; where there is none, it only lowers the case."""
    known = all_languages().get(language)
    return _Stems(known.stemmer).__getitem__ if known and known.stemmer else str.lower


def stem(word: str, language: str = "en") -> str:
    """Return the stem of one word, in lower case."""
    return stemmer(language)(word)
