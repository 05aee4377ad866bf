"""Two thousand streamed calls, a hundred at once: no event lost or mixed, and memory stays."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from ctxdebug.recording.running import RunningProxy
from tests.recording.load_client import answer, load, memory, recorded_wrongly
from tests.recording.stub import serve

pytestmark = [pytest.mark.slow, pytest.mark.soak, pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")]
CALLS, AT_ONCE, COUNT, SIZE = 2000, 100, 20, 40
MAY_GROW = 24 * 1024 * 1024
"""Bytes between the first quarter and the end; what is recorded in that time is several times as much."""


def test_soak(tmp_path: Path) -> None:
    with serve(answer) as stub:
        proxy = RunningProxy(str(tmp_path), [("openai", stub.url, {})], warn=pytest.fail)
        pid = proxy._process.pid
        asyncio.run(load(f"{proxy.base}/openai", CALLS // 4, AT_ONCE, count=COUNT, size=SIZE))
        before = memory(pid)
        outcome = asyncio.run(load(f"{proxy.base}/openai", CALLS - CALLS // 4, AT_ONCE, count=COUNT, size=SIZE))
        grown = memory(pid) - before
        told = proxy.close()
    assert (outcome.failed, outcome.wrong) == (0, 0)
    assert recorded_wrongly(Path(proxy.path), COUNT, SIZE) == (CALLS, 0)
    assert (told["begun"], told["calls"]) == (CALLS, CALLS)
    assert grown < MAY_GROW
