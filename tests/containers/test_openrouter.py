"""OpenRouter's generations: what is read, and what is told."""

from __future__ import annotations

import json
from pathlib import Path

from ctxdebug.decoding.source import Source
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Problem


def test_a_generation_without_a_prompt_is_a_problem_and_no_break(tmp_path: Path) -> None:
    path = tmp_path / "generation.json"
    path.write_text(
        json.dumps(
            {
                "data": {
                    "input": {"prumpt": "What is the longest river?"},
                    "output": {"completion": "The Nile is the longest."},
                }
            }
        )
    )
    found = list(load(Source(str(path)), LoadOptions()))
    assert [type(one) for one in found] == [Problem]
