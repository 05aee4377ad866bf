"""The passages that an answer can cite: documents, and the labelled parts of one text (`fares.html - …`, `[2] …`, rows with an id)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ctxdebug.analysis.sources.corpus import Corpus
from ctxdebug.analysis.sources.source import Passage, Source
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

FILE = r"[\w./-]{1,60}\.(?:md|html?|txt|pdf|docx?|rst|csv|json|xlsx?|pptx?)"
"""A file's name."""
_HEAD = lazy(
    rf"""
    ^[ \t#*]{{0,6}}
    (?: \[(?P<bracket>[\w][\w.-]{{0,30}})\] | (?P<number>\d{{1,3}})[.):] | (?P<file>{FILE})[ \t]{{0,2}}[:–—|-] )
    [ \t]{{1,4}}(?=\S)
    """,
    re.VERBOSE | re.MULTILINE,
)
"""What begins a labelled line."""
_ROW = lazy(
    r'\{[^{}"]{0,4}"(?P<key>id|doc_id|document_id|document|source|file|filename|page|ref)"\s{0,2}:\s{0,2}"?(?P<label>[^"\n,}]{1,80})"?'
)
"""What begins a row of JSON that has an id."""
_ELEMENT = lazy(r"<(?P<tag>[a-zA-Z][\w-]{0,30})\s(?:id|name|source)=[\"'](?P<named>[\w][\w./:-]{0,60})[\"']\s?>")
"""What begins an element with an id, whatever it is called: `<sheet id="loft-1">`."""
_SECTION = lazy(r"^[ \t#*]{0,6}§[ \t]?(?P<section>\d{1,3}[a-z]?)\b[.):]?[ \t]{1,4}(?=\S)", re.MULTILINE)
"""What begins a section of a statute."""
_TABLE_ROW = lazy(r"^[ \t]*\|[ \t]*(?P<row>\d{1,3})[ \t]*\|(?=[^\n]*\w)", re.MULTILINE)
"""A row of a table that its number names."""
_LETTERED = lazy(r"^[ \t#*(]{0,6}(?P<letter>[A-Z])(?:[.)][ \t]|:[ \t])(?=[ \t]{0,3}\S)", re.MULTILINE)
"""What begins a lettered passage: `B: Fee table`, `(B) Fee table`."""
_ROWS = lazy(r"\brows?\b", re.IGNORECASE)
_MOST_READ = 100_000
_LETTERS = 26
_MOST = 200
"""Parts of one text."""


@record(frozen=True, slots=True)
class Citable:
    """A passage that can be cited: its labels, what a message calls it, and where it stands in which source (None: in no source)."""

    labels: tuple[str, ...]
    name: str
    text: str
    source: int | None
    start: int = 0
    retrieved: bool = True
    title: str = ""


def citables(corpus: Corpus, others: Sequence[str] = (), *, asked: bool = False) -> tuple[Citable, ...]:
    """Return what can be cited: every document, or its labelled parts; then the labelled parts of other texts of the prompt.

    Where citations are `asked` for, every text with an id can be cited; where rows are named in `others`, rows of tables can.
    """
    found: list[Citable] = []
    rows = any(map(_ROWS.search, others))
    for number, one in enumerate(corpus.sources):
        found += _sections(one.text, number, rows=rows)
        parts = tuple(_parts(one.text)) if not one.id else ()
        if len({label for label, _, _ in parts}) > 1:
            found += [Citable((label,), label, one.text[a:b], number, a) for label, a, b in parts]
        elif one.retrieved or (asked and one.id):
            labels = tuple(label for label in (one.id, one.title, _last(one.id), _last(one.title)) if label)
            found.append(Citable(labels, one.id or one.title, one.text, number, title=one.title))
    for text in others:
        found += _sections(text, None, rows=False)
        parts = tuple(_parts(text))
        if len(parts) > 1:
            found += [Citable((label,), label, text[a:b], None, a, retrieved=False) for label, a, b in parts]
    return tuple(found)


def _sections(text: str, source: int | None, *, rows: bool) -> list[Citable]:
    """Return the sections of a statute (`§ 3`), and the numbered rows of a table, as parts that only their number names."""
    text = text[:_MOST_READ]
    found = []
    for pattern, kind in ((_SECTION, "§"), (_TABLE_ROW, "row")):
        heads = list(pattern.finditer(text))[:_MOST] if kind == "§" or rows else []
        ends = [*(match.start() for match in heads[1:]), len(text)]
        for match, end in zip(heads if len(heads) > 1 else (), ends, strict=False):
            name = f"{kind} {match[1]}"
            found.append(Citable((name,), name, text[match.start() : end], source, match.start(), retrieved=False))
    return [*found, *_lettered(text, source)]


def _lettered(text: str, source: int | None) -> Iterator[Citable]:
    """Yield the passages that letters name in their order: `A: …`, `B: …`."""
    heads = list(_LETTERED.finditer(text))[:_LETTERS]
    if len(heads) < 2 or any(ord(match["letter"]) - ord("A") != at for at, match in enumerate(heads)):
        return
    for match, end in zip(heads, [*(match.start() for match in heads[1:]), len(text)], strict=True):
        labels = (f"({match['letter']})", match["letter"])
        yield Citable(labels, match["letter"], text[match.end() : end], source, match.end(), retrieved=False)


def as_corpus(every: Sequence[Citable]) -> Corpus:
    """Return the passages as a corpus, in their order."""
    return Corpus([Source(one.name, one.text, one.title) for one in every])


def place(one: Citable, passage: Passage | None) -> Passage | None:
    """Return where a passage of a citable stands in its source."""
    if passage is None or one.source is None:
        return None
    return Passage(one.source, passage.start + one.start, passage.end + one.start)


def _last(name: str) -> str:
    return name.rsplit("/", 1)[-1]


def _parts(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield label, start and end of each labelled part of a text."""
    text = text[:_MOST_READ]
    heads = list(_ROW.finditer(text)) or _elements(text) or list(_HEAD.finditer(text))
    for at, match in enumerate(heads[:_MOST]):
        groups = match.groupdict()
        label = next(groups[name] for name in ("label", "named", "bracket", "number", "file") if groups.get(name))
        start = match.start() if "label" in groups else match.end()
        yield label, start, heads[at + 1].start() if at + 1 < len(heads) else len(text)


def _elements(text: str) -> list[re.Match[str]]:
    """Return where the elements with an id begin, where there are several of one name, each closed."""
    heads = list(_ELEMENT.finditer(text))
    alike = {match["tag"] for match in heads}
    return heads if len(heads) > 1 and len(alike) == 1 and f"</{heads[0]['tag']}>" in text else []


def has_elements(text: str) -> bool:
    """Whether a text consists of elements with ids, which are there to be cited."""
    return bool(_elements(text[:_MOST_READ]))
