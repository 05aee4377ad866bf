"""A worker that is killed in the middle of a scan loses and doubles nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bench.traffic import make
from tests.lake.lakes import files_of
from tests.shell import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")]
_PATIENCE = 300


def _workers(parent: int) -> list[int]:
    """Return the processes that a scan has started to examine."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            owner = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            started = b"spawn_main" in (entry / "cmdline").read_bytes()
        except (OSError, ValueError):
            continue
        if owner == parent and started:
            found.append(int(entry.name))
    return found


def test_a_killed_worker_loses_and_doubles_nothing(tmp_path: Path) -> None:
    make(tmp_path / "lake", 0.4)
    command = [
        sys.executable,
        "-m",
        "ctxdebug",
        "scan",
        str(tmp_path / "lake"),
        "--fail-on",
        "never",
        "-q",
        "-j",
        "2",
        "-o",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for name in ("quiet", "killed"):
        (tmp_path / name).mkdir()
    quiet = subprocess.run([*command, str(tmp_path / "quiet" / "f.parquet")], env=environment, check=False)
    scan = subprocess.Popen([*command, str(tmp_path / "killed" / "f.parquet")], env=environment)
    rows, until = tmp_path / "killed" / ".f.parquet.scan" / "rows", time.monotonic() + _PATIENCE
    killed = 0
    while scan.poll() is None and time.monotonic() < until and not killed:
        if rows.is_dir() and list(rows.glob("*.json")) and (working := _workers(scan.pid)):
            os.kill(working[-1], signal.SIGKILL)
            killed += 1
        time.sleep(0.02)

    assert (scan.wait(_PATIENCE), killed) == (quiet.returncode, 1)
    assert files_of(tmp_path / "killed" / "f.parquet") == files_of(tmp_path / "quiet" / "f.parquet")
