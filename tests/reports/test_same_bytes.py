"""A report has the same bytes whatever the seed of Python's hashes: the order of a set is never the order of a report."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
_CAPTURES = (
    "captures/openai.chat/leave-bot.json",
    "captures/openai.chat/sql-helper.json",
    "captures/ollama.chat",
    "conflicts",
)
_FORMATS = ("json", "sarif", "markdown", "html")
_SCRIPT = """
import hashlib, sys
from ctxdebug.engine.run import RunOptions, run
from ctxdebug.reports import REPORT_FORMATS

paths, formats = sys.argv[1].split("|"), sys.argv[2].split("|")
report = run(paths, RunOptions(pedantic=True), keep=True)
for name in formats:
    print(name, hashlib.sha256(REPORT_FORMATS.all()[name].render(report).encode("utf-8", "surrogatepass")).hexdigest())
"""


def _digests(seed: int, formats: tuple[str, ...]) -> str:
    paths = [str(_FIXTURES / name) for name in _CAPTURES]
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, "|".join(paths), "|".join(formats)],
        env={**os.environ, "PYTHONHASHSEED": str(seed)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_reports_are_the_same_under_other_seeds_of_hashes() -> None:
    assert _digests(1, _FORMATS) == _digests(0, _FORMATS)
