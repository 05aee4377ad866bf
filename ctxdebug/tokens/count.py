"""How many tokens a text has: a count never stands alone, it is exact or carries its band."""

from __future__ import annotations

from functools import lru_cache
from math import ceil, floor
from typing import TYPE_CHECKING

from ctxdebug.digests import blake2b
from ctxdebug.records import record

if TYPE_CHECKING:
    from collections.abc import Iterable

    import tiktoken

    from ctxdebug.tokens.memo import Memo

BLOCK = 50_000
"""Characters. tiktoken panics (and cannot be caught as an Exception) on a run of about a million white space
characters; runs that hold a whole aligned block of this length are cut at its ends."""

RARE = 32_000
"""Rank in a vocabulary, which is the order in which its tokens were found frequent: a smaller vocabulary has a token of this rank
and above in two or three pieces. On 93 recorded plain Claude prompts, each source held out, 8,000 to 100,000 were tried."""

KNOWN_LIMIT = 250_000
"""Counts kept in memory; then the older half is let go."""


@record(frozen=True, slots=True)
class Count:
    """A number of tokens: the best value, and the band that it lies in (`low == value == high` when exact)."""

    value: int
    low: int
    high: int
    exact: bool

    @classmethod
    def exactly(cls, number: int) -> Count:
        """Make a count of a number that is known."""
        return _exactly(number)

    @classmethod
    def estimate(cls, value: float, low: float, high: float) -> Count:
        """Make a count of a guess; the band is rounded outwards and always holds the value."""
        return cls(round(value), min(floor(low), round(value)), max(ceil(high), round(value)), exact=False)

    def __add__(self, other: Count) -> Count:
        """Add; the bands add up as if all errors pointed the same way."""
        exact = self.exact and other.exact
        return Count(self.value + other.value, self.low + other.low, self.high + other.high, exact)

    def scaled(self, ratio: float, low: float, high: float) -> Count:
        """Estimate another tokenizer's count: this one times a ratio, which itself has a band."""
        return Count.estimate(self.value * ratio, self.low * low, self.high * high)


@lru_cache(maxsize=4096)
def _exactly(number: int) -> Count:
    return Count(number, number, number, exact=True)


class Counter:
    """Counts texts with one encoding. Never raises on any `str`, and counts no text twice.

    tiktoken is loaded when a text comes that neither this process nor the memo has seen.
    """

    def __init__(self, encoding: str, memo: Memo | None = None) -> None:
        """Take the name of a carried vocabulary: `o200k_base`, `cl100k_base`, `o200k_harmony`."""
        self.name = encoding
        # The harmony format has special tokens of its own; ordinary text is cut by the same ranks.
        self._vocabulary = "o200k_base" if encoding == "o200k_harmony" else encoding
        self._memo = memo
        self._person = self._vocabulary.encode()[:16]
        self._rare_person = f"{self._vocabulary[:11]} rare".encode()
        self._known: dict[int, tuple[int, int]] = {}
        self._rare: dict[int, tuple[int, int]] = {}
        self._encoding: tiktoken.Encoding | None = None

    def count(self, text: str) -> int:
        """Count the tokens of a text.

        What was counted in this process is known by Python's own (keyed, 64-bit) hash and its length: a session repeats
        its history in every request, and hashing that must cost less than tokenizing it once.
        """
        key = hash(text)
        known = self._known.get(key)
        if known is None or known[0] != len(text):
            known = (len(text), self._looked_up(text) if text else 0)
            self._known = _kept(self._known, key, known)
        return known[1]

    def rare(self, text: str) -> int:
        """Count the tokens of a text that only a large vocabulary has: those of rank `RARE` and above.

        Who needs both asks for this first: the text is then tokenized once.
        """
        key = hash(text)
        known = self._rare.get(key)
        if known is None or known[0] != len(text):
            known = (len(text), self._rare_looked_up(text, key) if text else 0)
            self._rare = _kept(self._rare, key, known)
        return known[1]

    def count_many(self, texts: Iterable[str]) -> list[int]:
        """Count the tokens of each text."""
        return [self.count(text) for text in texts]

    def _looked_up(self, text: str) -> int:
        if self._memo is None:
            return sum(map(len, self._tokenized(text)))
        key = _key(text, self._person)
        number = self._memo.get(key)
        if number is None:
            number = sum(map(len, self._tokenized(text)))
            self._memo.put(key, number)
        return number

    def _rare_looked_up(self, text: str, known_by: int) -> int:
        key = _key(text, self._rare_person) if self._memo is not None else b""
        number = self._memo.get(key) if self._memo is not None else None
        if number is None:
            parts = self._tokenized(text)
            number = sum(rank >= RARE for part in parts for rank in part)
            every = sum(map(len, parts))
            self._known = _kept(self._known, known_by, (len(text), every))
            if self._memo is not None:
                self._memo.put(key, number)
                self._memo.put(_key(text, self._person), every)
        return number

    def _tokenized(self, text: str) -> list[list[int]]:
        if self._encoding is None:
            from ctxdebug.tokens.vocabulary import encoding

            self._encoding = encoding(self._vocabulary)
        if len(text) < BLOCK:
            return [self._encoding.encode_ordinary(text)]
        return [self._encoding.encode_ordinary(part) for part in _without_long_runs(text)]


def _key(text: str, person: bytes) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, person=person).digest()


def _kept(counts: dict[int, tuple[int, int]], key: int, known: tuple[int, int]) -> dict[int, tuple[int, int]]:
    counts[key] = known
    return counts if len(counts) <= KNOWN_LIMIT else dict(list(counts.items())[KNOWN_LIMIT // 2 :])


def _without_long_runs(text: str) -> list[str]:
    """Cut a text into as few parts as it takes for none to hold more than two blocks of white space in a row."""
    parts: list[str] = []
    start = 0
    for at in range(0, len(text), BLOCK):
        if text[at : at + BLOCK].isspace():
            parts += [text[start:at], text[at : at + BLOCK]]
            start = at + BLOCK
    return [*parts, text[start:]]
