"""What the proxy costs: milliseconds added to a streamed call, and processor time for each megabyte.

python -m tests.bench.capture [CALLS]      a stub, the proxy and the client share this machine's processors
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
from pathlib import Path

from ctxdebug.recording.running import RunningProxy
from tests.recording.load_client import Outcome, answer, load, memory, processor_seconds
from tests.recording.stub import serve


def _line(name: str, direct: Outcome, through: Outcome, seconds: float) -> str:
    added = [
        statistics.median(getattr(through, what)) - statistics.median(getattr(direct, what))
        for what in ("first", "total")
    ]
    megabytes = through.received / 1e6
    return (
        f"{name:<22} added p50: first byte {added[0]:+.2f} ms, total {added[1]:+.2f} ms · "
        f"wrong {through.wrong}, failed {through.failed} · {megabytes:.1f} MB, {seconds / megabytes:.2f} CPU s per MB\n"
    )


def main() -> None:
    """Print one line for one stream, one for a hundred, and one for large events."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with serve(answer) as stub, tempfile.TemporaryDirectory() as folder:
        proxy = RunningProxy(folder, [("openai", stub.url, {})], warn=print)
        pid, base = proxy._process.pid, f"{proxy.base}/openai"
        shapes = (
            ("1 stream", calls, 1, 20, 40),
            ("100 streams", calls * 2, 100, 20, 40),
            ("large events", 20, 1, 20, 50_000),
        )
        for name, number, at_once, count, size in shapes:
            direct = asyncio.run(load(stub.url, number, at_once, count=count, size=size))
            before = processor_seconds(pid)
            through = asyncio.run(load(base, number, at_once, count=count, size=size))
            sys.stdout.write(_line(name, direct, through, processor_seconds(pid) - before))
        sys.stdout.write(f"memory {memory(pid) / 1e6:.0f} MB\n")
        proxy.close()
        sys.stdout.write(f"lines in the recording: {len(Path(proxy.path).read_bytes().splitlines())}\n")


if __name__ == "__main__":
    main()
