"""A proxy that runs, in front of a stub whose answers each test chooses."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.recording.running import RunningProxy
from tests.recording.lines import whole_lines
from tests.recording.stub import Answer, Seen, Stub, chat, serve


@dataclass
class Bench:
    """The proxy, the stub behind it, and the file that grows."""

    stub: Stub
    proxy: RunningProxy
    answers: dict[str, Callable[[Seen], Answer]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"{self.proxy.base}/openai{path}"

    def lines(self) -> list[dict[str, Any]]:
        return whole_lines(Path(self.proxy.path))

    def line(self, path: str) -> dict[str, Any]:
        """The line of the call to a path, which is written just after the call has ended."""
        for _ in range(100):
            found = [line for line in self.lines() if line["request"]["url"].endswith(path)]
            if found:
                return found[-1]
            time.sleep(0.05)
        raise AssertionError(f"{path} was not recorded")

    def seen(self, path: str) -> Seen:
        return [seen for seen in self.stub.seen if seen.path.endswith(path)][-1]


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    answers: dict[str, Callable[[Seen], Answer]] = {}

    def answer(seen: Seen) -> Answer:
        chosen = answers.get(seen.path)
        return chosen(seen) if chosen is not None else Answer([chat()], framing="length")

    warnings: list[str] = []
    with serve(answer) as stub:
        target = tmp_path_factory.mktemp("captures")
        proxy = RunningProxy(
            str(target), [("openai", stub.url, {"/given": "/sent"})], exclude=["/quiet*"], warn=warnings.append
        )
        yield Bench(stub, proxy, answers, warnings)
        proxy.close()
