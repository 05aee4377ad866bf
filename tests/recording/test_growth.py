"""Captures that grow: each exchange once, when it is complete, whoever writes the file."""

from __future__ import annotations

import json
from pathlib import Path

from ctxdebug.loading.load import LoadOptions
from ctxdebug.model import Problem
from ctxdebug.recording.growth import Growth
from tests.shell import ROOT

FORMATS = ROOT / "fixtures" / "formats"
RECORDING = (FORMATS / "ctxdebug-recording" / "museum.jsonl").read_bytes().splitlines(keepends=True)
SESSION = (FORMATS / "claude-code" / "gates.jsonl").read_bytes().splitlines(keepends=True)


def new(growth: Growth, *, final: bool = False) -> list[tuple[str, int]]:
    found = [one for one in growth.poll(final=final) if not isinstance(one, Problem)]
    return [(Path(snapshot.path).name, number) for number, snapshot, _ in found]


def add(path: Path, *lines: bytes) -> None:
    with path.open("ab") as file:
        file.write(b"".join(lines))


def test_a_recording_is_read_from_where_it_was_read_to(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    growth = Growth([str(tmp_path)], LoadOptions())
    add(path, RECORDING[0], RECORDING[1])
    assert new(growth) == [("run.jsonl", 1), ("run.jsonl", 2)]
    assert new(growth) == []
    add(path, RECORDING[2][:100])
    assert new(growth) == []
    add(path, RECORDING[2][100:])
    assert new(growth) == [("run.jsonl", 3)]


def test_places_are_those_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    growth = Growth([str(path.parent)], LoadOptions())
    add(path, *RECORDING[:2])
    new(growth)
    add(path, RECORDING[3])
    ((_, snapshot, _),) = [one for one in growth.poll() if not isinstance(one, Problem)]
    assert 2 in snapshot.pointer


def test_what_is_there_already_is_counted_and_not_told(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    add(path, *RECORDING[:3])
    growth = Growth([str(path)], LoadOptions())
    assert new(growth) == []
    add(path, RECORDING[3])
    assert new(growth) == [("run.jsonl", 4)]
    assert new(Growth([str(path)], LoadOptions(), from_start=True)) == [
        ("run.jsonl", number) for number in (1, 2, 3, 4)
    ]


def test_other_calls_and_cut_lines_are_no_news(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    held = json.loads(RECORDING[0])
    held["request"] = {"method": "GET", "url": "https://api.openai.com/v1/models", "headers": []}
    held["response"] = {"status": 200, "headers": [], "body": '{"object": "list", "data": []}'}
    add(path, json.dumps(held, separators=(",", ":")).encode() + b"\n", RECORDING[0])
    assert [type(one) for one in Growth([str(path)], LoadOptions(), from_start=True).poll()] == [tuple]


def test_a_session_of_an_agent_is_followed(tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    growth = Growth([str(tmp_path)], LoadOptions())
    told: list[tuple[str, int]] = []
    for line in SESSION:
        add(path, line)
        for file in growth._files.values():
            file.not_before = 0.0
        told += new(growth)
    told += new(growth, final=True)
    assert told == [("session.jsonl", 1), ("session.jsonl", 2), ("session.jsonl", 3)]


def test_a_file_that_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    growth = Growth([str(tmp_path)], LoadOptions())
    add(path, *RECORDING[:3])
    assert len(new(growth)) == 3
    path.write_bytes(RECORDING[0])
    assert new(growth) == [("run.jsonl", 1)]


def test_a_new_file_of_a_folder_is_followed(tmp_path: Path) -> None:
    growth = Growth([str(tmp_path)], LoadOptions())
    add(tmp_path / "a.jsonl", RECORDING[0])
    add(tmp_path / "b.jsonl", RECORDING[0])
    assert new(growth) == [("a.jsonl", 1), ("b.jsonl", 1)]
