"""Blocks of a prompt have names that a person can type, and find in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxdebug.decoding.source import Source
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Problem
from ctxdebug.segmentation.block_names import block_names

CAPTURES = Path(__file__).parents[2] / "fixtures" / "captures"


def names(path: str) -> list[str]:
    *_, snapshot = [one for one in load(Source(str(CAPTURES / path)), LoadOptions()) if not isinstance(one, Problem)]
    return list(dict.fromkeys(block_names(snapshot).values()))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            "openai.chat/leave-bot.json",
            [*(f"messages[{number}]" for number in range(5)), "messages[5].tool-result", "handbook-2022", "policy-2025", "leave-faq", "the answer"],
        ),
        (
            "anthropic.messages/coding-agent.json",
            ["system", "messages[0]", "messages[1].text", "messages[1].tool-call", "messages[2]", "messages[3].text", "messages[3].tool-call", "messages[4]", "the answer"],
        ),
        ("openai.responses/home-battery.json", ["instructions", "input[0].text", "1", "2", "3", "4", "the answer"]),
        ("har/leave-bot.har", [*(f"messages[{number}]" for number in range(5)), "messages[5].tool-result", "handbook-2022", "policy-2025", "leave-faq", "the answer"]),
    ],
)  # fmt: skip
def test_names(path: str, expected: list[str]) -> None:
    assert names(path) == expected
