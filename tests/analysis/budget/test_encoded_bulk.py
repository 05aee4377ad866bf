"""Encoded bytes in a text: found wherever they begin and however long they are beyond the shortest, and in nothing else."""

import random

from ctxdebug.analysis.budget.encoded_bulk import encoded
from ctxdebug.model import Kind, Role, Segment

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def _spans(text: str) -> tuple[tuple[int, int], ...]:
    return encoded(Segment("m0.s0", Role.USER, Kind.TEXT, text, ()))


def _bytes(length: int) -> str:
    return "".join(random.Random(length).choices(LETTERS, k=length))


def test_a_run_is_found_wherever_it_begins() -> None:
    for before in (0, 1, 7, 998, 999, 1000, 1001, 3456):
        words = ("word. " * 1000)[:before]
        for length in (2000, 2001, 2999, 3500):
            text = f"{words}\n{_bytes(length)}==\nwords behind it"
            assert _spans(text) == ((before + 1, before + 1 + length + 2),)


def test_pairs_of_digits_with_blanks_are_found() -> None:
    pairs = bytes(number * 131 % 251 for number in range(1500)).hex(" ") + " "
    ((start, end),) = _spans(f"the dump:\n{pairs}\nend")
    assert (start, end) == (10, 10 + len(pairs))


def test_shorter_runs_and_words_are_none() -> None:
    assert not _spans(f"{_bytes(1999)}\n" * 4)
    assert not _spans("the gate of the mill at the river " * 200)
    assert not _spans("word, word. " * 500)
