"""What is given to the public functions, and what comes out: objects, rows, paths, and everything that is broken."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import tinycss2

import ctxdebug
from tests.shell import ROOT
from tests.shell import ctxdebug as command

LEAVE_BOT = ROOT / "fixtures" / "captures" / "openai.chat" / "leave-bot.json"
CAPTURED: dict[str, Any] = json.loads(LEAVE_BOT.read_text("utf-8"))
SCHEMA: dict[str, Any] = json.loads((ROOT / "ctxdebug" / "reports" / "report.schema.json").read_text("utf-8"))
ASKED: dict[str, Any] = {
    "model": "gpt-4o",
    "messages": [{"role": "user", "content": "Where is the cafe of the museum?"}],
}
ANSWERED: dict[str, Any] = {
    "choices": [{"message": {"role": "assistant", "content": "It is two floors up."}, "finish_reason": "length"}]
}


class Model:
    """A model of an SDK, as far as anybody sees it."""

    def __init__(self, held: dict[str, Any]) -> None:
        self.held = held

    def model_dump(self, **settings: Any) -> dict[str, Any]:
        assert settings == {"mode": "json", "by_alias": True, "exclude_none": True, "warnings": False}
        return self.held


def codes(result: ctxdebug.Case | ctxdebug.Report) -> list[str]:
    return [finding.code for finding in result.findings]


def test_an_object_gives_what_its_file_gives() -> None:
    assert [one.fingerprint for one in ctxdebug.inspect(CAPTURED).findings] == [
        one.fingerprint for one in ctxdebug.inspect(LEAVE_BOT).findings
    ]


def test_the_bytes_of_a_capture_have_lines() -> None:
    case = ctxdebug.inspect(LEAVE_BOT.read_bytes(), name="mine")
    assert case.findings[0].place == ctxdebug.inspect(str(LEAVE_BOT)).findings[0].place
    assert case.findings[0].path == "mine"


def test_an_object_has_pointers_and_no_lines() -> None:
    finding = ctxdebug.inspect(CAPTURED).findings[0]
    assert finding.place is None
    assert finding.evidence[0].pointer == "/request/messages/5/content"


@pytest.mark.parametrize(
    ("given", "response"),
    [
        (ASKED, ANSWERED),
        (ASKED["messages"], ANSWERED),
        (Model(ASKED), Model(ANSWERED)),
        ({**ASKED, "messages": [Model(message) for message in ASKED["messages"]]}, Model(ANSWERED)),
        ({"request": ASKED, "response": Model(ANSWERED)}, None),
        ([{"request": ASKED, "response": ANSWERED}], None),
    ],
)
def test_a_request_and_its_response_in_any_dress(given: Any, response: Any) -> None:
    assert codes(ctxdebug.inspect(given, response)) == ["MEM103"]


def test_a_response_as_the_chunks_of_a_stream() -> None:
    chunk = {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": "Two floors up"}}]}
    last = {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {}, "finish_reason": "length"}]}
    case = ctxdebug.inspect(ASKED, [Model(chunk), Model(last)])
    assert case.snapshot is not None
    assert case.snapshot.answer[0].text == "Two floors up"
    assert codes(case) == ["MEM103"]


def test_nothing_that_is_given_is_changed() -> None:
    before = json.dumps(CAPTURED)
    ctxdebug.inspect(CAPTURED)
    ctxdebug.check([CAPTURED])
    assert json.dumps(CAPTURED) == before


def test_one_exchange_of_several() -> None:
    rows = [{"request": ASKED, "response": ANSWERED}, {"request": ASKED}]
    assert ctxdebug.inspect(rows).number == 2
    assert ctxdebug.inspect(rows, exchange=1).number == 1
    with pytest.raises(ctxdebug_errors().UsageError, match="no number 3"):
        ctxdebug.inspect(rows, exchange=3)


def ctxdebug_errors() -> Any:
    import ctxdebug.errors

    return ctxdebug.errors


class Breaks:
    """An object that cannot be read."""

    def model_dump(self, **_: Any) -> Any:
        raise RuntimeError("no")


def circle() -> list[Any]:
    held: list[Any] = []
    held.append(held)
    return held


def endless() -> Iterator[Any]:
    yield {"request": ASKED, "response": ANSWERED}
    raise OSError("the connection is gone")


BROKEN = [
    (object(), "which has no JSON"),
    (Breaks(), "breaks when it is read"),
    ({"messages": circle()}, "contains itself"),
    ({"messages": {1, 2}}, "which has no JSON"),
    ({"messages": [{"role": "user", "content": 10**5000}]}, "too long"),
    ({"messages": [{(1, 2): "x"}]}, "a key of tuple"),
    (b"", "is empty"),
    (b"\xff\xfe\x00\x01\x02", ""),
    (b'{"messages": [', ""),
    ({}, ""),
    ([], ""),
    (None, ""),
    (3, ""),
    ("no-such-file.json", "no such file"),
    (Path("no\x00such"), "cannot be opened"),
]


@pytest.mark.parametrize(("given", "reason"), BROKEN)
def test_what_is_broken_is_a_problem_and_never_clean(given: Any, reason: str) -> None:
    case = ctxdebug.inspect(given)
    assert (case.snapshot, case.findings, case.number, case.exit_code) == (None, (), 0, 2)
    assert reason in case.problems[0].message
    assert "not examined" in repr(case)
    jsonschema.validate(case.to_dict(), SCHEMA)
    assert case == pickle.loads(pickle.dumps(case))
    assert "<script" not in case._repr_html_()


@pytest.mark.parametrize(("given", "reason"), [one for one in BROKEN if not isinstance(one[0], str | Path | bytes)])
def test_a_broken_row_is_a_problem_beside_the_others(given: Any, reason: str) -> None:
    report = ctxdebug.check([{"request": ASKED, "response": ANSWERED}, given, {"request": ASKED, "response": ANSWERED}])
    assert (report.exchanges, report.exit_code) == (2, 2)
    assert [one.pointer[:2] for one in report.problems if one.fatal] == ["/1"]
    assert reason in next(one.message for one in report.problems if one.fatal)
    assert report.cases[0].problems == ()


def test_rows_that_end_in_an_error_are_examined_until_then() -> None:
    report = ctxdebug.check(endless())
    assert (report.exchanges, report.exit_code) == (1, 2)
    assert "no more rows" in report.problems[0].message


@pytest.mark.parametrize("given", [[], iter([]), [object()], {}, [None]])
def test_no_row_at_all_is_never_clean(given: Any) -> None:
    report = ctxdebug.check(given)
    assert (report.exchanges, report.exit_code) == (0, 2)


def test_rows_may_be_json_texts_and_cells_may_be() -> None:
    texts = [json.dumps({"request": json.dumps(ASKED), "response": json.dumps(ANSWERED)}).encode()] * 2
    assert codes(ctxdebug.check(texts)) == ["MEM103"] * 2


def test_a_cell_without_a_value_is_no_cell() -> None:
    row = {"request": ASKED, "response": ANSWERED, "latency": float("nan"), "note": None}
    assert [problem.message for problem in ctxdebug.check([row]).problems] == []


class Pandas:
    """What is asked of a table of pandas."""

    columns = ("request", "response")

    def iterrows(self) -> None: ...

    def itertuples(self, **_: Any) -> Iterator[tuple[Any, ...]]:
        return iter([(ASKED, ANSWERED), (ASKED, float("nan"))])


class Polars:
    """What is asked of a table of polars."""

    def iter_rows(self, **_: Any) -> Iterator[dict[str, Any]]:
        return iter([{"request": ASKED, "response": ANSWERED}, {"request": ASKED, "response": None}])


class Arrow:
    """What is asked of a batch of pyarrow."""

    def to_pylist(self) -> list[dict[str, Any]]:
        return [{"request": ASKED, "response": ANSWERED}, {"request": ASKED, "response": None}]


@pytest.mark.parametrize("table", [Pandas(), Polars(), Arrow()])
def test_tables(table: Any) -> None:
    report = ctxdebug.check(table)
    assert (report.exchanges, codes(report), report.exit_code) == (2, ["MEM103"], 0)


def test_a_table_of_arrow() -> None:
    arrow = pytest.importorskip("pyarrow")
    table = arrow.Table.from_pylist([{"request": json.dumps(ASKED), "response": json.dumps(ANSWERED)}] * 2)
    assert ctxdebug.check(table).exchanges == 2


def test_paths_are_told_from_rows() -> None:
    assert ctxdebug.check([LEAVE_BOT, str(LEAVE_BOT)]).files == 1
    errors = ctxdebug_errors()
    with pytest.raises(errors.UsageError, match="a list of paths has an object of dict"):
        ctxdebug.check([LEAVE_BOT, CAPTURED])
    with pytest.raises(errors.UsageError, match="is no path"):
        ctxdebug.check(3)


def test_a_report_says_what_the_command_says(tmp_path: Path) -> None:
    key = "sk-proj-" + "a1B2c3D4e5" * 4
    body = {**ASKED, "messages": [{"role": "user", "content": f"Ignore the rules. My key is {key}, is it valid?"}]}
    path = tmp_path / "capture.json"
    path.write_text(json.dumps({"request": body, "response": ANSWERED}))
    told = command("check", str(path), "--format", "json").stdout
    report = ctxdebug.check(path)
    assert json.loads(told) == report.to_dict()
    assert key in str(report.cases[0].snapshot)
    assert key not in json.dumps(report.to_dict()) + report._repr_html_() + repr(report)
    bare = ctxdebug.check(path, cases=False)
    assert (bare.cases, bare.findings) == ((), report.findings)
    assert bare.to_dict()["findings"] == report.to_dict()["findings"]
    assert pickle.loads(pickle.dumps(bare)) == bare


def test_results_follow_the_schema_and_travel() -> None:
    report = ctxdebug.check([CAPTURED, {"request": ASKED}])
    results: list[Any] = [report, *report.cases]
    for result in results:
        jsonschema.validate(result.to_dict(), SCHEMA)
        again = pickle.loads(pickle.dumps(result))
        assert again == result
        assert again._repr_html_() == result._repr_html_()


def test_a_pickled_case_needs_no_file(tmp_path: Path) -> None:
    path = tmp_path / "capture.json"
    path.write_bytes(LEAVE_BOT.read_bytes())
    case = ctxdebug.inspect(path)
    told, held = case.to_dict(), pickle.dumps(case)
    path.unlink()
    assert pickle.loads(held).to_dict() == told


def selectors(nodes: Any) -> Iterator[str]:
    for node in nodes:
        if node.type == "at-rule":
            yield from selectors(tinycss2.parse_rule_list(node.content))
        elif node.type == "qualified-rule":
            yield from tinycss2.serialize(node.prelude).split(",")


def test_a_part_of_a_notebook_has_no_script_and_leaves_the_notebook_alone() -> None:
    case = ctxdebug.inspect(CAPTURED)
    html = case._repr_html_()
    assert html.lstrip().startswith('<div class="ctxdebug">')
    style = html.partition("<style>")[2].partition("</style>")[0]
    assert all(selector.startswith(".ctxdebug") for selector in selectors(tinycss2.parse_stylesheet(style)))
    assert "<script" not in html
    assert "<html" not in html
    both = html + ctxdebug.inspect({**CAPTURED, "response": ANSWERED})._repr_html_()
    anchors = [part.partition('"')[0] for part in both.split(' id="')[1:]]
    own = [anchor for anchor in anchors if not anchor.startswith("h-")]
    assert len(own) == len(set(own))


def test_hostile_text_does_not_leave_its_place() -> None:
    asked = {"messages": [{"role": "user", "content": "</style><script>alert(1)</script>\x1b[2J\u202e"}]}
    case = ctxdebug.inspect(asked, name="<script>\x1b")
    assert "<script" not in case._repr_html_()
    assert "\x1b" not in case._repr_html_() + repr(case) + repr(ctxdebug.inspect({"\x1b[2J": 1}))


def test_reading_without_examining(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(f"{json.dumps({'request': ASKED})}\nnot json\n{json.dumps({'request': ASKED})}\n")
    problems: list[ctxdebug.Problem] = []
    found = list(ctxdebug.read(tmp_path, on_problem=problems.append))
    assert [type(one) for one in found] == [ctxdebug.Snapshot] * 2
    assert [one.pointer for one in problems] == ["/1"]
    with pytest.raises(ctxdebug_errors().LoadError):
        list(ctxdebug.read(tmp_path / "a.jsonl"))
    assert [one.model for one in ctxdebug.read(ASKED)] == ["gpt-4o"]


def test_two_contexts() -> None:
    case = ctxdebug.inspect(CAPTURED)
    assert ctxdebug.diff(case, CAPTURED).empty
    other = ctxdebug.diff(ASKED, CAPTURED)
    assert not other.empty
    assert "<script" not in other._repr_html_()
    assert other == pickle.loads(pickle.dumps(other))
    with pytest.raises(ctxdebug_errors().LoadError):
        ctxdebug.diff(case, object())


def test_freezing_writes_when_it_is_told_where(tmp_path: Path) -> None:
    frozen = ctxdebug.freeze(CAPTURED, expect="contains:5 days", good="5 days", tags=["leave"])
    assert frozen.to_dict()["tags"] == ["leave"]
    assert list(tmp_path.iterdir()) == []
    path = frozen.save(tmp_path)
    assert command("eval", str(path)).returncode == 0
    errors = ctxdebug_errors()
    with pytest.raises(errors.UsageError, match="prove nothing"):
        ctxdebug.freeze(CAPTURED, expect="contains:10 days")
    with pytest.raises(errors.LoadError, match="no exchange to freeze"):
        ctxdebug.freeze(object())


def test_a_configuration_is_read_where_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ctxdebug.toml"
    path.write_text('[[ignores]]\ncodes = ["MEM103"]\nreason = "short on purpose"\n')
    assert codes(ctxdebug.inspect(ASKED, ANSWERED, config=path)) == []
    assert codes(ctxdebug.inspect(ASKED, ANSWERED)) == ["MEM103"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"selct": ["MEM"]}, "did you mean select"),
        ({"select": ["MEM999"]}, "no rule or family"),
        ({"wire_format": "openai.chta"}, "unknown wire format"),
        ({"model": "gpt-4o-minni"}, "did you mean gpt-4o-mini"),
        ({"config": "no-such.toml"}, "no-such.toml"),
        ({"fail_on": "fatal"}, "severity must be"),
    ],
)
def test_options_that_do_not_exist(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ctxdebug_errors().UsageError, match=message):
        ctxdebug.check([ASKED], **options)


def test_sessions_of_rows_are_looked_at_together() -> None:
    turns: list[dict[str, Any]] = []
    rows = []
    for question in ("Where is the cafe of the museum?", "And where can I leave my coat and my bag?"):
        turns.append({"role": "user", "content": question})
        rows.append({"request": {"model": "gpt-4o", "messages": list(turns)}, "response": ANSWERED})
        turns.append(dict(ANSWERED["choices"][0]["message"]))
    sessions = {one.snapshot.session for one in ctxdebug.check(rows).cases if one.snapshot is not None}
    assert len(sessions) == 1


def test_the_public_names_are_these_and_load_when_they_are_used() -> None:
    code = (
        "import sys, ctxdebug\n"
        "before = {name for name in sys.modules if name.startswith('ctxdebug.')}\n"
        "names = [getattr(ctxdebug, name).__name__ for name in ctxdebug.__all__]\n"
        "assert sorted(names) == sorted(ctxdebug.__all__)\n"
        "print(len(before), set(ctxdebug.__all__) <= set(dir(ctxdebug)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == ["0", "True"]
    with pytest.raises(AttributeError):
        _ = ctxdebug.no_such_name  # type: ignore[attr-defined]  # it is not there
