"""Findings are confirmed or refuted by replay, and every report says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bench.proof import lines, tabulated
from tests.evals.model_stub import Stub, Told, chat
from tests.proof.planted import EXPECTED, capture, follows_the_older
from tests.shell import ctxdebug


@pytest.fixture
def proved(tmp_path: Path, stub: Stub) -> Path:
    """Blame a planted cause, and return the capture."""
    follows_the_older(stub)
    path = capture(tmp_path)
    done = ctxdebug("blame", str(path), "--endpoint", stub.url, *EXPECTED, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "kept for `ctxdebug inspect`" in done.stderr
    return path


def inspected(path: Path, *arguments: str, folder: Path | None = None) -> str:
    """Inspect a capture in a folder (default: its own), and return what is said."""
    done = ctxdebug("inspect", str(path), *arguments, cwd=folder or path.parent)
    assert done.returncode == 0, done.stderr
    return done.stdout


def finding(text: str, code: str) -> dict[str, Any]:
    """Return a finding of a JSON report."""
    found: dict[str, Any] = next(one for one in json.loads(text)["findings"] if one["code"] == code)
    return found


def test_the_screen_says_confirmed_by_replay_with_the_figures(proved: Path) -> None:
    said = " ".join(inspected(proved).split())
    assert "proof confirmed by replay: 20 of 20 answers fail, without it 0 of 5" in said
    assert "confirmed by replay" in inspected(proved, "--all", "--no-pager")


def test_the_json_report_has_the_verdict_and_the_figures(proved: Path) -> None:
    proof = finding(inspected(proved, "--format", "json"), "MEM403")["proof"]
    assert (proof["verdict"], proof["by"]) == ("confirmed", "blame")
    assert (proof["with"], proof["without"]) == ({"fails": 20, "runs": 20}, {"fails": 0, "runs": 5})
    assert proof["p"] < 0.05
    assert proof["interval"][0] > 0


def test_a_finding_that_nobody_tested_has_no_proof(proved: Path) -> None:
    assert finding(inspected(proved, "--format", "json"), "LRC502")["proof"] is None


def test_sarif_and_the_page_say_it_too(proved: Path) -> None:
    results = json.loads(inspected(proved, "--format", "sarif"))["runs"][0]["results"]
    (result,) = (one for one in results if one["ruleId"] == "MEM403")
    assert result["properties"]["proof"]["verdict"] == "confirmed"
    assert "confirmed by replay" in inspected(proved, "--format", "html")


def test_without_a_proof_nothing_is_said(tmp_path: Path) -> None:
    assert "replay" not in inspected(capture(tmp_path))


def test_another_folder_takes_the_file_that_is_given(proved: Path, tmp_path: Path) -> None:
    (kept,) = (tmp_path / ".ctxdebug" / "proofs" / "findings").glob("*.json")
    other = tmp_path / "other"
    other.mkdir()
    assert "replay" not in inspected(proved, folder=other)
    assert "confirmed by replay" in inspected(proved, "--proof", str(kept), folder=other)


def test_the_proof_of_another_request_is_refused(proved: Path, tmp_path: Path) -> None:
    (kept,) = (tmp_path / ".ctxdebug" / "proofs" / "findings").glob("*.json")
    changed = json.loads(proved.read_text())
    changed["request"]["messages"][0]["content"] += " Be brief."
    (tmp_path / "changed.json").write_text(json.dumps(changed))
    done = ctxdebug("inspect", "changed.json", "--proof", str(kept), cwd=tmp_path)
    assert done.returncode == 2
    assert "is the proof of another request" in done.stderr
    assert "replay" not in inspected(tmp_path / "changed.json")


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"findings_proof": 2}', '{"findings_proof": 1, "request": "x", "findings": {"a": 1}}']
)
def test_what_is_no_proof_is_a_usage_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "proof.json").write_text(text)
    done = ctxdebug("inspect", str(capture(tmp_path)), "--proof", "proof.json", cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_finding_that_replay_refutes_is_told_so(tmp_path: Path, stub: Stub) -> None:
    counter = iter(range(1_000_000))
    stub.reply = lambda _: Told({**chat("You can carry over 10 days."), "id": f"r{next(counter)}"})
    path = capture(tmp_path)
    assert ctxdebug("blame", str(path), "--endpoint", stub.url, *EXPECTED, cwd=tmp_path).returncode == 4
    said = " ".join(inspected(path).split())
    assert "refuted by replay as the cause of this answer: 20 of 20 answers fail, without it 20 of 20" in said


def test_a_verified_repair_confirms_its_finding(tmp_path: Path, stub: Stub) -> None:
    follows_the_older(stub)
    path = capture(tmp_path)
    assert ctxdebug("fix", str(path), "--endpoint", stub.url, *EXPECTED, cwd=tmp_path).returncode == 0
    assert "confirmed by replay: 20 of 20 answers fail, with its repair 0 of 20" in " ".join(inspected(path).split())


def test_the_bench_counts_what_was_confirmed_rule_by_rule(proved: Path, tmp_path: Path) -> None:
    assert {code: dict(counts) for code, counts in tabulated(tmp_path).items()} == {"MEM403": {"confirmed": 1}}
    assert [line.split()[:4] for line in lines(tabulated(tmp_path))][1:] == [["MEM403", "1", "0", "0"]]
