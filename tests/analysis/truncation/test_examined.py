"""A verdict is earned: what each question looked at, and why it could not."""

from __future__ import annotations

from typing import Any

import pytest

from ctxdebug.analysis.truncation.examined import answer_complete, content_complete, prompt_fits, prompt_read_in_full
from ctxdebug.questions import Coverage, Verdict
from tests.conversations import analysed, chat_response, exchanged

SHORT = [{"role": "system", "content": "You are brief."}, {"role": "user", "content": "Who keeps the lamp?"}]


def asked(response: Any = None, model: str = "gpt-4o", **more: Any) -> Any:
    return analysed(exchanged({"model": model, "messages": SHORT}, response, **more))


ERROR = {"error": {"message": "The server had an error", "type": "server_error"}}
TOO_LONG = {"error": {"message": "This model's maximum context length is 8192 tokens. However, your messages resulted in "
                      "9000 tokens.", "code": "context_length_exceeded"}}  # fmt: skip


def test_a_count_that_agrees_was_compared() -> None:
    exact = asked().prompt.total.value
    assert prompt_read_in_full(asked(chat_response(exact))).verdict is Verdict.OK


@pytest.mark.parametrize(
    ("response", "why"),
    [
        (None, "needs a recorded response"),
        (chat_response(None), "records no prompt tokens"),
        (ERROR, "answered with an error"),
    ],
)
def test_without_a_count_nothing_was_compared(response: Any, why: str) -> None:
    found = prompt_read_in_full(asked(response))
    assert (found.total, found.checked) == (1, 0)
    assert why in found.reason


def test_a_guess_that_hides_a_loss_is_no_comparison() -> None:
    found = prompt_read_in_full(asked(chat_response(14), model="nobody/knows-this"))
    assert found.verdict is not Verdict.OK
    assert "estimated" in found.reason


def test_instructions_are_part_of_the_content() -> None:
    assert content_complete(asked()) == Coverage(1, 1)


def test_without_content_there_is_nothing_to_be_complete() -> None:
    found = content_complete(analysed(exchanged({"model": "gpt-4o", "messages": SHORT[1:]})))
    assert found.total == 0
    assert found.reason


def test_an_unknown_window_is_not_checked() -> None:
    found = prompt_fits(asked(model="nobody/knows-this"))
    assert found.verdict is not Verdict.OK
    assert "not known" in found.reason


def test_a_known_window_is_checked() -> None:
    assert prompt_fits(asked()).verdict is Verdict.OK


def test_a_refusal_for_length_answers_by_itself() -> None:
    assert prompt_fits(asked(TOO_LONG, model="nobody/knows-this")).verdict is Verdict.OK


def test_a_guessed_window_is_not_checked() -> None:
    found = prompt_fits(asked(model="qwen3:8b", url="http://localhost:11434/api/chat"))
    assert found.verdict is not Verdict.OK


@pytest.mark.parametrize(
    ("response", "complete", "why"),
    [
        (chat_response(20), True, ""),
        (chat_response(20, finish="length"), True, ""),
        (chat_response(20, finish=None), False, "why it ended"),
        (ERROR, False, "error"),
        (None, False, "no answer"),
    ],
)
def test_an_answer_without_a_reason_for_its_end_is_not_checked(response: Any, complete: bool, why: str) -> None:
    found = answer_complete(asked(response))
    assert (found.verdict is Verdict.OK) is complete
    assert why in found.reason
