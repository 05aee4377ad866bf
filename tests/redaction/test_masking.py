from __future__ import annotations

import base64
import json

import pytest

from ctxdebug.redaction.masking import mask, masked
from tests.redaction.test_redactor import NEGATIVE, PLANTED, core


@pytest.mark.parametrize(("kind", "text"), PLANTED)
def test_a_masked_text_has_its_length_and_no_secret(kind: str, text: str) -> None:
    secret = core(kind, text)
    shown = f"use {text} for it"
    result = mask(shown)
    assert len(result.text) == len(shown)
    assert secret not in result.text
    assert result.text.startswith("use ")
    assert result.text.endswith(" for it")
    assert kind in result.kinds
    assert masked(result.text) == result.text


@pytest.mark.parametrize("text", [text for texts in NEGATIVE.values() for text in texts])
def test_what_only_looks_like_a_secret_is_shown(text: str) -> None:
    assert masked(text) == text


def test_addresses_stay_because_findings_are_about_them() -> None:
    text = "send it to anna@example.org or call +49 171 2345678"
    assert mask(text).text == text
    assert mask(text).kinds == {}


def test_the_vendors_prefix_says_what_was_masked() -> None:
    assert masked("sk-ant-api03-" + "aB3" * 20) == "sk-ant-" + "*" * 66


def test_a_secret_in_base64_is_masked() -> None:
    hidden = base64.b64encode(b"password=Tr0ub4dor&3 for the database").decode()
    assert masked(json.dumps({"data": hidden})) == json.dumps({"data": "*" * len(hidden)})
