from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctxdebug.cases.blobs import Blobs, digest, file_name, reader, unpacked
from ctxdebug.cases.case import Case, case_content, case_from, case_schema
from ctxdebug.cases.store import case_text, find_cases, load_case, save_case, schema_text
from ctxdebug.cases.yaml_form import yaml_text
from ctxdebug.decoding.safe_yaml import parse_yaml
from ctxdebug.errors import LoadError, UsageError
from ctxdebug.files import write_whole

LONG = "A source of some length, line after line.\n" * 80


def content(**changes: Any) -> dict[str, Any]:
    return {
        "ctxdebug": 1,
        "id": "rate-limit",
        "title": "the answer quotes the superseded limit",
        "request": {
            "format": "openai.chat",
            "body": {"model": "m", "messages": [{"role": "user", "content": "How many?"}]},
        },
        "recorded": {"passed": False, "answer": "60 requests"},
        "expect": {"all": [{"contains": "100 requests"}, {"not-contains": "60 requests"}]},
    } | changes


def a_case(**changes: Any) -> Case:
    return case_from(content(**changes))


def test_round_trip_through_a_file(tmp_path: Path) -> None:
    blobs = Blobs()
    body = blobs.packed(
        {"model": "m", "messages": [{"role": "user", "content": LONG}, {"role": "tool", "content": "no"}]}
    )
    case = a_case(
        request={"format": "openai.chat", "body": body}, recorded={"passed": False, "answer": blobs.shortened(LONG)}
    )
    path = save_case(case, blobs, tmp_path)
    stored = load_case(path)
    assert stored.case == case
    assert stored.body()["messages"][0]["content"] == LONG
    assert stored.answer(stored.case.recorded) == (LONG, ())
    assert path.read_bytes().isascii()
    assert (tmp_path / "blobs" / ".gitattributes").read_text() == "* -text\n"


def test_file_is_small_ordered_and_has_the_editor_line() -> None:
    assert case_text(a_case()) == (
        "# yaml-language-server: $schema=schema.json\n"
        "ctxdebug: 1\n"
        "id: rate-limit\n"
        "title: the answer quotes the superseded limit\n"
        "request:\n"
        "  format: openai.chat\n"
        "  body:\n"
        "    model: m\n"
        "    messages:\n"
        "      - role: user\n"
        '        content: "How many?"\n'
        "recorded:\n"
        "  passed: false\n"
        '  answer: "60 requests"\n'
        "expect:\n"
        "  all:\n"
        '    - contains: "100 requests"\n'
        '    - not-contains: "60 requests"\n'
    )


def test_writing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    first = save_case(a_case(), Blobs(), tmp_path).read_bytes()
    assert save_case(a_case(), Blobs(), tmp_path).read_bytes() == first


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20) | st.sampled_from([LONG, "\ud83d", "é" * 1500]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["$blob", "$json", "$value", "a", "b", "k" * 500]), inner, max_size=2),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(VALUES)
def test_packing_is_undone_exactly(value: Any) -> None:
    blobs = Blobs()
    packed = parse_yaml(yaml_text(blobs.packed(value)))
    back = unpacked(packed, reader(Path("/nowhere"), blobs.texts))
    assert json.dumps(back) == json.dumps(value)


def test_deep_values_go_to_a_text() -> None:
    value: Any = "x"
    for _ in range(120):
        value = [value]
    blobs = Blobs()
    packed = parse_yaml(yaml_text({"body": blobs.packed(value)}))
    assert unpacked(packed["body"], reader(Path("/nowhere"), blobs.texts)) == value


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"titel": "x"}, "unknown key 'titel'; did you mean 'title'"),
        ({"request": {"format": "openai.chat", "bdy": {}, "body": {}}}, "request: unknown key 'bdy'; did you mean 'body'"),
        ({"recorded": {"passed": False, "calls": [{"name": "a", "argument": "{}"}]}}, "did you mean 'arguments'"),
        ({"expect": {"any": [{"not": {"contians": "x"}}]}}, "did you mean 'contains'"),
        ({"expect": {"tool-called": {"name": "x", "argumets": {}}}}, "did you mean 'arguments'"),
        ({"runs": {"pass_rate": 0.9}}, "did you mean 'pass-rate'"),
        ({"good": {"answers": "x"}}, "did you mean 'answer'"),
        ({"findings": [{"code": "MEM403", "message": "x", "evidence": [{"note": "", "txt": ""}]}]}, "did you mean 'text'"),
        ({"origin": {"capture": "a.json", "poitner": ""}}, "did you mean 'pointer'"),
        ({"zzz": 1}, "known keys: ctxdebug, id, title"),
        ({"id": "../a"}, "id: Expected"),
        ({"id": "a."}, "id: Expected"),
        ({"id": "nul"}, "device name"),
        ({"id": "a" * 101}, "id: Expected"),
        ({"ctxdebug": 2}, "ctxdebug: "),
        ({"runs": {"pass-rate": 1.5}}, "runs.pass-rate"),
        ({"fallback": "shrug"}, "fallback: "),
        ({"expect": {}}, "exactly one word"),
        ({"recorded": {"passed": False, "answer": {"blob": "../../etc/passwd"}}}, "recorded.answer.blob"),
    ],
)  # fmt: skip
def test_a_typo_is_an_error_that_names_the_nearest_key(change: dict[str, Any], words: str) -> None:
    with pytest.raises(LoadError) as caught:
        a_case(**change)
    assert words in caught.value.message


def test_missing_key_is_named() -> None:
    data = content()
    del data["expect"]
    with pytest.raises(LoadError, match="expect"):
        case_from(data)


def test_shipped_schema_is_current(shipped: Callable[[str, Any], None]) -> None:
    shipped("cases/schema.json", case_schema())
    assert json.loads(schema_text()) == case_schema()


def test_schema_is_closed_and_agrees_with_the_reader() -> None:
    validator = jsonschema.Draft202012Validator(case_schema())
    jsonschema.Draft202012Validator.check_schema(case_schema())
    assert validator.is_valid(case_content(a_case()))
    for change in (
        {"titel": "x"},
        {"expect": {"contians": "x"}},
        {"expect": {"contains": "x", "regex": "y"}},
        {"recorded": {"passed": False, "x": 1}},
    ):
        assert not validator.is_valid(content(**change))
    open_levels = [
        name for name, node in case_schema()["$defs"].items() if node.get("additionalProperties") is not False
    ]
    assert open_levels == []


def changed_text(tmp_path: Path) -> Path:
    blobs = Blobs()
    return save_case(a_case(recorded={"passed": False, "answer": blobs.shortened(LONG)}), blobs, tmp_path)


def test_a_changed_text_is_never_silent(tmp_path: Path) -> None:
    path = changed_text(tmp_path)
    text = tmp_path / "blobs" / file_name(digest(LONG.encode()))
    text.write_text(LONG + "!")
    with pytest.raises(LoadError, match="was changed"):
        load_case(path)


def test_a_missing_text_is_named(tmp_path: Path) -> None:
    path = changed_text(tmp_path)
    (tmp_path / "blobs" / file_name(digest(LONG.encode()))).unlink()
    with pytest.raises(LoadError, match="is missing"):
        load_case(path)


def test_file_name_and_id_agree(tmp_path: Path) -> None:
    path = save_case(a_case(), Blobs(), tmp_path)
    with pytest.raises(LoadError, match=r"should be named rate-limit\.yaml"):
        load_case(path.rename(tmp_path / "other.yaml"))


def test_another_case_is_not_overwritten(tmp_path: Path) -> None:
    save_case(a_case(), Blobs(), tmp_path)
    with pytest.raises(UsageError, match="exists and is another case"):
        save_case(a_case(title="other"), Blobs(), tmp_path)
    save_case(a_case(title="other"), Blobs(), tmp_path, replace=True)
    assert load_case(tmp_path / "rate-limit.yaml").case.title == "other"


@pytest.mark.parametrize("place", ["title", "answer", "text"])
def test_a_secret_is_never_written(tmp_path: Path, place: str) -> None:
    secret = "sk-ant-api03-" + "aB3dE5fG7h" * 9
    blobs = Blobs()
    case = a_case()
    if place == "title":
        case = a_case(title=f"key {secret}")
    elif place == "answer":
        case = a_case(recorded={"passed": False, "answer": f"key {secret}"})
    else:
        case = a_case(recorded={"passed": False, "answer": blobs.shortened(LONG + secret)})
    with pytest.raises(UsageError, match="still contains anthropic-key") as caught:
        save_case(case, blobs, tmp_path)
    assert secret not in str(caught.value)
    assert list(tmp_path.rglob("*")) == []


def test_links_are_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("mine")
    (tmp_path / "rate-limit.yaml").symlink_to(target)
    with pytest.raises(UsageError, match="link"):
        write_whole(tmp_path / "rate-limit.yaml", b"x", folders=True)
    assert target.read_text() == "mine"


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    write_whole(path, b"old", folders=True)

    def broken(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", broken)
    with pytest.raises(UsageError, match="no space left"):
        write_whole(path, b"new", folders=True)
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("text", ["", "[]", "a: &x 1", "\x00", "ctxdebug: 1\nctxdebug: 1"])
def test_broken_files_name_themselves(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text)
    with pytest.raises(LoadError, match=r"x\.yaml: "):
        load_case(path)


def test_find_cases_sorts_and_refuses_what_is_not_there(tmp_path: Path) -> None:
    for name in ("b", "a"):
        save_case(a_case(id=name), Blobs(), tmp_path)
    assert [path.name for path in find_cases([tmp_path, tmp_path / "a.yaml"])] == ["a.yaml", "b.yaml"]
    with pytest.raises(UsageError, match="does not exist"):
        find_cases([tmp_path / "nowhere"])
