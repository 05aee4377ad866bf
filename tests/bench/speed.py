"""Measure what a run costs: `python tests/bench/speed.py [--exchanges 10000] [--turns 200] [--megabytes 1000] [FILE…]`.

Printed are ratios of CPU time (user and system), each taken in one run on one machine:
start-up against importing typer and rich, and against the least that a typer command with one option costs;
throughput against tokenizing the unique text of the same file; a session that resends its history against tokenizing
its last request; loading against `json.loads`; and the resident memory of a large file, in a process of its own.
The data is made here. `--megabytes 0` leaves the large file out.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from math import log
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench import startup  # noqa: E402  (after the path is set)
from tests.bench.loading_cost import conversation, parse, read  # noqa: E402  (after the path is set)
from tests.bench.sessions import paragraphs, session  # noqa: E402  (after the path is set)

_TOKENIZE = """
import json, sys, time
from ctxdebug.tokens.vocabulary import encoding
texts = set()
for line in open(sys.argv[1], "rb"):
    held = json.loads(line)
    said = [*held["request"]["messages"], held["response"]["choices"][0]["message"]]
    texts.update(message["content"] for message in said if message["content"])
    texts.update(call["function"]["arguments"] for message in said for call in message.get("tool_calls") or ())
of = encoding("o200k_base")
of.encode_ordinary("warm")
at = time.process_time()
number = sum(len(of.encode_ordinary(text)) for text in texts)
print(time.process_time() - at, number, len(texts))
"""
_LAST = """
import json, sys, time
from ctxdebug.tokens.vocabulary import encoding
last = json.loads(open(sys.argv[1], "rb").read().rstrip().rpartition(b"\\n")[2])
texts = [message["content"] for message in last["request"]["messages"] if message["content"]]
of = encoding("o200k_base")
of.encode_ordinary("warm")
at = time.process_time()
number = sum(len(of.encode_ordinary(text)) for text in texts)
print(time.process_time() - at, number)
"""
_PEAK = """
def peak():  # not `getrusage`, which in a child begins with what its parent held
    return next(int(line.split()[1]) // 1024 for line in open("/proc/self/status") if line.startswith("VmHWM"))
"""
_CHECK = (
    _PEAK
    + """
import sys, time
from ctxdebug.engine.run import RunOptions, run
at = time.process_time()
report = run([sys.argv[1]], RunOptions())
print(time.process_time() - at, report.exchanges, len(report.findings), peak())
"""
)
_LOAD = (
    _PEAK
    + """
import sys, time
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.decoding.source import Source
at = time.process_time()
number = sum(1 for _ in load(Source(sys.argv[1]), LoadOptions()))
print(time.process_time() - at, number, peak())
"""
)


def measured(code: str, path: Path) -> list[float]:
    """The figures that a fresh process prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True, env=_surroundings()
    )
    return [float(word) for word in done.stdout.split()]


def _surroundings() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""}


def small(number: int, seed: int = 5) -> list[dict[str, Any]]:
    """Small exchanges of three kinds (a question, a lookup, a document), all their words taken from real prose and code."""
    chance, words = random.Random(seed), " ".join(paragraphs()).split()

    def said(low: int, high: int) -> str:
        at = chance.randrange(len(words) - high)
        return " ".join(words[at : at + chance.randint(low, high)])

    rows = []
    for row in range(number):
        messages: list[dict[str, Any]] = [
            {"role": "system", "content": "You are the shop's assistant. Answer in at most four sentences."},
            {"role": "user", "content": f"{row}: {said(15, 60)}"},
        ]
        if row % 3 == 1:
            call = {"name": "search", "arguments": json.dumps({"q": said(2, 5)})}
            calls = [{"id": f"call_{row:08d}", "type": "function", "function": call}]
            messages.append({"role": "assistant", "content": None, "tool_calls": calls})
            messages.append({"role": "tool", "tool_call_id": f"call_{row:08d}", "content": said(30, 80)})
        elif row % 3 == 2:
            messages[1]["content"] += f'\n<document id="d{row}">{said(40, 90)}</document>'
        answer = {"index": 0, "message": {"role": "assistant", "content": said(15, 50)}, "finish_reason": "stop"}
        response = {"id": f"x{row}", "object": "chat.completion", "model": "gpt-4o-2024-08-06", "choices": [answer]}
        rows.append({"request": {"model": "gpt-4o", "messages": messages}, "response": response})
    return rows


def _written(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def throughput(say: Any, folder: Path, number: int) -> None:
    """Many small exchanges: a check of all, next to tokenizing their unique text."""
    path = _written(folder / "small.jsonl", small(number))
    tokens, count, texts = measured(_TOKENIZE, path)
    check, exchanges, findings, peak = measured(_CHECK, path)
    loaded, _, _ = measured(_LOAD, path)
    say(f"throughput: {exchanges:.0f} exchanges, {path.stat().st_size / 1e6:.1f} MB, {texts:.0f} texts, {count:,.0f} tokens, "
        f"{findings:.0f} findings")  # fmt: skip
    say(f"  tokenize {tokens:.2f} s, load {loaded:.2f} s, check {check:.2f} s ({check / exchanges * 1000:.2f} ms each): "
        f"{tokens / check:.3f} of the speed of tokenizing (bar .06), at most {peak:.0f} MB")  # fmt: skip


def resent(say: Any, folder: Path, turns: int) -> None:
    """A session that resends its history, at two lengths."""
    for number in (turns // 2, turns):
        path = _written(folder / f"session{number}.jsonl", session(number))
        tokens, count = measured(_LAST, path)
        check, exchanges, _, peak = measured(_CHECK, path)
        last = measured(_CHECK, _written(folder / "last.jsonl", session(number)[-1:]))[0]
        new = measured(_CHECK, _written(folder / "new.jsonl", _new(session(number))))[0]
        say(
            f"session: {check / (last + new):.1f} x the last request and all new messages once (bar 2), at most {peak:.0f} MB"
        )
        say(f"session: {exchanges:.0f} turns, {path.stat().st_size / 1e6:.1f} MB, {count:,.0f} tokens in the last request: tokenize it "
            f"{tokens:.3f} s, json.loads of all {parse(path):.3f} s, check {check:.2f} s ({check / tokens:.0f} x, bar 1.3)")  # fmt: skip


def _new(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every exchange of a session with the system text and the messages that are new in it."""
    found, before = [], 1
    for row in rows:
        messages = row["request"]["messages"]
        found.append({**row, "request": {**row["request"], "messages": [messages[0], *messages[before:]]}})
        before = len(messages) + 1
    return found


def relevant(number: int, size: int, seed: int = 3) -> dict[str, Any]:
    """An exchange with so many documents of so many characters, all of which bear on its question."""
    chance = random.Random(seed)
    subjects = ("the warranty period", "the return window", "the delivery fee", "the loan limit")
    tails = (
        "according to the office in Lisbon.",
        "for every order placed after May.",
        "unless the customer asks for more.",
    )
    documents = []
    for document in range(number):
        text = ""
        while len(text) < size:
            text += (
                f"For model X{chance.randint(1, 60)}, {chance.choice(subjects)} is {chance.randint(2, 90)} "
                f"{chance.choice(('days', 'months', 'EUR'))} {chance.choice(tails)} "
            )
        documents.append(f'<document id="d{document}">{text[:size]}</document>')
    asked = "\n".join(documents) + "\nWhat is the warranty period of model X7, and how many days is the return window?"
    messages = [{"role": "system", "content": "Answer from the documents."}, {"role": "user", "content": asked}]
    answer = {"role": "assistant", "content": "The warranty period of model X7 is 24 months [d1]."}
    choice = {"index": 0, "message": answer, "finish_reason": "stop"}
    return {"request": {"model": "gpt-4o", "messages": messages}, "response": {"choices": [choice]}}


def documents(say: Any, folder: Path) -> None:
    """Documents that bear on the question: twice as long, and twice as many."""
    shapes = ((10, 25_000), (10, 50_000), (10, 100_000), (250, 1000), (500, 1000), (1000, 1000))
    seconds = [measured(_CHECK, _written(folder / "documents.jsonl", [relevant(*shape)]))[0] for shape in shapes]
    for (number, size), taken in zip(shapes, seconds, strict=True):
        say(f"documents: {number} of {size:,} characters {taken:.1f} s")
    say(f"documents: exponent {log(seconds[2] / seconds[0], 4):.2f} in length (bar 1.15), "
        f"{log(seconds[5] / seconds[3], 4):.2f} in number (bar 1.2); 1 MB {max(seconds[2], seconds[5]):.1f} s (bar 12)")  # fmt: skip


def loading(say: Any, folder: Path, files: list[Path]) -> None:
    """Loading next to parsing the same bytes."""
    made = folder / "made-up.json"
    made.write_text(json.dumps([conversation(40) for _ in range(100)]))
    for path in (made, *files):
        parsed = min(parse(path) for _ in range(3))
        loaded, number = min(read(path) for _ in range(3))
        say(
            f"loading: {path.name[-40:]}: {number} exchanges, json.loads {parsed:.3f} s, load {loaded:.3f} s = {loaded / parsed:.1f} x (bar 3)"
        )


def memory(say: Any, folder: Path, megabytes: int) -> None:
    """A large file, streamed."""
    path, line = folder / "large.jsonl", json.dumps(conversation(30)) + "\n"
    with path.open("w", encoding="utf-8") as file:
        for _ in range(megabytes * 1_000_000 // len(line)):
            file.write(line)
    seconds, number, peak = measured(_LOAD, path)
    say(
        f"memory: {megabytes} MB of JSON lines, {number:.0f} exchanges loaded in {seconds:.1f} s, at most {peak:.0f} MB resident (bar 200)"
    )


def main() -> None:
    """Print every figure."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--exchanges", type=int, default=10_000)
    asked.add_argument("--turns", type=int, default=200)
    asked.add_argument("--megabytes", type=int, default=1000)
    asked.add_argument("files", nargs="*", type=Path)
    given = asked.parse_args()

    def say(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        startup.figures(say)
        throughput(say, folder, given.exchanges)
        resent(say, folder, given.turns)
        documents(say, folder)
        loading(say, folder, given.files)
        if given.megabytes:
            memory(say, folder, given.megabytes)


if __name__ == "__main__":
    main()
