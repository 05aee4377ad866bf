from __future__ import annotations

from typing import Any

import pytest

from ctxdebug.model import ProviderError
from ctxdebug.models.data_files import read
from ctxdebug.models.overflow import overflow_of, refusal


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
            "Input tokens exceed the configured limit of 272,000 tokens. Your messages resulted in 300,112 tokens.",
            "openai.configured",
            300_112,
            272_000,
        ),
        (
            "too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 4292. Try using",
            "cohere.prompt",
            4_292,
            4_081,
        ),
        (
            "400 Bad Request: Too many input tokens. Max input tokens: 8192, request input token count: 9279",
            "bedrock.titan",
            9_279,
            8_192,
        ),
        (
            "Requested input length 39818 exceeds maximum input length 32767 (via DeepInfra)",
            "deepinfra",
            39_818,
            32_767,
        ),
        (
            "The maximum context length of Meta-Llama-3.1-8B is 8192. However, answering your request will take 32929 tokens.",
            "sambanova",
            32_929,
            8_192,
        ),
        ("Request body too large for gpt-4o model. Max size: 8000 tokens.", "github-models.size", None, 8_000),
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
    ("message", "requested", "limit"),
    [
        ("Input is too long: 140012 tokens exceeds the model's limit of 131,072", 140012, 131072),
        ("prompt tokens limit exceeded: 33021 > 32768", 33021, 32768),
        ("input length 5123 exceeds context length 4096", 5123, 4096),
        ("the prompt of 9000 tokens and the answer of 1000 exceed the context of 8192", None, None),  # three numbers
        ("the prompt is too long: 3 messages, 8192 tokens", None, None),  # what has the 3?
    ],
)
def test_two_numbers_of_unlisted_words_are_what_was_sent_and_what_fits(
    message: str, requested: int | None, limit: int | None
) -> None:
    found = overflow_of(message)
    assert found is not None
    assert (found.requested, found.limit, found.certain) == (requested, limit, False)


def test_what_the_functions_took_is_part_of_the_sum() -> None:
    found = overflow_of(
        "This model's maximum context length is 16385 tokens. However, you requested 17000 tokens (15000 in the messages, "
        "500 in the functions, and 1500 in the completion). Please reduce the length of the messages, functions, or completion."
    )
    assert found is not None
    assert (found.row, found.requested, found.limit, found.output) == ("openai.functions", 17000, 16385, 1500)


@pytest.mark.parametrize(
    "message",
    [
        None,
        "",
        "Invalid 'messages[2].name': string too long. Expected a string with maximum length 64, but got one with length 71.",
        "number of input tokens has exceeded your daily rate limit",
        "Too many requests. Your input was valid; please wait before sending more tokens.",
        "Token limit reached",
        "You exceeded your current quota, please check your plan and billing details.",
        "Resource exhausted. Please try again later.",
        "max_tokens: 21333 > 4096, which is the maximum allowed number of output tokens for claude-3-opus-20240229",
        (
            "Request too large for model `llama-3.3-70b-versatile` in organization `org_1` on tokens per minute (TPM): "
            "Limit 12000, Requested 14137, please reduce your message size and try again."
        ),
        "Unsupported parameter: 'stop' is not supported with this model.",
        "max_tokens is too large: 100000. This model supports at most 4096 completion tokens, whereas you provided 100000.",
        "total message size 3275158 exceeds limit 2097152",
        "temperature value of 1000 but the supported range is from 0 (inclusive) to 2.0001 (exclusive)",
        "Incorrect API key provided: sk-. You can find your API key at https://platform.openai.com/account/api-keys.",
        "The model `gpt-9` does not exist or you do not have access to it.",
        "Please use a valid role: user, model.",
    ],
)
def test_other_errors_are_not_overflows(message: str | None) -> None:
    assert overflow_of(message) is None


@pytest.mark.parametrize("text", ["context " * 50_000, "exceed" * 50_000, "tokens too " * 30_000, "1" * 200_000])
def test_a_hostile_error_text_is_read_at_its_beginning_only(text: str) -> None:
    found = overflow_of(text + "prompt is too long: 208310 tokens > 200000 maximum")
    assert found is None or found.limit is None


NUMBERS = {"requested": 201, "limit": 101, "prompt": 151, "output": 51, "excess": 31}


@pytest.mark.parametrize("raw", read("overflow")["rows"], ids=lambda raw: raw["id"])
def test_every_row_tells_its_source_and_gives_back_each_number_of_its_message(raw: dict[str, Any]) -> None:
    assert raw["source"]
    if "message" not in raw:
        return
    found = overflow_of(raw["message"].format(**NUMBERS, draft=1, other=1), None, raw["hosts"][0])
    assert found is not None
    named = {name: number for name, number in NUMBERS.items() if f"{{{name}}}" in raw["message"]}
    assert found.certain
    assert {name: getattr(found, name) for name in named} == named


@pytest.mark.parametrize(
    ("message", "prompt", "output", "limit"),
    [
        (
            (
                "You passed 27905 input tokens and requested 4096 output tokens. However, the model's context length is only "
                "32000 tokens, resulting in a maximum input length of 27904 tokens."
            ),
            27_905,
            4_096,
            32_000,
        ),
        (
            (
                "'max_tokens' is too large: 2,000. This model's maximum context length is 1,000,000 tokens and your request "
                "has 999,500 input tokens (2,000 > 1,000,000 - 999,500)."
            ),
            999_500,
            2_000,
            1_000_000,
        ),
        (
            (
                "This model's maximum context length is 128000 tokens. However, you requested 65535 output tokens and your "
                "prompt contains at least 62466 input tokens, for a total of at least 128001 tokens."
            ),
            62_466,
            65_535,
            128_000,
        ),
        (
            (
                "This model's maximum context length is 32768 tokens. However, you requested 4096 output tokens and your "
                "prompt contains 200000 characters (more than 130688 characters, which is the upper bound for 28672 input tokens)."
            ),
            None,
            4_096,
            32_768,
        ),
    ],
)
def test_the_parts_of_a_sum_are_read(message: str, prompt: int | None, output: int, limit: int) -> None:
    found = overflow_of(message)
    assert found is not None
    assert (found.prompt, found.output, found.limit) == (prompt, output, limit)


def test_numbers_beside_the_message_are_read() -> None:
    error = ProviderError(
        "the request exceeds the available context size, try increasing it",
        "exceed_context_size_error",
        (),
        400,
        (("code", 400), ("n_prompt_tokens", 6213), ("n_ctx", 4096)),
    )
    found = refusal(error)
    assert found is not None
    assert (found.requested, found.limit) == (6_213, 4_096)
