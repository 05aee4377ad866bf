"""Every format: its golden output, its own laws, and captured text that cannot break out of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ctxdebug.engine.report import Report
from ctxdebug.model import Confidence, Finding, Problem, Severity
from ctxdebug.reports import REPORT_FORMATS, sarif
from ctxdebug.reports.markdown import MOST_CHARACTERS, code, fence

pytestmark = pytest.mark.deps

MakeFinding = Callable[..., Finding]
HostileReport = Callable[[str], Report]
TEXTS = {"text": "txt", "github": "txt", "markdown": "md", "junit": "xml", "gitlab": "json", "json": "json"}
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\u2028\u2029\ud800-\udfff]")
OURS = re.compile(r"^::(?:error|warning|notice) file=")

GITLAB_SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "fingerprint": {"type": "string", "minLength": 32},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {"path": {"type": "string", "pattern": "^[^/]"}, "lines": {"required": ["begin"]}},
            },
        },
    },
}


def render(name: str, report: Report) -> str:
    return REPORT_FORMATS.all()[name].render(report)


def without_pages(text: str) -> str:
    """A SARIF document without the words of the rules' pages, which are somebody else's to change."""
    document = json.loads(text)
    driver = document["runs"][0]["tool"]["driver"]
    driver["version"] = driver["semanticVersion"] = "0"
    for rule in driver["rules"]:
        for member in ("shortDescription", "fullDescription", "help"):
            assert rule.pop(member)["text"]
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", TEXTS)
def test_golden(name: str, sample: Report, golden: Callable[[str, str], None]) -> None:
    golden(f"{name}.{TEXTS[name]}", render(name, sample))


def test_golden_sarif(sample: Report, golden: Callable[[str, str], None]) -> None:
    golden("sarif.json", without_pages(render("sarif", sample)))


@pytest.mark.parametrize("name", [*TEXTS, "sarif"])
def test_an_empty_report_is_still_a_document(name: str) -> None:
    text = render(name, Report(checked=("MEM103",), files=1, exchanges=1, paths=["a.json"]))
    assert text.endswith("\n")
    if name in {"json", "sarif", "gitlab"}:
        json.loads(text)
    if name == "junit":
        assert ET.fromstring(text).get("failures") == "0"


@pytest.mark.parametrize("name", [*TEXTS, "sarif"])
def test_hostile_text_stays_text(name: str, hostile: str, hostile_report: HostileReport) -> None:
    check_output(name, render(name, hostile_report(hostile)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(alphabet=st.characters(), max_size=80)
    | st.text(alphabet="`[]()<>&:#@!|%\n\r\x1b\\*_~{}-= \ud83d\u2028", max_size=60)
)
def test_no_text_breaks_any_output(text: str, hostile_report: HostileReport) -> None:
    report = hostile_report(text)
    for name in (*TEXTS, "sarif"):
        check_output(name, render(name, report))


def check_output(name: str, text: str) -> None:
    assert not CONTROL.search(text), name
    if name == "junit":
        ET.fromstring(text)
    elif name == "gitlab":
        jsonschema.Draft202012Validator(GITLAB_SCHEMA).validate(json.loads(text))
    elif name == "sarif":
        for message in messages(json.loads(text)):
            assert not re.search(r"(?<!\\)\[[^\]]*\]\(", message)
    elif name == "github":
        for line in text.splitlines():
            assert "##[" not in line
            assert OURS.match(line) or not line.lstrip().startswith("::")
        assert len([line for line in text.splitlines() if OURS.match(line)]) == 4
    elif name == "markdown":
        assert not re.search(r"evil|@user|<script|onerror", outside_code(text))


def messages(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) and "markdown" not in value else []
        return own + [text for key, item in value.items() if key != "rules" for text in messages(item)]
    return [text for item in value for text in messages(item)] if isinstance(value, list) else []


def outside_code(text: str) -> str:
    """What a Markdown reader would take as markup: fenced blocks and code spans removed, by CommonMark's rules."""
    kept, closing = [], ""
    for line in text.split("\n"):
        opened = re.match(r"(`{3,})[^`]*$", line)
        if closing:
            closing = "" if re.fullmatch(f"`{{{len(closing)},}} *", line) else closing
        elif opened:
            closing = opened.group(1)
        else:
            kept.append(re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", line))
    return "\n".join(kept)


@pytest.mark.parametrize("text", ["a", "`", "``a`", "a`", "```", "a ``` b ```` c", " ", ""])
def test_a_code_span_shows_what_it_was_given(text: str) -> None:
    assert outside_code(code(text)) == ""
    assert outside_code("\n".join(fence(text))) == ""


def test_a_comment_stays_within_its_limit_and_says_what_is_left_out(make_finding: MakeFinding) -> None:
    report = Report(checked=("MEM103",), findings=[make_finding("word " * 70, line=line) for line in range(1, 400)])
    text = render("markdown", report)
    assert len(text) < 65_536
    assert len(text) > MOST_CHARACTERS // 2
    assert "findings more, left out for length" in text


def test_sarif_refers_to_every_taxonomy_by_its_place(sample: Report) -> None:
    (run,) = json.loads(render("sarif", sample))["runs"]
    for rule in run["tool"]["driver"]["rules"]:
        for relation in rule["relationships"]:
            target = relation["target"]
            component = run["taxonomies"][target["toolComponent"]["index"]]
            assert component["name"] == target["toolComponent"]["name"]
            assert component["taxa"][target["index"]]["id"] == target["id"]
    assert {component["name"] for component in run["taxonomies"]} >= {"translation-table", "OWASP"}


def test_sarif_points_to_rules_by_their_place(sample: Report) -> None:
    (run,) = json.loads(render("sarif", sample))["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [
        result["ruleId"] for result in run["results"]
    ]


def test_sarif_names_files_from_the_top_of_the_checkout(
    sample: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    inside = replace(sample.findings[0], path=str(tmp_path / "a b" / "x#1.json"), evidence=())
    outside = replace(inside, path="/elsewhere/x.json")
    (run,) = json.loads(render("sarif", Report(checked=(), findings=[inside, outside])))["runs"]
    uris = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]]
    assert uris == ["a%20b/x%231.json", "file:///elsewhere/x.json"]


def test_sarif_fingerprints_tell_repetitions_in_a_file_apart(make_finding: MakeFinding) -> None:
    report = Report(checked=(), findings=[make_finding(fingerprint="f" * 32, line=line) for line in (1, 2)])
    (run,) = json.loads(render("sarif", report))["runs"]
    prints = [result["partialFingerprints"] for result in run["results"]]
    assert prints[0]["ctxdebug/v1"] == prints[1]["ctxdebug/v1"]
    assert prints[0]["primaryLocationLineHash"] != prints[1]["primaryLocationLineHash"]


def test_sarif_cuts_the_least_severe_and_says_so(make_finding: MakeFinding, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 3)
    notes = [make_finding(severity=Severity.NOTE, line=line) for line in range(3)]
    report = Report(checked=(), findings=[*notes, make_finding(severity=Severity.ERROR)])
    (run,) = json.loads(render("sarif", report))["runs"]
    assert [result["level"] for result in run["results"]] == ["error", "note", "note"]
    assert "1 of 4 findings were left out" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


def test_sarif_stays_under_the_size_that_github_takes(
    make_finding: MakeFinding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sarif, "MOST_BYTES", 4_000)
    report = Report(checked=(), findings=[make_finding(f"word {line * 7919}", line=line + 1) for line in range(400)])
    (run,) = json.loads(render("sarif", report))["runs"]
    assert 0 < len(run["results"]) < 400


def test_what_could_not_be_read_is_never_success(sample: Report) -> None:
    (run,) = json.loads(render("sarif", sample))["runs"]
    assert run["invocations"][0]["executionSuccessful"] is False
    assert ET.fromstring(render("junit", sample)).get("errors") == "1"
    assert any(entry["check_name"] == "not-read" for entry in json.loads(render("gitlab", sample)))
    assert "could not look" in render("markdown", sample).splitlines()[0]


def test_junit_fails_what_the_gate_fails(sample: Report) -> None:
    sample.fail_on, sample.least = Severity.WARNING, Confidence.HIGH
    assert ET.fromstring(render("junit", sample)).get("failures") == "1"
    sample.least = Confidence.LOW
    assert ET.fromstring(render("junit", sample)).get("failures") == "2"
    sample.fail_on = None
    assert ET.fromstring(render("junit", sample)).get("failures") == "0"


def test_gitlab_fingerprints_are_unique(make_finding: MakeFinding) -> None:
    report = Report(checked=(), findings=[make_finding(fingerprint="f" * 32) for _ in range(3)])
    assert len({entry["fingerprint"] for entry in json.loads(render("gitlab", report))}) == 3


def test_github_says_when_it_shows_fewer_than_there_are(make_finding: MakeFinding) -> None:
    ten = Report(checked=(), findings=[make_finding(line=line) for line in range(1, 11)])
    assert "GitHub shows" not in render("github", ten)
    ten.findings.append(make_finding(line=11))
    assert "all 11 are in this log" in render("github", ten)


def test_standard_input_has_a_name(make_finding: MakeFinding) -> None:
    report = Report(checked=(), findings=[make_finding(path="-")], problems=[Problem("-", "broken")])
    for name in ("sarif", "junit", "gitlab", "github", "markdown"):
        assert "standard-input" in render(name, report)


def test_version_1_of_the_json_report_follows_its_schema() -> None:
    import jsonschema

    from ctxdebug.engine.run import RunOptions, run

    root = Path(__file__).parents[2]
    report = run([str(root / "fixtures" / "captures" / "openai.chat")], RunOptions(), keep=True)
    for name, schema in (("json", "report.schema.json"), ("json-v1", "report.v1.schema.json")):
        held = json.loads(REPORT_FORMATS.all()[name].render(report))
        jsonschema.validate(held, json.loads((root / "ctxdebug" / "reports" / schema).read_text("utf-8")))


def test_the_json_summary_counts_what_a_walk_passed_over() -> None:
    report = Report(
        checked=(), passed_over={"package.json": ["a/package.json"], "our own report": ["r.json", "s.json"]}
    )
    assert json.loads(render("json", report))["summary"]["passed_over"] == {"our own report": 2, "package.json": 1}
    assert "passed_over" not in json.loads(render("json-v1", report))["summary"]
