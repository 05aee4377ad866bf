"""Real SDKs, streamed or not, through the proxy and recorded in process: what is recorded is what the provider saw and sent.

Each test is skipped where its SDK is not installed; `make slow` runs them where they are.
"""

from __future__ import annotations

import base64
import gc
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from warnings import catch_warnings, simplefilter

import pytest

import ctxdebug
from ctxdebug.decoding.source import Source
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Snapshot
from ctxdebug.recording.running import RunningProxy
from tests.recording.lines import whole_lines
from tests.recording.provider_stub import WORDS, answer
from tests.recording.sdk_calls import CALLS, KEY, QUESTION
from tests.recording.stub import Answer, Seen, Stub, serve

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
PROVIDERS = ("openai", "anthropic", "gemini", "ollama", "cohere", "bedrock")


@pytest.fixture(scope="module")
def stub() -> Iterator[Stub]:
    with serve(answer) as running:
        yield running


@pytest.fixture(scope="module")
def proxy(stub: Stub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningProxy]:
    warnings: list[str] = []
    routes: list[tuple[str, str, dict[str, str]]] = [(name, stub.url, {}) for name in PROVIDERS]
    routes.append(("mistral", f"{stub.url}/mistral", {}))
    running = RunningProxy(str(tmp_path_factory.mktemp("captures")), routes, warn=warnings.append)
    yield running
    running.close()
    assert warnings == []


@pytest.fixture(autouse=True)
def unclosed_connections() -> Iterator[None]:
    """SDKs leave connections open when their loop ends; they go while nobody counts them."""
    yield
    with catch_warnings():
        simplefilter("ignore")
        gc.collect()


def body_of(side: dict[str, Any]) -> bytes:
    held = side.get("body", "")
    return base64.b64decode(held["_base64"]) if isinstance(held, dict) else held.encode()


def lines(path: Path, least: int) -> list[dict[str, Any]]:
    for _ in range(100):
        found = whole_lines(path)
        if len(found) >= least:
            return found
        time.sleep(0.05)
    raise AssertionError("the call was not recorded")


def says(path: Path) -> str:
    *_, snapshot = (one for one in load(Source(str(path)), LoadOptions()) if isinstance(one, Snapshot))
    asked = "".join(segment.text for segment in snapshot.segments())
    assert QUESTION in asked
    return "".join(segment.text for segment in snapshot.answer_segments())


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("sdk", CALLS)
def test_through_the_proxy(sdk: str, stream: bool, stub: Stub, proxy: RunningProxy) -> None:
    path = Path(proxy.path)
    before, seen_before = len(whole_lines(path)), len(stub.seen)
    assert CALLS[sdk](proxy.base, stream) == WORDS
    line = lines(path, before + 1)[-1]
    (seen,) = stub.seen[seen_before:]
    assert (body_of(line["request"]), body_of(line["response"])) == (seen.body, seen.sent)
    assert KEY not in path.read_text()
    assert says(path) == WORDS


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("sdk", CALLS)
def test_in_process(sdk: str, stream: bool, tmp_path: Path) -> None:
    with serve(answer_below) as straight, ctxdebug.record(tmp_path / "run.jsonl") as recording:
        assert CALLS[sdk](straight.url, stream) == WORDS
        (line,) = lines(recording.path, 1)
    assert urlsplit(line["request"]["url"]).port == straight.port
    (seen,) = straight.seen
    assert (body_of(line["request"]), body_of(line["response"])) == (seen.body, seen.sent)
    assert KEY not in recording.path.read_text()
    assert says(recording.path) == WORDS


def answer_below(seen: Seen) -> Answer:
    """Answer whatever route the path begins with."""
    path = seen.path
    seen.path = path if path.startswith("/mistral") else "/" + path.removeprefix("/").partition("/")[2]
    try:
        return answer(seen)
    finally:
        seen.path = path
