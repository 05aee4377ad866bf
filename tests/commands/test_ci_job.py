"""Jobs, terminals and pipes: the format that is chosen, and output that no runner takes for a command."""

from __future__ import annotations

import io
import json
import os
import pty
import select
import subprocess
import sys
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from ctxdebug.commands.ci_job import GuardedStream
from ctxdebug.commands.delivery import Choice, choice
from tests.shell import ctxdebug as called

ROOT = Path(__file__).parent.parent.parent
CUT = ROOT / "fixtures" / "captures" / "openai.chat" / "sql-helper.json"
SELECT = ("--select", "MEM103")


def ctxdebug(cwd: Path, *arguments: str, **environment: Any) -> CompletedProcess[str]:
    return called(*arguments, cwd=cwd, **environment)


@pytest.mark.parametrize(
    ("formats", "outputs", "environ", "wanted"),
    [
        ((), (), {}, ("text",)),
        ((), (), {"GITHUB_ACTIONS": "true"}, ("github",)),
        ((), (), {"GITLAB_CI": "true"}, ("gitlab", "text")),
        (("json",), (), {"GITHUB_ACTIONS": "true"}, ("json",)),
        ((), ("x.sarif", "y.XML", "z"), {"GITHUB_ACTIONS": "true"}, ("sarif", "junit", "text")),
        ((), (), {"GITHUB_ACTIONS": "false"}, ("text",)),
    ],
)
def test_the_format_that_fits(
    formats: tuple[str, ...], outputs: tuple[str, ...], environ: dict[str, str], wanted: tuple[str, ...]
) -> None:
    assert choice(formats, outputs, environ).formats == wanted


def test_only_a_choice_that_nobody_asked_for_is_said() -> None:
    assert choice((), (), {}) == Choice(("text",), ())
    assert choice((), (), {"GITHUB_ACTIONS": "true"}).said


def test_in_a_github_job_findings_are_annotations(tmp_path: Path) -> None:
    done = ctxdebug(tmp_path, "check", str(CUT), *SELECT, GITHUB_ACTIONS="true", GITHUB_WORKSPACE=str(ROOT))
    assert done.stdout.startswith("::error file=fixtures/captures/openai.chat/sql-helper.json,line=74,")
    assert "--format github" in done.stderr
    assert done.returncode == 1


def test_in_a_gitlab_job_code_quality_is_written_beside_the_text(tmp_path: Path) -> None:
    done = ctxdebug(tmp_path, "check", str(CUT), *SELECT, GITLAB_CI="true", CI_PROJECT_DIR=str(ROOT))
    (entry,) = json.loads((tmp_path / "gl-code-quality-report.json").read_text(encoding="utf-8"))
    assert entry["location"] == {"path": "fixtures/captures/openai.chat/sql-helper.json", "lines": {"begin": 74}}
    assert "MEM103 error answer-cut" in done.stdout
    assert "gl-code-quality-report.json" in done.stderr


@pytest.mark.parametrize(
    "command", [("check",), ("inspect",), ("budget",), ("check", "--format", "text"), ("check", "--format", "markdown")]
)
def test_no_command_lets_captured_text_command_a_runner(tmp_path: Path, command: tuple[str, ...]) -> None:
    words = "x\n::error::mine\n::set-env name=A::b\n##[set-env name=A]b"
    path = tmp_path / "::warning::file ##[debug].json"
    path.write_text(json.dumps({
        "request": {"model": "::error::m", "messages": [{"role": "user", "content": words}]},
        "response": {"model": "m", "choices": [{"message": {"role": "assistant", "content": words}, "finish_reason": "length"}]},
    }), encoding="utf-8")  # fmt: skip
    done = ctxdebug(tmp_path, command[0], path.name, *command[1:], GITHUB_ACTIONS="true")
    for line in (done.stdout + done.stderr).splitlines():
        assert "##[" not in line
        assert not line.lstrip().startswith("::") or line.startswith(
            ("::error file=%3A%3Awarning", "::warning file=%3A%3Awarning")
        )


def test_the_guard_passes_everything_else() -> None:
    raw = io.StringIO()
    GuardedStream(raw).write("a: b\n  ::notice::c\nd::e ##[f]\n")
    assert raw.getvalue() == "a: b\n  | ::notice::c\nd::e ##\\[f]\n"


def test_several_formats_go_to_their_files(tmp_path: Path) -> None:
    done = ctxdebug(
        tmp_path,
        "check",
        str(CUT),
        *SELECT,
        "--format",
        "sarif,junit",
        "-o",
        "a.sarif",
        "-o",
        "b.xml",
        "--format",
        "text",
    )
    assert (tmp_path / "a.sarif").read_text(encoding="utf-8").startswith("{")
    assert (tmp_path / "b.xml").read_text(encoding="utf-8").startswith("<?xml")
    assert "MEM103" in done.stdout


def test_a_folder_that_cannot_be_written_is_one_line_and_exit_2(tmp_path: Path) -> None:
    done = ctxdebug(tmp_path, "check", str(CUT), "-o", "none/x.sarif")
    assert done.returncode == 2
    assert "none/x.sarif cannot be written: no such file or directory" in done.stderr
    (tmp_path / "folder").mkdir()
    assert ctxdebug(tmp_path, "check", str(CUT), "-o", "folder").returncode == 2


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "x.sarif").write_text("old", encoding="utf-8")
    script = (
        "import os, sys\n"
        "def full(handle): raise OSError(28, 'No space left on device')\n"
        "os.fsync = full\nsys.argv = ['ctxdebug', 'check', sys.argv[1], '-o', 'x.sarif']\n"
        "from ctxdebug.__main__ import main\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(CUT)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 2
    assert "no space left on device" in done.stderr
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.sarif"]
    assert (tmp_path / "x.sarif").read_text(encoding="utf-8") == "old"


def test_output_does_not_depend_on_hash_seed_time_zone_or_locale(tmp_path: Path) -> None:
    texts = {
        ctxdebug(tmp_path, "check", str(CUT), "--format", form, PYTHONHASHSEED=seed, TZ=zone, LC_ALL=locale).stdout
        for form in ("sarif",)
        for seed, zone, locale in (("1", "UTC", "C"), ("2", "Asia/Tokyo", "C.UTF-8"))
    }
    assert len(texts) == 1


def test_a_closed_pipe_is_quiet() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "ctxdebug", "explain", "--all"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait(timeout=30)


def on_a_terminal(cwd: Path, *arguments: str, **environment: Any) -> str:
    """What a command writes on a terminal, both streams."""
    leader, follower = pty.openpty()
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "60", **environment}
    process = subprocess.Popen(
        [sys.executable, *arguments], stdout=follower, stderr=follower, stdin=follower, cwd=cwd, env=variables
    )
    os.close(follower)
    data = b""
    while True:
        ready, _, _ = select.select([leader], [], [], 30)
        try:
            read = os.read(leader, 65536) if ready else b""
        except OSError:
            read = b""
        if not read:
            break
        data += read
    process.wait(timeout=30)
    os.close(leader)
    return data.decode("utf-8", "replace")


SLOW_RUN = (
    "import sys; sys.argv = ['ctxdebug', 'check', *sys.argv[1:]]\n"
    "from ctxdebug.commands.progress import Progress\n"
    "Progress._PATIENCE = -1; Progress._EVERY = -1\n"
    "from ctxdebug.__main__ import main\nmain()"
)


def test_a_long_run_shows_its_progress_on_a_terminal_only(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.json").write_text(
            json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": "hi"}]}), encoding="utf-8"
        )
    shown = on_a_terminal(tmp_path, "-c", SLOW_RUN, ".")
    assert "2 of 3" in shown
    assert "\x1b" not in shown
    assert "2 of 3" not in on_a_terminal(tmp_path, "-c", SLOW_RUN, ".", TERM="dumb")
    assert "2 of 3" not in on_a_terminal(tmp_path, "-c", SLOW_RUN, ".", "--quiet")
    piped = subprocess.run(
        [sys.executable, "-c", SLOW_RUN, "."],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert "2 of 3" not in piped.stdout + piped.stderr


@pytest.mark.parametrize(
    ("name", "beginning"),
    [("a.html", "<!doctype html>"), ("a.sarif", "{"), ("a.md", "### ctxdebug"), ("a.txt", " sql-helper.json")],
)
def test_inspect_writes_what_the_files_name_says(tmp_path: Path, name: str, beginning: str) -> None:
    ctxdebug(tmp_path, "inspect", str(CUT), "-o", name)
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(beginning)


def test_quiet_inspect_prints_the_findings_only(tmp_path: Path) -> None:
    done = ctxdebug(tmp_path, "inspect", str(CUT), "--quiet", *SELECT)
    assert done.stdout.startswith(f"{CUT}:74:")
    assert len(done.stdout.splitlines()) == 1
    assert done.returncode == 0


@pytest.mark.parametrize("command", ["check", "inspect", "gate"])
def test_the_examples_of_the_help_use_options_that_exist(tmp_path: Path, command: str) -> None:
    options, _, examples = ctxdebug(tmp_path, command, "--help", COLUMNS="200").stdout.partition("Examples:")
    used = [word for line in examples.splitlines() for word in line.split() if word.startswith("--")]
    assert used
    for word in used:
        assert word in options


def test_completion_knows_the_commands(tmp_path: Path) -> None:
    program = "import sys; sys.argv = ['ctxdebug']; from ctxdebug.cli import command_line; command_line()(prog_name='ctxdebug')"
    variables = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "_CTXDEBUG_COMPLETE": "complete_bash",
        "COMP_WORDS": "ctxdebug ga",
        "COMP_CWORD": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, env=variables, check=False
    )
    assert done.stdout.split() == ["gate"]
