"""Ignores and severities of the configuration: with reasons, counted, and told when they do nothing."""

from __future__ import annotations

from pathlib import Path
from subprocess import CompletedProcess

import pytest

from ctxdebug.engine.report import Report
from ctxdebug.errors import UsageError
from ctxdebug.gate.agreements import Agreements
from ctxdebug.gate.policy import Ignore, Override
from ctxdebug.model import Finding, Severity
from ctxdebug.rules import RULES
from tests.findings import finding_of
from tests.shell import ctxdebug

ROOT = Path(__file__).parent.parent.parent


def found(code: str = "MEM103", path: str = "captures/a.json", severity: Severity = Severity.ERROR) -> Finding:
    return finding_of(code, path=path, severity=severity, fingerprint="f" * 32)


def ran(*paths: str) -> Report:
    return Report(checked=("LRC104", "MEM101", "MEM103"), paths=list(paths))


def test_an_ignore_hides_and_counts_by_its_reason() -> None:
    agreements = Agreements([Ignore("it repeats on purpose", ("MEM1",), "captures/*")], [])
    assert agreements.settle([found(), found("LRC104"), found(path="other/a.json")]) == [
        found("LRC104"),
        found(path="other/a.json"),
    ]
    assert agreements.ignored == {"it repeats on purpose": 1}


def test_names_and_families_are_codes_too() -> None:
    assert Agreements([Ignore("known", ("answer-cut",))], []).settle([found(), found("MEM101")]) == [found("MEM101")]
    assert Agreements([Ignore("known", ("memory_bottleneck",))], []).settle([found(), found("MEM101")]) == []


def test_an_override_weighs_anew_before_anything_is_judged() -> None:
    agreements = Agreements([], [Override("MEM103", "note", "answers are short by design")])
    assert [finding.severity for finding in agreements.settle([found()])] == [Severity.NOTE]


def test_an_ignore_that_hides_nothing_is_told_where_the_run_looked() -> None:
    agreements = Agreements([Ignore("long gone", ("MEM103",), "captures/*")], [])
    assert agreements.unused(ran("other/a.json")) == []
    (problem,) = agreements.unused(ran("captures/a.json"))
    assert "MEM103 in captures/*" in problem.message
    assert "long gone" in problem.message
    assert not problem.fatal


def test_a_used_ignore_is_not_told() -> None:
    agreements = Agreements([Ignore("on purpose", ("MEM103",))], [])
    agreements.settle([found()])
    assert agreements.unused(ran("captures/a.json")) == []


def test_an_ignore_of_a_rule_that_did_not_run_is_not_told() -> None:
    assert Agreements([Ignore("on purpose", ("MEM2",))], []).unused(ran("captures/a.json")) == []


def test_an_override_that_changes_nothing_is_told() -> None:
    own = RULES.all()["MEM103"].severity
    other = Severity.NOTE if own is not Severity.NOTE else Severity.ERROR
    assert len(Agreements([], [Override("MEM103", own.word, "as it is")]).unused(ran("a.json"))) == 1
    assert Agreements([], [Override("MEM103", other.word, "changed")]).unused(ran("a.json")) == []


@pytest.mark.parametrize(
    ("ignores", "overrides", "words"),
    [
        ([Ignore(" ", ("MEM103",))], [], "give the reason"),
        ([], [Override("MEM103", "note", "")], "give the reason"),
        ([], [Override("MEM103", "fatal", "x")], "not 'fatal'"),
        ([Ignore("x", ("anser-cut",))], [], "did you mean answer-cut"),
        ([], [Override("MEM999", "note", "x")], "no rule or family"),
    ],
)
def test_a_bad_agreement_is_refused(ignores: list[Ignore], overrides: list[Override], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        Agreements(ignores, overrides)


def test_the_command_line_counts_what_the_configuration_ignores(tmp_path: Path) -> None:
    (tmp_path / "ctxdebug.toml").write_text(
        '[[ignores]]\ncodes = ["MEM103"]\nreason = "short by design"\n[[ignores]]\ncodes = ["LRC104"]\npath = "captures/*"\nreason = "old"\n'
        '[[severities]]\ncode = "LRC104"\nseverity = "error"\nreason = "we parse them"\n',
        encoding="utf-8",
    )
    (tmp_path / "captures").mkdir()
    (tmp_path / "captures" / "sql.json").write_bytes(
        (ROOT / "fixtures/captures/openai.chat/leave-bot.json").read_bytes()
    )
    done = ctxdebug("check", "captures", "--select", "MEM103,LRC104", cwd=tmp_path)
    assert "ctxdebug.toml: note: the ignore of LRC104 in captures/* hides nothing any more (old)" in done.stdout
    assert done.returncode == 0
    one = ctxdebug("check", "captures/sql.json", "--select", "MEM103,LRC104", cwd=tmp_path)
    assert "hides nothing" not in one.stdout


def inspected(folder: Path, configuration: str) -> CompletedProcess[str]:
    (folder / "ctxdebug.toml").write_text(configuration, encoding="utf-8")
    capture = str(ROOT / "fixtures/captures/openai.chat/sql-helper.json")
    return ctxdebug("inspect", capture, "--select", "MEM103", cwd=folder)


def test_inspect_ignores_what_is_agreed_and_says_so(tmp_path: Path) -> None:
    done = inspected(tmp_path, '[[ignores]]\ncodes = ["MEM103"]\nreason = "short by design"\n')
    assert done.stderr == "ctxdebug: 1 finding ignored by the configuration (short by design)\n"
    assert "answer-cut" not in done.stdout
    assert done.returncode == 0


def test_inspect_weighs_as_agreed(tmp_path: Path) -> None:
    assert "✗ error" in inspected(tmp_path, "").stdout
    done = inspected(tmp_path, '[[severities]]\ncode = "MEM103"\nseverity = "note"\nreason = "we retry"\n')
    assert "· note" in done.stdout
    assert "✗ error" not in done.stdout
    assert done.returncode == 0
