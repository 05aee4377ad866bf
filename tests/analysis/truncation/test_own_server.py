"""Captures of a real llama.cpp server (`fixtures/servers`), and what only a server of the user's own shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ctxdebug.analysis.truncation.loss import Loss
from ctxdebug.engine.report import Report
from ctxdebug.engine.run import RunOptions, run
from tests.conversations import analysed, captured

FOLDER = Path(__file__).resolve().parents[3] / "fixtures" / "servers" / "llama.cpp"
OF_THE_PROMPT = {"MEM101", "MEM102", "MEM104", "MEM105", "LRC114"}


def report_of(*names: str) -> Report:
    return run([str(FOLDER / f"{name}.json") for name in names], RunOptions(), keep=True)


def told(*names: str) -> dict[str, str]:
    return {one.code: one.message for one in report_of(*names).findings if one.code in OF_THE_PROMPT}


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("chat-overflow", "592 tokens against a limit of 512"),
        ("chat-overflow-2048", "2,239 tokens against a limit of 2,048"),
        ("chat-overflow-4096", "4,455 tokens against a limit of 4,096"),
        ("completion-overflow", "549 tokens against a limit of 512"),
        ("messages-overflow", "639 tokens against a limit of 512"),
        ("responses-overflow", "1,137 tokens against a limit of 1,024"),
    ],
)
def test_an_overflow_is_told_with_the_servers_numbers_at_every_endpoint(name: str, numbers: str) -> None:
    assert told(name) == {"MEM102": f"the provider refused the request as too long: {numbers}"}


@pytest.mark.parametrize(
    "name",
    [
        "chat-fits",
        "completion-fits",
        "history-fits",
        "messages-fits",
        "own-system-message",
        "responses-fits",
        "template-folds-system",
    ],
)
def test_what_the_server_read_in_full_is_no_loss(name: str) -> None:
    assert told(name) == {}


def test_a_context_shift_is_the_servers_own_word() -> None:
    assert told("context-shift") == {
        "MEM101": "the server says that it dropped part of the context (truncated): 372 tokens of prompt and 160 of answer "
        "did not fit its window; what it dropped first is the oldest text behind the kept head"
    }


def test_a_template_that_renders_no_tools_is_told_from_the_count() -> None:
    (found,) = [one for one in report_of("template-without-tools").findings if one.code == "MEM101"]
    assert "match the tool declarations" in found.message
    assert found.severity.word == "warning"


def test_a_system_message_that_a_proxy_dropped_is_named_though_the_template_puts_its_own_in_its_place() -> None:
    assert "match the system message" in told("dropped-system.1-to-proxy")["MEM101"]


def test_of_two_hops_without_a_clock_the_count_tells_which_is_the_servers() -> None:
    found = told("trimmed-history.2-to-server", "trimmed-history.1-to-proxy")["MEM101"]
    assert found.startswith("gateway.internal:4000 did not send on 6 messages")


def ollama(counted: int, words: int = 1900, num_ctx: int | None = None) -> dict[str, Any]:
    text = " ".join(f"Ledger {number} lies in the north room." for number in range(words // 7))
    options = {"options": {"num_ctx": num_ctx}} if num_ctx else {}
    return {
        "url": "http://localhost:11434/api/chat",
        "request": {"model": "a-model-of-ours", "messages": [{"role": "user", "content": text}], **options},
        "response": {
            "model": "a-model-of-ours",
            "message": {"role": "assistant", "content": "In the north room."},
            "done": True,
            "done_reason": "stop",
            "prompt_eval_count": counted,
            "eval_count": 5,
        },
        "status": 200,
    }


@pytest.mark.parametrize(("counted", "num_ctx"), [(2048, None), (2048, 2048), (2050, 4096)])
def test_a_count_that_fills_the_window_to_the_token_proves_a_loss_inside_the_band(
    counted: int, num_ctx: int | None
) -> None:
    found = analysed(captured(ollama(counted, num_ctx=num_ctx))).truncation
    assert isinstance(found, Loss)
    assert found.certain


@pytest.mark.parametrize(("counted", "words"), [(2007, 1900), (2048, 1400), (2900, 1900)])
def test_a_count_beside_the_window_or_of_a_prompt_that_fits_proves_none(counted: int, words: int) -> None:
    assert analysed(captured(ollama(counted, words))).truncation is None


def chatted(
    prompt: int, output: int, url: str = "http://localhost:8080/v1/chat/completions", **body: Any
) -> dict[str, Any]:
    text = " ".join(f"Ledger {number} lies in the north room." for number in range(prompt // 8))
    return {
        "url": url,
        "request": {"model": "a-model-of-ours", "messages": [{"role": "user", "content": text}], **body},
        "response": {
            "model": "a-model-of-ours",
            "system_fingerprint": "b6500-aa1",
            "timings": {"prompt_n": prompt, "predicted_n": output},
            "choices": [
                {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "In the north room."}}
            ],
            "usage": {"prompt_tokens": prompt, "completion_tokens": output},
        },
        "status": 200,
    }


def shift_of(exchange: dict[str, Any], window: int | None = None) -> str:
    found = analysed(captured(exchange), window=window).truncation
    return found.said if isinstance(found, Loss) else ""


def test_an_answer_that_does_not_fit_beside_its_prompt_has_shifted_the_context_of_a_server_of_ones_own() -> None:
    assert shift_of(chatted(430, 220), window=512).startswith("430 tokens of prompt and 220 of answer do not fit")
    long = {**ollama(1500, 1500, num_ctx=2048), "request": ollama(1500, 1500, num_ctx=2048)["request"]}
    long["response"] = {**long["response"], "eval_count": 900}
    assert "context shift" in shift_of(long)


@pytest.mark.parametrize(
    ("exchange", "window"),
    [
        (chatted(430, 80), 512),  # it fits
        (chatted(508, 60), 512),  # the prompt itself fills the window: what was cut of it comes first
        (chatted(430, 220), None),  # the window is the server's default, a guess
        (chatted(600, 20), 512),  # more than the window was read: the window is not this one
        (
            chatted(430, 220, "https://api.openai.com/v1/chat/completions"),
            512,
        ),  # a window that somebody set for planning
    ],
)
def test_no_context_shift_without_a_known_window_of_ones_own_server(
    exchange: dict[str, Any], window: int | None
) -> None:
    assert shift_of(exchange, window) == ""
