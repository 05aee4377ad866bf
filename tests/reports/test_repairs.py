"""Repairs edit the assembled request: put into it, each settles its finding, and no report edits a captured file."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from typer.testing import CliRunner

from ctxdebug.cli import command_line
from ctxdebug.decoding.source import Source
from ctxdebug.engine.run import Engine, RunOptions
from ctxdebug.model import Finding, Repair, RepairKind, Snapshot
from tests.conversations import CAPTURES, fixture

NAME = "openai.chat/leave-bot.json"
CAPTURE = CAPTURES / NAME


def findings(of: Snapshot) -> list[Finding]:
    return list(Engine(RunOptions()).examine(of, Source(str(CAPTURE))).findings)


def mended(of: Snapshot, repair: Repair) -> Snapshot:
    """The request with a sentence added behind the segment that the repair names."""
    messages = []
    for message in of.messages:
        parts = tuple(
            replace(part, text=f"{part.text} {repair.text}") if part.id in repair.segments else part
            for part in message.segments
        )
        messages.append(replace(message, segments=parts))
    return replace(of, messages=tuple(messages))


ADDING = [
    (finding.code, repair)
    for finding in findings(fixture(NAME))
    for repair in finding.repairs
    if repair.kind is RepairKind.ADD_INSTRUCTION
]


@pytest.mark.parametrize(("code", "repair"), ADDING, ids=[code for code, _ in ADDING])
def test_an_added_instruction_settles_its_finding(code: str, repair: Repair) -> None:
    assert code not in {finding.code for finding in findings(mended(fixture(NAME), repair))}


def test_the_clauses_that_are_missing_can_be_added() -> None:
    assert {"LRC405", "LRC406", "LRC501", "LRC502"} <= {code for code, _ in ADDING}


def report(name: str) -> Any:
    return json.loads(
        CliRunner().invoke(command_line(), ["check", str(CAPTURE), "--format", name, "--fail-on", "never"]).stdout
    )


def test_sarif_offers_no_edit_of_a_captured_file() -> None:
    (run,) = report("sarif")["runs"]
    assert all("fixes" not in result for result in run["results"])
    assert any(result["properties"].get("repairs") for result in run["results"])


def test_the_json_report_lists_repairs() -> None:
    held = {finding["code"]: finding["repairs"] for finding in report("json")["findings"]}
    assert held["LRC501"][0]["kind"] == "add an instruction"
