"""Prompts beside their chat template: applied twice, not at all, or begun with two tokens."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ctxdebug.analysis.message_shape.template_use import _data, misapplied
from tests.conversations import analysed, exchanged

ASKED = "When does the shop in the harbour open on a Sunday in winter?"
CHATML = f"<|im_start|>user\n{ASKED}<|im_end|>\n<|im_start|>assistant\n"
LLAMA = (
    f"<|start_header_id|>user<|end_header_id|>\n\n{ASKED}<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"
)
MODEL = "meta-llama/Llama-3.1-8B-Instruct"


def completion(prompt: str, model: str = MODEL, provider: str = "vllm", **more: Any) -> str | None:
    body = {"model": model, "prompt": prompt, "max_tokens": 20, **more}
    found = misapplied(analysed(exchanged(body, form="openai.completions", provider=provider)))
    return None if found is None else found.kind


def llama_cpp(prompt: str, model: str = "llama-3-8b-instruct.gguf") -> str | None:
    body, answer = {"prompt": prompt, "n_predict": 20}, {"content": "At ten.", "model": model, "tokens_evaluated": 20}
    found = misapplied(analysed(exchanged(body, answer, form="llama_cpp.completion")))
    return None if found is None else found.kind


def chat(text: str) -> str | None:
    found = misapplied(analysed(exchanged({"model": MODEL, "messages": [{"role": "user", "content": text}]})))
    return None if found is None else found.kind


@pytest.mark.parametrize("prompt", ["<|begin_of_text|>" * 2 + LLAMA, f"<s><s>[INST] {ASKED} [/INST]"])
def test_two_tokens_that_begin_a_text(prompt: str) -> None:
    assert completion(prompt) == completion(prompt, provider="together") == llama_cpp(prompt) == "two bos"


@pytest.mark.parametrize("prompt", ["<|begin_of_text|>" + LLAMA, f"<s>[INST] {ASKED} [/INST]"])
def test_one_token_is_too_many_where_the_server_adds_its_own(prompt: str) -> None:
    assert completion(prompt) == llama_cpp(prompt) == "own bos"
    assert completion(prompt, provider="together") is None
    assert completion(prompt, add_special_tokens=False) is None


@pytest.mark.parametrize("model", [MODEL, "google/gemma-2-9b-it", "SmolLM2-135M-Instruct.Q4_1.gguf", "qwen1.5-7b-chat"])
def test_a_chat_model_without_its_template(model: str) -> None:
    assert completion(ASKED, model) == llama_cpp(ASKED, model) == "no template"


@pytest.mark.parametrize(
    ("prompt", "model"),
    [
        (LLAMA, MODEL),
        (CHATML, "qwen2.5-7b-instruct"),
        (f"### Instruction:\n{ASKED}\n### Response:\n", "alpaca-instruct"),
        (ASKED, "meta-llama/Llama-3.1-8B"),
        (ASKED, "bitnet-3b"),
        (ASKED, "mistral-7b-v0.1"),
        ("def opening_hours(day: str) -> str:\n    <|fim_suffix|>\n<|fim_middle|>", "qwen2.5-coder-7b-instruct"),
        ("Hi", MODEL),
    ],
)
def test_a_raw_prompt_that_is_as_it_should_be(prompt: str, model: str) -> None:
    assert completion(prompt, model) is None


def test_the_completion_models_of_openai_have_no_template() -> None:
    assert completion(ASKED, "gpt-3.5-turbo-instruct", "openai") is None


@pytest.mark.parametrize(
    "text",
    [CHATML, LLAMA, f"[INST] {ASKED} [/INST]", f"<start_of_turn>user\n{ASKED}<end_of_turn>\n<start_of_turn>model\n"],
)
def test_a_rendered_prompt_in_a_chat_message(text: str) -> None:
    assert chat(text) == "template twice"


@pytest.mark.parametrize(
    "text",
    [
        ASKED,
        "What does <|im_start|>assistant mean?",
        "<|im_start|> begins a turn in ChatML, and <|im_end|> ends it; a prompt stops behind the word assistant.",
        f"Explain this prompt:\n{CHATML}",
        "[INST] is what a turn begins with in Mistral's template.",
    ],
)
def test_a_message_that_speaks_of_templates(text: str) -> None:
    assert chat(text) is None


def test_every_row_has_its_source() -> None:
    assert all(row["source"] for row in (*_data()["rows"], *_data()["adds_bos"]))
    assert re.search(_data()["chat_model"], MODEL)
