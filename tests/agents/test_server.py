"""`ctxdebug mcp`, asked by the SDK's own client over standard input and output."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.commands.mcp import NAMES
from tests.shell import ROOT, process

mcp = pytest.importorskip("mcp")
pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "captures"
    place.mkdir()
    (place / "leave-bot.json").write_bytes((ROOT / "fixtures/captures/openai.chat/leave-bot.json").read_bytes())
    (tmp_path / "outside.json").write_text("{}")
    return place


def ask(folder: Path, *calls: tuple[str, dict[str, Any]]) -> tuple[list[Any], list[Any]]:
    """Start a server, list its tools, and call some of them."""

    async def asked() -> tuple[list[Any], list[Any]]:
        from mcp.client.stdio import StdioServerParameters

        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        program = StdioServerParameters(
            command=sys.executable, args=["-m", "ctxdebug", "mcp", str(folder)], env=environment
        )
        async with mcp.Client(program) as client:
            tools = (await client.list_tools()).tools
            return list(tools), [await client.call_tool(name, arguments) for name, arguments in calls]

    return asyncio.run(asyncio.wait_for(asked(), 120))


def test_the_client_of_the_sdk_is_answered(folder: Path) -> None:
    tools, (found, seen, refused, wrong) = ask(
        folder,
        ("search_captures", {"query": "vacation"}),
        ("inspect_capture", {"path": "leave-bot.json"}),
        ("inspect_capture", {"path": "../outside.json"}),
        ("explain_rule", {"rule": "MEM999"}),
    )
    assert sorted(tool.name for tool in tools) == sorted(NAMES)
    assert all(tool.annotations.read_only_hint for tool in tools)
    assert json.loads(found.content[0].text)["matches"][0]["path"] == "leave-bot.json"
    assert json.loads(seen.content[0].text)["likely_cause"] == "MEM403"
    assert refused.is_error
    assert "is not a file in the folders" in refused.content[0].text
    assert wrong.is_error
    assert "no rule or family" in wrong.content[0].text


def test_a_folder_that_is_none_is_said() -> None:
    done = process("mcp", "no-such-folder")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no-such-folder is not a folder" in done.stderr
