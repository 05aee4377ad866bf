"""What paths mean: what a folder walk reads, what it passes over and counts, and what should be readable and is not."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ctxdebug.decoding.source import Source
from ctxdebug.engine.report import Report
from ctxdebug.engine.run import RunOptions, run
from ctxdebug.errors import UsageError
from ctxdebug.loading.other_kinds import other_kind
from ctxdebug.loading.walk import Met, PassedOver, captures, walk
from ctxdebug.model import Problem

GOOD = json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": "Good morning."}]})


def folder(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        path = tmp_path / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def kinds(report: Report) -> dict[str, int]:
    return {kind: len(paths) for kind, paths in report.passed_over.items()}


def test_files_come_in_a_stable_order_and_hidden_and_vendored_ones_are_counted(tmp_path: Path) -> None:
    folder(
        tmp_path,
        b_dot_json=GOOD,
        a__c_dot_json=GOOD,
        node_modules__d_dot_json=GOOD,
        _dot_hidden__e_dot_json=GOOD,
        x_dot_py="",
    )
    found = [(type(met).__name__, Path(met.path).name) for met in walk([str(tmp_path)])]
    assert found == [
        ("PassedOver", ".hidden"), ("Met", "c.json"), ("Met", "b.json"), ("PassedOver", "node_modules"), ("PassedOver", "x.py"),
    ]  # fmt: skip
    assert [Path(path).name for path in captures([str(tmp_path)], ["*/a/*"])] == ["b.json"]


NO_CAPTURES = {
    "package_dot_json": '{"name": "x", "dependencies": {"prompts": "1"}, "messages": 3}',
    "rows_dot_jsonl": '{"a": 1}\n{"a": 2}\n',
    "settings_dot_yaml": "a: 1\nb: [1, 2]\n",
    "notes_dot_txt": "Dear all,\nsee you at ten.\n",
    "report_dot_sarif": "{}",
    "ours_dot_json": '{"version": 1, "checked": [], "findings": [], "not_checked": [], "problems": []}',
    "case_dot_yaml": "ctxdebug: 1\nid: a\ntitle: b\nrequest: {messages: []}\n",
    "tool_dot_py": "print(1)",
}


@pytest.mark.parametrize("name", NO_CAPTURES)
def test_another_kind_of_file_in_a_folder_is_counted_and_changes_nothing(tmp_path: Path, name: str) -> None:
    report = run([str(folder(tmp_path, good_dot_json=GOOD, **{name: NO_CAPTURES[name]}))], RunOptions())
    assert report.unreadable == []
    assert sum(kinds(report).values()) == 1
    assert (report.files, report.exchanges) == (1, 1)


@pytest.mark.parametrize("name", NO_CAPTURES)
def test_the_same_file_is_a_problem_when_it_is_named(tmp_path: Path, name: str) -> None:
    folder(tmp_path, **{name: NO_CAPTURES[name]})
    (path,) = tmp_path.iterdir()
    assert len(run([str(path)], RunOptions()).unreadable) >= 1


@pytest.mark.parametrize("name", sorted(set(NO_CAPTURES) - {"tool_dot_py"}))
def test_the_same_file_is_a_problem_in_a_folder_of_captures(tmp_path: Path, name: str) -> None:
    folder(tmp_path, good_dot_json=GOOD, **{f"captures__{name}": NO_CAPTURES[name]})
    assert run([str(tmp_path)], RunOptions()).unreadable
    assert run([str(tmp_path / "captures")], RunOptions()).unreadable


def test_a_readme_and_source_code_may_lie_among_captures(tmp_path: Path) -> None:
    folder(tmp_path, captures__README_dot_md="# Captures", captures__load_dot_py="", captures__a_dot_json=GOOD)
    report = run([str(tmp_path)], RunOptions())
    assert report.unreadable == []
    assert kinds(report) == {"documentation": 1, "source code": 1}


BROKEN = {
    "cut_dot_json": '{"messages": [{"role": "us',
    "cassette_dot_yaml": "interactions:\n- request: {body: 'x",
    "unknown_dot_json": '{"dialogue": [{"who": "me", "says": "hello"}]}',
    "empty_dot_json": "",
    "server_dot_log": "INFO a request came, prompt: 'Say hello.'\n",
    "stub_dot_json": json.dumps({"body": '{"choices": [{"text": "Hello."}]}'}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_should_be_readable_and_is_not_is_a_problem_wherever_it_is_met(tmp_path: Path, name: str) -> None:
    report = run([str(folder(tmp_path, good_dot_json=GOOD, **{name: BROKEN[name]}))], RunOptions())
    assert [Path(problem.path).name for problem in report.unreadable] == [name.replace("_dot_", ".")]


def test_links_and_pipes_are_told(tmp_path: Path) -> None:
    folder(tmp_path, good_dot_json=GOOD, inner__a_dot_json=GOOD)
    (tmp_path / "dangling.json").symlink_to(tmp_path / "nowhere.json")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "up").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(tmp_path / "pipe.json")
    met = list(walk([str(tmp_path)]))
    problems = {Path(item.path).name: item.message for item in met if isinstance(item, Problem)}
    assert problems["dangling.json"] == "is a link that leads nowhere"
    assert problems["pipe.json"] == "is not a regular file"
    assert "symbolic links" in problems["loop"]
    assert [item for item in met if isinstance(item, PassedOver)] == [
        PassedOver(str(tmp_path / "up"), "link to a folder")
    ]
    assert sum(isinstance(item, Met) for item in met) == 2


def test_a_folder_that_cannot_be_listed_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder(tmp_path, good_dot_json=GOOD, locked__a_dot_json=GOOD)
    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    report = run([str(tmp_path)], RunOptions())
    assert [problem.message for problem in report.unreadable] == ["the folder cannot be listed: permission denied"]


def test_a_folder_nested_deeper_than_calls_may_be(tmp_path: Path) -> None:
    path = tmp_path
    for _ in range(400):
        path /= "d"
    path.mkdir(parents=True)
    (path / "a.json").write_text(GOOD, encoding="utf-8")
    assert len(list(captures([str(tmp_path)]))) == 1


@pytest.mark.parametrize(
    ("path", "words"), [("", "the path is empty"), ("nul\0", "null byte"), ("x" * 300 + ".json", "file name too long")]
)
def test_an_odd_path_is_a_problem(path: str, words: str) -> None:
    (problem,) = walk([path])
    assert isinstance(problem, Problem)
    assert words in problem.message


def test_a_misspelt_path_names_its_neighbour(tmp_path: Path) -> None:
    folder(tmp_path, leave_bot_dot_json=GOOD)
    (problem,) = walk([str(tmp_path / "leave_bt.json")])
    assert isinstance(problem, Problem)
    assert problem.message.endswith(f"; did you mean {tmp_path / 'leave_bot.json'}?")


def test_nothing_examined_says_what_was_passed_over(tmp_path: Path) -> None:
    folder(tmp_path, package_dot_json="{}", x_dot_py="")
    with pytest.raises(UsageError, match=r"nothing was examined; passed over 2: 1 package manifest, 1 source code"):
        run([str(tmp_path)], RunOptions())


def test_a_document_with_too_many_values_is_not_judged(tmp_path: Path) -> None:
    path = tmp_path / "big.json"
    path.write_text(json.dumps([[index] for index in range(30_000)]), encoding="utf-8")
    assert other_kind(Source(str(path))) is None
