"""Words that mix look-alike letters of other alphabets into Latin ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from ctxdebug.text.invisible import lookalikes
from ctxdebug.text.patterns import lazy

_OWN = str.maketrans(
    dict(zip("аеорсухіјѕһԁԛԝɡқвмнткАВЕКМНОРСТУХІЈЅԌԚԜЅүӏєгпилдзцшбч", "aeopcyxijshdqwgkvmhtkABEKMHOPCTYXIJSGQWSylerpnudzuwb4", strict=False))
    | dict(zip("αορνικτυεχηωγμϲΑΒΕΖΗΙΚΜΝΟΡΤΥΧσδρβ", "aopviktuexnwymcABEZHIKMNOPTYXoopb", strict=False))
    | dict(zip("օսոցհіռոԁԼՏԱ", "ouoghinndLSU", strict=False))
)  # fmt: skip
"""Letters that only a reader who wants to takes for Latin ones; the Unicode tables hold those that look the same."""


@cache
def _latin() -> dict[int, str]:
    """Return the Latin letter for each letter that looks like one."""
    return {**_OWN, **lookalikes(), **_ASKED}


_ASKED = {ord(letter): latin for letter, latin in zip("ІіΙι", "IiIi", strict=True)}
"""Where the tables give another of two letters that look alike (`I` for `l`)."""
_MIXED = lazy(r"[A-Za-z]*[\u0370-\u03ff\u0400-\u052f\u0531-\u058f][A-Za-z\u0370-\u03ff\u0400-\u052f\u0531-\u058f]*")
_STYLE = (
    "\U0001d400-\U0001d7ff\uff21-\uff3a\uff41-\uff5a\u24b6-\u24e9"
    "\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189"
)
_STYLED = lazy(rf"[{_STYLE}]{{2,}}(?:[ .,!?:'-]{{1,3}}[{_STYLE}]+){{2,}}")
_ANY = lazy("[\u0370-\u03ff\u0400-\u052f\u0531-\u058f]")
_UNITS = lazy(r"^[μΩ∆Δαβγδεπσλθφωρτ]?[A-Za-z]{0,3}$|^[A-Za-z]{1,3}[μΩΔαβγδεπσλθφω]$")
WORDS = 1
"""Disguised words that a text must hold to be worth a word."""


def disguised(text: str) -> Iterator[tuple[int, int, str]]:
    """Words that mix Latin with look-alike letters (start, end, plain), and runs of three or more words in styled letters."""
    if _ANY.search(text):
        for match in _MIXED.finditer(text):
            word = match[0]
            if _is_disguised(word) and not _compound(text, match.start(), match.end(), word):
                yield match.start(), match.end(), word.translate(_latin())
        yield from _whole(text)
    for match in _STYLED.finditer(text):
        plain = _plain(match[0])
        if sum(c.isalpha() for c in plain) >= 12:
            yield match.start(), match.end(), plain


def _plain(text: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFKC", text)


def _is_disguised(word: str) -> bool:
    latin = sum(c.isascii() for c in word)
    foreign = len(word) - latin
    plain = word.translate(_latin())
    return (
        latin >= 2
        and foreign >= 1
        and len(word) >= 4
        and plain.isascii()
        and plain.isalpha()
        and not _UNITS.match(word)
        and not _joint(word)
    )


def _joint(word: str) -> bool:
    """Whether Latin and foreign letters stand in one block each, as in a brand with a native ending (`Google-ом`, `SMSка`)."""
    kinds = [c.isascii() for c in word]
    changes = sum(a != b for a, b in pairwise(kinds))
    block = min(sum(kinds), len(kinds) - sum(kinds))
    return changes == 1 and (block >= 2 or word[: sum(kinds)].isupper() or len(word) - sum(kinds) > 3)


def _compound(text: str, start: int, end: int, word: str) -> bool:
    """Whether the neighbours are foreign words too: then a stray Latin letter is a typing error, not a disguise."""
    around = text[max(0, start - 40) : start] + text[end : end + 40]
    return (
        len(_ANY.findall(around)) > len(re.findall("[A-Za-z]", around))
        and sum(c.isascii() for c in word) <= len(word) // 2
    )


_FOREIGN_WORD = lazy(r"(?<![\u0370-\u052f])[\u0400-\u04ff]{4,}(?![\u0370-\u052f])")
_TARGETS = frozenset(
    "ignore previous system instructions prompt assistant send secret password override disregard rules scope pay copy access".split()
)


def _whole(text: str) -> Iterator[tuple[int, int, str]]:
    """Words wholly in look-alike letters that read as a Latin word of an instruction (`ѕуѕтем` does not, `ассеѕѕ` does)."""
    for match in _FOREIGN_WORD.finditer(text):
        plain = match[0].translate(_latin())
        if plain.isascii() and plain.lower() in _TARGETS:
            yield match.start(), match.end(), plain
