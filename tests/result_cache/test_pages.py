"""Pages that follow from the program and the project's rules alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.own_rules.projects import REFUND
from tests.result_cache.calls import entries
from tests.shell import ctxdebug


@pytest.mark.parametrize("words", [("rules",), ("--help",), ("check", "--help"), ("explain", "MEM101"), ("formats",)])
def test_pages_are_the_same_cold_and_warm(words: tuple[str, ...], here: Path) -> None:
    variables = {"CTXDEBUG_CACHE_DIR": str(here.parent / "cache")}
    cold = ctxdebug(*words, cwd=here, **variables)  # type: ignore[arg-type]  # variables of the environment beside options
    assert len(entries(here)) == 1
    warm = ctxdebug(*words, cwd=here, **variables)  # type: ignore[arg-type]  # variables of the environment beside options
    assert (warm.returncode, warm.stdout, warm.stderr) == (0, cold.stdout, cold.stderr)
    assert ctxdebug(*words, cwd=here, CI="true", **variables).stdout == cold.stdout  # type: ignore[arg-type]  # variables of the environment beside options
    assert len(entries(here)) == 1


def test_a_changed_rule_of_the_project_is_on_the_pages(here: Path) -> None:
    (here / "ctx_rules").mkdir()
    (here / "ctxdebug.toml").write_text('rules = ["ctx_rules"]\n')
    variables = {"CTXDEBUG_CACHE_DIR": str(here.parent / "cache")}
    shown = []
    for title in ("the 14 days.", "the 15 days.", "the 14 days."):
        (here / "ctx_rules" / "refunds.toml").write_text(REFUND.replace("the 14 days.", title))
        shown.append(ctxdebug("rules", cwd=here, **variables).stdout)  # type: ignore[arg-type]  # variables of the environment beside options
    ctxdebug("rules", "--test", cwd=here, **variables)  # type: ignore[arg-type]  # variables of the environment beside options
    assert len(entries(here)) == 1
    assert ["15 days" in text for text in shown] == [False, True, False]


def test_a_page_that_is_none_is_not_kept(here: Path) -> None:
    ctxdebug("explain", "XYZ999", cwd=here, CTXDEBUG_CACHE_DIR=str(here.parent / "cache"))
    assert entries(here) == []
