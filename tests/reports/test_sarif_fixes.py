"""The edits that SARIF offers: put into the file where they say, each settles its own finding."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ctxdebug.cli import app
from ctxdebug.rules import RULES

CAPTURE = Path(__file__).parents[2] / "fixtures" / "captures" / "openai.chat" / "leave-bot.json"
ADDING = sorted(code for code, rule in RULES.all().items() if rule.adds)


def results(path: Path) -> dict[str, dict[str, Any]]:
    printed = CliRunner().invoke(app, ["check", str(path), "--format", "sarif", "--fail-on", "never"]).stdout
    (run,) = json.loads(printed)["runs"]
    return {result["ruleId"]: result for result in run["results"]}


@pytest.mark.parametrize("code", ADDING)
def test_the_offered_edit_settles_its_finding(code: str, tmp_path: Path) -> None:
    copy = tmp_path / "capture.json"
    copy.write_text(CAPTURE.read_text("utf-8"), "utf-8")
    (fix,) = results(copy)[code]["fixes"]
    (change,) = fix["artifactChanges"]
    (edit,) = change["replacements"]
    region = edit["deletedRegion"]
    assert (region["startLine"], region["startColumn"]) == (region["endLine"], region["endColumn"])
    lines = copy.read_text("utf-8").split("\n")
    line, at = lines[region["startLine"] - 1], region["startColumn"] - 1
    lines[region["startLine"] - 1] = line[:at] + edit["insertedContent"]["text"] + line[at:]
    copy.write_text("\n".join(lines), "utf-8")
    assert code not in results(copy)


@pytest.mark.parametrize("code", ADDING)
def test_what_is_added_needs_no_quoting_anywhere(code: str) -> None:
    assert RULES.all()[code].adds.isascii()
    assert not set(RULES.all()[code].adds) & set("\"'\\<>&`$\n")


def test_no_edit_is_offered_where_no_sentence_helps() -> None:
    assert "fixes" not in results(CAPTURE)["MEM403"]
