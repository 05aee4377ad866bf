"""The page as a document: what is on it, that nothing captured is markup, and that it stays small and quick."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ctxdebug.engine.report import Report
from ctxdebug.engine.run import RunOptions, run
from ctxdebug.reports.html import page, render
from ctxdebug.reports.page.chips import chips, contrasted, marked, numbered
from tests.shell import ctxdebug

pytestmark = pytest.mark.deps

ROOT = Path(__file__).parent.parent.parent
SESSION = ROOT / "fixtures" / "captures" / "openai.chat" / "leave-bot.session.jsonl"
VOID = {"meta", "br", "link", "img", "input", "hr"}
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\u2028\u2029\ud800-\udfff]")


class Reader(HTMLParser):
    """Elements, their balance, and the text of style and script."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: dict[str, int] = {}
        self.open: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.held: dict[str, str] = {"style": "", "script": "", "title": ""}
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag] = self.elements.get(tag, 0) + 1
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self.open and self.open[-1] in self.held:
            self.held[self.open[-1]] += data


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


def report_of(folder: Path, content: str, answer: str = "fine", **more: object) -> Report:
    path = folder / "capture.json"
    path.write_text(json.dumps({
        "request": {"model": "gpt-4o", "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": content}], **more},
        "response": {"model": "gpt-4o", "choices": [{"index": 0, "message": {"role": "assistant", "content": answer}, "finish_reason": "length"}]},
    }), encoding="utf-8")  # fmt: skip
    return run([str(path)], RunOptions(), keep=True)


@pytest.fixture(scope="module")
def session_page() -> str:
    report = run([str(SESSION)], RunOptions(), keep=True)
    return page(report, [report.examined[-1]])


def test_everything_is_there(session_page: str) -> None:
    for name in ("verdict", "context", "map", "findings", "matrix", "support", "turns", "blocks", "provenance"):
        assert f'id="{name}"' in session_page
    for words in (
        "likely cause",
        "often overlooked (a heuristic",
        "SHA-256",
        "Not checked",
        "Sections that are not here",
        "cause check",
    ):
        assert words in session_page


def test_every_link_leads_to_a_place_on_the_page(session_page: str) -> None:
    reader = read(session_page)
    ids = [value for name, value in reader.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    for name, value in reader.attributes:
        if name == "href":
            assert value.startswith("#")
            assert value[1:] in ids


def test_the_policy_lets_in_our_style_and_script_by_their_hashes_and_nothing_else(session_page: str) -> None:
    reader = read(session_page)
    (policy,) = [value for name, value in reader.attributes if name == "content" and value.startswith("default-src")]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for kind in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(reader.held[kind].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert not [name for name, _ in reader.attributes if name.startswith("on") or name in {"style", "src", "srcset"}]
    assert len(reader.held["script"]) < 15_000


def test_it_is_the_same_every_time(session_page: str) -> None:
    report = run([str(SESSION)], RunOptions(), keep=True)
    assert page(report, [report.examined[-1]]) == session_page


def test_captured_text_is_all_there(tmp_path: Path) -> None:
    words = '<b>bold</b> & "quoted" {{ 7*7 }} </script> line one\nline two'
    report = report_of(tmp_path, words)
    text = "".join(read(page(report, report.examined)).text)
    for line in words.split("\n"):
        assert line in text


def skeleton(reader: Reader) -> set[str]:
    return set(reader.elements)


def test_hostile_text_makes_no_element_and_no_attribute(tmp_path: Path, hostile: str) -> None:
    report = report_of(
        tmp_path,
        hostile,
        hostile,
        tools=[{"type": "function", "function": {"name": "t", "description": hostile[:500], "parameters": {}}}],
        user=hostile[:500],
    )
    text = page(report, report.examined)
    assert not CONTROL.search(text)
    reader = read(text)
    assert not skeleton(reader) & {"img", "iframe", "object", "embed", "link", "form", "input", "base"}
    assert reader.elements["script"] == 1
    assert not [name for name, _ in reader.attributes if name.startswith("on")]
    assert "49" not in "".join(part for part in reader.text if "7*7" in part)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60) | st.text(alphabet="<>&\"'/=\x00\x1b\u202e \n\ud83d-!sciptx", max_size=80))
def test_any_text_parses_as_our_elements_only(text: str) -> None:
    for markup in (
        chips(text),
        numbered(text),
        marked(text, [(1, 4, "e"), (2, 9, "e")]),
        *contrasted(text, text[::-1] + " words"),
    ):
        reader = read(str(markup))
        assert set(reader.elements) <= {"b", "span", "mark"}
        assert not CONTROL.search(str(markup))


def test_hidden_characters_are_chips() -> None:
    assert str(chips("a\u202eb")) == 'a<b class="c" title="right-to-left override">U+202E</b>b'
    assert "U+200B ×500" in str(chips("\u200b" * 500))


def test_marks_go_over_lines_and_do_not_nest() -> None:
    assert str(marked("ab\ncd", [(1, 4, "e")])) == 'a<mark class="e">b</mark>\n<mark class="e">c</mark>d'
    assert str(marked("abcdef", [(0, 4, "x"), (2, 6, "y")])) == '<mark class="x">abcd</mark><mark class="y">ef</mark>'


def test_quotations_show_the_words_in_which_they_differ() -> None:
    left, right = contrasted("up to 10 days a year", "up to 5 days a year")
    assert str(left) == 'up to <mark class="d">10</mark> days a year'
    assert str(right) == 'up to <mark class="d">5</mark> days a year'


def test_unlike_quotations_are_not_compared() -> None:
    left, right = contrasted("one two three four", "five six seven eight")
    assert "mark" not in str(left) + str(right)


def test_a_report_of_many_exchanges_has_a_table_and_a_part_for_each() -> None:
    report = run([str(SESSION)], RunOptions(), keep=True)
    reader = read(render(report))
    ids = {value for name, value in reader.attributes if name == "id"}
    assert "all" in ids
    with_findings = sum(bool(examined.findings) for examined in report.examined)
    assert sum(name.endswith("verdict") for name in ids) == with_findings > 0


def test_a_table_of_two_failing_exchanges_has_a_part_for_each() -> None:
    paths = [str(SESSION), str(SESSION.with_name("sql-helper.json"))]
    reader = read(render(run(paths, RunOptions(), keep=True)))
    ids = [value for name, value in reader.attributes if name == "id"]
    assert {"x1-verdict", "x2-verdict", "x1-f1", "x2-f1"} <= set(ids)
    assert len(ids) == len(set(ids))


def test_an_empty_report_is_a_page() -> None:
    text = render(Report(checked=("MEM103",)))
    assert "passes" in text
    read(text)


def test_unread_files_are_on_the_page(sample: Report) -> None:
    assert "no known wire format" in render(sample)


def long_report(folder: Path, words: int) -> Report:
    passage = (
        "The quick brown fox jumps over the lazy dog near the river bank, and nobody in section {} minds it at all.\n"
    )
    messages = [{"role": "system", "content": "Answer from the documents."}]
    for number in range(40):
        documents = "".join(passage.format(line) for line in range(words // 40 // 21))
        messages += [{"role": "user", "content": f"Question {number}?"}, {"role": "assistant", "content": documents}]
    path = folder / "long.json"
    path.write_text(json.dumps({"model": "gpt-4o", "messages": messages}), encoding="utf-8")
    return run([str(path)], RunOptions(), keep=True)


def test_a_long_context_is_quick_and_small(tmp_path: Path) -> None:
    report = long_report(tmp_path, 200_000)
    assert report.examined[0].analysis.prompt.total.value > 190_000
    started = time.process_time()
    text = page(report, report.examined)
    assert time.process_time() - started < 2
    assert len(text.encode()) < 3_000_000


def test_the_size_holds_whatever_the_text_is(tmp_path: Path) -> None:
    report = report_of(tmp_path, "\u202e\u200b" * 300_000)
    text = page(report, report.examined)
    assert len(text.encode()) < 3_500_000
    assert "are left out" in text


def test_inspect_writes_the_page(tmp_path: Path) -> None:
    target = tmp_path / "out.html"
    done = ctxdebug("inspect", str(SESSION), "--html", str(target))
    assert done.stdout == f"{target}: written\n"
    assert 'id="turns"' in target.read_text(encoding="utf-8")
    bad = ctxdebug("inspect", str(SESSION), "--open")
    assert bad.returncode == 2


def test_only_the_page_loads_its_template_engine() -> None:
    script = (
        "import sys; sys.argv = ['ctxdebug', 'check', sys.argv[1], '--format', 'sarif,markdown,junit,json']\n"
        "from ctxdebug.__main__ import main\ntry: main()\nexcept SystemExit: pass\nsys.stderr.write(str('jinja2' in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(SESSION)], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stderr == "False"


def test_two_contexts_stand_side_by_side_and_hold_no_markup_of_theirs(tmp_path: Path) -> None:
    from ctxdebug.analysis.turns.differences import contrast
    from ctxdebug.reports.page.contrast import contrast_page

    before = (
        report_of(tmp_path, "The limit is 120 EUR a night for Berlin and the hotel is near the station.")
        .examined[0]
        .snapshot
    )
    hostile = (
        "The limit is 150 EUR a night for Berlin and the hotel is near the station. <script>alert(1)</script>\u202e"
    )
    after = report_of(tmp_path, hostile, temperature=0.5).examined[0].snapshot
    text = contrast_page(before, after, contrast(before, after))
    reader = read(text)
    assert '<mark class="d">120</mark>' in text
    assert "temperature" in text
    assert reader.elements["script"] == 1
    assert not CONTROL.search(text)


def test_no_sentence_that_a_finding_disputes_has_a_tick() -> None:
    path = ROOT / "fixtures" / "captures" / "openai.chat" / "leave-bot.json"
    report = run([str(path)], RunOptions(), keep=True)
    text = page(report, report.examined)
    support = text[text.index('id="support"') : text.index('id="blocks"')]
    first = support[support.index("<li") : support.index("</li>")]
    assert "10 days" in first
    assert "✓" not in first


def test_a_page_without_a_gate_never_says_that_it_passes() -> None:
    path = ROOT / "fixtures" / "captures" / "openai.chat"
    report = run([str(path)], RunOptions(), keep=True)
    report.fail_on = None
    assert "gate off" in render(report)
    assert "passes the gate" not in render(report)


def test_citations_that_the_provider_returned_are_on_the_page(tmp_path: Path) -> None:
    answer = "Lunch is served from noon to two."
    support = {"segment": {"endIndex": len(answer), "text": answer}, "groundingChunkIndices": [0]}
    chunks = [{"retrievedContext": {"title": "<b>menu</b>.md", "text": "The canteen serves lunch from noon to two."}}]
    candidate = {
        "content": {"role": "model", "parts": [{"text": answer}]},
        "finishReason": "STOP",
        "groundingMetadata": {"groundingChunks": chunks, "groundingSupports": [support]},
    }
    asked = {"contents": [{"role": "user", "parts": [{"text": "When is lunch?"}]}]}
    captured = tmp_path / "grounded.json"
    captured.write_text(json.dumps({"request": asked, "response": {"candidates": [candidate]}}), "utf-8")
    shown = render(run([str(captured)], RunOptions(), keep=True))
    assert "Cited by the provider" in shown
    assert "&lt;b&gt;menu&lt;/b&gt;.md: source text known" in shown
