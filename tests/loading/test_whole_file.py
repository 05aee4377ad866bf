"""A record whose request or answer is not where its container looks for it: the words in it are told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.decoding.source import Source
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Snapshot

FORMATS = Path(__file__).resolve().parents[2] / "fixtures/formats"


def told(path: Path, value: Any) -> list[str]:
    """The notes about what is not understood in a file that holds one JSON value."""
    path.write_text(json.dumps(value), encoding="utf-8")
    results = load(Source(str(path)), LoadOptions())
    texts = (one.notes if isinstance(one, Snapshot) else (one.message,) for one in results)
    return [told for held in texts for told in held if "not understood" in told]


def _request_one_deeper(simulation: Any) -> None:
    pair = simulation["data"]["pairs"][0]
    pair["request"] = {"a": pair["request"]}


def _answer_in_a_list(exported: Any) -> None:
    meta = exported[0]["spans"][0]["meta"]
    meta["output"] = [[meta["output"]]]


def _first_answer_without_words(row: Any) -> None:
    row["intermediate_results"]["llm"]["choices"] = [{}]


@pytest.mark.parametrize(
    ("fixture", "change", "place"),
    [
        ("hoverfly/simulation.json", _request_one_deeper, "/data/pairs/0/request/a/body/0/value/~json/messages/1/content (41"),
        ("datadog/spans.json", _answer_in_a_list, "/0/spans/0/meta/output/0/0/messages/0/content (26"),
        ("sap-orchestration/response.json", _first_answer_without_words, "/final_result/choices/0/message/content (26"),
    ],
)  # fmt: skip
def test_a_side_that_a_container_does_not_find_is_told(
    tmp_path: Path, fixture: str, change: Callable[[Any], None], place: str
) -> None:
    value = json.loads((FORMATS / fixture).read_text(encoding="utf-8"))
    assert told(tmp_path / "record.json", value) == []
    change(value)
    (note,) = told(tmp_path / "record.json", value)
    assert place in note


def test_an_answer_that_was_not_recorded_is_nothing_to_tell(tmp_path: Path) -> None:
    value = json.loads((FORMATS / "sap-orchestration/response.json").read_text(encoding="utf-8"))
    value["intermediate_results"].pop("llm")
    value["final_result"] = {"id": "chatcmpl-1"}
    assert told(tmp_path / "record.json", value) == []


def test_tools_of_a_template_are_tools_of_the_request(tmp_path: Path) -> None:
    value = json.loads((FORMATS / "sap-orchestration/request.json").read_text(encoding="utf-8"))
    function = {"name": "gate_of", "description": "Look up the gate of one flight.", "parameters": {"type": "object"}}
    value["config"]["modules"]["prompt_templating"]["prompt"]["tools"] = [{"type": "function", "function": function}]
    path = tmp_path / "request.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    (snapshot,) = [one for one in load(Source(str(path)), LoadOptions()) if isinstance(one, Snapshot)]
    assert [tool.name for tool in snapshot.tools] == ["gate_of"]
    assert "not understood" not in " ".join(snapshot.notes)


def test_words_that_are_nested_deeper_than_can_be_walked_are_told(tmp_path: Path) -> None:
    value = json.loads((FORMATS / "datadog/spans.json").read_text(encoding="utf-8"))
    meta = value[0]["spans"][0]["meta"]
    for _ in range(200):
        meta["output"] = [meta["output"]]
    (note,) = told(tmp_path / "record.json", value)
    assert "(26 characters)" in note


def test_a_body_under_a_misspelt_key_of_an_archive_is_told(tmp_path: Path) -> None:
    text = (FORMATS / "har/polly.har.yaml").read_text(encoding="utf-8").replace("postData:", "postDat:")
    path = tmp_path / "polly.har.yaml"
    path.write_text(text, encoding="utf-8")
    results = load(Source(str(path)), LoadOptions())
    assert any("/request/postDat" in note for one in results if isinstance(one, Snapshot) for note in one.notes)


def test_a_line_of_a_type_that_nobody_knows_is_told_where_it_holds_words(tmp_path: Path) -> None:
    before, completed, after = (
        (FORMATS / "codex-exec/run-0.171.jsonl").read_text(encoding="utf-8").rpartition("item.completed")
    )
    path = tmp_path / "run.jsonl"
    path.write_text(f"{before}{completed[:5]}finished{after}", encoding="utf-8")
    results = load(Source(str(path)), LoadOptions())
    assert any("/item/text" in note for one in results if isinstance(one, Snapshot) for note in one.notes)
