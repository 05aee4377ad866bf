from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path

import pytest

from ctxdebug.errors import UsageError
from ctxdebug.models import data_files, resolve
from ctxdebug.models.catalogue import tokenizer_of
from ctxdebug.models.data_files import FOLDER, read, read_host
from ctxdebug.models.spelling import canonical_host, spellings


@pytest.mark.parametrize(
    ("name", "provider", "listed", "host", "window"),
    [
        ("gpt-4o", "openai", "gpt-4o", "openai", 128_000),
        ("gpt-4o", None, "gpt-4o", "openai", 128_000),
        ("GPT-4o", "openai", "gpt-4o", "openai", 128_000),
        ("openai/gpt-4o-mini", None, "gpt-4o-mini", "openai", 128_000),
        ("openai/gpt-4o-mini", "openrouter", "openai/gpt-4o-mini", "openrouter", 128_000),
        ("openrouter/openai/gpt-4o-mini", None, "openai/gpt-4o-mini", "openrouter", 128_000),
        ("gpt-4o-2024-08-06", "azure-openai", "gpt-4o-2024-08-06", "azure", 128_000),
        ("azure/gpt-4o", None, "gpt-4o", "azure", 128_000),
        ("gpt-35-turbo", "azure", "gpt-35-turbo", "azure", 16_385),
        ("claude-sonnet-4.5", "anthropic", "claude-sonnet-4-5", "anthropic", 200_000),
        ("claude-3-5-sonnet-20240620", "anthropic", "claude-3-5-sonnet-20240620", "anthropic", 200_000),
        ("claude-3-5-sonnet@20240620", "vertex", "claude-3-5-sonnet@20240620", "vertex", 200_000),
        (
            "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
            "bedrock",
            "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
            "bedrock",
            200_000,
        ),
        (
            "bedrock/eu.anthropic.claude-3-haiku-20240307-v1:0",
            None,
            "eu.anthropic.claude-3-haiku-20240307-v1:0",
            "bedrock",
            200_000,
        ),
        ("models/gemini-2.5-flash", "gemini", "gemini-2.5-flash", "gemini", 1_048_576),
        ("publishers/google/models/gemini-2.5-flash", "vertex", "gemini-2.5-flash", "vertex", 1_048_576),
        (
            "projects/p/locations/us-central1/publishers/google/models/gemini-2.5-flash",
            "vertex",
            "gemini-2.5-flash",
            "vertex",
            1_048_576,
        ),
        (
            "accounts/fireworks/models/deepseek-r1",
            "fireworks",
            "accounts/fireworks/models/deepseek-r1",
            "fireworks",
            163_840,
        ),
        ("groq/openai/gpt-oss-120b", None, "openai/gpt-oss-120b", "groq", 131_072),
        ("ft:gpt-4o-2024-08-06:acme::AbC", "openai", "ft:gpt-4o-2024-08-06", "openai", 128_000),
        ("llama3.2:3b-instruct-fp16", "ollama", "llama3.2:3b-instruct-fp16", "ollama", 131_072),
        (
            "arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-sonnet-4-20250514-v1:0",
            "bedrock",
            "us.anthropic.claude-sonnet-4-20250514-v1:0",
            "bedrock",
            200_000,
        ),
    ],
)
def test_a_name_resolves_to_the_row_of_its_host(
    name: str, provider: str | None, listed: str, host: str, window: int
) -> None:
    info = resolve(name, provider)
    assert info is not None
    assert (info.name, info.provider, info.window) == (listed, host, window)


@pytest.mark.parametrize(
    ("name", "provider"),
    [
        (None, None),
        ("", "openai"),
        ("   ", None),
        ("gpt-7-does-not-exist", "openai"),
        ("gpt-4-does-not-exist-12345", "openai"),
        ("gpt-40", "openai"),
        ("claude-sonet-4-5", "anthropic"),
        ("gemini-3.6-flahs", "gemini"),
        ("this-model-does-not-exist", None),
        ("acme/gpt-4o", None),
        ("hardcoded/hardcoded", None),
        ("prod", "azure"),
        ("my-deployment", "azure"),
        ("gpt4", "azure"),
        ("gpt-4o-to-gpt-5", "azure"),
        ("team-gpt-4o-mini2", "azure"),
        ("my-gpt-4o-prod", "openai"),
        ("us.does-not-exist-model-v1:0", "bedrock"),
        ("nonexistent-model:latest", "ollama"),
        ("text-embedding-3-small", "openai"),
    ],
)
def test_an_unknown_model_is_none(name: str | None, provider: str | None) -> None:
    assert resolve(name, provider) is None


@pytest.mark.parametrize(
    ("deployment", "listed"), [("my-gpt-4o-prod", "gpt-4o"), ("hr_gpt-4o-mini_eu", "gpt-4o-mini"), ("o3-hr", "o3")]
)
def test_an_azure_deployment_named_after_one_model_is_that_model_and_floats(deployment: str, listed: str) -> None:
    info = resolve(deployment, "azure-openai")
    assert info is not None
    assert (info.name, info.is_alias, info.prices, info.matched) == (listed, True, None, "deployment name")


def test_every_azure_deployment_is_read_whatever_word_its_owner_put_before_it() -> None:
    assert resolve("o3-hr", "azure") == resolve("hr-o3", "azure")


@pytest.mark.parametrize(
    ("name", "provider", "floating"),
    [
        ("gpt-4o", "openai", True),
        ("gpt-4o-2024-08-06", "openai", False),
        ("gpt-3.5-turbo-0125", "openai", False),
        ("gpt-4-1106-preview", "openai", False),
        ("claude-sonnet-4-5", "anthropic", True),
        ("claude-3-5-haiku-latest", "anthropic", True),
        ("claude-sonnet-4-5-20250929", "anthropic", False),
        ("claude-opus-4-8", "anthropic", False),
        ("claude-sonnet-5", "anthropic", False),
        ("us.anthropic.claude-haiku-4-5-20251001-v1:0", "bedrock", False),
        ("gemini-flash-latest", "gemini", True),
        ("gemini-2.0-flash", "gemini", True),
        ("gemini-2.0-flash-001", "gemini", False),
        ("gemini-2.5-pro", "gemini", False),
        ("mistral-large-latest", "mistral", True),
        ("deepseek-chat", "deepseek", True),
        ("openai/gpt-oss-120b", "groq", False),
        ("llama3.2:latest", "ollama", True),
    ],
)
def test_a_floating_alias_is_told_from_a_pinned_snapshot(name: str, provider: str, floating: bool) -> None:
    info = resolve(name, provider)
    assert info is not None
    assert info.is_alias is floating


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gpt-4o", ("o200k_base", True)),
        ("gpt-5.4-mini", ("o200k_base", True)),
        ("o3-mini", ("o200k_base", True)),
        ("openai/gpt-4.1", ("o200k_base", True)),
        ("gpt-4", ("cl100k_base", True)),
        ("gpt-4-turbo", ("cl100k_base", True)),
        ("gpt-3.5-turbo-0125", ("cl100k_base", True)),
        ("gpt-oss:20b", ("o200k_harmony", True)),
        ("claude-opus-5", ("claude", False)),
        ("us.anthropic.claude-3-haiku-20240307-v1:0", ("claude", False)),
        ("models/gemini-2.5-pro", ("gemini", False)),
        ("us.deepseek.r1-v1:0", ("deepseek", False)),
        ("deepseek-r1-distill-llama-70b", ("llama3", False)),
        ("@cf/meta/llama-3.3-70b-instruct-fp8-fast", ("llama3", False)),
        ("Qwen/Qwen3-8B", ("qwen", False)),
        ("never-heard-of-it", None),
    ],
)
def test_the_tokenizer_follows_from_the_name(name: str, expected: tuple[str, bool] | None) -> None:
    assert tokenizer_of(name) == expected


def test_a_host_without_a_row_gets_the_makers_window_at_most_and_no_price() -> None:
    info = resolve("gpt-4o", "some-proxy")
    assert info is not None
    assert (info.window, info.at_most, info.prices, info.retires, info.provider) == (128_000, True, None, None, None)


def test_a_gateway_bills_the_makers_price() -> None:
    own, through = resolve("gpt-4o", "openai"), resolve("gpt-4o", "portkey")
    assert own is not None
    assert through is not None
    assert through.prices == own.prices


def test_a_self_hosted_window_is_only_the_most_that_the_model_can_read() -> None:
    info = resolve("gpt-oss:20b", "ollama")
    assert info is not None
    assert info.at_most


def test_prices_and_limits_of_a_pinned_model_are_read() -> None:
    info = resolve("gpt-4o-2024-08-06", "openai")
    assert info is not None
    assert info.prices is not None
    assert (info.prices.input, info.prices.output, info.prices.cache_read) == (2.5, 10.0, 1.25)
    assert info.max_output == 16_384
    assert info.retires == date(2027, 1, 14)
    assert "litellm" in info.source


def test_a_dearer_price_for_long_prompts_is_told_with_its_threshold() -> None:
    info = resolve("gemini-2.5-pro", "gemini")
    assert info is not None
    assert info.prices is not None
    assert info.prices.long is not None
    assert (info.prices.long_from, info.prices.input, info.prices.long.input) == (200_000, 1.25, 2.5)


def test_an_undated_guess_does_not_inherit_the_retirement_date() -> None:
    info = resolve("o3-2031-01-01", "openai")
    assert info is not None
    assert (info.name, info.retires, info.is_alias) == ("o3", None, False)


def test_a_model_with_an_input_cap_knows_both_limits() -> None:
    info = resolve("gpt-5", "openai")
    assert info is not None
    assert (info.window, info.max_input) == (400_000, 272_000)


def test_what_the_source_denies_is_not_what_it_leaves_out() -> None:
    info = resolve("o3-mini", "openai")
    assert info is not None
    assert "vision" in info.lacks
    assert info.reasoning is True


def test_an_override_wins_over_the_catalogue() -> None:
    info = resolve("gpt-4o", "openai", {"gpt-4o": {"window": 64_000, "input": 1.0}})
    assert info is not None
    assert info.prices is not None
    assert (info.window, info.prices.input, info.prices.output, info.max_output) == (64_000, 1.0, 10.0, 16_384)
    assert info.matched == "exact, configuration"


def test_an_override_by_glob_makes_an_unknown_model_known() -> None:
    info = resolve("Acme-Large-2", "acme", {"acme-*": {"window": 32_768, "tokenizer": "cl100k_base"}})
    assert info is not None
    assert (info.window, info.tokenizer, info.tokenizer_exact, info.source) == (
        32_768,
        "cl100k_base",
        True,
        "configuration",
    )


def test_an_override_can_say_which_model_a_deployment_is() -> None:
    info = resolve("prod", "azure", {"prod": {"as": "gpt-4o-mini"}})
    assert info is not None
    assert (info.name, info.window) == ("gpt-4o-mini", 128_000)


def test_an_override_of_another_model_changes_nothing() -> None:
    assert resolve("gpt-4o", "openai", {"gpt-4": {"window": 1}}) == resolve("gpt-4o", "openai")


def test_an_unknown_override_key_names_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"windwo.*window"):
        resolve("gpt-4o", "openai", {"gpt-4o": {"windwo": 1}})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("window", "many"),
        ("window", 0),
        ("window", True),
        ("max_output", 1.5),
        ("input", -1),
        ("output", "cheap"),
        ("retires", "soon"),
        ("tokenizer", 3),
        ("as", ""),
    ],
)
def test_an_override_of_another_type_names_the_key(key: str, value: object) -> None:
    with pytest.raises(UsageError, match=rf"models\.gpt-4o\.{key}: .* is not "):
        resolve("gpt-4o", "openai", {"gpt-4o": {key: value}})


@pytest.mark.parametrize(
    ("name", "host"),
    [("azure-openai", "azure"), ("google", "gemini"), ("vertex_ai", "vertex"), ("x-ai", "xai"), ("nobody", None)],
)
def test_a_provider_is_known_by_all_its_names(name: str, host: str | None) -> None:
    assert canonical_host(name) == host


def test_the_spelling_as_sent_comes_first_and_every_one_is_lower_case() -> None:
    found = spellings("Bedrock/US.anthropic.claude-sonnet-4-5-20250929-v1:0")
    assert found[0].text == "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0"
    assert all(spelling.text == spelling.text.lower() for spelling in found)
    assert "claude-sonnet-4-5" in {spelling.text for spelling in found}


def test_a_hostile_name_costs_little() -> None:
    began = time.perf_counter()
    for part in ("gpt-4o-", "/", "us.", "@", "a:", "-2024-01-01", "models/", "gpt-35-", "claude-1.1."):
        for length in (390, 100_000):
            assert resolve((part * 100_000)[:length], "azure") is None
    assert time.perf_counter() - began < 2


def test_every_row_of_every_host_has_the_declared_shape() -> None:
    fields = read("snapshot")["fields"]
    sources = set(read("snapshot")["sources"])
    for path in (FOLDER / "catalogue").glob("*.json"):
        for name, row in read_host(path.stem).items():
            assert name == name.lower()
            assert set(row[0]) <= sources
            assert len(row) - 1 <= len(fields)
            known = dict(zip(fields, row[1:], strict=False))
            assert known.get("window") is None or 100 < known["window"] <= 20_000_000
            assert known.get("input") is None or 0 <= known["input"] < 1_000
            assert known.get("retires") is None or date.fromisoformat(known["retires"]) > date(2020, 1, 1)


def test_every_row_by_name_pattern_tells_its_source() -> None:
    rows = [*read("tokenizers")["rows"], *read("names")["floating"], *read("names")["open_weights"]]
    assert all(row["source"] for row in rows)


def test_every_host_names_itself_once() -> None:
    hosts = json.loads(Path(FOLDER / "hosts.json").read_text(encoding="utf-8"))["hosts"]
    names = [name for host, facts in hosts.items() for name in (host, *facts["also"])]
    assert len(names) == len(set(names))


def test_a_correction_takes_effect_without_a_refresh(monkeypatch: pytest.MonkeyPatch) -> None:
    real = data_files.read
    rows = [
        {"host": "openai", "names": ["gpt-4o"], "field": "window", "value": 99_000, "source": "a test"},
        {"host": "openai", "names": ["gpt-4o-test"], "field": "max_input", "value": 5, "add": True, "source": "a test"},
        {"host": "openai", "names": ["no-such-model"], "field": "window", "value": 7, "source": "a test"},
    ]
    monkeypatch.setattr(data_files, "read", lambda name: {"rows": rows} if name == "corrections" else real(name))
    data_files.read_host.cache_clear()
    table = data_files.read_host("openai")
    data_files.read_host.cache_clear()
    assert table["gpt-4o"][1] == 99_000
    assert table["gpt-4o"][0].endswith("h")
    assert table["gpt-4o-test"] == ["h", None, 5]
    assert "no-such-model" not in table


def test_a_name_that_some_host_lists_is_no_slip_of_itself() -> None:
    from ctxdebug.models.known_names import known_names, misspelt

    assert all(misspelt(name) != name for name in known_names()[::200])
