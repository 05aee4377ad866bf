"""A session's segments stand in the JSON report once, and the report is the same whether it kept its exchanges or wrote them as they came."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.engine.report import Examined
from ctxdebug.engine.run import RunOptions, run
from ctxdebug.reports import REPORT_FORMATS, json_text
from ctxdebug.reports.json_document import JsonParts

CALL = {"type": "function", "function": {"name": "read", "arguments": '{"path": "a"}'}}


def turns(number: int, *, rules: str = "You answer in one sentence.") -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = [{"role": "system", "content": rules}]
    made = []
    for turn in range(number):
        messages += [
            {"role": "user", "content": f"What colour is gate {turn} of the mill at the river?"},
            {"role": "assistant", "content": None, "tool_calls": [{**CALL, "id": f"call_read_{turn}"}]},
            {
                "role": "tool",
                "tool_call_id": f"call_read_{turn}",
                "content": f"Gate {turn} is painted in shade {turn} of red.",
            },
        ]
        answer = {
            "role": "assistant",
            "content": f"Gate {turn} of the mill at the river is painted in shade {turn} of red, and the paint is dry.",
        }
        choice = {"index": 0, "message": answer, "finish_reason": "stop"}
        made.append({"request": {"model": "gpt-4o", "messages": list(messages)}, "response": {"choices": [choice]}})
        messages.append(answer)
    return made


def written(folder: Path, exchanges: list[dict[str, Any]]) -> str:
    path = folder / "session.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in exchanges), encoding="utf-8")
    return str(path)


def reported(path: str, form: str = "json") -> dict[str, Any]:
    held: dict[str, Any] = json.loads(REPORT_FORMATS.all()[form].render(run([path], RunOptions(), keep=True)))
    return held


def whole(report: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """Every segment of every exchange, as a reader puts them together; without places and shares."""
    made: list[list[dict[str, Any]]] = []
    for one in report["snapshots"]:
        resent = one.get("resent")
        before = made[resent["snapshot"]][: resent["segments"]] if resent is not None else []
        own = [{key: value for key, value in row.items() if key not in _PLACED} for row in one["segments"]]
        made.append([*before, *own])
    return made


_PLACED = {"from", "to", "pointer", "line", "column"}


def test_a_turn_lists_its_own_segments_and_names_those_that_it_sends_again(tmp_path: Path) -> None:
    report = reported(written(tmp_path, turns(4)))
    assert [one["resent"] for one in report["snapshots"]] == [
        None,
        {"snapshot": 0, "segments": 4},
        {"snapshot": 1, "segments": 8},
        {"snapshot": 2, "segments": 12},
    ]
    assert [len(one["segments"]) for one in report["snapshots"]] == [4, 4, 4, 4]


def test_put_together_they_are_the_segments_of_version_1_which_lists_all(tmp_path: Path) -> None:
    path = written(tmp_path, turns(4))
    old = reported(path, "json-v1")
    assert whole(reported(path)) == whole(old)
    assert [len(one["segments"]) for one in old["snapshots"]] == [4, 8, 12, 16]
    assert all("resent" not in one for one in old["snapshots"])


def test_what_was_changed_is_listed_from_there_on(tmp_path: Path) -> None:
    exchanges = turns(3)
    exchanges[2]["request"]["messages"][3] = {**exchanges[2]["request"]["messages"][3], "content": "[result cleared]"}
    report = reported(written(tmp_path, exchanges))
    assert report["snapshots"][2]["resent"] == {"snapshot": 1, "segments": 3}
    assert whole(report)[2] == whole(reported(str(tmp_path / "session.jsonl"), "json-v1"))[2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (turns(1), turns(1, rules="You answer in verse.")),
        (turns(1), [{"messages": [{"role": "user", "content": "Hello."}]}]),
    ],
)
def test_an_exchange_of_another_session_lists_all(
    one: list[dict[str, Any]], other: list[dict[str, Any]], tmp_path: Path
) -> None:
    assert [held["resent"] for held in reported(written(tmp_path, [*one, *other]))["snapshots"]] == [None, None]


@pytest.mark.parametrize("room", [0, 10_000_000])
def test_a_report_that_is_written_as_it_comes_is_the_report(
    room: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_text, "_IN_MEMORY", room or 1)
    path, parts = written(tmp_path, turns(3)), JsonParts()
    report = run(
        [path], RunOptions(), watch=lambda one: parts.take(one) if isinstance(one, Examined) else None, whole=True
    )
    assert "".join(parts.pieces(report)) == REPORT_FORMATS.all()["json"].render(run([path], RunOptions(), keep=True))


def test_nothing_is_yielded_of_what_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        next(json_text.json_pieces({"version": 2, "summary": float("nan")}))


def test_a_list_that_comes_as_it_is_written_may_be_empty() -> None:
    assert "".join(json_text.json_pieces({"a": iter(()), "b": [], "c": iter([json_text.Written("1")])})) == (
        '{\n "a": [],\n "b": [],\n "c": [\n  1\n ]\n}\n'
    )
