import pytest

from ctxdebug.text.sentences import sentence_spans
from ctxdebug.text.stems import stem
from ctxdebug.text.words import content_stems, content_words, stop_words, words

pytestmark = pytest.mark.deps


def test_words_are_runs_of_letters_and_digits() -> None:
    assert words("Call get_user_2 for _all_ 15 users!") == ["Call", "get_user_2", "for", "all", "15", "users"]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [("en", "policies", "policy"), ("en", "Refunded", "refunds"), ("de", "Rechnungen", "Rechnung"), ("fr", "remboursements", "remboursement")],
)  # fmt: skip
def test_forms_of_a_word_share_a_stem(language: str, one: str, other: str) -> None:
    assert stem(one, language) == stem(other, language)


def test_a_language_without_a_stemmer_keeps_its_words() -> None:
    assert stem("Rhagor", "cy") == "rhagor"
    assert stem("Rhagor", "no such language") == "rhagor"


def test_content_words_leave_out_what_carries_no_subject() -> None:
    assert list(content_words("What is the refund of an order?")) == ["refund", "order"]
    assert content_stems("Die Rechnungen sind da", "de") == ["rechnung", "da"]


def test_every_language_has_one_stop_list() -> None:
    assert "the" in stop_words("en")
    assert "und" in stop_words("de")
    assert stop_words("xx") == frozenset()


def cut(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, language)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("It costs 5 p.m. fees, i.e. none. Ask Dr. Moss.", ["It costs 5 p.m. fees, i.e. none.", "Ask Dr. Moss."]),
        ("- one\n- two", ["- one", "- two"]),
        ("A line that was wrapped by somebody at a rather\nnarrow column is one.", ["A line that was wrapped by somebody at a rather\nnarrow column is one."]),
        ("一。二！三", ["一。", "二！", "三"]),
        ("", []),
        (". . .", [".", ".", "."]),
    ],
)  # fmt: skip
def test_sentences(text: str, sentences: list[str]) -> None:
    assert cut(text) == sentences


def test_abbreviations_are_those_of_the_language() -> None:
    assert cut("Siehe Nr. 5 der Liste.", "de") == ["Siehe Nr. 5 der Liste."]


def test_no_sentence_is_longer_than_600_characters() -> None:
    assert max(end - start for start, end in sentence_spans("word " * 1000)) <= 600
