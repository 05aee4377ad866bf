from __future__ import annotations

import pytest

from ctxdebug.models.data_files import read
from ctxdebug.models.providers import default_windows, placement, provider_facts, truncations


@pytest.mark.parametrize(
    ("provider", "cached"),
    [("openai", "within"), ("anthropic", "beside"), ("aws", "beside"), ("google", "within"), ("ollama", "unreliable")],
)
def test_cached_tokens_are_counted_as_the_provider_counts_them(provider: str, cached: str) -> None:
    facts = provider_facts(provider)
    assert facts is not None
    assert facts.cached == cached


@pytest.mark.parametrize("provider", [None, "", "acme"])
def test_an_unknown_provider_has_no_facts(provider: str | None) -> None:
    assert provider_facts(provider) is None


@pytest.mark.parametrize(
    ("model", "instructions"),
    [
        ("gpt-4.1-mini", "both ends"),
        ("openai/gpt-4.1", "both ends"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "end"),
        ("models/gemini-3-pro-preview", "end"),
    ],
)
def test_the_vendors_advise_different_places(model: str, instructions: str) -> None:
    advice = placement(model)
    assert advice is not None
    assert advice.instructions == instructions
    assert advice.source


@pytest.mark.parametrize("model", [None, "gpt-4o", "mistral-large-latest", "my-gpt-4.1-like"])
def test_nobody_advises_on_other_models(model: str | None) -> None:
    assert placement(model) is None


def test_ollamas_half_law_gives_the_recorded_counts() -> None:
    half = next(policy for policy in truncations("ollama") if policy.law == "half")
    assert 32_770 in half.prompt_tokens(65_536)
    assert 2_050 in half.prompt_tokens(4_096)
    assert 16_387 in half.prompt_tokens(32_768)


def test_a_law_without_a_formula_predicts_no_count() -> None:
    middle = next(policy for policy in truncations("openrouter") if policy.law == "middle")
    assert middle.prompt_tokens(8_192) == ()


def test_a_policy_of_one_wire_format_is_not_told_of_another() -> None:
    assert [policy.id for policy in truncations("openai", "openai.chat")] == []
    assert [policy.id for policy in truncations("openai", "openai.responses")] == ["openai.auto"]


def test_default_windows_are_known_of_self_hosted_servers_only() -> None:
    assert {window.tokens for window in default_windows("ollama")} >= {2_048, 4_096}
    assert default_windows("openai") == ()


def test_every_row_tells_its_source() -> None:
    data = read("providers")
    assert all(row["source"] for table in ("placement", "windows", "truncation") for row in data[table])
