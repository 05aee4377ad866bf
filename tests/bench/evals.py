"""Freeze and eval against their bars: `python tests/bench/evals.py DATA [roundtrip|cost|peers …]`.

roundtrip: every dev capture with a request goes through redaction, packing, YAML and back.
cost: one and 1,000 cases against a loopback stub, next to a bare httpx+yaml script; 1,000 recorded cases.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

_BARE = """
import asyncio, glob, sys, httpx, yaml
async def one(client, url, path, gate):
    case = yaml.load(open(path), Loader=yaml.CSafeLoader)
    async with gate:
        reply = await client.post(url, json=case["request"]["body"])
    text = reply.json()["choices"][0]["message"]["content"]
    return "5 days" in text and "10 days" not in text
async def main():
    gate = asyncio.Semaphore(10)
    async with httpx.AsyncClient(timeout=60) as client:
        jobs = [one(client, sys.argv[1] + "/chat/completions", path, gate) for path in glob.glob(sys.argv[2] + "/*.yaml")]
        print(sum(await asyncio.gather(*jobs)))
asyncio.run(main())
"""


def roundtrip(data: Path) -> None:
    """Count requests that come back other than they were, and cases that are not written the same twice."""
    from ctxdebug.cases.blobs import Blobs, reader, unpacked
    from ctxdebug.cases.exchanges import Sender, answer_of, response_form, response_of, snapshot_from
    from ctxdebug.cases.yaml_form import yaml_text
    from ctxdebug.decoding.safe_yaml import parse_yaml
    from ctxdebug.decoding.source import Source
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.loading.load import LoadOptions, load
    from ctxdebug.model import Snapshot
    from ctxdebug.redaction.redactor import Redactor

    seen: Counter[str] = Counter()
    slowest = (0.0, "")
    for path in sorted(data.rglob("*.jsonl")):
        for loaded in load(Source(str(path)), LoadOptions()):
            if not isinstance(loaded, Snapshot) or not isinstance(loaded.request, dict) or not loaded.has_request:
                seen["without a request"] += 1
                continue
            seen["requests"] += 1
            start = time.process_time()
            blobs = Blobs()
            held = {
                "body": blobs.packed(loaded.request),
                "response": blobs.packed_whole(response_form(loaded.response)),
            }
            text = yaml_text(held)
            back = unpacked(parse_yaml(text), reader(Path("/nowhere"), blobs.texts))
            if json.dumps(back["body"], sort_keys=True) != json.dumps(loaded.request, sort_keys=True):
                seen["CHANGED"] += 1
                print("changed", path.name, loaded.pointer)
            if (
                yaml_text(
                    {
                        "body": Blobs().packed(loaded.request),
                        "response": Blobs().packed_whole(response_form(loaded.response)),
                    }
                )
                != text
            ):
                seen["NOT THE SAME TWICE"] += 1
            sender = Sender(loaded.format, loaded.model or "", loaded.provider or "")
            again = snapshot_from(back["body"], response_of(back["response"]), sender, RunOptions())
            if answer_of(again) != answer_of(loaded) or [m.text for m in again.messages] != [
                m.text for m in loaded.messages
            ]:
                seen["READS OTHERWISE"] += 1
                print("reads otherwise", path.name, loaded.format, loaded.pointer)
            redactor = Redactor()
            hidden = redactor.redact(loaded.request)
            seen["requests with something hidden"] += bool(redactor.redactions)
            seen.update(f"hidden {redaction.kind}" for redaction in redactor.redactions)
            seen["NOT STABLE UNDER REDACTION"] += Redactor().redact(hidden) != hidden
            slowest = max(slowest, (time.process_time() - start, f"{path.name} {loaded.pointer}"))
    for name, count in seen.most_common():
        print(f"{count:>7}  {name}")
    print(f"slowest: {slowest[0]:.2f} CPU s, {slowest[1]}")


def freezing(data: Path) -> None:
    """Freeze every tenth answered capture, load it again, prove it; and say what was refused."""
    from ctxdebug.cases.expectation import expect
    from ctxdebug.cases.freeze import FreezeOptions, freeze
    from ctxdebug.cases.lint import lint, verify
    from ctxdebug.cases.store import load_case, save_case
    from ctxdebug.decoding.source import Source
    from ctxdebug.engine.run import Engine, RunOptions
    from ctxdebug.errors import UsageError
    from ctxdebug.loading.load import LoadOptions, load
    from ctxdebug.model import Snapshot

    options, seen, number = RunOptions(), Counter[str](), 0
    demand = FreezeOptions(parts=(expect("contains", "Zyzzyva 4711"),), good=("Zyzzyva 4711", ()))
    start = time.process_time()
    with tempfile.TemporaryDirectory() as name:
        for path in sorted(data.rglob("*.jsonl")):
            source = Source(str(path))
            engine = Engine(options)
            for loaded in load(source, LoadOptions()):
                number += 1
                if number % 10 or not isinstance(loaded, Snapshot) or not loaded.answer:
                    continue
                try:
                    found = freeze(
                        engine.examine(loaded, source),
                        FreezeOptions(f"c{number}", parts=demand.parts, good=demand.good),
                        options,
                    )
                except UsageError as error:
                    seen[f"refused: {str(error)[:70]}"] += 1
                    continue
                stored = load_case(save_case(found.case, found.blobs, Path(name), replace=True))
                flaws = [flaw.message for flaw in (*lint(stored), *verify(stored, options))]
                seen["frozen"] += 1
                seen["FLAWED"] += bool(flaws)
                seen["with something hidden"] += bool(found.redactions)
                if flaws:
                    print(path.name, loaded.format, loaded.pointer, flaws[:2])
    for what, count in seen.most_common():
        print(f"{count:>7}  {what}")
    print(f"{time.process_time() - start:.0f} CPU s")


def _suite(folder: Path, count: int) -> None:
    from ctxdebug.cases.blobs import Blobs
    from ctxdebug.cases.case import case_from
    from ctxdebug.cases.store import save_case

    for number in range(count):
        content = {
            "ctxdebug": 1, "id": f"case-{number:04}", "title": "the old limit is quoted",
            "request": {"format": "openai.chat", "body": {"model": "gpt-4o-mini-2024-07-18", "temperature": 0, "max_tokens": 200, "messages": [
                {"role": "system", "content": "You are a support assistant. Answer only from the sources."},
                {"role": "user", "content": f"Source {number}: " + "employees may carry over 5 days. " * 20},
                {"role": "user", "content": "How many days may I carry over?"}]}},
            "recorded": {"passed": False, "answer": "You may carry over 10 days."},
            "good": {"answer": "5 days"},
            "expect": {"all": [{"contains": "5 days"}, {"not-contains": "10 days"}]},
        }  # fmt: skip
        save_case(case_from(content), Blobs(), folder)


def _cpu(command: list[str], folder: Path) -> tuple[float, float, int, int]:
    """CPU seconds, wall seconds, peak MB and exit code of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENAI_API_KEY": "k"}
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.stderr is not None:
        words = process.stderr.read().decode()
        process.stderr.close()
        if words:
            print(words[-400:])
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.monotonic() - start, usage.ru_maxrss // 1024, process.returncode


def _stub_process() -> tuple[subprocess.Popen[str], str]:
    program = (
        "import sys, time, itertools; sys.path.insert(0, sys.argv[1])\n"
        "from tests.evals.model_stub import serve, Told, chat\n"
        "number = itertools.count()\n"
        "with serve() as stub:\n"
        "    stub.reply = lambda _: Told(chat('5 days') | {'id': f'c{next(number)}'})\n"
        "    print(stub.url, flush=True); time.sleep(900)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(ROOT)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def cost(_: Path) -> None:
    """Print CPU seconds side by side."""
    process, url = _stub_process()
    python = sys.executable
    try:
        for count in (1, 1000):
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                _suite(folder / "cases", count)
                (folder / "bare.py").write_text(_BARE)
                runs: dict[str, list[str]] = {
                    "bare httpx+yaml": [python, "bare.py", url, "cases"],
                    "ctxdebug live": [
                        python,
                        "-m",
                        "ctxdebug",
                        "eval",
                        "cases",
                        "--endpoint",
                        url,
                        "--repeat",
                        "1",
                        "--concurrency",
                        "10",
                        "-q",
                    ],
                    "ctxdebug recorded": [python, "-m", "ctxdebug", "eval", "cases"],
                }
                for label, command in runs.items():
                    best = min(_cpu(command, folder) for _ in range(3 if count == 1 else 2))
                    print(
                        f"{count:>5} cases  {label:<20} {best[0]:6.2f} CPU s  {best[1]:6.2f} s  {best[2]:4} MB  exit {best[3]}"
                    )
    finally:
        process.kill()


def peers(_: Path) -> None:
    """Print one case in every tool that CTXDEBUG_PEERS holds (environments by package name, promptfoo by npm)."""
    from ctxdebug.cases.export import EXPORTERS
    from ctxdebug.cases.lint import loaded
    from ctxdebug.cases.store import find_cases
    from ctxdebug.files import write_whole

    home = Path(os.environ["CTXDEBUG_PEERS"])
    process, url = _stub_process()
    os.environ |= {"CTXDEBUG_ENDPOINT": url, "OPENAI_BASE_URL": url, "STUB_BASE_URL": url, "STUB_API_KEY": "k", "DEEPEVAL_TELEMETRY_OPT_OUT": "1",
                   "PROMPTFOO_DISABLE_TELEMETRY": "1", "PROMPTFOO_DISABLE_UPDATE": "1"}  # fmt: skip
    commands = {
        "pydantic-evals": [str(home / "pydantic-evals/bin/python"), "ctxdebug_dataset.py"],
        "deepeval": [str(home / "deepeval/bin/python"), "-m", "pytest", "-q", "test_ctxdebug_deepeval.py"],
        "inspect": [
            str(home / "inspect-ai/bin/python"),
            "-m",
            "inspect_ai",
            "eval",
            "ctxdebug_task.py",
            "--model",
            "openai-api/stub/m",
            "--display",
            "none",
        ],
        "promptfoo": [str(home / "promptfoo/node_modules/.bin/promptfoo"), "eval", "--no-cache", "--no-table"],
        "pytest": [sys.executable, "-m", "pytest", "-q", "test_ctxdebug_cases.py"],
    }
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            _suite(folder / "cases", 1)
            cases, _flaws = loaded(find_cases([folder / "cases"]))
            for target, command in commands.items():
                out = folder / target
                for path, text in EXPORTERS.all()[target].export(cases).files.items():
                    write_whole(out / path, text.encode())
                if Path(command[0]).exists():
                    best = min(_cpu(command, out) for _ in range(2))
                    print(
                        f"    1 case   {target:<20} {best[0]:6.2f} CPU s  {best[1]:6.2f} s  {best[2]:4} MB  exit {best[3]}"
                    )
                else:
                    print(f"    1 case   {target:<20} is not installed")
    finally:
        process.kill()


PARTS: dict[str, Any] = {"roundtrip": roundtrip, "freezing": freezing, "cost": cost, "peers": peers}

if __name__ == "__main__":
    for part in sys.argv[2:] or ["roundtrip", "cost"]:
        PARTS[part](Path(sys.argv[1]))
