"""A call of `check`, with whether anything was examined for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ctxdebug.result_cache.entry_store import FORMAT
from tests.shell import ROOT, ctxdebug

CAPTURES = ROOT / "fixtures" / "captures" / "openai.chat"
FORMATS = ("text", "concise", "json", "json-v1", "sarif", "junit", "github", "gitlab", "markdown", "html")


class Called:
    """What a call said, and whether it was examined."""

    def __init__(self, here: Path, *words: str, terminal: bool = False, **environment: str) -> None:
        examined: list[str] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("ctxdebug.__main__._run", _noting(examined))
            variables = {"CTXDEBUG_CACHE_DIR": str(here.parent / "cache"), **environment}
            done = ctxdebug("check", *words, cwd=here, terminal=terminal, **variables)
        self.out, self.err, self.code = done.stdout, done.stderr, done.returncode
        self.examined = bool(examined)

    @property
    def said(self) -> tuple[str, str, int]:
        return self.out, self.err, self.code


def _noting(examined: list[str]) -> object:
    from ctxdebug.__main__ import _run

    def run() -> int:
        examined.append("")
        return _run()

    return run


def entries(here: Path) -> list[Path]:
    return sorted((here.parent / "cache" / FORMAT).glob("*"))
