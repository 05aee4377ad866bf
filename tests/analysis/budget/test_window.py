from __future__ import annotations

from typing import Any

import pytest

from ctxdebug.analysis.budget.window import Window
from ctxdebug.analysis.token_table import budget
from tests.conversations import analysed, chat_response, exchanged


def asked(model: str, prompt: int | None = 20, output: int | None = None, **more: Any) -> Any:
    body: dict[str, Any] = {"model": model, "messages": [{"role": "user", "content": "Who keeps the lamp?"}]}
    if output is not None:
        body["max_tokens"] = output
    return analysed(exchanged(body, chat_response(prompt), **more))


def test_an_input_limit_counts_beside_the_window() -> None:
    window = asked("gpt-5", provider="openai").window
    assert (window.tokens, window.max_input, window.input_limit) == (400_000, 272_000, 272_000)
    assert window.free(272_000, 128_000) == 0
    assert window.free(272_001, 0) == -1
    assert window.free(272_000, 128_001) == -1


def test_the_budget_says_how_far_a_prompt_is_over_the_input_limit() -> None:
    found = budget(asked("gpt-5", 320_007, provider="openai"))
    assert (found.input_limit, found.left) == (272_000, -48_007)


def test_the_reserve_counts_against_a_shared_window_only() -> None:
    shared, separate = asked("gpt-4o", provider="openai").window, asked("gemini-2.5-pro", provider="gemini").window
    assert shared.free(120_000, 16_000) == -8_000
    assert shared.free(112_000, 16_000) == 0
    assert separate.free(1_048_576, 65_536) == 0
    assert separate.free(1_048_577, 0) == -1


def test_a_window_that_the_user_sets_has_no_other_limit() -> None:
    body = {"model": "gpt-5", "messages": [{"role": "user", "content": "Who keeps the lamp?"}]}
    window = analysed(exchanged(body, provider="openai"), window=300_000).window
    assert window is not None
    assert (window.tokens, window.input_limit, window.source) == (300_000, 300_000, "--window")


def test_a_self_hosted_server_is_guessed_to_have_its_smallest_default() -> None:
    window = asked("qwen3:8b", url="http://localhost:11434/v1/chat/completions").window
    assert (window.tokens, window.guess, window.certain, window.qualifier) == (2_048, True, False, " (a guess)")


@pytest.mark.parametrize(("recorded", "guessed"), [(2_000, 2_048), (3_000, 4_096), (20_000, 32_768)])
def test_what_was_counted_refutes_a_smaller_default(recorded: int, guessed: int) -> None:
    assert asked("qwen3:8b", recorded, url="http://localhost:11434/api/chat").window.tokens == guessed


def test_a_window_of_the_request_is_no_guess() -> None:
    body = {"model": "qwen3:8b", "messages": [{"role": "user", "content": "Hi"}], "options": {"num_ctx": 8192}}
    window = analysed(exchanged(body, form="ollama.chat")).window
    assert window == Window(8_192, "the request")


def test_the_day_of_the_answer_tells_which_defaults_were_in_force() -> None:
    body = {"model": "qwen3:8b", "messages": [{"role": "user", "content": "Hi"}]}
    later = {**chat_response(20), "created": 1_764_480_000}
    window = analysed(exchanged(body, later, url="http://localhost:11434/v1/chat/completions")).window
    assert window is not None
    assert window.tokens == 4_096


@pytest.mark.parametrize("error", [{"message": "Cannot truncate prompt with n_keep (15028) >= n_ctx (7424)", "code": 400},
                                   "Cannot truncate prompt with n_keep (15028) >= n_ctx (7424)"])  # fmt: skip
def test_a_refusal_names_the_window(error: Any) -> None:
    body = {"model": "qwen/qwen3.5-9b", "messages": [{"role": "user", "content": "Hi"}]}
    window = analysed(
        exchanged(body, {"error": error}, url="http://localhost:1234/v1/chat/completions", status=400)
    ).window
    assert window is not None
    assert (window.tokens, window.source) == (7_424, "the provider's error")
