"""Our own natural attacks and honest look-alikes: `python -m tests.bench.injection_probes [--unseen]`.

The two files in `probes/` were written before the detector. A third of each, told by a hash of its text, is left out
unless `--unseen` is given: it is looked at once, when the work is done.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from ctxdebug.analysis.directives import Directive, Grade, directives
from ctxdebug.decoding.source import Source
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Problem, Snapshot

HERE = Path(__file__).parent / "probes"
SEED = "2026-11"


class Probe(NamedTuple):
    """One line of a file."""

    channel: str
    asked: str
    tools: tuple[str, ...]
    text: str

    @property
    def unseen(self) -> bool:
        """Whether it belongs to the third that is kept back."""
        return sha256((SEED + self.text).encode()).digest()[0] % 3 == 0


def main() -> None:
    """Print the share that is reported, for each channel, and the lines that fell short."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--unseen", action="store_true", help="only the third that is kept back")
    options = parser.parse_args()
    for name, wanted in (("attacks", True), ("lookalikes", False)):
        rows = [probe for probe in probes(HERE / f"{name}.txt") if probe.unseen == options.unseen]
        counts: Counter[str] = Counter()
        for probe in rows:
            found = [one for one in directives(capture(probe)) if one.grade is not Grade.DOWNGRADED]
            warned = any(one.grade is Grade.FRAMED for one in found)
            counts["reported"] += warned
            counts["noted"] += bool(found) and not warned
            if warned is not wanted:
                print(f"  {name} {probe.channel}: {probe.text!r} {_why(found)}")
        print(f"{name}: {counts['reported']} of {len(rows)} reported, {counts['noted']} more noted")


def _why(found: list[Directive]) -> str:
    return "; ".join(f"{one.grade}: {', '.join(one.passage.frames)}: {one.plain[:60]}" for one in found)


def probes(path: Path) -> Iterator[Probe]:
    """Yield the probes of a file."""
    for line in path.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            channel, asked, tools, text = line.split(" | ", 3)
            yield Probe(channel, asked, tuple(tools.split(", ")), text.replace("\\n", "\n"))


def capture(probe: Probe) -> Snapshot:
    """Return the exchange in which a probe's text is the result of its first tool."""
    call = {"id": "c1", "type": "function", "function": {"name": probe.tools[0], "arguments": "{}"}}
    messages = [
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": probe.asked},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": probe.text},
    ]
    tools = [{"type": "function", "function": {"name": name, "parameters": {}}} for name in probe.tools]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "probe.json"
        file.write_text(json.dumps({"request": {"model": "gpt-4o", "messages": messages, "tools": tools}}), "utf-8")
        found = next(iter(load(Source(str(file)), LoadOptions())))
    if isinstance(found, Problem):
        raise SystemExit(f"{probe.text}: {found.message}")
    return found


if __name__ == "__main__":
    main()
