"""A report has the same bytes whatever the seed of Python's hashes: the order of a set is never the order of a report."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
_CAPTURES = (
    "captures/openai.chat/leave-bot.json",
    "captures/openai.chat/sql-helper.session.jsonl",
    "captures/anthropic.messages/coding-agent.session.jsonl",
    "rules/MEM404",
    "rules/MEM410",
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


_NEAREST = """
from ctxdebug.analysis.sources.corpus import Corpus
from ctxdebug.analysis.sources.source import Source

trees = "ash beech birch cedar elm fir hazel larch lime maple oak olive pine plum poplar rowan spruce willow yew alder".split()
corpus = Corpus([Source("trees", " ".join(f"The {tree} is tall." for tree in trees))])
print([one.text for one in corpus.nearest(frozenset().union(*(one.stems for one in corpus.statements)))])
"""


def _digests(seed: int, formats: tuple[str, ...]) -> str:
    paths = [str(_FIXTURES / name) for name in _CAPTURES]
    return _run(seed, _SCRIPT, "|".join(paths), "|".join(formats))


def _run(seed: int, script: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *words],
        env={**os.environ, "PYTHONHASHSEED": str(seed)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_reports_are_the_same_under_other_seeds_of_hashes() -> None:
    assert _digests(1, _FORMATS) == _digests(0, _FORMATS)


def test_sentences_that_are_as_near_as_others_keep_one_order() -> None:
    assert len({_run(seed, _NEAREST) for seed in range(3)}) == 1
