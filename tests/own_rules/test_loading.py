"""Which files are read as rules, and which are refused: nothing outside of the folder, nothing that takes a code of ours."""

from __future__ import annotations

import os
import py_compile
from pathlib import Path

import pytest

from ctxdebug.errors import UsageError
from ctxdebug.own_rules.load import own_rules
from tests.own_rules.projects import POLITE, REFUND, project
from tests.shell import ctxdebug

OUTSIDE = "import pathlib; pathlib.Path('ran').write_text('ran')\n"


def refused(folder: Path, *, folders: tuple[str, ...] = ("ctx_rules/",), run: bool = True) -> str:
    with pytest.raises(UsageError) as caught:
        own_rules(folders, folder, run_python=run)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("folders", ["..", "../other", "/etc", "ctx_rules/../.."])
def test_a_folder_that_leads_out_is_refused(tmp_path: Path, folders: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "other").mkdir()
    project(tmp_path / "in", refunds_toml=REFUND)
    assert "leads out of" in refused(tmp_path / "in", folders=(folders,))


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    folder = project(tmp_path / "in", refunds_toml=REFUND)
    (tmp_path / "evil.py").write_text(POLITE)
    (folder / "ctx_rules" / "evil.py").symlink_to(tmp_path / "evil.py")
    assert "leads out of ctx_rules/ through a link" in refused(folder)
    (folder / "ctx_rules" / "evil.py").unlink()
    (tmp_path / "more").mkdir()
    (folder / "more").symlink_to(tmp_path / "more")
    assert "leads out of" in refused(folder, folders=("more",))


def test_a_link_to_a_capture_beside_the_folder_is_refused(tmp_path: Path) -> None:
    folder = project(tmp_path)
    (folder / "captures" / "evil.toml").write_text(REFUND)
    (folder / "ctx_rules" / "evil.toml").symlink_to(folder / "captures" / "evil.toml")
    assert "through a link" in refused(folder)


def test_a_pipe_and_a_file_that_is_too_large_do_not_hang(tmp_path: Path) -> None:
    folder = project(tmp_path)
    os.mkfifo(folder / "ctx_rules" / "a.toml")
    assert "no regular file" in refused(folder)
    (folder / "ctx_rules" / "a.toml").unlink()
    (folder / "ctx_rules" / "a.py").write_bytes(b"#" * 1_000_001)
    assert "at most 1,000,000" in refused(folder)


def test_bytecode_that_lies_beside_a_rule_is_not_run(tmp_path: Path) -> None:
    folder = project(tmp_path, polite_py=POLITE)
    path = folder / "ctx_rules" / "polite.py"
    times = path.stat()
    path.write_text(OUTSIDE + "#" * (len(POLITE) - len(OUTSIDE)))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    py_compile.compile(str(path))
    path.write_text(POLITE)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    done = ctxdebug("check", "captures", "--local-rules", cwd=folder)
    assert "ACM201" in done.stdout
    assert not (folder / "ran").exists()


def test_nothing_runs_without_leave_and_nothing_is_left_beside_the_rules(tmp_path: Path) -> None:
    folder = project(tmp_path, polite_py=POLITE.replace("from ctxdebug.model", f"{OUTSIDE}from ctxdebug.model"))
    for command in (
        ("check", "captures"),
        ("rules",),
        ("rules", "--test"),
        ("explain", "ACM201"),
        ("gate",),
        ("inspect", "captures/asked.txt"),
        ("doctor",),
    ):
        ctxdebug(*command, cwd=folder)
    assert not (folder / "ran").exists()
    ctxdebug("check", "captures", "--local-rules", cwd=folder)
    assert (folder / "ran").exists()
    assert sorted(path.name for path in (folder / "ctx_rules").iterdir()) == ["polite.py"]


def test_a_configuration_among_the_captures_is_not_read(tmp_path: Path) -> None:
    folder = project(tmp_path, polite_py=POLITE)
    (folder / "captures" / "ctxdebug.toml").write_text('rules = ["."]\n')
    (folder / "captures" / "evil.py").write_text(OUTSIDE)
    done = ctxdebug("check", "captures/asked.txt", "--local-rules", cwd=folder)
    assert "ACM201" in done.stdout
    assert not (folder / "ran").exists()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("ACM201", "MEM901", "codes that begin with MEM are ctxdebug's own; give MEM901 a prefix of the project"),
        ("ACM201", "LRC201", "codes that begin with LRC are ctxdebug's own"),
        ("ACM201", "acm201", "is not three capital letters and three digits"),
        ("no-thanks", "No Thanks", "is not in small letters with hyphens"),
        ("no-thanks", "answer-cut", "another rule is called answer-cut"),
        ("## Fix", "## Fixed it", "a rule's page needs a title and a `## Fix`"),
        ("thanks nobody.", "thanks\u202e nobody.", "characters that cannot be seen"),
        ("def check", "def check(", "is not Python"),
        ("import Hit", "import Hitt", "cannot be loaded (ImportError"),
        ('@rule("ACM201"', 'code = "ACM201"\n\n\n@rule(code', "takes the code and the name as they are written"),
        ('"ACM201"', '"ACM201", 1 / 0', "takes the code and the name"),
        ("question=None", "question=1 / 0", "cannot be loaded (ZeroDivisionError"),
        ("@rule", "raise SystemExit(0)\n\n\n@rule", "cannot be loaded (SystemExit"),
        ("@rule", "#", "defines one rule, by a function under @rule(…); this one defines 0"),
        (
            "    if ",
            "    yield from ()\n\n\ncheck = None\n\n\ndef other(analysis):\n    if ",
            "defines no rule when run, and ACM201 as written",
        ),
    ],
)
def test_a_broken_rule_is_one_line_that_names_its_file(tmp_path: Path, old: str, new: str, reason: str) -> None:
    folder = project(tmp_path, polite_py=POLITE.replace(old, new))
    done = ctxdebug("check", "captures", "--local-rules", cwd=folder)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "ctx_rules/polite.py: " in done.stderr
    assert reason in done.stderr


def test_two_rules_of_one_code_are_refused(tmp_path: Path) -> None:
    folder = project(tmp_path, polite_py=POLITE, refunds_toml=REFUND.replace("ACM101", "ACM201"))
    assert "refunds.toml: ACM201 is also in " in refused(folder)


def test_a_missing_and_an_empty_folder_are_said(tmp_path: Path) -> None:
    folder = project(tmp_path)
    assert "contains no rules" in refused(folder)
    assert "is no folder" in refused(folder, folders=("rules",))


def test_files_that_begin_with_an_underscore_or_a_dot_are_no_rules(tmp_path: Path) -> None:
    folder = project(tmp_path, polite_py=POLITE)
    for name in ("__init__.py", "_shared.py", ".hidden.toml"):
        (folder / "ctx_rules" / name).write_text("what is here is not read (")
    assert [rule.code for rule in own_rules(["ctx_rules"], folder, run_python=True)] == ["ACM201"]


def test_a_source_nested_too_deeply_is_one_line(tmp_path: Path) -> None:
    folder = project(tmp_path, polite_py=f"x = {'(' * 5000}{')' * 5000}\n")
    assert "is not Python" in refused(folder, run=False)
