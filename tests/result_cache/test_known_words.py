"""Lines of `check` that are understood without the parser, because one like them was parsed before."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ctxdebug.commands.check import CheckCall
from ctxdebug.commands.known_words import learn, understood
from ctxdebug.commands.run_options import RunCall
from ctxdebug.result_cache.stored_tables import keep_tables, use_tables
from tests.shell import ROOT, process

CAPTURE = str(ROOT / "fixtures" / "captures" / "openai.chat" / "leave-bot.json")


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CTXDEBUG_CACHE_DIR", str(tmp_path / "cache"))
    use_tables()
    yield
    keep_tables()


KNOWN = (
    (("check", "a.json"), CheckCall(("a.json",)), ("check", "b.json", "c"), CheckCall(("b.json", "c"))),
    (("check", "-q", "a"), CheckCall(("a",), quiet=True), ("check", "-q", "b"), CheckCall(("b",), quiet=True)),
    (
        ("check", "--fail-on", "never", "a"),
        CheckCall(("a",), fail_on="never"),
        ("check", "--fail-on", "never", "never"),
        CheckCall(("never",), fail_on="never"),
    ),
)
PARSED = (
    ("check",),
    ("check", "-q", "b"),
    ("check", "b", "-q"),
    ("check", "-"),
    ("check", "--fail-on", "b"),
    ("check", "--show-secrets", "b"),
    ("check", "--no-cache", "b"),
    ("check", "--color=always", "b"),
    ("check", "--help"),
    ("inspect", "b"),
    ("b",),
)


@pytest.mark.usefixtures("tables")
@pytest.mark.parametrize(("words", "call", "like", "meant"), KNOWN)
def test_a_line_like_one_that_was_parsed_is_understood(
    words: tuple[str, ...], call: CheckCall, like: tuple[str, ...], meant: CheckCall
) -> None:
    run = RunCall(select=("MEM",))
    assert understood(like) is None
    learn(words, run, call)
    assert understood(like) == (run, meant)


@pytest.mark.usefixtures("tables")
def test_any_other_line_is_parsed() -> None:
    learn(("check", "a"), RunCall(), CheckCall(("a",)))
    learn(("check", "a", "--quiet"), RunCall(), CheckCall(("a",), quiet=True))
    learn(("check", "--no-cache", "a"), RunCall(no_cache=True), CheckCall(("a",)))
    assert [words for words in PARSED if understood(words) is not None] == []


def test_the_second_check_says_the_same_without_the_parser(tmp_path: Path) -> None:
    code = "import sys\nfrom ctxdebug.__main__ import main\ntry: main()\nexcept SystemExit as end: print(end.code, 'typer' in sys.modules)\n"
    said = [
        subprocess.run(
            [sys.executable, "-c", code, "check", CAPTURE], capture_output=True, text=True, check=True, cwd=ROOT,
            env={"PATH": "", "CI": "true", "PYTHONPATH": str(ROOT), "CTXDEBUG_CACHE_DIR": str(tmp_path / "cache"),
                 "XDG_STATE_HOME": str(tmp_path / "state"), "PYTHONHASHSEED": "0"},
        ).stdout.splitlines()
        for _ in range(2)
    ]  # fmt: skip
    assert said[0][:-1] == said[1][:-1]
    assert [lines[-1].split()[1] for lines in said] == ["True", "False"]


def test_a_process_ends_with_the_code_and_all_that_it_said(tmp_path: Path) -> None:
    done = process("check", CAPTURE, "--fail-on", "note", CTXDEBUG_CACHE_DIR=str(tmp_path))
    assert (done.returncode, done.stdout.count("\n") > 2) == (1, True)
