"""A project's own rules through the commands: treated as ours are, and Python only where that was allowed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.own_rules.projects import POLITE, REFUND, project
from tests.shell import ctxdebug


@pytest.fixture
def both(tmp_path: Path) -> Path:
    return project(tmp_path, refunds_toml=REFUND, polite_py=POLITE)


def codes(folder: Path, *arguments: str) -> set[str]:
    done = ctxdebug("check", "captures", "--format", "json", "--select", "ACM", *arguments, cwd=folder)
    assert done.stderr == ""
    return {finding["code"] for finding in json.loads(done.stdout)["findings"]}


def test_a_rule_in_toml_is_checked_and_fails_the_build(both: Path) -> None:
    done = ctxdebug("check", "captures", cwd=both)
    assert done.returncode == 1
    assert "captures/asked.txt:2:12: ACM101 error refund-window-named: “14 days” is not in the answer" in done.stdout


def test_a_python_rule_runs_only_where_that_is_said(both: Path) -> None:
    assert codes(both) == {"ACM101"}
    assert codes(both, "--local-rules") == {"ACM101", "ACM201"}


def test_a_python_rule_that_did_not_run_is_not_checked_with_the_reason(both: Path) -> None:
    done = ctxdebug("check", "captures", "--verbose", cwd=both)
    assert "ACM201" in done.stdout
    assert "a Python rule of the project; --local-rules runs it" in done.stdout


def test_a_question_with_a_python_rule_that_did_not_run_is_not_ok(tmp_path: Path) -> None:
    folder = project(tmp_path, polite_py=POLITE.replace("question=None", "question=Question.ROLES_IN_ORDER").replace(
        "from ctxdebug.rules", "from ctxdebug.questions import Question\nfrom ctxdebug.rules"))  # fmt: skip
    done = ctxdebug("check", "captures", "--format", "json", cwd=folder)
    (steps,) = json.loads(done.stdout)["steps"]
    (answer,) = [one for one in steps["answers"] if one["id"] == "roles-in-order"]
    assert answer["verdict"] == "partly checked"
    assert "--local-rules" in answer["reason"]


def test_a_configuration_outside_of_the_repository_may_run_python(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    project(inside, refunds_toml=REFUND)
    project(outside, polite_py=POLITE)
    assert codes(inside, "--config", str(outside / "ctxdebug.toml")) == {"ACM201"}
    assert codes(inside, "--config", "../outside/ctxdebug.toml") == {"ACM201"}


def test_a_configuration_inside_of_the_repository_may_not_however_it_is_named(both: Path) -> None:
    for name in ("ctxdebug.toml", str(both / "ctxdebug.toml"), "captures/../ctxdebug.toml"):
        assert codes(both, "--config", name) == {"ACM101"}


def test_a_link_in_the_repository_to_a_configuration_outside_may_not(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    project(inside, refunds_toml=REFUND)
    project(outside, polite_py=POLITE)
    (inside / "ci.toml").symlink_to(outside / "ctxdebug.toml")
    (inside / "ctx_rules" / "polite.py").write_text(POLITE)
    assert codes(inside, "--config", "ci.toml") == {"ACM101"}


def test_without_a_repository_nobody_can_tell_and_nothing_runs(both: Path, tmp_path: Path) -> None:
    (both / ".git").rmdir()
    assert codes(both, "--config", str(tmp_path / "ctxdebug.toml")) == {"ACM101"}


def test_rules_lists_explain_shows_and_select_takes_them(both: Path) -> None:
    listed = ctxdebug("rules", cwd=both).stdout
    assert "ACM  the project's own rules" in listed
    assert "  ACM201  warning  no-thanks" in listed
    page = ctxdebug("explain", "refund-window-named", cwd=both).stdout
    assert "family      the project's own rules" in page
    assert "answer follows the instructions" in page
    done = ctxdebug("check", "captures", "--select", "ACM1", cwd=both)
    assert "1 finding" in done.stdout
    assert "ACM" not in ctxdebug("check", "captures", "--ignore", "own_rules", cwd=both).stdout


@pytest.mark.parametrize(
    "form", ["sarif", "json", "json-v1", "junit", "markdown", "html", "github", "gitlab", "text", "concise"]
)
def test_every_report_tells_them(both: Path, form: str) -> None:
    done = ctxdebug("check", "captures", "--format", form, "--local-rules", cwd=both)
    assert done.returncode == 1
    assert "ACM101" in done.stdout
    assert "ACM201" in done.stdout


def test_the_screen_and_its_long_form_tell_them(both: Path) -> None:
    for more in ((), ("--all",)):
        done = ctxdebug("inspect", "captures/asked.txt", *more, cwd=both)
        assert done.returncode == 0
        assert "ACM101" in done.stdout


def test_sarif_has_their_page_and_no_row_of_the_translation_table(both: Path) -> None:
    done = ctxdebug("check", "captures", "--format", "sarif", "--select", "ACM", cwd=both)
    (run,) = json.loads(done.stdout)["runs"]
    first = run["tool"]["driver"]["rules"][0]
    assert (first["id"], first["name"], first["relationships"]) == ("ACM101", "RefundWindowNamed", [])
    assert "14 days" in first["help"]["text"]
    assert run["results"][0]["ruleIndex"] == 0


def test_a_baseline_takes_them(both: Path) -> None:
    assert ctxdebug("check", "captures", "--write-baseline", "--local-rules", cwd=both).returncode == 0
    done = ctxdebug("check", "captures", "--baseline", ".ctxdebug-baseline.json", "--local-rules", cwd=both)
    assert done.returncode == 0
    assert "ACM" not in done.stdout


def test_ignores_and_severities_may_name_them(both: Path) -> None:
    agreed = '[[severities]]\ncode = "ACM101"\nseverity = "note"\nreason = "not yet"\n[[ignores]]\ncodes = ["ACM201"]\npath = "captures/*"\nreason = "later"\n'
    (both / "ctxdebug.toml").write_text('rules = ["ctx_rules"]\n' + agreed)
    done = ctxdebug("check", "captures", "--local-rules", cwd=both)
    assert done.returncode == 0
    assert "ACM101 note" in done.stdout
    assert "ACM201" not in done.stdout


def test_a_case_may_demand_that_one_finds_nothing(both: Path) -> None:
    frozen = ctxdebug(
        "freeze", "captures/asked.txt", "--accept", "--id", "refund", "--good", "Send it back within 14 days.", cwd=both
    )
    assert frozen.returncode == 0, frozen.stderr
    assert "no-finding: ACM101" in (both / "fixtures/cases/refund.yaml").read_text()
    assert ctxdebug("case", "verify", "--lint", cwd=both).returncode == 0
    assert ctxdebug("eval", cwd=both).returncode == 0
    assert ctxdebug("gate", cwd=both).returncode == 1


def test_a_pyproject_names_them_too(both: Path) -> None:
    (both / "ctxdebug.toml").unlink()
    (both / "pyproject.toml").write_text('[tool.ctxdebug]\nrules = ["ctx_rules/"]\n')
    assert codes(both) == {"ACM101"}
    assert codes(both / "captures", "--local-rules", "..") == {"ACM101", "ACM201"}


def test_a_rule_that_raises_is_a_problem_with_its_file_and_the_others_run(tmp_path: Path) -> None:
    folder = project(tmp_path, refunds_toml=REFUND, polite_py=POLITE.replace('"thanks" not in', "1 / 0 or"))
    done = ctxdebug("check", "captures", "--local-rules", cwd=folder)
    assert done.returncode == 2
    assert (
        "rule ACM201 broke (ZeroDivisionError: division by zero); the others ran; it stands in ctx_rules/polite.py"
        in done.stdout
    )
    assert "ACM101 error" in done.stdout


def test_the_examples_are_tests(both: Path) -> None:
    done = ctxdebug("rules", "--test", cwd=both)
    assert done.returncode == 4
    assert "ctx_rules/polite.py: ACM201: not tested: a Python rule of the project; --local-rules runs it" in done.stdout
    done = ctxdebug("rules", "--test", "--local-rules", cwd=both)
    assert (done.returncode, done.stdout) == (0, "2 rules of 2 find what their examples show\n")


def test_an_example_that_shows_something_else_fails(tmp_path: Path) -> None:
    text = REFUND.replace("within 14 days, and", "soon, and").replace("How do I get a refund", "What about a refund", 1)
    folder = project(
        tmp_path, refunds_toml=text.replace("Send it back, and we pay", "Send it back in 14 days, and we pay")
    )
    done = ctxdebug("rules", "--test", cwd=folder)
    assert done.returncode == 1
    assert "ACM101: Bad example 1: nothing is found" in done.stdout
    assert "ACM101: Good example 1: is found: “14 days” is not in the answer" in done.stdout


def test_a_page_without_examples_fails(tmp_path: Path) -> None:
    folder = project(tmp_path, refunds_toml=REFUND.split("bad = [")[0])
    done = ctxdebug("rules", "--test", cwd=folder)
    assert done.returncode == 1
    assert "its page has no Bad example" in done.stdout


def test_a_project_without_rules_has_nothing_to_test(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    done = ctxdebug("rules", "--test", cwd=tmp_path)
    assert done.returncode == 0
    assert "no rules of the project's own" in done.stdout


def test_several_processes_find_what_one_finds(both: Path) -> None:
    for number in range(3):
        (both / "captures" / f"more-{number}.txt").write_text((both / "captures" / "asked.txt").read_text())
    one, two = (ctxdebug("check", "captures", "--local-rules", "--jobs", jobs, cwd=both) for jobs in ("1", "2"))
    assert one.stdout == two.stdout
    assert two.stdout.count("ACM201") == 4
