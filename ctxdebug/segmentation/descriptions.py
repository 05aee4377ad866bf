"""What a document says of itself: its id, title, date and address, where it shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ctxdebug.model import Document
from ctxdebug.text.patterns import lazy

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}"
DATE = lazy(
    rf"\b(?:\d{{4}}-\d{{2}}(?:-\d{{2}})?|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}}|\d{{1,2}}\.? {_MONTH},? \d{{4}}|{_MONTH} \d{{1,2}},? \d{{4}}"
    rf"|{_MONTH} \d{{4}})\b",
    re.IGNORECASE,
)
_MARKED_DATE = lazy(
    r"(?:last[ -])?(?:updated?|modified|revised|revision|published|effective|valid from|as of|dated?|created)"
    r"(?:[ _](?:at|on|from|date|since))?\s{0,3}[:=]?\s{0,3}",
    re.IGNORECASE,
)
_LINE = lazy(r"^\s{0,4}(title|file_name|file_path|filename|source|url|id|doc_id|document id)\s{0,2}:\s{0,4}(\S[^\n]{0,200})$",
    re.IGNORECASE | re.MULTILINE)  # fmt: skip
_ATTRIBUTE = lazy(r"""([\w:.-]{1,40})\s{0,3}=\s{0,3}(?:"([^"]{0,300})"|'([^']{0,300})'|([^\s"'<>]{1,200}))""")
_CHILD = lazy(
    r"<(title|source|date|url|id|index|updated|published|name)>\s{0,20}([^<]{1,300}?)\s{0,20}</\1>", re.IGNORECASE
)
_HEADING = lazy(r"^\s{0,3}#{1,3} +(\S[^\n]{0,150})$", re.MULTILINE)

_ID_KEYS = ("id", "doc_id", "document_id", "docid", "source_id", "chunk_id", "index", "number", "n")
_TITLE_KEYS = (
    "title",
    "name",
    "file_name",
    "filename",
    "file_path",
    "file",
    "path",
    "source",
    "document",
    "heading",
    "subject",
)
_DATE_KEYS = ("date", "updated", "updated_at", "last_updated", "lastUpdated", "last_modified", "published", "published_at",
    "page_age", "effective", "effective_date", "created", "created_at", "revised", "version_date", "timestamp")  # fmt: skip
_URL_KEYS = ("url", "link", "uri", "href")


def _first(fields: Mapping[str, Any], keys: tuple[str, ...]) -> str | None:
    for key in keys:
        held = fields.get(key)
        if isinstance(held, (str, int)) and not isinstance(held, bool) and str(held).strip():
            return str(held).strip()[:300]
    return None


def from_fields(fields: Mapping[str, Any]) -> Document:
    """Return a document from named fields (tag attributes, a JSON object), metadata inside it included."""
    inner = fields.get("metadata")
    merged = {**inner, **fields} if isinstance(inner, dict) else fields
    return Document(
        _first(merged, _ID_KEYS), _first(merged, _TITLE_KEYS), _first(merged, _DATE_KEYS), _first(merged, _URL_KEYS)
    )


def from_attributes(text: str) -> Document:
    """Return a document from the attributes of its tag."""
    return from_fields({m[1].lower(): m[2] or m[3] or m[4] or "" for m in _ATTRIBUTE.finditer(text)})


def completed(document: Document, body: str) -> Document:
    """Return a document with what its first lines add to what is known."""
    head = body[:1200]
    fields: dict[str, str] = {}
    for match in (*_CHILD.finditer(head), *_LINE.finditer(head[:600])):
        fields.setdefault(match[1].lower(), match[2].strip())
    shown = from_fields(fields)
    heading = _HEADING.search(head[:300])
    return Document(
        document.id or shown.id,
        document.title or shown.title or (heading[1].strip() if heading else None),
        document.date or shown.date or marked_date(head),
        document.url or shown.url,
    )


def marked_date(text: str) -> str | None:
    """Return the first date that a word such as `updated` or `effective` introduces."""
    for mark in _MARKED_DATE.finditer(text):
        if date := DATE.match(text, mark.end()):
            return date[0]
    return None


def from_label(label: str) -> Document:
    """Return a document from a bracket or heading such as `doc A, policy.md, updated 2023-01-10`."""
    date = marked_date(label)
    if date is None and (plain := DATE.search(label)):
        date = plain[0]
    parts = [part.strip(" .:()[]*") for part in re.split(r"[,|;]|\s[–—-]\s|: ", label)]
    parts = [part for part in parts if part and (date is None or date not in part)]
    identifier = parts[0][:120] if parts else None
    title = parts[1][:200] if len(parts) > 1 else None
    return Document(identifier, title, date)
