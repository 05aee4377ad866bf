"""Cut text: a mark that stands for a cut, and everything that only talks about one."""

from __future__ import annotations

import pytest

from ctxdebug.analysis.truncation.content_cut import cut_in, description_cut, examinable
from ctxdebug.analysis.truncation.cut_markers import Marker, markers
from ctxdebug.model import Kind, Provenance, Role, Segment, Tool, ToolCall

LONG = "The ferry left the lower quay at nine, and the clerk wrote its name into the ledger.\n" * 8
LOUD = [
    f"{LONG}\n\n[Content truncated due to length]\n\n{LONG}",
    "[22 earlier messages were removed to save space]\n\nuser: and then?",
    "10:02 started\n... (12 more items)",
    "line one\nline two\n... [output truncated, 48213 characters omitted]",
    "line one\n[truncated]",
    "line one\n<response clipped>",
    "a\nb\n... (937 more lines omitted)",
    "a\nb\n[... 120 lines omitted ...]",
    "a\n\n[... omitted 120 of 300 lines ...]\n\nz",
    "a\n…1234 tokens truncated…\nz",
    "a\n... [95 lines truncated] ...",
    "The output of your call to bash was too long to be displayed.\nHere is a truncated version:\nabc",
    "abc\n[... Observation truncated due to length ...]",
    "Content truncated to 5000 characters.",
    f"{LONG}\n\n... [12034 characters truncated] ...\n\n{LONG}",
    f"{LONG}\n[...120 lines omitted...]\n{LONG}",
    f"{LONG}…1234 tokens truncated…{LONG}",
    f"{LONG}\n\n**Important:** The output below was truncated from 900 lines to 200 lines due to size limits",
    f"{LONG}\n[+ 4312 more rows]",
    f"{LONG}\nOutput exceeds the size limit. Open the full output data in a text editor",
    '{"lines": ["10:02 backup job started", "10:02 connecting to vault-3 on po',
    '[{"id": 1, "name": "first"}, {"id": 2, "name": "second"},',
]
QUIET = [
    "- exit code: 0\n- output truncated: false",
    "class Result:\n    truncated: bool = False",
    f"{LONG}\n(see page 3 of the notes)\n{LONG}",
    "The first 12 more items follow below.\n... and then the rest.",
    f"{LONG}\nThe log said ... [12034 characters truncated] ... and nobody knew why.\n{LONG}",
    f'{LONG}\nMARK = "... [12034 characters truncated] ..."\n{LONG}',
    f"{LONG}\n[1] The text was shortened by 20 lines, as the printer wished\n{LONG}",
    f"{LONG}\n(2 files omitted from the list are described in chapter 4)\n{LONG}",
    f"{LONG}\n[truncated]\n{LONG}",
    f"{LONG}\n// … 120 lines omitted for brevity\n{LONG}",
    "If the content is truncated, a mark is shown at the end of the line.",
    "The viewer never shows truncated output, because output is not truncated when it is short.",
    'print("[truncated]")',
    'raise ValueError("message truncated")',
    "    // output truncated: see the issue",
    "12: log.warn('file truncated')",
    'const MARK = "... [output truncated]";',
    "# the text was shortened by the caller",
    "`[truncated]` is what the tool prints",
    "She asked whether the file was truncated by the editor.",
    '{"lines": ["whole"], "more": false}',
    "{not json at all, and open",
    "(281 more lines above)\n282: x = 1\n(100 more lines below)",
    "The meeting was cut short.",
    "",
]


def segment(text: str) -> Segment:
    return Segment("m1.s0", Role.TOOL, Kind.TOOL_RESULT, text, ())


def tool(description: str) -> Tool:
    return Tool("find", description, {}, "", ())


def test_a_description_that_stops_at_a_clients_limit_is_cut() -> None:
    words = "Find a passage in the archive by its words and its year. " * 60
    assert description_cut(tool(words[:2048])) == "it is exactly 2,048 characters long and ends inside a sentence"
    assert description_cut(tool(words[:900] + "… [truncated]")) == "a marker at its end says so"


@pytest.mark.parametrize("length", [2047, 2049, 1025, 300])
def test_a_description_of_another_length_is_complete(length: int) -> None:
    assert description_cut(tool(("Find a passage in the archive by its words and its year. " * 60)[:length])) is None


def test_a_description_that_ends_with_its_sentence_is_complete() -> None:
    assert description_cut(tool("x" * 2046 + "y.")) is None


def call(**parsed: object) -> ToolCall:
    return ToolCall("c1", "read", str(parsed), parsed)


@pytest.mark.parametrize("text", LOUD)
def test_a_cut(text: str) -> None:
    assert cut_in(segment(text)) is not None


@pytest.mark.parametrize("text", QUIET)
def test_no_cut(text: str) -> None:
    assert cut_in(segment(text)) is None


PAGE = "a\nb\n... (937 more lines not shown. Use offset=445 to continue reading)"


def test_a_page_says_how_to_read_on() -> None:
    cut = cut_in(segment(PAGE), call(path="a.py"))
    assert cut is not None
    assert cut.offered


@pytest.mark.parametrize(
    "asked",
    [
        call(path="a.py", offset=430, limit=15),
        call(path="a.py", head_limit=20),
        call(command="sed -n 1,20p a.py"),
        call(command="ls | head -20"),
    ],
)
def test_who_asks_for_a_page_gets_a_page(asked: ToolCall) -> None:
    assert cut_in(segment(PAGE), asked) is None


def test_a_page_of_broken_json_is_cut_all_the_same() -> None:
    assert cut_in(segment('{"rows": [{"id": 1, "name": "fir'), call(limit=10)) is not None


def test_a_mark_does_not_offer_what_it_does_not_name() -> None:
    cut = cut_in(segment("a\n[output truncated]"))
    assert cut is not None
    assert not cut.offered


@pytest.mark.parametrize("marker", markers(), ids=lambda marker: marker.text)
def test_a_marker_is_found_in_its_example(marker: Marker) -> None:
    found = marker.pattern.search(marker.example)
    assert found is not None
    assert marker.may_be_in(marker.example.lower())
    assert cut_in(segment(f"10:02 backup job started\n{marker.example}")) is not None


@pytest.mark.parametrize("value", ["true", "false"])
def test_a_field_says_whether_a_result_is_cut(value: str) -> None:
    found = cut_in(segment(f'{{"rows": [1, 2, 3], "is_truncated": {value}}}'))
    assert (found is not None) == (value == "true")


WORDS = "the keeper climbs the tower before dusk and trims the wick " * 4000


@pytest.mark.parametrize("size", [4096, 20_000, 32_768])
@pytest.mark.parametrize("wrapped", ["{}", "# AGENTS.md\n\n<INSTRUCTIONS>\n{}\n</INSTRUCTIONS>"])
def test_a_telling_size_in_the_middle_of_a_word_is_a_cut(size: int, wrapped: str) -> None:
    text = WORDS[: size - 3] + "wor"
    found = cut_in(segment(wrapped.format(text)))
    assert found is not None
    assert f"{size:,}" in found.words


def test_bytes_are_counted_where_letters_take_more_than_one() -> None:
    text = "é" * 8_188 + "ends"
    assert len(text.encode()) == 16_380
    found = cut_in(segment(f"{text}word"))
    assert found is not None
    assert "16,384 bytes" in found.words


@pytest.mark.parametrize("text", [WORDS[:4097] + "w", WORDS[:4095] + ".", "a\n" * 2048, WORDS[:4093] + "w.\n"])
def test_another_size_or_a_clean_end_is_no_cut(text: str) -> None:
    assert cut_in(segment(text)) is None


@pytest.mark.parametrize(
    ("role", "kind", "provenance", "examined"),
    [
        (Role.SYSTEM, Kind.TEXT, Provenance.AUTHORED, True),
        (Role.USER, Kind.TEXT, Provenance.MEMORY, True),
        (Role.USER, Kind.DOCUMENT, Provenance.RETRIEVED, True),
        (Role.USER, Kind.TEXT, Provenance.USER_INPUT, False),
        (Role.ASSISTANT, Kind.TEXT, Provenance.MODEL_OUTPUT, False),
    ],
)
def test_instructions_and_memories_are_examined_too(
    role: Role, kind: Kind, provenance: Provenance, examined: bool
) -> None:
    assert examinable(Segment("m0.s0", role, kind, "Be brief.", (), provenance=provenance)) is examined
