"""Every example of docs/api.md, run."""

from __future__ import annotations

import doctest
import os
from pathlib import Path

from tests.shell import ROOT

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def test_every_example_is_true(tmp_path: Path) -> None:
    here = Path.cwd()
    os.chdir(ROOT)
    try:
        results = doctest.testfile(
            str(ROOT / "docs" / "api.md"), module_relative=False, optionflags=FLAGS, globs={"folder": tmp_path}
        )
    finally:
        os.chdir(here)
    assert results.failed == 0
    assert results.attempted > 25
