"""What loading costs beside `json.loads`, in one run: `python tests/bench/loading_cost.py FILE… [--memory MB]`.

With `--memory` it also streams a made-up JSONL file of that size and prints the peak of resident memory.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from ctxdebug.decoding.source import Source
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Snapshot


def parse(path: Path) -> float:
    """CPU seconds that `json.loads` takes for the same bytes."""
    data = path.read_bytes()
    started = time.process_time()
    if path.suffix == ".jsonl":
        for line in data.split(b"\n"):
            if line.strip():
                json.loads(line)
    else:
        json.loads(data)
    return time.process_time() - started


def read(path: Path) -> tuple[float, int]:
    """CPU seconds that loading takes, and the snapshots."""
    started = time.process_time()
    count = sum(isinstance(item, Snapshot) for item in load(Source(str(path)), LoadOptions()))
    return time.process_time() - started, count


def conversation(turns: int) -> dict[str, object]:
    """A made-up exchange with tool calls and documents."""
    messages: list[dict[str, object]] = [{"role": "system", "content": "You answer from the handbook. " * 20}]
    for turn in range(turns):
        messages.append({"role": "user", "content": f"Question {turn}: how are pallets of kind {turn} stacked? " * 4})
        call = {
            "id": f"call_{turn}",
            "type": "function",
            "function": {"name": "search", "arguments": '{"q": "pallets"}'},
        }
        messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
        words = f"Pallets of kind {turn} are stacked {turn} high, with a sheet of paper between two layers. " * 12
        messages.append({"role": "tool", "tool_call_id": f"call_{turn}", "content": words})
    response = {"choices": [{"message": {"role": "assistant", "content": "Three high."}, "finish_reason": "stop"}]}
    return {"request": {"model": "m", "messages": messages}, "response": {**response, "usage": {"prompt_tokens": 9}}}


def memory(megabytes: int) -> None:
    """Stream a file of that size."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.jsonl"
        line = json.dumps(conversation(30)) + "\n"
        with path.open("w") as file:
            for _ in range(megabytes * 1_000_000 // len(line)):
                file.write(line)
        seconds, count = read(path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{megabytes} MB of JSON lines: {count} exchanges in {seconds:.1f} s, at most {peak} MB resident")


def main() -> None:
    """Print the ratio of each file, best of three."""
    words = sys.argv[1:]
    size = int(words[words.index("--memory") + 1]) if "--memory" in words else 0
    paths = [Path(word) for word in words if Path(word).is_file()]
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made-up.json"
        made.write_text(json.dumps([conversation(40) for _ in range(100)]))
        for path in (made, *paths):
            parsed = min(parse(path) for _ in range(3))
            loaded, count = min(read(path) for _ in range(3))
            size_of = path.stat().st_size / 1e6
            print(f"{path.name[-40:]:42}{size_of:7.2f} MB {count:6} exchanges  json.loads {parsed * 1000:7.1f} ms  "
                  f"load {loaded * 1000:8.1f} ms  ratio {loaded / parsed:5.1f}")  # fmt: skip
    if size:
        memory(size)


if __name__ == "__main__":
    main()
