"""Agent runs of our own, clean, delegated and obeyed: `python -m tests.bench.run_probes [--unseen]`.

`probes/runs.txt` was written before the last changes of what LRC308 reads. A third of it, told by a hash of its text, is left
out unless `--unseen` is given. `--more` takes the runs that were written beside those changes.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

from ctxdebug.analysis import Analysis
from ctxdebug.decoding.source import Source
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Hit, Problem
from ctxdebug.rules.long_range_credit.directive_obeyed import check

PROBES = Path(__file__).parent / "probes"
SEED = "2026-12"


def main() -> None:
    """Print the share of each kind that is reported, and the lines that are wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--unseen", action="store_true", help="only the third that is kept back")
    parser.add_argument("--more", action="store_true", help="the runs of runs_more.txt, all of them")
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    reported: Counter[str] = Counter()
    file = PROBES / ("runs_more.txt" if options.more else "runs.txt")
    for line in file.read_text("utf-8").splitlines():
        if not line or line.startswith("#") or (not options.more and _kept_back(line) != options.unseen):
            continue
        kind, found = line.split(" | ", 1)[0], messages(line)
        counts[kind] += 1
        reported[kind] += bool(found)
        if bool(found) != (kind == "obeyed"):
            print(f"  {line[:200]}", *found, sep="\n      ")
    print(*(f"{kind}: {reported[kind]} of {number} reported" for kind, number in counts.items()), sep="\n")


def _kept_back(line: str) -> bool:
    return sha256((SEED + line).encode()).digest()[0] % 3 == 0


def messages(line: str) -> list[str]:
    """Return what LRC308 says of a run."""
    _, asked, tool, text, call = line.split(" | ", 4)
    name, _, arguments = call.partition(" ")
    turns: list[dict[str, Any]] = [
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": asked},
        _call("c1", tool, "{}"),
        {"role": "tool", "tool_call_id": "c1", "content": text.replace("\\n", "\n")},
        _call("c2", name, arguments),
        {"role": "tool", "tool_call_id": "c2", "content": "ok"},
    ]
    record = {
        "request": {"model": "gpt-4o", "messages": turns},
        "response": {"choices": [{"message": {"role": "assistant", "content": "Done."}}]},
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "run.json"
        file.write_text(json.dumps(record), "utf-8")
        found = next(iter(load(Source(str(file)), LoadOptions())))
    if isinstance(found, Problem):
        raise SystemExit(f"{line}: {found.message}")
    return [hit.message for hit in check.check(Analysis(found)) if isinstance(hit, Hit)]


def _call(identifier: str, name: str, arguments: str) -> dict[str, Any]:
    json.loads(arguments)
    function = {"name": name, "arguments": arguments}
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": identifier, "type": "function", "function": function}],
    }


if __name__ == "__main__":
    main()
