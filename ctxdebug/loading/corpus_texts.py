"""Files that people retrieve from, as texts: plain text, Markdown, HTML, JSON lines, and PDF where the extra is installed."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePath
from typing import Any

from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

PDF_EXTRA = "PDF needs the extra: pip install 'ctxdebug[pdf]'"
_SPACES = lazy(r"[ \t\f\r]{2,}")
_LINES = lazy(r"\n\s*\n(?:\s*\n)+")
_EDGES = lazy(r"[ \t]*\n[ \t]*")
_TAG = lazy(r"<!--|<(?P<close>/?)(?P<tag>[A-Za-z][A-Za-z0-9]{0,20})[^<>]{0,4000}>|<![A-Za-z][^<>]{0,400}>")
_BLOCKS = frozenset("p div ul ol table h1 h2 h3 h4 h5 h6 section article header footer hr pre blockquote".split())
_LINE_ENDS = frozenset("br tr td th li dt dd".split())
_ASIDE = frozenset({"script", "style", "noscript", "template", "svg", "title", "!--"})
"""Elements whose content a reader does not see in the page."""
_TEXTS = ("text", "content", "page_content", "pageContent", "body", "chunk", "passage", "document")
_NAMES = ("id", "doc_id", "document_id", "source", "file_name", "filename", "title", "url")
_DATES = ("updated_at", "last_updated", "date", "modified", "published", "created_at", "timestamp", "valid_from")
_FEWEST = 3
"""Characters from which a row has a text."""


@record(frozen=True, slots=True)
class CorpusText:
    """A text of a corpus: the file it is in, with the line of a row, what it calls itself, and the date that it gives."""

    name: str
    text: str
    title: str = ""
    date: str = ""


class UnreadableError(Exception):
    """A file of the corpus that cannot be read, and why."""


def texts_of(name: str, content: bytes) -> Iterator[CorpusText]:
    """Yield the texts of a file, by the ending of its name; raises `UnreadableError`."""
    read = _READERS.get(PurePath(name).suffix.lower())
    if read is None:
        raise UnreadableError("of a kind that is not read (text, Markdown, HTML, JSON, JSON lines, CSV and PDF are)")
    yield from read(name, content)


def is_known(name: str) -> bool:
    """Whether a file is of a kind that is read, by the ending of its name."""
    return PurePath(name).suffix.lower() in _READERS


def _plain(name: str, content: bytes) -> Iterator[CorpusText]:
    text = _decoded(content)
    yield CorpusText(name, text, date=_front_matter(text))


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableError("is no text")


def _front_matter(text: str) -> str:
    """Return the date that the head of a Markdown file gives."""
    if not text.startswith("---\n"):
        return ""
    head = text[4:2000].split("\n---", 1)[0]
    found = re.search(
        r"^(?:date|updated|last_updated|lastmod|modified|valid_from):[ \t]{0,8}[\"']?([\d-]{4,10})", head, re.MULTILINE
    )
    return found.group(1) if found else ""


def _html(name: str, content: bytes) -> Iterator[CorpusText]:
    """What a reader sees of a page, a block a line. The standard library's parser is quadratic on broken markup; this is linear."""
    page = _decoded(content)
    said: list[str] = []
    title, at, ended = "", 0, frozenset[str]()
    for match in _TAG.finditer(page):
        if match.start() < at:
            continue
        said.append(html.unescape(page[at : match.start()]))
        at = match.end()
        tag = (match["tag"] or "!--").lower()
        if tag in _ASIDE and not match["close"] and tag not in ended:
            close = "-->" if tag == "!--" else f"</{tag}"
            end = page.find(close, at) if tag == "!--" else _closing(page, close, at)
            if end < 0:
                ended |= {tag}  # never closed: looked for once
                continue
            if tag == "title" and not title:
                title = " ".join(html.unescape(page[at:end]).split())[:200]
            at = end + len(close) if tag == "!--" else end
        elif tag in _LINE_ENDS:
            said.append("\n")
        elif tag in _BLOCKS:
            said.append("\n\n")
    said.append(html.unescape(page[at:]))
    text = _SPACES.sub(" ", "".join(said).replace("\r", ""))
    yield CorpusText(name, _LINES.sub("\n\n", _EDGES.sub("\n", text)).strip(), title)


def _closing(page: str, close: str, at: int) -> int:
    """Return where an element ends, whatever the case of its name."""
    found = re.compile(re.escape(close), re.IGNORECASE).search(page, at)
    return found.start() if found else -1


def _rows(name: str, content: bytes) -> Iterator[CorpusText]:
    for number, line in enumerate(_decoded(content).splitlines(), 1):
        if line.strip():
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                raise UnreadableError(f"line {number} is no JSON") from None
            yield from _row(f"{name}:{number}", row)


def _document(name: str, content: bytes) -> Iterator[CorpusText]:
    try:
        held = json.loads(_decoded(content))
    except (ValueError, RecursionError):
        raise UnreadableError("is no JSON") from None
    if isinstance(held, list):
        for number, row in enumerate(held, 1):
            yield from _row(f"{name}#{number}", row)
    else:
        yield from _row(name, held)


def _row(name: str, row: Any) -> Iterator[CorpusText]:
    """A row: the field that holds its text, else all of its texts; what it is called, and its date."""
    if isinstance(row, str):
        yield CorpusText(name, row)
    if not isinstance(row, Mapping):
        return
    stored = row.get("metadata")
    held = {**(stored if isinstance(stored, Mapping) else {}), **row}
    text = next((held[key] for key in _TEXTS if isinstance(held.get(key), str)), "")
    if len(text) < _FEWEST:
        text = "\n".join(f"{key}: {value}" for key, value in held.items() if isinstance(value, (str, int, float)))
    if len(text) >= _FEWEST:
        yield CorpusText(name, text, _first(held, _NAMES), _first(held, _DATES))


def _first(held: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    return next((str(held[key]) for key in keys if isinstance(held.get(key), (str, int)) and str(held[key])), "")


def _pdf(name: str, content: bytes) -> Iterator[CorpusText]:
    try:
        import pypdf
    except ImportError:
        raise UnreadableError(PDF_EXTRA) from None
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        pages = [page.extract_text() or "" for page in reader.pages]
    except Exception as error:  # noqa: BLE001 - a parser may raise anything on a file that somebody made
        raise UnreadableError(f"the PDF cannot be read ({type(error).__name__})") from None
    if not any(page.strip() for page in pages):
        raise UnreadableError("the PDF has no text (scanned pages?)")
    for number, page in enumerate(pages, 1):
        if page.strip():
            yield CorpusText(f"{name} page {number}", page)


_READERS: Mapping[str, Callable[[str, bytes], Iterator[CorpusText]]] = {
    **dict.fromkeys((".txt", ".text", ".md", ".markdown", ".mdx", ".rst", ".adoc", ".org", ".csv", ".tsv"), _plain),
    **dict.fromkeys((".html", ".htm", ".xhtml"), _html),
    **dict.fromkeys((".jsonl", ".ndjson"), _rows),
    ".json": _document,
    ".pdf": _pdf,
}
