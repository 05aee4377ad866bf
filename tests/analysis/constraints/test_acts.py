"""Standing rules about paths, commands and commits, followed through the calls of a run."""

from __future__ import annotations

import json

import pytest

from ctxdebug.analysis.constraints import Outcome, extract, verify
from ctxdebug.model import ToolCall


def _call(name: str, **arguments: str) -> ToolCall:
    return ToolCall("c1", name, json.dumps(arguments))


@pytest.mark.parametrize(
    ("rule", "call"),
    [
        ("Never touch `migrations/`.", _call("edit_file", path="migrations/0001.py")),
        ("Do not modify any files in vendor/.", _call("bash", command="sed -i s/a/b/ vendor/x.js")),
        ("Never edit package-lock.json.", _call("write_file", file_path="./package-lock.json")),
        ("Never run `git push`.", _call("shell", command="cd web && git push origin main")),
        (
            "No Co-Authored-By lines in commit messages.",
            _call("bash", command='git commit -m "Fix\n\nCo-Authored-By: A"'),
        ),
    ],
)
def test_a_call_that_breaks_a_standing_rule_is_seen(rule: str, call: ToolCall) -> None:
    (found,) = extract(rule, standing=True)
    assert verify(found, "Done.", tool_calls=[call]).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("rule", "call"),
    [
        ("Never touch `migrations/`.", _call("read_file", path="migrations/0001.py")),
        ("Never touch `migrations/`.", _call("edit_file", path="web/app.py", text="see migrations/")),
        ("Never edit package-lock.json.", _call("write_file", file_path="package.json")),
        ("Never run `git push`.", _call("shell", command="git status")),
        ("No Co-Authored-By lines in commit messages.", _call("bash", command='git commit -m "Fix"')),
    ],
)
def test_other_calls_keep_it(rule: str, call: ToolCall) -> None:
    (found,) = extract(rule, standing=True)
    assert verify(found, "Done.", tool_calls=[call]).outcome is Outcome.PASS


@pytest.mark.parametrize("rule", ["Never edit `a/b.py` unless asked.", "Do not run `rm -rf` without asking first."])
def test_what_may_be_lifted_is_not_checkable(rule: str) -> None:
    found = extract(rule, standing=True)
    assert found
    assert all(constraint.unchecked is not None for constraint in found)


def test_a_shell_may_change_what_it_does_not_name() -> None:
    (found,) = extract("Never touch `migrations/`.", standing=True)
    call = _call("bash", command="python scripts/tidy.py")
    assert verify(found, "Done.", tool_calls=[call]).outcome is Outcome.UNCHECKED


def test_an_act_that_is_asked_for_is_no_act_forbidden() -> None:
    assert not [c for c in extract("Remove the nord.json file.") if c.type.startswith("acts.")]


@pytest.mark.parametrize(
    ("rule", "calls", "outcome"),
    [
        ("Always run the tests before committing.", [_call("bash", command="git commit -m x")], Outcome.FAIL),
        ("Never commit without running the tests.", [_call("bash", command="pytest -q"), _call("bash", command="git commit -m x")], Outcome.PASS),
        ("Always run the tests before committing.", [_call("bash", command="pytest -q && git commit -m x")], Outcome.PASS),
        ("Always run the tests before committing.", [_call("bash", command="make check"), _call("bash", command="git commit -m x")], Outcome.UNCHECKED),
        ("Always run the tests before committing.", [_call("bash", command="ls")], Outcome.NOT_APPLICABLE),
        ("Run the tests before you report.", [_call("write_file", path="a.py")], Outcome.FAIL),
        ("Run the tests before you report.", [_call("write_file", path="a.py"), _call("run_tests")], Outcome.PASS),
        ("Run the tests before you report.", [_call("read_file", path="a.py")], Outcome.NOT_APPLICABLE),
        ("Keep commit messages under 12 characters.", [_call("bash", command="git commit -m 'Mend the harbour'")], Outcome.FAIL),
        ("Keep commit messages under 12 characters.", [_call("bash", command="git commit -m 'Mend it'")], Outcome.PASS),
        ("Keep commit messages under 12 characters.", [_call("bash", command="git status")], Outcome.NOT_APPLICABLE),
    ],
)  # fmt: skip
def test_the_order_of_a_run_and_its_commit_messages_are_followed(
    rule: str, calls: list[ToolCall], outcome: Outcome
) -> None:
    found = [c for c in extract(rule, standing=True) if c.family == "acts"]
    assert [verify(c, "Done.", tool_calls=calls).outcome for c in found] == [outcome]


@pytest.mark.parametrize(
    "rule",
    [
        "Run the tests before the weekend.",
        "Run the tests before committing to vendor/ only.",
        "Keep commit messages under review.",
    ],
)
def test_another_order_is_none(rule: str) -> None:
    assert not [
        c for c in extract(rule, standing=True) if c.type in {"acts.before", "acts.commit_size"} and c.verifiable
    ]
