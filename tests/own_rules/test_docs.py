"""The examples of `docs/own-rules.md` are rules, and find what they say."""

from __future__ import annotations

import re
from pathlib import Path

from ctxdebug.own_rules.places import PLACES
from ctxdebug.own_rules.toml_rules import DEMANDS
from tests.own_rules.projects import project
from tests.shell import ctxdebug

TEXT = (Path(__file__).parents[2] / "docs" / "own-rules.md").read_text(encoding="utf-8")


def test_the_examples_find_what_they_show(tmp_path: Path) -> None:
    blocks = re.findall(r"^```(toml|python)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    assert [language for language, _ in blocks] == ["toml", "python"]
    folder = project(tmp_path, shop_toml=blocks[0][1], promises_py=blocks[1][1])
    done = ctxdebug("rules", "--test", "--local-rules", cwd=folder)
    assert (done.returncode, done.stdout) == (0, "5 rules of 5 find what their examples show\n")


def test_every_key_and_place_is_explained() -> None:
    assert [word for word in (*DEMANDS, *PLACES) if f"`{word}`" not in TEXT] == []
