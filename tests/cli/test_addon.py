"""`ctxdebug addon mitmproxy`: the file works in mitmproxy's own Python, and what it writes is read as a recording."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from ctxdebug.decoding.source import Source
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Snapshot
from tests.shell import ctxdebug

ASKED = b'{"model": "m", "messages": [{"role": "user", "content": "Which gate?"}]}'
ANSWERED = b'{"object": "chat.completion", "choices": [{"message": {"role": "assistant", "content": "Gate 4."}}]}'


def addon() -> Path:
    return Path(ctxdebug("addon", "mitmproxy").stdout.strip())


def loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("an_addon", addon())
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def flow(asked: bytes = ASKED, answered: bytes = ANSWERED, method: str = "POST") -> Any:
    headers = {"content-type": "application/json", "authorization": "Bearer sk-secret"}
    request = SimpleNamespace(
        method=method, headers=headers, timestamp_start=1772438400.0, get_content=lambda **_: asked,
        pretty_url="https://user:pw@api.example.org/v1/chat/completions?key=AIza-secret&alt=sse",
    )  # fmt: skip
    response = SimpleNamespace(
        status_code=200, headers=headers, timestamp_end=1772438401.5, get_content=lambda **_: answered
    )
    return SimpleNamespace(request=request, response=response, error="the connection was closed")


@pytest.fixture
def recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CTXDEBUG_OUT", str(tmp_path / "calls.jsonl"))
    return tmp_path / "calls.jsonl"


def test_it_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse(addon().read_text())
    named = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    named += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    assert {str(name).split(".")[0] for name in named} <= sys.stdlib_module_names


def test_what_it_writes_is_read(recording: Path) -> None:
    held = loaded().addons[0]
    held.response(flow())
    held.error(flow())
    found = list(load(Source(str(recording)), LoadOptions()))
    first, second = (snapshot for snapshot in found if isinstance(snapshot, Snapshot))
    assert [message.text for message in (*first.messages, *first.answer)] == ["Which gate?", "Gate 4."]
    assert second.answer == ()
    assert any("the connection was closed" in note for note in second.notes)


def test_no_secret_is_written(recording: Path) -> None:
    loaded().addons[0].response(flow())
    written = recording.read_text()
    assert "secret" not in written
    assert "user:pw" not in written
    assert recording.stat().st_mode & 0o077 == 0


def test_what_is_no_call_of_a_model_is_not_written(recording: Path) -> None:
    loaded().addons[0].response(flow(method="GET"))
    assert not recording.exists()


def test_bytes_that_are_no_text_are_kept(recording: Path) -> None:
    loaded().addons[0].response(flow(answered=b"\xff\xfe\x00"))
    assert '{"_base64": "//4A"}' in recording.read_text()


def test_another_tool_gets_the_nearest_name() -> None:
    done = ctxdebug("addon", "mitmprox")
    assert done.returncode == 2
    assert "did you mean mitmproxy" in done.stderr
