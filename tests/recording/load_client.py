"""Many streamed calls at once, each with events of its own, by the client and the stub of these tests."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.recording.stub import Answer, Seen

PATH = "/v1/chat/completions"


def events(name: str, count: int, size: int) -> list[bytes]:
    """The events of one call, which no other call has."""
    return [f"data: {name}-{number} {'x' * size}\n\n".encode() for number in range(count)]


def answer(seen: Seen) -> Answer:
    """Stream what the request asks for."""
    asked = json.loads(seen.body)
    return Answer(
        events(asked["name"], asked["events"], asked["size"]), pause=asked.get("pause", 0.0),
        headers={"content-type": "text/event-stream"},
    )  # fmt: skip


@dataclass
class Outcome:
    """What a client saw of a run of calls."""

    wrong: int = 0
    failed: int = 0
    first: list[float] = field(default_factory=list)
    """Milliseconds to the first byte of each call."""
    total: list[float] = field(default_factory=list)
    received: int = 0


async def load(base: str, calls: int, at_once: int, *, count: int = 20, size: int = 40, pause: float = 0.0) -> Outcome:
    """Make `calls` streamed calls, `at_once` of them at any time, and compare every byte."""
    outcome, gate = Outcome(), asyncio.Semaphore(at_once)

    async def one(client: httpx.AsyncClient, number: int) -> None:
        name = f"call{number}"
        asked = {"name": name, "events": count, "size": size, "pause": pause}
        async with gate:
            begun, first, parts = time.perf_counter(), None, []
            try:
                async with client.stream("POST", f"{base}{PATH}", json=asked) as got:
                    async for chunk in got.aiter_raw():
                        first = first or time.perf_counter()
                        parts.append(chunk)
            except httpx.HTTPError:
                outcome.failed += 1
                return
            outcome.total.append((time.perf_counter() - begun) * 1000)
            outcome.first.append(((first or begun) - begun) * 1000)
            body = b"".join(parts)
            outcome.received += len(body)
            outcome.wrong += body != b"".join(events(name, count, size))

    limits = httpx.Limits(max_connections=None, max_keepalive_connections=at_once)
    async with httpx.AsyncClient(limits=limits, timeout=120) as client:
        await asyncio.gather(*(one(client, number) for number in range(calls)))
    return outcome


def recorded_wrongly(path: Path, count: int, size: int) -> tuple[int, int]:
    """How many calls are in a recording, and how many of those are not what was sent."""
    lines = wrong = 0
    with path.open("rb") as file:
        for line in file:
            held = json.loads(line)
            name = json.loads(held["request"]["body"])["name"]
            lines += 1
            wrong += held["response"].get("body", "").encode() != b"".join(events(name, count, size))
    return lines, wrong


def memory(pid: int) -> int:
    """Bytes of a process that are in memory (Linux)."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


def processor_seconds(pid: int) -> float:
    """Seconds that a process has computed (Linux, 100 ticks a second)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
