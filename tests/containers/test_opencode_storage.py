"""opencode's storage folder: a session's file is read with the messages and parts beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.decoding.source import Source
from ctxdebug.engine.run import RunOptions, run
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Problem, Snapshot
from tests.loading.test_formats import counted

SESSION = {"id": "ses_1", "projectID": "global", "directory": "/home/desk", "title": "Gate", "time": {"created": 1}}
MESSAGES: list[dict[str, Any]] = [
    {"id": "msg_1", "sessionID": "ses_1", "role": "user"},
    {"id": "msg_2", "sessionID": "ses_1", "role": "assistant", "modelID": "m1", "providerID": "stub"},
]
PARTS: list[dict[str, Any]] = [
    {"id": "prt_1", "messageID": "msg_1", "sessionID": "ses_1", "type": "text", "text": "Which gate?"},
    {"id": "prt_2", "messageID": "msg_2", "sessionID": "ses_1", "type": "tool", "tool": "bash", "callID": "c1",
     "state": {"status": "completed", "input": {"command": "cat board.txt"}, "output": "gate 4"}},
    {"id": "prt_3", "messageID": "msg_2", "sessionID": "ses_1", "type": "text", "text": "Gate 4."},
]  # fmt: skip


@pytest.fixture
def storage(tmp_path: Path) -> Path:
    for held, folder in (
        *((SESSION, "session/global"),),
        *((message, "message/ses_1") for message in MESSAGES),
        *((part, f"part/{part['messageID']}") for part in PARTS),
    ):
        path = tmp_path / "storage" / folder / f"{held['id']}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(held))
    return tmp_path / "storage"


def read(path: Path) -> list[Snapshot | Problem]:
    return list(load(Source(str(path)), LoadOptions()))


def test_a_session_is_read_with_the_files_beside_it(storage: Path) -> None:
    (found,) = read(storage / "session/global/ses_1.json")
    assert isinstance(found, Snapshot)
    assert counted(found) == "UAT|A calls 1 results 1"
    assert (found.model, found.session) == ("m1", "ses_1")


@pytest.mark.parametrize("name", ["message/ses_1/msg_2.json", "part/msg_2/prt_3.json"])
def test_a_message_or_part_alone_leads_to_its_session(storage: Path, name: str) -> None:
    (problem,) = read(storage / name)
    assert isinstance(problem, Problem)
    assert "storage/session/*/ses_1.json" in problem.message


def test_a_folder_gives_the_session_once_and_counts_its_files(storage: Path) -> None:
    report = run([str(storage)], RunOptions())
    assert report.exchanges == 1
    assert [len(paths) for paths in report.passed_over.values()] == [5]


def test_a_session_without_its_messages_says_where_they_should_be(storage: Path, tmp_path: Path) -> None:
    alone = tmp_path / "ses_1.json"
    alone.write_text(json.dumps(SESSION))
    (problem,) = read(alone)
    assert isinstance(problem, Problem)
    assert "opencode export" in problem.message


def test_the_id_of_a_hostile_session_leads_to_no_other_folder(storage: Path) -> None:
    path = storage / "session/global/ses_2.json"
    path.write_text(json.dumps({**SESSION, "id": "ses_1/../../part/msg_2"}))
    (problem,) = read(path)
    assert isinstance(problem, Problem)
