"""Processes that are killed: they start for a second each, so these tests are slow."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import pytest

from ctxdebug.lake.pool import run_all

pytestmark = pytest.mark.slow


def _work(folder: Path, task: int) -> None:
    """Do a task; number 3 kills its process the first time, number 5 every time."""
    mark = folder / f"tried-{task}"
    tried = mark.exists()
    mark.touch()
    if (task == 3 and not tried) or task == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    with (folder / f"done-{task}").open("a") as file:
        file.write("x")


def test_what_a_killed_process_had_in_hand_is_done_by_another(tmp_path: Path) -> None:
    done: list[int] = []
    lost: list[int] = []

    def give_up(task: int) -> Iterable[int]:
        lost.append(task)
        return ()

    run_all(range(8), partial(_work, tmp_path), 2, done=done.append, lost=give_up)

    assert sorted(done) == [0, 1, 2, 3, 4, 6, 7]
    assert lost == [5]
    assert all((tmp_path / f"done-{task}").exists() for task in done)
