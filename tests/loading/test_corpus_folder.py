"""The files from which an application retrieves, read as texts; what cannot be read is told with its reason."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from ctxdebug.errors import UsageError
from ctxdebug.loading import corpus_folder
from ctxdebug.loading.corpus_folder import read_corpus
from ctxdebug.loading.corpus_texts import PDF_EXTRA, CorpusText, UnreadableError, texts_of

PAGE = b"""<html><head><title>Canteen</title><style>p {color: red}</style></head>
<body><h1>Canteen</h1><p>Lunch is served<br>from noon to two.</p><script>var lunch = 1</script></body></html>"""


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.md", b"---\ndate: 2025-01-15\n---\nFive days.", [CorpusText("a.md", "---\ndate: 2025-01-15\n---\nFive days.", date="2025-01-15")]),
        ("a.txt", "Fünf Tage.".encode("cp1252"), [CorpusText("a.txt", "Fünf Tage.")]),
        ("a.txt", "Fünf Tage.".encode("utf-16"), [CorpusText("a.txt", "Fünf Tage.")]),
        ("a.html", PAGE, [CorpusText("a.html", "Canteen\n\nLunch is served\nfrom noon to two.", "Canteen")]),
        ("a.html", b"<p>open <b>tags <div>and </span> odd ends", [CorpusText("a.html", "open tags\n\nand odd ends")]),
        (
            "a.jsonl",
            b'{"id": "kb-1", "text": "Five days.", "updated_at": "2025-01-15"}\n\n{"metadata": {"source": "b"}, "page_content": "Six days."}\n',
            [CorpusText("a.jsonl:1", "Five days.", "kb-1", "2025-01-15"), CorpusText("a.jsonl:3", "Six days.", "b")],
        ),
        ("a.jsonl", b'{"plan": "Basic", "days": 5}\n"Six days."\n7\n', [CorpusText("a.jsonl:1", "plan: Basic\ndays: 5"), CorpusText("a.jsonl:2", "Six days.")]),
        ("a.json", b'[{"text": "Five days."}]', [CorpusText("a.json#1", "Five days.")]),
    ],
)  # fmt: skip
def test_texts_of_a_file(name: str, content: bytes, expected: list[CorpusText]) -> None:
    """By the ending of its name; a row is a text of its own."""
    assert list(texts_of(name, content)) == expected


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [("a.png", b"x", "of a kind that is not read"), ("a.jsonl", b"{}\n{", "line 2 is no JSON"), ("a.json", b"[" * 9999, "is no JSON")],
)  # fmt: skip
def test_what_is_not_read_has_a_reason(name: str, content: bytes, reason: str) -> None:
    """The reason is told, and nothing is taken for a text."""
    with pytest.raises(UnreadableError, match=reason):
        list(texts_of(name, content))


def test_pdf_needs_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the file is not read, and the extra is named."""
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(UnreadableError, match="the extra"):
        list(texts_of("a.pdf", b"%PDF-1.4"))
    assert "ctxdebug[pdf]" in PDF_EXTRA


def test_pages_of_a_pdf_are_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page without text is none; a file without any is scanned."""
    pages = [SimpleNamespace(extract_text=lambda: "Five days."), SimpleNamespace(extract_text=lambda: None)]
    monkeypatch.setitem(sys.modules, "pypdf", SimpleNamespace(PdfReader=lambda _: SimpleNamespace(pages=pages)))
    assert list(texts_of("a.pdf", b"%PDF-1.4")) == [CorpusText("a.pdf page 1", "Five days.")]
    del pages[0]
    with pytest.raises(UnreadableError, match="scanned"):
        list(texts_of("a.pdf", b"%PDF-1.4"))


def test_a_broken_pdf_is_told() -> None:
    """Whatever the parser raises."""
    pytest.importorskip("pypdf")
    with pytest.raises(UnreadableError, match="cannot be read"):
        list(texts_of("a.pdf", b"%PDF-1.4 and nothing else"))


def test_a_folder_is_read_with_the_folders_below(tmp_path: Path) -> None:
    """Hidden folders and pictures are left out without a word; what should be readable and is not is told."""
    for name, content in (
        ("a.md", "Five days."),
        ("b/c.txt", "Six days."),
        (".git/d.txt", "x"),
        ("e.png", "x"),
        ("f.jsonl", "{"),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, "utf-8")
    found = read_corpus(str(tmp_path))
    assert [text.name.replace("\\", "/") for text in found.texts] == ["a.md", "b/c.txt"]
    assert (found.files, found.unread) == (2, (("f.jsonl", "line 1 is no JSON"),))
    assert found.left_out == "f.jsonl not read: line 1 is no JSON"
    assert [text.text for text in read_corpus(str(tmp_path / "**" / "*.txt")).texts] == ["Six days."]
    assert read_corpus(str(tmp_path / "a.md")).size == f"1 file of {tmp_path / 'a.md'}"


def test_what_is_too_large_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a file, and of all together."""
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text("Five days." * (90 if name == "b.txt" else 1), "utf-8")
    monkeypatch.setattr(corpus_folder, "LARGEST", 500)
    monkeypatch.setattr(corpus_folder, "MOST_BYTES", 15)
    found = read_corpus(str(tmp_path))
    assert found.files == 1
    assert [name for name, _ in found.unread] == ["b.txt", "c.txt"]


@pytest.mark.parametrize("name", ["nowhere", "*.none", "empty"])
def test_a_corpus_that_is_none_is_a_mistake_of_the_call(tmp_path: Path, name: str) -> None:
    """A path that names nothing, and a folder without a text."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="corpus"):
        read_corpus(str(tmp_path / name))
