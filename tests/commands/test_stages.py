"""A command that is stopped says what it had done, what it was doing, and what is missing for it."""

from __future__ import annotations

from typing import Any, NoReturn
from unittest import mock

import pytest

from ctxdebug.commands.stages import Stages
from ctxdebug.errors import StoppedError
from tests.shell import ctxdebug

CAPTURE = "fixtures/captures/openai.chat/leave-bot.json"


def stop(*_: Any, **__: Any) -> NoReturn:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("arguments", "where", "said"),
    [
        (("budget", CAPTURE), "ctxdebug.commands.budget.one_snapshot", f"stopped while reading {CAPTURE}; no table was written"),
        (("budget", CAPTURE), "ctxdebug.commands.budget.budget", f"{CAPTURE} read; stopped while counting 6 messages; no table was written"),
        (
            ("budget", CAPTURE, "--what-if", "drop=tools"), "ctxdebug.commands.budget.scenario",
            f"{CAPTURE} read, prompt counted; stopped while counting --what-if drop=tools (0 of 1 done); no table was written",
        ),
        (("diff", CAPTURE, CAPTURE), "ctxdebug.commands.diff.contrast", f"{CAPTURE} read, {CAPTURE} read; stopped while comparing; no comparison was written"),
        (("freeze", CAPTURE), "ctxdebug.engine.run.Engine.examine", f"0 files finished, 0 exchanges examined, 0 findings so far, stopped in {CAPTURE}; no case was written"),
        (("freeze", CAPTURE, "--accept"), "ctxdebug.cases.freeze.freeze", "exchange examined; stopped while proving the case on the bad and the good answer; no case was written"),
        (("case", "verify"), "ctxdebug.cases.lint.verify", "stopped while verifying coding-agent-directive-obeyed (0 of 5 done); nothing was reported"),
        (("eval",), "ctxdebug.evals.recorded.run_recorded", "stopped while judging the stored answers of 5 cases; no report was written"),
        (("inspect", CAPTURE), "ctxdebug.engine.run.Engine.examine", f"0 files finished, 0 exchanges examined, 0 findings so far, stopped in {CAPTURE}; no report was written"),
    ],
)  # fmt: skip
def test_what_a_stopped_command_says(arguments: tuple[str, ...], where: str, said: str) -> None:
    with mock.patch(where, stop):
        done = ctxdebug(*arguments)
    assert done.returncode == 130
    assert f"ctxdebug: interrupted: {said}\n" in done.stderr


def test_what_is_done_is_not_missing() -> None:
    def written() -> None:
        with Stages("no case was written") as stages:
            stages.lost = "the case is in a.yaml"
            stages.done("case written")
            raise KeyboardInterrupt

    with pytest.raises(StoppedError) as stopped:
        written()
    assert str(stopped.value) == "case written; the case is in a.yaml"
