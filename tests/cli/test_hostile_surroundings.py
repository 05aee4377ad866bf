"""Odd configurations, baselines and streams: one line and exit 2, and `please report` only where it is our own fault."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shell import ctxdebug

ROOT = Path(__file__).parent.parent.parent
GOOD = json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": "Good morning."}]})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.json").write_text(GOOD, encoding="utf-8")
    return tmp_path


CONFIGURATIONS = {
    "window = 0": "window must be between 1 and",
    "window = -5": "window must be between",
    "window = true": "window must be a whole number",
    "window = 99999999999999999999": "window must be between",
    "[gate]\nmax-cost = nan": "gate.max-cost must be between",
    "[gate]\nmin-pass-rate = 7.0": "gate.min-pass-rate must be between 0 and 1",
    "[injection]\nthreshold = inf": "injection.threshold must be between 0 and 1",
    '[models."gpt-4o"]\nwindow = 0': "window: 0 is not a number of tokens",
    '[models."gpt-4o"]\nwindow = nan': "window: nan is not a number of tokens",
    '[models."gpt-4o"]\ninput = inf': "input: inf is not USD",
    'fail-on = "eror"': "fail-on: unknown value 'eror'; did you mean error?",
    '[gate]\nundecided = "maybe"': "gate.undecided: unknown value 'maybe'",
    "tool = 3\ntrust = 3": "unknown key 'tool'",
    "a = " + "[" * 5000: "is not TOML",
    "[[ignores]]\ncodes = 'x'": "codes must be a list of strings",
}


@pytest.mark.parametrize("text", CONFIGURATIONS)
def test_an_odd_configuration_is_one_line(folder: Path, text: str) -> None:
    (folder / "ctxdebug.toml").write_text(text, encoding="utf-8")
    done = ctxdebug("check", "good.json", cwd=folder)
    assert done.returncode == 2
    assert CONFIGURATIONS[text] in done.stderr
    assert done.stderr.count("\n") == 1
    assert "report it" not in done.stderr


def test_a_pyproject_whose_tool_is_no_table_is_no_configuration(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("tool = 3\n#[tool.ctxdebug]\n", encoding="utf-8")
    assert ctxdebug("check", "good.json", cwd=folder).returncode == 0


def test_a_guard_model_that_is_not_there_is_the_users_to_mend(folder: Path) -> None:
    (folder / "ctxdebug.toml").write_text('[injection]\nmodel = "nowhere/x.onnx"\n', encoding="utf-8")
    asked = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Read it."}, {"role": "tool", "tool_call_id": "1", "content": "A page."}]}  # fmt: skip
    (folder / "tool.json").write_text(json.dumps(asked), encoding="utf-8")
    done = ctxdebug("check", "tool.json", cwd=folder)
    assert done.returncode == 2
    assert "the guard model needs" in done.stderr
    assert "report it" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"version": 1, "entries": [{"fingerprint": "x", "code": "MEM101", "paths": {"a": 1e999}}]}', "[" * 9000]
)  # fmt: skip
def test_a_baseline_that_is_none_says_how_to_renew_it(folder: Path, text: str) -> None:
    (folder / "b.json").write_text(text, encoding="utf-8")
    done = ctxdebug("check", "good.json", "--baseline", "b.json", cwd=folder)
    assert done.returncode == 2
    assert "delete it, then make a new one with check --write-baseline" in done.stderr


@pytest.mark.parametrize("command", ["check", "inspect", "budget", "freeze", "diff"])
@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_a_flipped_byte_in_gzip_is_one_line(folder: Path, command: str, at: float) -> None:
    data = bytearray(gzip.compress((GOOD * 50).encode()))
    data[int(len(data) * at)] ^= 0xFF
    (folder / "g.json.gz").write_bytes(data)
    paths = ["g.json.gz", "good.json"] if command == "diff" else ["g.json.gz"]
    done = ctxdebug(command, *paths, cwd=folder)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "report it" not in done.stderr


@pytest.mark.parametrize("command", ["check", "inspect", "budget", "freeze", "eval", "mutate", "gate"])
def test_a_name_that_is_too_long_is_one_line(folder: Path, command: str) -> None:
    done = ctxdebug(command, "x" * 300, cwd=folder)
    assert done.returncode == 2
    assert "report it" not in done.stderr


def program(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "CTXDEBUG_CACHE_DIR": str(folder / ".cache")}
    line = script.replace("ctxdebug", f"{sys.executable} -m ctxdebug")
    return subprocess.run(["sh", "-c", line], capture_output=True, text=True, cwd=folder, env=variables, check=False)


@pytest.mark.parametrize(
    ("script", "code", "words"),
    [
        ("ctxdebug check good.json >&-", 2, "standard output is closed"),
        ("ctxdebug check good.json > /dev/full", 2, "standard output cannot be written: no space left on device"),
        ("ctxdebug check good.json -q -o o.json >&-", 0, ""),
        ("ctxdebug check good.json 2>&- >/dev/null", 0, ""),
        ("ctxdebug check - <&-", 2, ""),
        ("ctxdebug check nowhere 2>/dev/full", 2, ""),
        ("ctxdebug check good.json >/dev/full 2>/dev/full", 2, ""),
        ("ctxdebug status-line </dev/null >&-", 0, ""),
        ("ctxdebug status-line </dev/null >/dev/full", 0, ""),
        ("ctxdebug agent-hook <&-", 0, ""),
    ],
)
def test_closed_and_full_streams(folder: Path, script: str, code: int, words: str) -> None:
    done = program(folder, script)
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_interruption_while_the_first_is_told_is_no_traceback(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted_again(_text: str) -> None:
        signal.raise_signal(signal.SIGINT)

    def interrupted(_words: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("ctxdebug.__main__._answered", interrupted)
    monkeypatch.setattr("ctxdebug.commands.terminal.notice", interrupted_again)
    assert ctxdebug("check", "good.json", cwd=folder).returncode == 130


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the system's own, while it opens them
@pytest.mark.parametrize("path", ["/proc/kmsg", "/dev/zero", "/proc/self/mem"])
def test_what_never_ends_does_not_hang(folder: Path, path: str) -> None:
    if not Path(path).exists():
        pytest.skip(f"no {path} on this system")
    for arguments in (
        ("check", path), ("eval", path), ("case", "show", path), ("shrink", "good.json", "--expect", "5", "--replay", path),
        ("agent", "claude-code", "-y", "--settings", path),
    ):  # fmt: skip
        done = ctxdebug(*arguments, cwd=folder)
        assert done.returncode == 2, arguments
        assert "report it" not in done.stderr, arguments


@pytest.mark.parametrize("arguments", [("--baseline", "pipe"), ("--config", "pipe")])
def test_a_pipe_in_the_place_of_a_projects_file_does_not_hang(folder: Path, arguments: tuple[str, ...]) -> None:
    os.mkfifo(folder / "pipe")
    done = ctxdebug("check", "good.json", *arguments, cwd=folder)
    assert done.returncode == 2
    assert "no regular file" in done.stderr
