"""Captures of real SDKs against a loopback server: what was sent is what is read, however it was stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxdebug.decoding.source import Source
from ctxdebug.locate import Locator
from ctxdebug.wire import WIRE_FORMATS
from tests.conversations import of_file

FOLDER = Path(__file__).parent.parent.parent / "fixtures" / "captures"
FILES = sorted(path for path in FOLDER.rglob("*") if path.is_file())
SAME = ("openai.chat/leave-bot.session.jsonl", "vcr/leave-bot.yaml", "har/leave-bot.har", "litellm/leave-bot.jsonl",
    "otlp/leave-bot.openinference.json")  # fmt: skip
"""One conversation, recorded by five tools."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_capture_loads_without_a_problem(path: Path) -> None:
    snapshots = of_file(path)
    assert snapshots
    assert all(snapshot.messages or snapshot.unseen for snapshot in snapshots)


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if path.parent.name in WIRE_FORMATS.all()],
    ids=lambda path: str(path.relative_to(FOLDER)),
)
def test_a_capture_has_the_format_of_its_folder(path: Path) -> None:
    if path.parent.name != "messages":
        assert {snapshot.format for snapshot in of_file(path)} == {path.parent.name}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_every_segment_of_its_last_exchange_has_a_place(path: Path) -> None:
    source = Source(str(path))
    locator = Locator(source)
    for segment in of_file(path)[-1].segments():
        if segment.text:
            assert locator.span(segment, 0, len(segment.text)) is not None


@pytest.mark.parametrize("name", SAME[1:])
def test_one_conversation_reads_the_same_from_every_tool(name: str) -> None:
    if not (FOLDER / name).is_file():
        pytest.skip("not recorded")
    expected, found = of_file(FOLDER / SAME[0]), of_file(FOLDER / name)
    assert [[message.text for message in snapshot.messages if message.text] for snapshot in found] == [
        [message.text for message in snapshot.messages if message.text] for snapshot in expected
    ]
    assert [snapshot.usage and snapshot.usage.prompt for snapshot in found] == [
        snapshot.usage and snapshot.usage.prompt for snapshot in expected
    ]
