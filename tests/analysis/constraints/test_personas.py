"""A sentence that only says what the model is asks nothing of an answer; one word of manner or duty, and it does."""

from __future__ import annotations

import pytest

from ctxdebug.analysis.constraints.extraction import extract
from ctxdebug.analysis.constraints.personas import is_bare


@pytest.mark.parametrize(
    "text",
    [
        "You are a helpful assistant.", "You're a helpful AI assistant", "You are an agent.", "You are a coding agent.",
        "You are an expert geography assistant.", "You are a large language model.", "Act as a senior software engineer.",
    ],
)  # fmt: skip
def test_bare(text: str) -> None:
    assert is_bare(text)


@pytest.mark.parametrize(
    "text",
    [
        "You are a terse assistant.", "You are a friendly bot.", "You are a pirate.", "You are a French assistant.",
        "You are a helpful assistant that answers in French.", "You are a helpful assistant who never gives prices.",
        "You are a helpful assistant, and you answer in two words.", "You are not a lawyer.", "You are to answer in JSON.",
        "You are a helpful assistant. Answer in JSON.", "You are a helpful assistant: answer in JSON.", "Be an assistant.",
        "You are a helpful assistant without opinions.", "You are a translator.", "You are an assistant " * 20,
    ],
)  # fmt: skip
def test_not_bare(text: str) -> None:
    assert not is_bare(text)


@pytest.mark.parametrize("text", ["Please answer in Finnish, no other language is allowed.", "No emoji are permitted."])
def test_what_is_not_allowed_is_no_permission(text: str) -> None:
    assert [found.unchecked for found in extract(text)] == [None]
