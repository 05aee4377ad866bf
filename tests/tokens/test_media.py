from __future__ import annotations

import pytest

from ctxdebug.model import Media
from ctxdebug.tokens.accounts.media import media_tokens


@pytest.mark.parametrize(
    ("model", "width", "height", "tokens"),
    [
        ("gpt-4o", 1024, 1024, 765),
        ("gpt-4o", 2048, 4096, 1105),
        ("gpt-4o", 512, 512, 255),
        ("gpt-4.1-mini", 1024, 1024, 1659),
        ("claude-sonnet-4-5", 1000, 1000, 1333),
        ("claude-sonnet-4-5", 200, 200, 53),
        ("gemini-2.0-flash", 384, 384, 258),
        ("gemini-2.0-flash", 960, 540, 258 * 6),
    ],
)
def test_the_publishers_examples(model: str, width: int, height: int, tokens: int) -> None:
    assert media_tokens(Media("image", width=width, height=height), model) == tokens


def test_low_detail_needs_no_size() -> None:
    assert media_tokens(Media("image", detail="low"), "gpt-4o") == 85


@pytest.mark.parametrize("media", [Media("image"), Media("audio", size=9), Media("file", size=9)])
def test_what_is_not_told_is_not_guessed(media: Media) -> None:
    assert media_tokens(media, "gpt-4o") is None


def test_an_unknown_model_has_no_rule() -> None:
    assert media_tokens(Media("image", width=9, height=9), "nobody-knows") is None
