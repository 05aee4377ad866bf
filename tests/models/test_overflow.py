from __future__ import annotations

import time

import pytest

from ctxdebug.models.data_files import read
from ctxdebug.models.overflow import overflow_of


@pytest.mark.parametrize(
    ("message", "row", "requested", "limit"),
    [
        (
            "This model's maximum context length is 4097 tokens. However, your messages resulted in 4301 tokens.",
            "openai.chat",
            4301,
            4097,
        ),
        (
            (
                "This model's maximum context length is 1048565 tokens. However, you requested 1250025 tokens "
                "(1250025 in the messages, 0 in the completion). Please reduce the length of the messages."
            ),
            "openai.requested",
            1_250_025,
            1_048_565,
        ),
        ("prompt is too long: 208310 tokens > 200000 maximum", "anthropic", 208_310, 200_000),
        (
            "The input token count (1200293) exceeds the maximum number of tokens allowed (1048576).",
            "gemini",
            1_200_293,
            1_048_576,
        ),
        ("ValidationException: Input is too long for requested model.", "bedrock", None, None),
        (
            "Prompt contains 40911 tokens and 0 draft tokens, too large for model with 32768 maximum context length",
            "mistral",
            40_911,
            32_768,
        ),
        (
            "This model's maximum prompt length is 131072 but the request contains 136973 tokens.",
            "xai",
            136_973,
            131_072,
        ),
        (
            "request (4390 tokens) exceeds the available context size (4096 tokens), try increasing it",
            "llama.cpp.numbers",
            4390,
            4096,
        ),
        (
            "The decoder prompt (length 10127) is longer than the maximum model length of 8192. Make sure",
            "vllm.decoder",
            10_127,
            8192,
        ),
        (
            (
                "Trying to keep the first 111490 tokens when context the overflows. However, the model is loaded with "
                "context length of only 32768 tokens, which is not enough."
            ),
            "lm-studio",
            111_490,
            32_768,
        ),
        (
            "Please reduce the length of the messages or completion. Current length is 42328 while limit is 40000",
            "cerebras",
            42_328,
            40_000,
        ),
        ("Cannot truncate prompt with n_keep (15028) >= n_ctx (7424)", "lm-studio.n-keep", 15_028, 7_424),
        ("400 Prompt too long: 41911 tokens exceeds max context window of 32768 tokens", "omlx", 41_911, 32_768),
        ("prompt token count of 93854 exceeds the limit of 90000", "copilot", 93_854, 90_000),
        (
            "Unable to submit request because the input token count is 1251952 but model only supports up to 1048576.",
            "vertex",
            1_251_952,
            1_048_576,
        ),
        (
            "This model's maximum context length is 4096 tokens. However, your request has 5120 input tokens.",
            "vllm.input",
            5_120,
            4_096,
        ),
    ],
)
def test_the_numbers_of_an_overflow_are_read(message: str, row: str, requested: int | None, limit: int | None) -> None:
    found = overflow_of(message)
    assert found is not None
    assert (found.row, found.certain, found.requested, found.limit) == (row, True, requested, limit)


def test_prompt_and_answer_are_told_apart_where_the_provider_does() -> None:
    found = overflow_of(
        "input length and `max_tokens` exceed context limit: 184915 +\n20000 > 204648, decrease input length or "
        "`max_tokens` and try again"
    )
    assert found is not None
    assert (found.prompt, found.output, found.limit) == (184_915, 20_000, 204_648)


def test_a_sum_of_prompt_and_answer_is_read_with_its_parts() -> None:
    found = overflow_of(
        "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 1512. Given: 1000 `inputs` tokens and "
        "1024 `max_new_tokens`"
    )
    assert found is not None
    assert (found.prompt, found.output, found.limit) == (1_000, 1_024, 1_512)


def test_an_excess_is_not_taken_for_a_size() -> None:
    found = overflow_of(
        "too many tokens: size limit exceeded by 25836 tokens. The limit for this model is 288000 tokens."
    )
    assert found is not None
    assert found.requested is None


def test_a_machine_code_is_enough() -> None:
    found = overflow_of("", "context_length_exceeded", "groq")
    assert found is not None
    assert found.row == "groq"


def test_unlisted_words_are_only_a_suspicion() -> None:
    found = overflow_of("the prompt you sent is too long for this server")
    assert found is not None
    assert (found.row, found.certain) == ("unlisted", False)


@pytest.mark.parametrize(
    "message",
    [
        None,
        "",
        "Token limit reached",
        "You exceeded your current quota, please check your plan and billing details.",
        "Resource exhausted. Please try again later.",
        "max_tokens: 21333 > 4096, which is the maximum allowed number of output tokens for claude-3-opus-20240229",
        (
            "Request too large for model `llama-3.3-70b-versatile` in organization `org_1` on tokens per minute (TPM): "
            "Limit 12000, Requested 14137, please reduce your message size and try again."
        ),
        "Unsupported parameter: 'stop' is not supported with this model.",
        "temperature value of 1000 but the supported range is from 0 (inclusive) to 2.0001 (exclusive)",
        "Incorrect API key provided: sk-. You can find your API key at https://platform.openai.com/account/api-keys.",
        "The model `gpt-9` does not exist or you do not have access to it.",
        "Please use a valid role: user, model.",
    ],
)
def test_other_errors_are_not_overflows(message: str | None) -> None:
    assert overflow_of(message) is None


def test_a_hostile_error_text_costs_little() -> None:
    began = time.perf_counter()
    for text in ("context " * 50_000, "exceed" * 50_000, "tokens too " * 30_000, "1" * 200_000):
        overflow_of(text)
    assert time.perf_counter() - began < 1


def test_every_row_of_the_table_tells_its_source_and_is_recognised() -> None:
    for raw in read("overflow")["rows"]:
        assert raw["source"]
        if "message" in raw:
            text = raw["message"].format(requested=2, limit=1, prompt=1, output=1, excess=1, draft=0)
            found = overflow_of(text, None, raw["hosts"][0])
            assert found is not None
            assert found.certain
