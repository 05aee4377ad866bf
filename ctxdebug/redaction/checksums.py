"""Tests that tell a card, an account or a key from digits and words that only look like one."""

from __future__ import annotations

import re
from typing import Final

from ctxdebug.text.patterns import lazy

_NOT_DIGIT = lazy(r"\D")
_CARD_ISSUER = lazy(r"4|5[1-5]|2[2-7]|3[47]|35|30|36|38|6011|65|64[4-9]|62")
_PLACEHOLDER = lazy(
    r"your|example|changeme|change-me|placeholder|dummy|redacted|insert|replace|xxxx|\*\*\*|\.\.\.|abcdef|123456",
    re.IGNORECASE,
)

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
    """Tell whether the text looks generated: letters and digits, varied, and no placeholder."""
    has_digit = any(character.isdigit() for character in text)
    has_letter = any(character.isalpha() for character in text)
    return has_digit and has_letter and is_varied(text) and not _PLACEHOLDER.search(text)


def is_password(text: str) -> bool:
    """Tell whether the text after `password` is one: more than a word, and no placeholder."""
    beyond_letters = any(not character.isalpha() and character not in "-_.:/" for character in text)
    return beyond_letters and len(set(text)) >= 5 and not text.isdigit() and not _PLACEHOLDER.search(text)
