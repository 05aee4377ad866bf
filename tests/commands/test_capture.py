"""`ctxdebug capture`, as a shell starts it: the command's own exit code, its signals, and a line a call."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.recording.stub import Answer, Seen, chat, chat_events, serve
from tests.shell import CACHE, ROOT

ASK = """
import json, os, sys, httpx
body = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "How many days may I carry over?"}]}
got = httpx.post(os.environ["OPENAI_BASE_URL"] + "/chat/completions", json=body, headers={"authorization": "Bearer test"})
print(got.json()["choices"][0]["message"]["content"] if got.status_code == 200 else got.text)
"""


def environment(**more: str) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.endswith(("_URL", "_HOST", "_BASE", "_ENDPOINT"))
    }
    return {**kept, "PYTHONPATH": str(ROOT), "CTXDEBUG_CACHE_DIR": CACHE, **more}


def capture(cwd: Path, *arguments: str, **more: str) -> CompletedProcess[str]:
    command = [sys.executable, "-m", "ctxdebug", "capture", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, env=environment(**more), check=False, timeout=120
    )


def python(code: str) -> list[str]:
    return ["--", sys.executable, "-c", code]


def answer(seen: Seen) -> Answer:
    if seen.path.endswith("/refused"):
        return Answer([b'{"error": {"message": "slow down", "code": "rate_limit_exceeded"}}'], 429, framing="length")
    return Answer([chat()], framing="length")


def lines(folder: Path) -> list[dict[str, Any]]:
    (path,) = folder.glob("*.jsonl")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_run_is_recorded_and_says_what_next(tmp_path: Path) -> None:
    with serve(answer) as stub:
        done = capture(tmp_path, *python(ASK + "sys.exit(7)"), OPENAI_BASE_URL=f"{stub.url}/v1")
    (line,) = lines(tmp_path / "captures")
    assert (done.returncode, done.stdout) == (7, "Ten days may be carried over.\n")
    assert line["request"]["url"] == f"{stub.url}/v1/chat/completions"
    told = done.stderr.splitlines()
    assert f"→ {stub.url}/v1 (from OPENAI_BASE_URL)" in told[1]
    assert "1 gpt-4o-mini" in told[2]
    assert "provider 20 · answer 8" in told[2]
    assert told[-1].startswith("ctxdebug next: ctxdebug inspect captures/")
    shown = subprocess.run(
        [sys.executable, "-m", "ctxdebug", *told[-1].split()[3:]], capture_output=True, text=True, cwd=tmp_path,
        env=environment(), check=True,
    )  # fmt: skip
    assert "Ten days may be carried over." in shown.stdout


@pytest.mark.slow
def test_an_upstream_in_a_file_of_settings_is_kept_and_shown(tmp_path: Path) -> None:
    with serve(answer) as stub:
        (tmp_path / ".env").write_text(f"# ours\nexport OPENAI_BASE_URL='{stub.url}/v1'\n")
        done = capture(tmp_path, *python(ASK))
    assert done.stdout == "Ten days may be carried over.\n"
    assert "(from OPENAI_BASE_URL in .env)" in done.stderr


def test_a_url_alone_is_the_upstream(tmp_path: Path) -> None:
    with serve(answer) as stub:
        done = capture(tmp_path, "--upstream", f"{stub.url}/v1", "-o", "runs/a.jsonl", *python(ASK))
    assert done.stdout == "Ten days may be carried over.\n"
    assert (tmp_path / "runs" / "a.jsonl").exists()


def test_a_failed_call_is_the_one_to_look_at(tmp_path: Path) -> None:
    code = ASK.replace("/chat/completions", "/chat/completions/refused") + ASK
    with serve(answer) as stub:
        done = capture(tmp_path, "--inspect", *python(code), OPENAI_BASE_URL=f"{stub.url}/v1")
    assert "✗ 429 slow down" in done.stderr
    assert "2 calls · 1 failed" in done.stderr
    assert "exchange 1 of 2" in done.stdout


def test_a_provider_that_is_not_there_is_an_error_of_the_call(tmp_path: Path) -> None:
    done = capture(tmp_path, *python(ASK), OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    assert "ctxdebug capture could not reach 127.0.0.1: ConnectError" in done.stdout
    (line,) = lines(tmp_path / "captures")
    assert line["error"]["type"] == "ConnectError"


def test_a_command_that_calls_nothing_leaves_no_file(tmp_path: Path) -> None:
    done = capture(tmp_path, *python("print('quiet')"))
    assert (done.returncode, done.stdout) == (0, "quiet\n")
    assert "no call came" in done.stderr
    assert list((tmp_path / "captures").iterdir()) == []


@pytest.mark.slow
def test_a_command_that_does_not_exist(tmp_path: Path) -> None:
    done = capture(tmp_path, "--", "no-such-command")
    assert done.returncode == 127
    assert "no-such-command cannot be started" in done.stderr


@pytest.mark.slow
def test_quiet_says_only_the_end(tmp_path: Path) -> None:
    with serve(answer) as stub:
        done = capture(tmp_path, "-q", "--upstream", f"openai={stub.url}/v1", *python(ASK))
    assert [line for line in done.stderr.splitlines() if "gpt-4o-mini" in line] == []
    assert "1 request in captures/" in done.stderr


@pytest.mark.parametrize("arguments", [("--host", "0.0.0.0"), ("--host", "0.0.0.0", "--token", "short")])
def test_other_machines_need_a_token(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = capture(tmp_path, *arguments, *python("pass"))
    assert done.returncode == 2
    assert "oken" in done.stderr


@pytest.mark.slow
def test_a_token_stands_in_front_of_every_path(tmp_path: Path) -> None:
    code = ASK + "print(httpx.post(os.environ['OPENAI_BASE_URL'].replace('0123456789abcdef', 'x' * 16)).status_code)"
    with serve(answer) as stub:
        done = capture(tmp_path, "--token", "0123456789abcdef", "--upstream", f"{stub.url}/v1", *python(code))
    assert done.stdout == "Ten days may be carried over.\n404\n"
    assert "0123456789abcdef" not in next((tmp_path / "captures").glob("*.jsonl")).read_text()


def running(cwd: Path, *arguments: str, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "ctxdebug", "capture", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        cwd=cwd, env=environment(**more), start_new_session=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGTERM,
        pytest.param(signal.SIGINT, marks=pytest.mark.slow),
        pytest.param(signal.SIGUSR1, marks=pytest.mark.slow),
    ],
)
def test_signals_reach_the_command(tmp_path: Path, number: signal.Signals) -> None:
    code = (
        "import signal, sys, time\n"
        f"signal.signal({int(number)}, lambda *_: (print('caught', flush=True), sys.exit(9)))\n"
        "print('ready', flush=True)\n"
        "time.sleep(60)\n"
    )
    process = running(tmp_path, *python(code))
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(number)
    out, _ = process.communicate(timeout=60)
    assert (out, process.returncode) == ("caught\n", 9)


@pytest.mark.slow
def test_a_command_that_a_signal_ends(tmp_path: Path) -> None:
    done = capture(tmp_path, *python("import os, signal; os.kill(os.getpid(), signal.SIGKILL)"))
    assert done.returncode == 137


def test_killed_in_the_middle_only_the_call_under_way_is_lost(tmp_path: Path) -> None:
    code = ASK + (
        "with httpx.stream('POST', os.environ['OPENAI_BASE_URL'] + '/slow', json=body) as s:\n"
        "    next(s.iter_raw()); print('under way', flush=True)\n"
        "    import time; time.sleep(60)\n"
    )

    def slow(seen: Seen) -> Answer:
        return Answer(chat_events(["a"] * 500), pause=0.05) if seen.path.endswith("/slow") else answer(seen)

    with serve(slow) as stub:
        process = running(tmp_path, *python(code), OPENAI_BASE_URL=f"{stub.url}/v1")
        assert process.stdout is not None
        while process.stdout.readline() != "under way\n":
            pass
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        first = lines(tmp_path / "captures")[0]
    assert first["request"]["url"].endswith("/chat/completions")
    checked = subprocess.run(
        [sys.executable, "-m", "ctxdebug", "check", "captures"], capture_output=True, text=True, cwd=tmp_path,
        env=environment(), check=False,
    )  # fmt: skip
    assert checked.returncode in {0, 1}, checked.stderr


def test_a_server_of_its_own_ends_at_ctrl_c(tmp_path: Path) -> None:
    import httpx

    with serve(answer) as stub, running(tmp_path, "--upstream", f"{stub.url}/v1") as process:
        assert process.stderr is not None
        head = process.stderr.readline()
        base = head.split("listening on ")[1].strip()
        got = httpx.post(
            f"{base}/v1/chat/completions", json={"model": "m", "messages": [{"role": "user", "content": "hi"}]}
        )
        assert got.status_code == 200
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        rest = (
            process.stderr.read()
        )  # what a first line brought along is in its buffer, which `communicate` passes over
    assert process.returncode == 0
    assert f"{base} → {stub.url} (from --upstream)" in rest
    assert "1 call" in rest


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="reads /proc")
def test_a_proxy_that_dies_is_started_again(tmp_path: Path) -> None:
    code = ASK + (
        "import signal, time\n"
        "os.kill(int(input()), signal.SIGKILL)\n"
        "for _ in range(200):\n"
        "    time.sleep(0.1)\n"
        "    try: got = httpx.post(os.environ['OPENAI_BASE_URL'] + '/chat/completions', json=body); break\n"
        "    except httpx.TransportError: pass\n"
        "print(got.status_code)\n"
    )
    with serve(answer) as stub:
        process = subprocess.Popen(
            [sys.executable, "-m", "ctxdebug", "capture", "-o", "run.jsonl", *python(code)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=environment(OPENAI_BASE_URL=f"{stub.url}/v1"),
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "Ten days may be carried over.\n"
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        for _ in range(100):
            if (tmp_path / "run.jsonl").stat().st_size:
                break
            time.sleep(0.05)
        (proxy,) = [child for child in children if b"proxy.server" in Path(f"/proc/{child}/cmdline").read_bytes()]
        out, told = process.communicate(f"{proxy}\n", timeout=100)
    assert (out, process.returncode) == ("200\n", 0)
    assert "the proxy had died and was started again" in told
    assert len((tmp_path / "run.jsonl").read_text().splitlines()) == 2


def test_a_recording_that_is_followed_by_the_next_is_followed(tmp_path: Path) -> None:
    code = ASK + "\n".join(["httpx.post(os.environ['OPENAI_BASE_URL'] + '/chat/completions', json=body)"] * 4)
    with serve(answer) as stub:
        done = capture(
            tmp_path, "--max-bytes", "2048", "-o", "run.jsonl", *python(code), OPENAI_BASE_URL=f"{stub.url}/v1"
        )
    assert "5 calls" in done.stderr
    assert (tmp_path / "run-2.jsonl").exists()
    assert sum(len(path.read_text().splitlines()) for path in tmp_path.glob("*.jsonl")) == 5
