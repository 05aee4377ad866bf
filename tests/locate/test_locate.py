from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctxdebug.decoding.source import Source
from ctxdebug.locate import Locator
from ctxdebug.locate.layers import place_of
from ctxdebug.model import Place, Segment, Snapshot, quote
from tests.conversations import of_file, refused
from tests.locate.slices import slice_of


def segment_with(snapshot: Snapshot, words: str) -> tuple[Segment, int]:
    for segment in (*snapshot.segments(), *snapshot.answer_segments()):
        if words in segment.text:
            return segment, segment.text.index(words)
    raise AssertionError(words)


TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)


@settings(max_examples=150, deadline=None)
@given(
    before=TEXT,
    words=TEXT,
    after=TEXT,
    ascii_only=st.booleans(),
    indent=st.sampled_from([None, 1, 2]),
    nested=st.booleans(),
)
def test_a_span_leads_to_characters_that_decode_back_to_it(
    tmp_path_factory: pytest.TempPathFactory,
    before: str,
    words: str,
    after: str,
    ascii_only: bool,
    indent: int | None,
    nested: bool,
) -> None:
    path = tmp_path_factory.mktemp("locate") / "capture.json"
    request = {
        "model": "m",
        "messages": [{"role": "user", "content": "é\n"}, {"role": "user", "content": before + words + after}],
    }
    body = json.dumps(request, ensure_ascii=ascii_only) if nested else request
    path.write_text(
        json.dumps({"request": body, "response": None}, ensure_ascii=ascii_only, indent=indent),
        encoding="utf-8",
        newline="",
    )
    snapshot = of_file(path)[-1]
    segments = snapshot.messages[1].segments
    if len(segments) != 1:
        return
    place = Locator(Source(str(path))).evidence(quote(segments[0], len(before), len(before) + len(words), ""))
    assert place is not None
    raw = slice_of(path.read_bytes().decode(), place)
    decoded = json.loads(f'"{raw}"')
    assert (json.loads(f'"{decoded}"') if nested else decoded) == words


def test_a_span_in_a_json_line_has_the_line_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    lines = [
        json.dumps({"messages": [{"role": "user", "content": f"number {n} says hello"}], "model": "m"})
        for n in range(3)
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    locator = Locator(Source(str(path)))
    places = []
    for snapshot in of_file(path):
        segment, at = segment_with(snapshot, "hello")
        place = locator.span(segment, at, at + 5)
        assert place is not None
        places.append((place.line, slice_of(path.read_text(encoding="utf-8"), place)))
    assert places == [(1, "hello"), (2, "hello"), (3, "hello")]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_streamed_answer_locates_through_its_events(tmp_path: Path, ending: str) -> None:
    chunks = [{"choices": [{"delta": {"content": word}}]} for word in ("Good ", "mor", "ning")]
    sse = "".join(f"data: {json.dumps(chunk)}{ending}{ending}" for chunk in chunks) + f"data: [DONE]{ending}{ending}"
    path = tmp_path / "stream.json"
    path.write_text(
        json.dumps({"request": {"messages": [{"role": "user", "content": "hi"}]}, "response": sse}), encoding="utf-8"
    )
    segment, at = segment_with(of_file(path)[-1], "morning")
    place = Locator(Source(str(path))).span(segment, at, at + 7)
    assert place is not None
    found = slice_of(path.read_text(encoding="utf-8"), place)
    assert found.startswith("mor")
    assert found.endswith("ning")


def test_a_transcript_locates_to_its_own_lines(tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    path.write_text("system: Be brief.\nuser: Where is\nthe key?\nassistant: Under the mat.\n", encoding="utf-8")
    segment, at = segment_with(of_file(path)[-1], "key")
    place = Locator(Source(str(path))).span(segment, at, at + 3)
    assert place == Place(3, 5, 3, 8)


def test_a_parameter_locates_to_its_value(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    path.write_text(
        '{"messages": [{"role": "user", "content": "hi"}],\n "max_tokens": 12, "model": "m"}', encoding="utf-8"
    )
    snapshot = of_file(path)[-1]
    assert Locator(Source(str(path))).value(snapshot.settings_at["max_output"]) == Place(2, 16, 2, 18)


def test_a_pointer_into_nothing_has_the_nearest_place(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    path.write_text('{"messages": []}', encoding="utf-8")
    assert refused({"messages": []})


@pytest.mark.parametrize("text", ["", "one line", "a\nb\n\nccc", "\n\n", "ends with one\n"])
def test_a_place_is_a_line_and_a_column(text: str) -> None:
    for at in range(len(text) + 1):
        place = place_of(text, at, at, 0)
        assert (place.line, place.column) == (text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
