from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ctxdebug.model import Snapshot

One = Callable[..., Snapshot]


def chat(content: Any, **more: Any) -> dict[str, Any]:
    return {"model": "m", "messages": [{"role": "user", "content": content, **more}]}


@pytest.mark.parametrize(
    "text",
    ["<MASSIVE_TEXT>", "[REDACTED]", "**REDACTED**", "[redacted]", "<PERSON_NAME>", "REMOVED", " [content removed] "],
)
def test_text_that_was_taken_out_is_said(one: One, text: str) -> None:
    assert [entry.what for entry in one(chat(text)).unseen] == ["text that was taken out before the capture was stored"]


@pytest.mark.parametrize(
    "text", ["<b>", "REDACTED is a word here", "<Document>", "OK", "[1]", "<A>", "hello <PERSON_NAME>"]
)
def test_other_short_texts_are_not(one: One, text: str) -> None:
    assert one(chat(text)).unseen == ()


@pytest.mark.parametrize(
    "part",
    [{"type": "image_url", "image_url": {"url": "https://x/a.png"}}, {"type": "file", "file": {"file_id": "f1"}},
     {"type": "video_url", "video_url": {"url": "https://x/a.mp4"}}],
)  # fmt: skip
def test_what_stands_behind_a_reference_is_unseen(one: One, part: Any) -> None:
    assert len(one(chat([part])).unseen) == 1


def test_an_image_in_the_request_itself_is_seen_with_its_size(one: One) -> None:
    part = {"type": "image_url", "image_url": {"url": "data:image/gif;base64,R0lGODlhAgADAAAA"}}
    found = one(chat([part]))
    media = found.messages[0].segments[0].media
    assert found.unseen == ()
    assert media is not None
    assert (media.type, media.size, media.width, media.height) == ("image", 12, 2, 3)


def test_encrypted_reasoning_is_unseen(one: One) -> None:
    details = [{"type": "reasoning.encrypted", "data": "abc"}]
    found = one(
        {"model": "m", "messages": [{"role": "assistant", "content": "x", "reasoning_details": details}]},
        {"choices": []},
    )
    assert [entry.what for entry in found.unseen] == ["reasoning that only the server can read"]
