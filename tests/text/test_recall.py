"""What was made of a text is remembered, by the text and the other arguments."""

from __future__ import annotations

from ctxdebug.text.recall import by_length, by_text


def test_a_text_is_read_once_however_often_it_comes() -> None:
    read: list[str] = []

    @by_text(8)
    def length(text: str) -> int:
        read.append(text)
        return len(text)

    assert [length("a" * 3), length("aa" + read[0][:1]), length("bb")] == [3, 3, 2]
    assert read == ["aaa", "bb"]


def test_other_arguments_make_another_result() -> None:
    @by_text(8)
    def cut(text: str, at: int) -> str:
        return text[:at]

    assert [cut("words", 1), cut("words", 2), cut("words", 1)] == ["w", "wo", "w"]


def test_what_is_none_is_remembered_too() -> None:
    read: list[str] = []

    @by_text(8)
    def nothing(text: str) -> None:
        read.append(text)

    nothing("x")
    nothing("x")
    assert read == ["x"]


def test_only_so_many_are_kept_and_the_oldest_go_first() -> None:
    read: list[str] = []

    @by_text(4)
    def same(text: str) -> str:
        read.append(text)
        return text

    for text in ("a", "b", "c", "d", "e", "e", "a"):
        same(text)
    assert read == ["a", "b", "c", "d", "e", "a"]


def test_a_long_text_takes_the_place_of_many_short_ones() -> None:
    read: list[int] = []

    @by_length(10_000)
    def words(text: str) -> list[str]:
        read.append(len(text))
        return text.split()

    for size in (4_000, 5_000, 4_000, 5_000, 6_000, 6_000, 5_000, 4_000):
        words("w" * size)
    assert read == [4_000, 5_000, 6_000, 4_000]


def test_a_text_longer_than_all_that_is_held_is_not_held() -> None:
    read: list[int] = []

    @by_length(1_000)
    def length(text: str) -> int:
        read.append(len(text))
        return len(text)

    for size in (300, 5_000, 300, 5_000):
        length("w" * size)
    assert read == [300, 5_000, 5_000]
