"""A user's code, as a type checker sees it: the package is typed, and the public names are what they say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import assert_type

import ctxdebug
from tests.shell import ROOT

CAPTURE = ROOT / "fixtures" / "captures" / "openai.chat" / "leave-bot.json"


def test_a_users_code_is_typed(tmp_path: Path) -> None:
    case = ctxdebug.inspect(CAPTURE, exchange=1, select=["MEM4"], model="gpt-4o-mini", window=128_000, pedantic=False)
    assert_type(case, ctxdebug.Case)
    assert_type(case.findings, tuple[ctxdebug.Finding, ...])
    assert_type(case.findings[0].severity, ctxdebug.Severity)
    assert_type(case.likely_cause, ctxdebug.Finding | None)
    assert_type(case.snapshot, ctxdebug.Snapshot | None)
    report = ctxdebug.check([CAPTURE], fail_on="warning", cases=False, ignore=("LRC",))
    assert_type(report, ctxdebug.Report)
    assert_type(report.problems, tuple[ctxdebug.Problem, ...])
    assert_type(report.cases, tuple[ctxdebug.Case, ...])
    assert_type(ctxdebug.read(CAPTURE, on_problem=print), Iterator[ctxdebug.Snapshot])
    assert_type(ctxdebug.diff(case, CAPTURE), ctxdebug.Difference)
    frozen = ctxdebug.freeze(case, expect=["contains:5 days"], good="5 days")
    assert_type(frozen, ctxdebug.FrozenCase)
    assert_type(frozen.save(tmp_path), Path)
    assert (ROOT / "ctxdebug" / "py.typed").exists()


def misspelt() -> None:
    """Not called: each line is an error to the type checker, and `warn_unused_ignores` says when it no longer is one."""
    ctxdebug.inspect(CAPTURE, modle="x")  # type: ignore[call-arg]  # it must not be accepted
    ctxdebug.inspect(CAPTURE, window="128k")  # type: ignore[arg-type]  # it must not be accepted
    ctxdebug.no_such_name()  # type: ignore[attr-defined]  # it must not be accepted
