from __future__ import annotations

import pytest

from ctxdebug.models.serving import host_of_answer, host_of_url, serving


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://api.openai.com/v1/chat/completions", "openai"),
        ("https://acme.openai.azure.com/openai/deployments/x/chat/completions?api-version=1", "azure"),
        ("https://us-central1-aiplatform.googleapis.com/v1/projects/p", "vertex"),
        ("https://bedrock-runtime.eu-central-1.amazonaws.com/model/x/converse", "bedrock"),
        ("http://localhost:11434/api/chat", "ollama"),
        ("http://127.0.0.1:1234/v1/chat/completions", "lm-studio"),
        ("https://router.huggingface.co/v1/chat/completions", "huggingface"),
        ("https://API.Mistral.AI:443/v1/chat/completions", "mistral"),
    ],
)
def test_an_address_tells_its_host(url: str, host: str) -> None:
    assert host_of_url(url) == host


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "not a url",
        "http://[::1",
        "http://localhost:8000/v1/chat/completions",
        "https://api.openai.com.evil.example/v1",
        "https://evil.example/api.openai.com",
        "https://notapi.openai.com/v1",
        "https://api.openai.com@evil.example/v1",
    ],
)
def test_another_address_tells_nothing(url: str | None) -> None:
    assert host_of_url(url) is None


def test_the_containers_word_comes_before_the_address_and_the_address_before_the_format() -> None:
    url = "https://api.openai.com/v1/chat/completions"
    told = [
        serving("groq", url, "openai.chat", "gpt-4o"),
        serving(None, url, "anthropic.messages", "claude-opus-5"),
        serving(None, None, "anthropic.messages", "gpt-4o"),
        serving(None, None, "openai.chat", "gpt-4o"),
    ]
    assert [(one.host, one.told_by, one.certain) for one in told if one] == [
        ("groq", "provider", True),
        ("openai", "address", True),
        ("anthropic", "format", False),
        ("openai", "model", False),
    ]


@pytest.mark.parametrize(
    ("provider", "url", "wire", "model"),
    [
        (None, None, "openai.chat", None),
        (None, None, "openai.chat", "llama3.2"),
        ("acme", None, "anthropic.messages", "claude-opus-5"),
        (None, "http://proxy.example/v1", "openai.chat", "gpt-4o"),
    ],
)
def test_where_nothing_tells_nobody_is_named(
    provider: str | None, url: str | None, wire: str, model: str | None
) -> None:
    assert serving(provider, url, wire, model) is None


@pytest.mark.parametrize(
    ("answer", "host"),
    [
        ({"choices": [], "timings": {"prompt_n": 3, "predicted_n": 2}}, "llama.cpp"),
        ({"error": {"n_prompt_tokens": 592, "n_ctx": 512}}, "llama.cpp"),
        ({"stats": {"tokens_per_second": 51.4}, "model_info": {"context_length": 4096}}, "lm-studio"),
        ({"choices": [], "timings": {"total": 3}}, None),
        ({"error": "too long"}, None),
        ("text", None),
        (None, None),
    ],
)
def test_an_answer_tells_its_server_by_fields_that_only_that_one_writes(answer: object, host: str | None) -> None:
    assert host_of_answer(answer)[0] == host
