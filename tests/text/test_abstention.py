import pytest

from ctxdebug.text.abstention import SHORT, abstention, clarification, declines, is_empty


@pytest.mark.parametrize(
    "answer",
    [
        "The manuals do not say how long the warranty is.",
        "I couldn’t find anything about parking in the handbook.",
        "Neither the contract nor the e-mail you sent states the fee, so the documents do not specify it.",
        "Based on these passages, the year cannot be determined.",
        "Die Unterlagen nennen keine Frist.",
        "Los documentos no indican el precio.",
        "手册没有说明保修期多长。",
        "資料に記載がありません。",
    ],
)
def test_an_answer_that_abstains(answer: str) -> None:
    assert abstention(answer) is not None


@pytest.mark.parametrize(
    "answer",
    [
        "The plan does not cover dental care.",
        "Breakfast is not included in the rate.",
        "The service does not support refunds after 30 days.",
        "You cannot cancel within 24 hours.",
        "I know that it opens at nine.",
        "No, the documents are due on Friday.",
        "If you don't know your number, look at the card.",
        "Der Preis ist nicht hoch.",
        "您无法取消订单。",
        "",
    ],
)
def test_an_answer_that_asserts(answer: str) -> None:
    assert abstention(answer) is None


def test_a_long_answer_does_more_than_decline() -> None:
    answer = "I do not know the fee. " + "The rest is as follows. " * 40
    assert len(answer) > SHORT
    assert abstention(answer) == (0, len("I do not know"))
    assert declines(answer) is None


def test_the_sentence_that_asks_is_returned() -> None:
    answer = "Sure. Which of the two plans do you mean? I can check."
    span = clarification(answer)
    assert span is not None
    assert answer[slice(*span)] == "Which of the two plans do you mean?"


@pytest.mark.parametrize("result", ["", "[]", '{"results": []}', "No results found.", "0 hits", "null", "No documents matched 'parking'.", "not found"])  # fmt: skip
def test_a_result_that_says_nothing_was_found(result: str) -> None:
    assert is_empty(result)


@pytest.mark.parametrize("result", ["The list is empty because it rained.", "No parking on Sundays.", "3 results", "No results.\nBut see page 4.", "x" * 900])  # fmt: skip
def test_a_result_that_says_something(result: str) -> None:
    assert not is_empty(result)
