"""The words of the command line: formats, near misses, `ctxdebug FILE`, help, completion, and one line for every error."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from ctxdebug.cli import completion
from ctxdebug.commands.delivery import choice, matched
from ctxdebug.errors import UsageError
from ctxdebug.models.known_names import misspelt
from ctxdebug.text.nearest import choices, did_you_mean
from tests.shell import ctxdebug

GOOD = json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": "Good morning."}]})
Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    (tmp_path / "good.json").write_text(GOOD, encoding="utf-8")
    return lambda *arguments, **settings: ctxdebug(*arguments, cwd=tmp_path, **settings)


@pytest.mark.parametrize("command", ["check", "inspect", "gate", "budget", "diff"])
def test_a_wire_format_is_not_a_report_format(run: Run, command: str) -> None:
    done = run(command, "good.json", *(["good.json"] if command == "diff" else []), "--format", "openai.chat")
    assert done.returncode == 2
    assert "say --wire-format openai.chat" in done.stderr


def test_the_wire_format_settles_what_the_shape_does_not(run: Run) -> None:
    assert run("check", "good.json", "--wire-format", "openai.chat").returncode == 0
    done = run("check", "good.json", "--wire-format", "openai.chta")
    assert done.returncode == 2
    assert "did you mean openai.chat?" in done.stderr


NEAR_MISSES = {
    ("chek", "good.json"): "there is no command 'chek'; did you mean check?",
    ("check", "good.json", "--format", "sarf"): "unknown format 'sarf'; did you mean sarif?",
    ("check", "good.json", "--fail-on", "eror"): "--fail-on: unknown severity 'eror'; did you mean error?",
    ("check", "good.json", "--model", "gpt-4o-mni"): "no model is called 'gpt-4o-mni'; did you mean gpt-4o-mini?",
    ("check", "good.json", "--color", "alwys"): "did you mean always?",
    ("check", "good.json", "--formt", "json"): "--format",
    ("explain", "MEM10"): "",
    ("explain", "silent-truncaton"): "did you mean silent-truncation?",
    ("explain", "MEM101", "--format", "jsn"): "did you mean json?",
}


@pytest.mark.parametrize("arguments", NEAR_MISSES)
def test_a_misspelt_word_names_the_nearest_in_one_line(run: Run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    if not NEAR_MISSES[arguments]:
        assert done.returncode == 0
        return
    assert done.returncode == 2
    assert NEAR_MISSES[arguments] in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_path_without_a_command_is_inspected(run: Run) -> None:
    assert run("good.json").stdout == run("inspect", "good.json").stdout
    done = run("god.json")
    assert done.returncode == 2
    assert "did you mean good.json?" in done.stderr


def test_a_model_that_nobody_lists_is_told(run: Run) -> None:
    done = run("check", "good.json", "--model", "our-own-7b")
    assert done.returncode == 0
    assert "the model 'our-own-7b' is not in the catalogue" in done.stderr
    assert run("check", "good.json", "--model", "gpt-4o-mini").stderr == ""


@pytest.mark.parametrize("name", ["gpt-5.9", "our-own-7b", "gpt-4o-mini-custom", "x" * 5000, ""])
def test_another_version_or_a_name_of_its_own_is_no_slip(name: str) -> None:
    assert misspelt(name) is None


@pytest.mark.parametrize(
    ("formats", "outputs", "wanted"),
    [
        (("junit",), ("a.sarif", "j.xml"), ("sarif", "junit")),
        (("markdown", "github"), ("a.sarif", "summary"), ("sarif", "markdown", "github")),
        (("sarif", "markdown", "github"), ("a.sarif", "summary", ), ("sarif", "markdown", "github")),
        (("gitlab", "junit", "text"), ("gl-code-quality-report.json", "junit.xml"), ("gitlab", "junit", "text")),
        (("text",), ("a.html",), ("html", "text")),
        (("json",), ("out.txt",), ("json",)),
        ((), ("out.txt", "x.json", "y"), ("text", "json", "text")),
        (("json",), (), ("json",)),
    ],
)  # fmt: skip
def test_formats_go_to_the_files_whose_names_tell_none(
    formats: tuple[str, ...], outputs: tuple[str, ...], wanted: tuple[str, ...]
) -> None:
    assert choice(formats, outputs, {"GITHUB_ACTIONS": "true"}).formats == wanted


def test_a_command_refuses_a_file_for_a_format_that_it_does_not_write(run: Run) -> None:
    with pytest.raises(UsageError, match="writes no sarif"):
        matched((), ("a.sarif",), ("text", "json"))
    assert run("budget", "good.json", "-o", "a.sarif").returncode == 2
    assert run("budget", "good.json", "-o", "a.json").returncode == 0
    assert run("diff", "good.json", "good.json", "--format", "jsn").returncode == 2


@pytest.mark.parametrize(
    "command", ["check", "inspect", "gate", "budget", "diff", "freeze", "eval", "export", "mutate", "explain", "init"]
)
def test_help_shows_words_for_values_and_no_types(run: Run, command: str) -> None:
    shown = run(command, "--help", COLUMNS="120").stdout
    assert "--traceback" in shown
    assert "--color" in shown
    for odd in ("<str>", "<int>", "<float>", "TEXT]"):
        assert odd not in shown


def test_general_options_stand_before_and_after_the_command(run: Run) -> None:
    for arguments in (("--color", "always", "check", "good.json"), ("check", "good.json", "--color", "always")):
        assert run(*arguments).returncode == 0


@pytest.mark.parametrize(
    ("complete", "typed", "wanted"),
    [
        (completion.report_formats, "sa", "sarif"),
        (completion.wire_formats, "openai.c", "openai.chat"),
        (completion.severities, "w", "warning"),
        (completion.rules, "MEM1,mem10", "MEM1,MEM101"),
        (completion.models, "gpt-4o-mini", "gpt-4o-mini"),
        (completion.cases, "no-such", None),
    ],
)
def test_values_are_completed(complete: Callable[[str], list[str]], typed: str, wanted: str | None) -> None:
    found = complete(typed)
    assert (wanted in found) if wanted else found == []


def test_the_nearest_name_whatever_its_case() -> None:
    assert did_you_mean("SARIFF", ["sarif", "json"]) == "; did you mean sarif?"
    assert did_you_mean("xyz", ["sarif", "json"]) == ""
    assert choices("xyz", ["sarif", "json"]) == "known: sarif, json"


def test_an_option_without_its_value_is_one_line(run: Run) -> None:
    done = run("check")
    assert done.returncode == 2
    assert done.stderr.startswith("ctxdebug: missing argument")
    assert done.stderr.count("\n") == 1


def test_our_own_fault_is_one_line_and_the_traceback_is_an_option(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("nobody foresaw this")

    monkeypatch.setattr("ctxdebug.commands.check.run", broken)
    done = run("check", "good.json")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "please report it, with what the same command and --traceback prints" in done.stderr
    assert "Traceback" in run("check", "good.json", "--traceback").stderr


def test_a_fault_in_the_masking_of_errors_says_nothing_captured(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("with captured words")

    monkeypatch.setattr("ctxdebug.redaction.masking.mask", broken)
    done = run("check", "good.json")
    assert done.returncode == 2
    assert done.stderr == "ctxdebug: a fault of ctxdebug itself (ValueError); please report it\n"


def test_a_stopped_run_says_what_was_done(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ctxdebug.commands.check.run", stopped)
    done = run("check", "good.json", "--format", "json")
    assert done.returncode == 130
    assert done.stderr == (
        "ctxdebug: interrupted: 0 files finished, 0 exchanges examined, 0 findings so far; no report was written\n"
    )
    monkeypatch.setattr("ctxdebug.commands.budget.one_snapshot", stopped)
    assert run("budget", "good.json").returncode == 130
