"""The baseline: what is known is counted, what is new gates, what is gone is told; through the command line."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from ctxdebug.errors import UsageError
from ctxdebug.gate.baseline import Baseline, Entry, read_baseline, update
from tests.shell import ctxdebug as called

ROOT = Path(__file__).parent.parent.parent
FILE = ".ctxdebug-baseline.json"


def ctxdebug(cwd: Path, *arguments: str, **environment: Any) -> CompletedProcess[str]:
    return called(*arguments, cwd=cwd, **environment)


def cut(words: str = "The answer breaks off in the mid", **more: Any) -> str:
    """A capture whose answer was cut: MEM103."""
    return json.dumps({
        "request": {"model": "gpt-4o", "max_tokens": 200, "messages": [{"role": "user", "content": "Tell me about it."}], **more},
        "response": {"model": "gpt-4o", "choices": [{"index": 0, "message": {"role": "assistant", "content": words}, "finish_reason": "length"}],
                     "usage": {"prompt_tokens": 12, "completion_tokens": 200, "total_tokens": 212}},
    })  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "captures").mkdir()
    (tmp_path / "captures" / "a.json").write_text(cut(), encoding="utf-8")
    (tmp_path / "captures" / "b.jsonl").write_text(
        cut("One more that is cu") + "\n" + cut("And a third on") + "\n", encoding="utf-8"
    )
    return tmp_path


def check(folder: Path, *more: str) -> CompletedProcess[str]:
    return ctxdebug(folder, "check", "captures", "--select", "MEM103", "--fail-on", "warning", *more)


def test_known_findings_are_counted_and_pass(folder: Path) -> None:
    assert check(folder).returncode == 1
    written = check(folder, "--write-baseline")
    assert written.returncode == 0
    assert "3 known findings (+3 -0)" in written.stdout
    done = check(folder, "--baseline", FILE)
    assert done.returncode == 0
    assert "0 findings" in done.stdout
    assert "3 in the baseline" in done.stdout


def test_a_new_finding_gates(folder: Path) -> None:
    check(folder, "--write-baseline")
    (folder / "captures" / "c.json").write_text(cut("A new one, cut to"), encoding="utf-8")
    done = check(folder, "--baseline", FILE)
    assert done.returncode == 1
    assert done.stdout.startswith("captures/c.json:")
    assert "1 finding (1 warning)" in done.stdout


def test_one_more_of_the_same_kind_gates(folder: Path) -> None:
    check(folder, "--write-baseline")
    (folder / "captures" / "c.json").write_text(cut(), encoding="utf-8")
    assert check(folder, "--baseline", FILE).returncode == 1


def test_order_moves_and_edits_elsewhere_change_nothing(folder: Path) -> None:
    check(folder, "--write-baseline")
    before = (folder / FILE).read_text(encoding="utf-8")
    lines = (folder / "captures" / "b.jsonl").read_text(encoding="utf-8").splitlines()
    (folder / "captures" / "b.jsonl").write_text("\n\n" + "\n".join(reversed(lines)) + "\n", encoding="utf-8")
    document = json.loads((folder / "captures" / "a.json").read_text(encoding="utf-8"))
    document["request"]["messages"][0]["content"] = "Another question, much longer than the one before."
    (folder / "captures" / "a.json").write_text(json.dumps(document, indent=4), encoding="utf-8")
    assert check(folder, "--baseline", FILE).returncode == 0
    check(folder, "--write-baseline")
    assert (folder / FILE).read_text(encoding="utf-8") == before


def test_a_renamed_file_stays_known(folder: Path) -> None:
    check(folder, "--write-baseline")
    (folder / "captures" / "a.json").rename(folder / "captures" / "z.json")
    done = check(folder, "--baseline", FILE)
    assert done.returncode == 0
    assert "gone" not in done.stdout


def test_what_is_gone_is_told(folder: Path) -> None:
    check(folder, "--write-baseline")
    (folder / "captures" / "a.json").unlink()
    done = check(folder, "--baseline", FILE, "--verbose")
    assert "1 baseline entry resolved" in done.stdout
    assert "resolved: baseline entry MEM103" in done.stdout
    assert "in captures/a.json" in done.stdout
    assert done.returncode == 0


def test_a_run_over_one_file_calls_nothing_else_gone(folder: Path) -> None:
    check(folder, "--write-baseline")
    done = ctxdebug(folder, "check", "captures/a.json", "--select", "MEM103", "--baseline", FILE)
    assert "gone" not in done.stdout


def test_other_rules_are_not_gone(folder: Path) -> None:
    check(folder, "--write-baseline")
    done = ctxdebug(folder, "check", "captures", "--select", "LRC101", "--baseline", FILE)
    assert "gone" not in done.stdout


def test_writing_after_a_part_of_the_files_keeps_the_rest(folder: Path) -> None:
    check(folder, "--write-baseline")
    ctxdebug(folder, "check", "captures/a.json", "--select", "MEM103", "--write-baseline")
    assert read_baseline(str(folder / FILE)).count == 3


def test_no_captured_text_is_in_it(folder: Path) -> None:
    check(folder, "--write-baseline")
    text = (folder / FILE).read_text(encoding="utf-8")
    for words in ("breaks off", "One more", "Tell me", "gpt-4o"):
        assert words not in text


def test_the_configuration_names_it(folder: Path) -> None:
    (folder / "ctxdebug.toml").write_text('baseline = "known.json"\n', encoding="utf-8")
    assert check(folder).returncode == 2
    assert check(folder, "--write-baseline").returncode == 0
    assert (folder / "known.json").exists()
    assert check(folder).returncode == 0


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"version": 2, "entries": []}', '{"version": 1, "entries": [{}]}', "[" * 5000]
)
def test_a_broken_baseline_is_one_line_and_exit_2(folder: Path, content: str) -> None:
    (folder / FILE).write_text(content, encoding="utf-8")
    done = check(folder, "--baseline", FILE)
    assert done.returncode == 2
    assert "is no baseline of version 1" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_link_is_not_written_through(folder: Path) -> None:
    (folder / "target.json").write_text("mine", encoding="utf-8")
    (folder / FILE).symlink_to(folder / "target.json")
    (folder / "target.json").write_text('{"version": 1, "entries": []}', encoding="utf-8")
    assert check(folder, "--write-baseline").returncode == 2
    assert (folder / "target.json").read_text(encoding="utf-8") == '{"version": 1, "entries": []}'


def test_two_runs_at_once_do_not_undo_each_other(tmp_path: Path) -> None:
    path = str(tmp_path / "known.json")

    def add(number: int) -> None:
        update(path, lambda old: Baseline({**old.entries, f"{number:032x}": Entry("MEM103", {"a.json": 1})}))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read_baseline(path).entries) == 12
    assert [entry.name for entry in tmp_path.iterdir()] == ["known.json"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written: no such file or directory"):
        update(str(tmp_path / "none" / "known.json"), lambda old: old)


def test_an_unread_file_is_exit_2_even_with_a_baseline(folder: Path) -> None:
    check(folder, "--write-baseline")
    (folder / "captures" / "bad.json").write_text("nonsense", encoding="utf-8")
    assert check(folder, "--baseline", FILE).returncode == 2
