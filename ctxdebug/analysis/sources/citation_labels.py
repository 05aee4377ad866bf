"""How an answer cites: the labels in marks (`[kettle-1]`, `[^3]`), in words (`document 2`, `§ 3`, `row 7`) and in fields of JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ctxdebug.analysis.sources.citable import FILE
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording

CITED = wording("source_citations", "cited")
REFERENCES = lazy(
    r"^[ \t#*]*(?:references|sources|citations|footnotes|bibliography|works cited)\b", re.IGNORECASE | re.MULTILINE
)
WORDED = lazy(r"\b(?:source|document|doc|passage)\s#?(?P<number>\d{1,3})\b(?!\s?(?:percent|%|-))", re.IGNORECASE)
PART = lazy(
    r"(?P<kind>§)\s?(?P<section>\d{1,3}[a-z]?)\b(?!\s(?:of\b|(?-i:[A-Z]{2})))"
    r"|\(rows?\s#?(?P<row>\d{1,3})\)|^\W*row\s(?P<first>\d{1,3}):",
    re.IGNORECASE,
)
"""`§ 3`, `(row 3)`, `Row 3:`."""
_FIELDS = lazy(
    r"\"(?:sources?|citations?|references?|(?:source|doc|document)_ids?)\"\s?:\s?\[(?P<items>(?:\s?\"[^\"\n]{1,80}\"\s?,?){1,20})\s?\]"
)
"""The sources that an answer in JSON lists."""
_ITEM = lazy(r"\"([^\"\n]{1,80})\"")
_FIELD = lazy(
    r"\"(?:source|sources|citation|doc_id|document_id|reference|ref|source_id)\"\s?:\s?\"(?P<field>[^\"\n]{1,80})\""
)
"""The source that an answer in JSON names."""
ENTRY = lazy(
    rf"\((?:(?P<what>memory|entry|note|item|record|passage|excerpt|chunk)\s#?(?P<entry>\d{{1,3}})|(?P<file>{FILE}))\)",
    re.IGNORECASE,
)
"""`(memory 6)`, `(fares.html)`."""
LETTER = lazy(r"(?<=[\w.!?”\"%])\s(?P<letter>\([A-Z]\))(?=[\s.,;:!?]|$)")
"""`from 8 to 17 (B)`: a letter behind what it bears out, and not before an item of a list."""
_VALUE_LEADS = frozenset(":=(,→")
"""Characters after which a bracket holds a value."""


def labels_in(answer: str) -> Iterator[tuple[str, int, int]]:
    """Yield every label with which an answer may cite, and where it stands: in marks, in a field of JSON, in words."""
    yield from _marked(answer)
    taken = [match.span() for match in CITED.finditer(answer)]
    for match in ENTRY.finditer(answer):
        taken.append(match.span())
        yield match["entry"] or match["file"], match.start(), match.end()
    for match in LETTER.finditer(answer):
        yield match["letter"], *match.span("letter")
    for match in PART.finditer(answer):
        taken.append(match.span())
        yield (f"§ {match['section']}" if match["kind"] else f"row {match['row'] or match['first']}"), *match.span()
    if answer.lstrip()[:1] == "{":
        yield from _in_fields(answer)
    for match in WORDED.finditer(answer):
        if not any(start <= match.start() < end for start, end in taken):
            yield match.group("number"), match.start(), match.end()


def _marked(answer: str) -> Iterator[tuple[str, int, int]]:
    for match in CITED.finditer(answer):
        kind = str(match.lastgroup)
        inner = match.group(kind)
        if kind == "lenticular":
            inner = inner.split("†", 1)[0].split(":", 1)[0]
        labels = re.split(r"\s?[,;]\s?", inner) if kind in {"bracket", "named"} else [inner]
        if kind == "bracket" and _is_printed_list(answer, match, labels):
            continue
        for label in labels:
            if label.strip():
                yield label.strip(), match.start(), match.end()


def _in_fields(answer: str) -> Iterator[tuple[str, int, int]]:
    for match in _FIELD.finditer(answer):
        yield match["field"], *match.span("field")
    for match in _FIELDS.finditer(answer):
        for item in _ITEM.finditer(answer, *match.span("items")):
            yield item[1], *item.span(1)


def _is_printed_list(answer: str, match: re.Match[str], labels: Sequence[str]) -> bool:
    """`[8, 5, 8, 4]`: a value that the answer prints, by a repeated number, by its own line, or by what leads to it."""
    if len(labels) < 2:
        return False
    line = answer[answer.rfind("\n", 0, match.start()) + 1 : match.start()]
    after = answer[match.end() : match.end() + 40].split("\n", 1)[0]
    alone = not any(map(str.isalnum, line)) and not any(map(str.isalnum, after))
    led = line.rstrip()[-1:] in _VALUE_LEADS and not REFERENCES.search(line.strip(" *_-:").lower())
    return len(set(labels)) < len(labels) or alone or led


def is_part(low: str) -> bool:
    """Whether a label names a section or a row by its number, or a passage by its letter."""
    return low.startswith(("§ ", "row ", "("))
