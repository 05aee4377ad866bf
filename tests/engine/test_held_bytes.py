"""A capture in memory is examined like the file with the same bytes."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from ctxdebug.decoding.source import Source
from ctxdebug.engine.one_file import Telling, examine_source
from ctxdebug.engine.report import Report
from ctxdebug.engine.run import Engine, RunOptions, run

_CAPTURE = Path("fixtures/captures/openai.chat/leave-bot.json")


def _report(source: Source) -> Report:
    options = RunOptions()
    engine = Engine(options)
    report = Report(checked=tuple(rule.code for rule in engine.rules))
    examine_source(source, engine.examine, options.load, Telling(report, None, keep=False), None)
    return report


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_bytes_in_memory_give_the_findings_of_the_file(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    data = pack(_CAPTURE.read_bytes())
    path = tmp_path / "capture"
    path.write_bytes(data)

    expected = run([str(path)], RunOptions())

    assert _report(Source(str(path), held=data)).findings == expected.findings != []


def test_bytes_in_memory_need_no_file_and_keep_the_limit() -> None:
    report = _report(Source("table.parquet#1", max_bytes=100, held=_CAPTURE.read_bytes()))

    assert [problem.message for problem in report.problems] == [
        "is larger than 100 bytes; raise the limit with --max-bytes"
    ]
