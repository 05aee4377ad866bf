"""Measure long sessions: `python tests/bench/sessions.py [--turns 200] [--profile]`; the data is made here, from the standard library's own text.

Each request repeats the whole history, as chat applications send it. Printed is the CPU of a `check` of the whole session, next to
tokenizing the last request once with tiktoken, and next to parsing the file's JSON, which nobody gets around.
"""

from __future__ import annotations

import argparse
import cProfile
import inspect
import json
import pstats
import random
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import Any

_MODULES = (
    "argparse",
    "asyncio.tasks",
    "difflib",
    "email.message",
    "http.client",
    "json.decoder",
    "logging",
    "pathlib",
    "socket",
    "tarfile",
    "typing",
)
_SYSTEM = "You are the shop's assistant. Answer in at most three sentences. Never promise a date. Cite the file that you read."


def paragraphs() -> list[str]:
    """Real prose and code: the sources of some modules, cut at empty lines."""
    parts: list[str] = []
    for name in _MODULES:
        module = __import__(name, fromlist=["_"])
        parts += [textwrap.dedent(part) for part in inspect.getsource(module).split("\n\n") if 80 < len(part) < 2500]
    return parts


def session(turns: int, seed: int = 7) -> list[dict[str, Any]]:
    """The exchanges of one conversation: question, call, result, answer, over and over; no text comes twice."""
    chance, parts = random.Random(seed), paragraphs()
    chance.shuffle(parts)
    if len(parts) < 3 * turns:
        parts += [f"{part}\n# variant {number}" for number, part in enumerate(parts)]
    messages: list[dict[str, Any]] = [{"role": "system", "content": _SYSTEM}]
    exchanges = []
    for turn in range(turns):
        call = {
            "id": f"call_{seed}_{turn:05d}",
            "type": "function",
            "function": {"name": "read", "arguments": json.dumps({"path": f"src/{turn}.py"})},
        }
        asked = {"role": "user", "content": f"Question {turn}: what does this do?\n{parts[3 * turn][:300]}"}
        called = {"role": "assistant", "content": None, "tool_calls": [call]}
        given = {"role": "tool", "tool_call_id": call["id"], "content": parts[3 * turn + 1]}
        messages += [asked, called, given]
        answer = {"role": "assistant", "content": f"It is part {turn}. {parts[3 * turn + 2][:600]}"}
        exchanges.append(
            {"request": {"model": "gpt-4o", "messages": list(messages)}, "response": _response(turn, answer)}
        )
        messages.append(answer)
    return exchanges


def _response(turn: int, answer: dict[str, Any]) -> dict[str, Any]:
    choice = {"index": 0, "message": answer, "finish_reason": "stop"}
    return {"id": f"chatcmpl-{turn}", "object": "chat.completion", "model": "gpt-4o-2024-08-06", "choices": [choice]}


_TOKENIZE = """
import json, sys, time
import tiktoken
sys.path.insert(0, sys.argv[2])
from ctxdebug.tokens.vocabulary import encoding
last = json.loads(open(sys.argv[1], "rb").read().rstrip().rpartition(b"\\n")[2])
texts = [m["content"] for m in last["request"]["messages"] if m["content"]]
of = encoding("o200k_base")
of.encode_ordinary("warm")
at = time.process_time()
print(sum(len(of.encode_ordinary(text)) for text in texts), time.process_time() - at, time.process_time())
"""
_PARSE = """
import json, sys, time
at = time.process_time()
for line in open(sys.argv[1], "rb"): json.loads(line)
print(time.process_time() - at)
"""
_CHECK = """
import sys, time
from ctxdebug.engine.run import RunOptions, run
at = time.process_time()
report = run([sys.argv[1]], RunOptions())
print(report.exchanges, len(report.findings), time.process_time() - at, time.process_time())
"""


def measured(code: str, *arguments: str) -> list[float]:
    """What a fresh process prints."""
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return [float(word) for word in done.stdout.split()]


def main() -> None:
    """Make the session, and print the ratios."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--turns", type=int, default=200)
    asked.add_argument("--profile", action="store_true", help="show where the time goes")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "session.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in session(given.turns)), encoding="utf-8")
        if given.profile:
            _profile(path)
            return
        root = str(Path(__file__).resolve().parents[2])
        parse = min(measured(_PARSE, str(path))[0] for _ in range(3))
        tokens, bare, whole = min((measured(_TOKENIZE, str(path), root) for _ in range(3)), key=lambda row: row[1])
        exchanges, findings, check, process = min(
            (measured(_CHECK, str(path)) for _ in range(3)), key=lambda row: row[2]
        )
        size = path.stat().st_size / 1e6
    out = sys.stdout.write
    out(
        f"{exchanges:.0f} turns, {size:.1f} MB of JSON lines, {tokens:,.0f} tokens in the last request, {findings:.0f} findings\n"
    )
    out(f"tokenizing the last request once   {bare:.3f} s CPU ({whole:.3f} s with start-up and vocabulary)\n")
    out(f"parsing the JSON of all turns      {parse:.3f} s CPU\n")
    out(f"check, all turns, all rules        {check:.3f} s CPU ({process:.3f} s with start-up)\n")
    out(f"check / tokenizing once            {check / bare:.2f} (bar 1.3)\n")
    out(f"processes, start to end            {process / whole:.2f}\n")
    out(f"check without parsing / tokenizing {(check - parse) / bare:.2f}\n")


def _profile(path: Path) -> None:
    from ctxdebug.engine.run import RunOptions, run

    profile = cProfile.Profile()
    profile.enable()
    run([str(path)], RunOptions())
    profile.disable()
    pstats.Stats(profile, stream=sys.stdout).sort_stats("cumulative").print_stats(70)


if __name__ == "__main__":
    main()
