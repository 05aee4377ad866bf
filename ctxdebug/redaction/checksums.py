"""Tests that tell a card, an account or a key from digits and words that only look like one."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

from ctxdebug.text.patterns import lazy

_NOT_DIGIT = lazy(r"\D")
_CARD_ISSUER = lazy(r"4|5[1-5]|2[2-7]|3[47]|35|30|36|38|6011|65|64[4-9]|62")
_PLACEHOLDER = lazy(
    r"your|example|changeme|change-me|placeholder|dummy|redacted|insert|replace|xxxx|\*\*\*|\.\.\.|abcdef|123456",
    re.IGNORECASE,
)
_TEMPLATE = lazy(r"\A[$%<{\[(]|\$\{|\{\{|\Aop://|\Avault:|\*{3}|<REDACTED:")
_CONSTANT = lazy(r"[A-Z]{2,}(?:_[A-Z]+|_[0-9]{1,2})+")
_DOTTED = lazy(r"[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)+")
_COMPOUND = lazy(r"(?:[A-Za-z]+|[0-9]{1,3})(?:[-/][A-Za-z]+)+|[0-9]+(?:[-.,/:%][0-9]*)*%?", re.ASCII)
_ADDRESS = lazy(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DENSITY = lazy(r"[0-9](?:\.[0-9])?x\.")

IBAN_LENGTHS: Final = {
    "AD": 24, "AE": 23, "AT": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "CH": 21, "CY": 28, "CZ": 24,
    "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21,
    "HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27, "KW": 30, "LB": 28, "LI": 21, "LT": 20, "LU": 20,
    "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "QA": 29, "RO": 24, "SA": 24,
    "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TR": 26, "UA": 29,
}  # fmt: skip
"""Characters of an account number by country (SWIFT IBAN registry)."""


def is_card(text: str) -> bool:
    """Tell whether the digits are a card number: an issuer's prefix, 13 to 19 digits, Luhn's sum."""
    digits = _NOT_DIGIT.sub("", text)
    if not 13 <= len(digits) <= 19 or not _CARD_ISSUER.match(digits) or len(set(digits)) < 2:
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (1 + place % 2)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def is_iban(text: str) -> bool:
    """Tell whether the text is an account number: its country's length and the sum modulo 97."""
    compact = text.replace(" ", "").upper()
    if len(compact) != IBAN_LENGTHS.get(compact[:2]):
        return False
    rearranged = compact[4:] + compact[:4]
    return int("".join(str(int(character, 36)) for character in rearranged)) % 97 == 1


def is_phone(text: str) -> bool:
    """Tell whether the digits can be a telephone number: 7 to 15 of them, not all the same."""
    digits = _NOT_DIGIT.sub("", text)
    return 7 <= len(digits) <= 15 and len(set(digits)) > 1


def is_varied(text: str) -> bool:
    """Tell whether the text has the variety of a generated token: 8 different characters or more."""
    return len(set(text)) >= 8


def is_token(text: str) -> bool:
    """Tell whether the text looks generated: letters and digits, varied, no placeholder and no reference."""
    has_digit = any(character.isdigit() for character in text)
    has_letter = any(character.isalpha() for character in text)
    return has_digit and has_letter and is_varied(text) and is_given(text)


def is_mixed(text: str) -> bool:
    """Tell whether a short text looks generated: small and capital letters and digits, varied."""
    return is_token(text) and any(map(str.islower, text)) and any(map(str.isupper, text))


def is_password(text: str) -> bool:
    """Tell whether the text after `password` is one: more than a word, no placeholder and no reference."""
    beyond_letters = any(not character.isalpha() and character not in "-_.:/" for character in text)
    return beyond_letters and len(set(text)) >= 5 and not text.isdigit() and is_given(text)


def is_password_in_prose(text: str) -> bool:
    """Tell whether the word after "the password is" is one: it holds a digit or a sign inside, and is no compound."""
    word = text.rstrip(".,;:!?)")
    inside = any(not character.isalpha() and character not in "-\u2019'/" for character in word)
    if _COMPOUND.fullmatch(word) or _ADDRESS.fullmatch(word) or word.lower().partition("-")[0] in not_secrets("word"):
        return False
    return inside and len(set(word)) >= 4 and is_given(word)


def is_given(text: str) -> bool:
    """Tell whether the text is a value: no placeholder, type, constant's name, or reference to where the value is."""
    if _PLACEHOLDER.search(text) or _TEMPLATE.search(text) or _CONSTANT.fullmatch(text):
        return False
    if len(set(text)) < 2 or text.lower() in not_secrets("word"):
        return False
    return not (_DOTTED.fullmatch(text) and text.lower().split(".")[0] in not_secrets("reference"))


def is_mailbox(text: str) -> bool:
    """Tell whether the text is somebody's address: no picture for dense screens, file or repository."""
    account, _, domain = text.lower().replace("%40", "@").partition("@")
    if _DENSITY.match(domain) or domain.rpartition(".")[2] in not_secrets("ending"):
        return False
    return account not in not_secrets("account")


@cache
def not_secrets(kind: str) -> frozenset[str]:
    """Return the texts of one kind that `not_secrets.txt` holds."""
    lines = (Path(__file__).parent / "not_secrets.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.removeprefix(f"{kind}: ") for line in lines if line.startswith(f"{kind}: "))
