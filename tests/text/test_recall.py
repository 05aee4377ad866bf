"""What was made of a text is remembered, by the text and the other arguments."""

from __future__ import annotations

from ctxdebug.text.recall import Store, by_length, by_text


def test_a_text_is_read_once_however_often_it_comes() -> None:
    read: list[str] = []

    @by_text
    def length(text: str) -> int:
        read.append(text)
        return len(text)

    assert [length("a" * 3), length("aa" + read[0][:1]), length("bb")] == [3, 3, 2]
    assert read == ["aaa", "bb"]


def test_other_arguments_make_another_result() -> None:
    @by_text
    def cut(text: str, at: int) -> str:
        return text[:at]

    assert [cut("words", 1), cut("words", 2), cut("words", 1)] == ["w", "wo", "w"]


def test_what_is_none_is_remembered_too() -> None:
    read: list[str] = []

    @by_text
    def nothing(text: str) -> None:
        read.append(text)

    nothing("x")
    nothing("x")
    assert read == ["x"]


def test_only_so_many_are_kept_and_the_oldest_go_first() -> None:
    read: list[str] = []

    def same(text: str) -> str:
        read.append(text)
        return text

    remembered = by_text(same, Store(1_600))
    for text in ("a", "b", "c", "d", "e", "e", "a"):
        remembered(text)
    assert read == ["a", "b", "c", "d", "e", "a"]


def test_what_is_made_of_a_long_text_takes_the_place_of_many_short_ones() -> None:
    read: list[int] = []
    store = Store(10_000)

    @by_length(1.0, store)
    def words(text: str) -> list[str]:
        read.append(len(text))
        return text.split()

    for size in (3_000, 4_000, 3_000, 4_000, 4_500, 4_500, 4_000, 3_000):
        words("w" * size)
    assert read == [3_000, 4_000, 4_500, 3_000]
    assert store.held <= store.most


def test_what_would_take_most_of_the_room_is_not_held() -> None:
    read: list[int] = []

    @by_length(1.0, Store(2_000))
    def length(text: str) -> int:
        read.append(len(text))
        return len(text)

    for size in (300, 5_000, 300, 5_000):
        length("w" * size)
    assert read == [300, 5_000, 5_000]


def test_functions_that_share_a_store_do_not_share_facts() -> None:
    store = Store(10_000)
    upper, lower = by_text(str.upper, store), by_text(str.lower, store)
    assert [upper("Ab"), lower("Ab"), upper("Ab")] == ["AB", "ab", "AB"]
