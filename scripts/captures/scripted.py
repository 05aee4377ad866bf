"""Ids and times that look like a provider's and are the same in every run."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def token(seed: str, length: int, alphabet: str = ALPHABET) -> str:
    """Return a run of characters decided by `seed` alone."""
    number = int.from_bytes(hashlib.sha512(seed.encode()).digest())
    letters = []
    for _ in range(length):
        number, index = divmod(number, len(alphabet))
        letters.append(alphabet[index])
    return "".join(letters)


def hexadecimal(seed: str, length: int) -> str:
    """Like `token`, in lower-case hexadecimal digits."""
    return token(seed, length, "0123456789abcdef")


def epoch(when: str) -> int:
    """Seconds since 1970 of an ISO time in UTC."""
    return int(datetime.fromisoformat(when).replace(tzinfo=UTC).timestamp())
