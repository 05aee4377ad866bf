"""Which segments of a request are sources, by what they are and which tool they come from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.sources.source import Source
from ctxdebug.analysis.sources.unfilled import is_placeholder
from ctxdebug.model import Kind, Provenance, Segment
from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_text

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis

_SHORTEST = 1
"""Characters from which a text is a source: a tool may answer with one figure."""
_LONGEST_WORD = 40
_MOST_CITED = 200
_NAME_PARTS = lazy(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_TAG = lazy(r"</?[A-Za-z][\w:.-]{0,40}(?:\s+[\w:.-]{1,40}\s*=[^<>\n]{0,300})?\s*/?>")
_TITLE = lazy(r'"(?:title|name|filename|file_name|document_title|source)"\s*:\s*"([^"\n]{1,160})"')


@cache
def _kinds() -> dict[str, frozenset[str]]:
    loaded = json.loads(Path(__file__).with_name("kinds.json").read_text("utf-8"))
    return {name: frozenset(words.split()) for name, words in loaded.items() if name != "about"}


def is_look_up(tool: str | None) -> bool:
    """Whether a tool, by its name, looks things up to answer from (and does not act, compute, or work on files)."""
    if not tool:
        return False
    name = tool.rsplit(".", 1)[-1]
    if name in _kinds()["look_up_tools"]:
        return True
    parts = _parts(name)
    return bool(parts & _kinds()["look_up"]) and not parts & (_kinds()["workspace"] | _kinds()["records_only"])


def is_record(tool: str | None) -> bool:
    """Whether a tool, by its name, returns facts to answer from, though not passages that could compete."""
    parts = _parts(tool or "")
    return bool(parts & _kinds()["records"]) and not parts & _kinds()["workspace"]


def is_one_word(text: str) -> bool:
    """Whether a tool returned one word without a figure, beside which an answer says what it knows: `Mexico`."""
    bare = text.strip().strip("\"'")
    return len(bare) <= _LONGEST_WORD and len(bare.split()) <= 1 and not any(map(str.isdigit, bare))


def is_workspace(tool: str | None) -> bool:
    """Whether a tool, by its name, works on files, a screen or a shell, or plans."""
    return not _kinds()["workspace"].isdisjoint(_parts((tool or "").rsplit(".", 1)[-1]))


@by_text
def _parts(name: str) -> frozenset[str]:
    return frozenset(part.lower() for part in _NAME_PARTS.findall(name))


def is_document(segment: Segment) -> bool:
    """Whether a segment is a document, and not a labelled slot of a prompt template (`[Submission]`, `[Criteria]`)."""
    if segment.kind is not Kind.DOCUMENT or segment.provenance is Provenance.MEMORY:
        return False
    label = (segment.document.id or "").strip().lower() if segment.document else ""
    if segment.tool and not is_look_up(segment.tool) and _kinds()["workspace"] & _parts(segment.tool):
        return False
    return label not in _kinds()["slots"]


def is_said(segment: Segment) -> bool:
    """Return what the user typed or pasted, prompt slots included, documents not."""
    return segment.kind is Kind.TEXT or (segment.kind is Kind.DOCUMENT and not is_document(segment))


@by_text
def _says_something(text: str) -> bool:
    """Whether a text is more than tags and a placeholder."""
    return not is_placeholder(text) and len(_TAG.sub("", text).strip()) >= _SHORTEST


def source_segments(analysis: Analysis) -> Iterator[tuple[Segment, Source]]:
    """Yield every segment that is a source, with what it says of itself."""
    for segment in (*analysis.segments, *analysis.snapshot.answer_segments()):
        if segment.is_error or not _says_something(segment.text):
            continue
        if is_document(segment) or (segment.kind is Kind.DOCUMENT and segment.tool):
            document = segment.document
            title = (document.title or "") if document else ""
            yield (
                segment,
                Source(
                    (document.id or document.url or "") if document else "",
                    segment.text,
                    title,
                    (document.date or "") if document else "",
                    is_document(segment),
                ),
            )
        elif segment.kind is Kind.TOOL_RESULT:
            titled = _TITLE.search(segment.text[:2000]) if is_look_up(segment.tool) else None
            yield segment, Source("", segment.text, titled.group(1) if titled else "", "", is_look_up(segment.tool))
        elif segment.kind is Kind.TEXT and segment.provenance in {Provenance.RETRIEVED, Provenance.TOOL_RESULT}:
            yield segment, Source("", segment.text, "", "", segment.provenance is Provenance.RETRIEVED)


def cited_passages(response: Any) -> Iterator[Source]:
    """Passages that the provider hands back with its citations (Anthropic `cited_text`, OpenAI file-search results)."""
    stack, seen = [response], 0
    while stack and seen < 20_000:
        one = stack.pop()
        seen += 1
        if isinstance(one, Mapping):
            text = one.get("cited_text") or (one.get("text") if "file_id" in one and "score" in one else None)
            if isinstance(text, str) and len(text.strip()) >= _SHORTEST:
                names = [one.get(key) for key in ("document_title", "filename", "title", "url")]
                yield Source(next((name for name in names if isinstance(name, str)), ""), text)
            stack.extend(one.values())
        elif isinstance(one, list):
            stack.extend(one[:_MOST_CITED])
