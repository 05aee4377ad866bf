"""Find words in an answer as a reader would: typographic variants match, and `5 days` is not in `15 days`."""

from __future__ import annotations

import re
from functools import lru_cache

from ctxdebug.text.patterns import lazy

_HYPHENS = "-\u2010\u2011\u2012\u2013\u2212"
_SINGLE = "'\u2018\u2019\u02bc"
_DOUBLE = '"\u201c\u201d\u201e'
_ODD = lazy(r"[\u00a0\u2000-\u200a\u202f\u3000\t\n\r]|  |[\u2010-\u2013\u2212\u2018\u2019\u02bc\u201c\u201d\u201e]")
_FOLDS = {
    **dict.fromkeys(_HYPHENS, f"[{re.escape(_HYPHENS)}]"),
    **dict.fromkeys(_SINGLE, f"[{_SINGLE}]"),
    **dict.fromkeys(_DOUBLE, f"[{_DOUBLE}]"),
}
_SPACES = lazy(r"\s+")
_NUMBER_BEFORE = lazy(r"[0-9][.,]?\Z")
_NUMBER_AFTER = lazy(r"[.,]?[0-9]")


def find_phrase(text: str, phrase: str, ignore_case: bool = False) -> tuple[int, int] | None:
    """Return where `phrase` first stands in `text`, or None.

    Any space matches any run of spaces, any hyphen and quotation mark its variants; a phrase that
    begins or ends with a digit is not found inside a longer number.
    """
    if not phrase:
        return None
    if not ignore_case and not _ODD.search(text) and not _ODD.search(phrase):
        return _find_plain(text, phrase)
    at = 0
    pattern = _pattern(phrase, ignore_case)
    while match := pattern.search(text, at):
        if _stands_alone(text, phrase, match.start(), match.end()):
            return match.span()
        at = match.start() + 1
    return None


def _find_plain(text: str, phrase: str) -> tuple[int, int] | None:
    start = text.find(phrase)
    while start >= 0:
        if _stands_alone(text, phrase, start, start + len(phrase)):
            return start, start + len(phrase)
        start = text.find(phrase, start + 1)
    return None


def _stands_alone(text: str, phrase: str, start: int, end: int) -> bool:
    if phrase[0].isdigit() and _NUMBER_BEFORE.search(text[max(0, start - 2) : start]):
        return False
    return not (phrase[-1].isdigit() and _NUMBER_AFTER.match(text[end : end + 2]))


@lru_cache(maxsize=4096)
def _pattern(phrase: str, ignore_case: bool) -> re.Pattern[str]:
    words = _SPACES.split(phrase)
    folded = ("".join(_FOLDS.get(character) or re.escape(character) for character in word) for word in words)
    return re.compile(r"\s+".join(folded), re.IGNORECASE if ignore_case else 0)
