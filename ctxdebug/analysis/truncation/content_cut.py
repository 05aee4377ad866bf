"""Signs that a text was cut before it reached the model: markers, fields, JSON that is left open, and telling sizes.

A marker counts at the edge of a text, or alone on a line; in running prose, code and quotations it is talked about, not meant.
A tool that shows a page and says how to read on has offered the rest; where the call itself asked for a page, nothing was cut.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from ctxdebug.analysis.truncation.cut_markers import Marker, cut_field, cut_sizes, description_sizes, markers
from ctxdebug.model import Confidence, Kind, Provenance, Role, Segment, Tool, ToolCall
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_text
from ctxdebug.text.wordings import wording

_TAG = lazy(r"<([A-Za-z][\w-]{2,40})>\n?")
_MOST_BLOCKS = 16
_TAIL = 400
_HEAD = 200
_CLOSING = 5
"""Characters behind a marker that close its line: dots, brackets."""
_ALONE = lazy(r"(?m)^(?:(?=[^\n]{0,40}\d)[\[(<.…*][^\n]{5,160}|[\[(<][^\n \])>]{3,20} [^\n\])>]{3,60}[\])>])$")
"""A line that begins as a marker does and has a number near its beginning, or words that are all in brackets."""
_DENIED = lazy(r"\b(?:truncated|clipped|shortened)\b\W{1,4}(?:false|no|none|null|0|bool)\b", re.IGNORECASE)
"""A field that says that nothing was cut, or declares that it could."""
_OFFER = wording("content_cut", "offer")
_PAGED = frozenset({
    "offset", "limit", "page", "page_size", "pagesize", "per_page", "start", "end", "start_line", "end_line", "line_start", "line_end", "from",
    "to", "max_lines", "max_chars", "max_length", "max_results", "max_tokens", "num_results", "top_k", "k", "n", "head", "tail", "head_limit",
    "lines", "count", "view_range", "range", "cursor", "skip", "take",
})  # fmt: skip
_SLICED = lazy(
    r"\b(?:head|tail)\b\s+-|\bsed -n\b|\b--(?:max-count|tail|lines|limit)\b|\bcut -c|\bLIMIT \d", re.IGNORECASE
)
_JSON_START = lazy(r'\s*(?:\{\s*"[^"\n]{1,80}"\s*:|\[\s*(?:\{|"|\d|\]))')


@record(frozen=True, slots=True)
class Cut:
    """A sign of a cut: characters `start` to `end` of the segment. `offered`: the text says how to get the rest."""

    start: int
    end: int
    sign: str
    words: str
    confidence: Confidence
    offered: bool = False


def examinable(segment: Segment) -> bool:
    """Whether a cut would matter here: in documents, tool results, instructions and memories, not in what people say."""
    if segment.kind in {Kind.DOCUMENT, Kind.TOOL_RESULT}:
        return True
    instruction = segment.role in {Role.SYSTEM, Role.DEVELOPER} or segment.provenance is Provenance.MEMORY
    return segment.kind is Kind.TEXT and instruction and bool(segment.text.strip())


def cut_in(segment: Segment, call: ToolCall | None = None) -> Cut | None:
    """Return the first sign of a cut in a segment, or None; `call` is the call that it answers, where that is known."""
    cut = _cut(segment.text)
    if cut is None or cut.sign == "json" or call is None or not asked_for_part(call):
        return cut
    return None


def description_cut(tool: Tool) -> str | None:
    """Why a tool's description is a cut one, in words; None where nothing shows it."""
    text = tool.description.rstrip()
    if (marked := _marked(text)) is not None and marked.end >= len(text) - _CLOSING:
        return "a marker at its end says so"
    if len(tool.description) in description_sizes() and _ends_inside(text, len(text)):
        return f"it is exactly {len(tool.description):,} characters long and ends inside a sentence"
    return None


def asked_for_part(call: ToolCall) -> bool:
    """Whether the call itself asked for a page, a range or a first few."""
    if isinstance(call.parsed, Mapping):
        if any(str(name).lower() in _PAGED and given not in (None, "", 0) for name, given in call.parsed.items()):
            return True
        return any(isinstance(given, str) and _SLICED.search(given[:2000]) for given in call.parsed.values())
    return _SLICED.search(call.arguments[:2000]) is not None


@by_text
def _cut(text: str) -> Cut | None:
    return _marked(text) or _said(text) or _left_out(text) or _open(text) or _sized(text)


def _marked(text: str) -> Cut | None:
    """Return a marker at an edge of the text."""
    end = len(text.rstrip())
    for low, high in ((max(0, end - _TAIL), end), (0, min(end, _HEAD))):
        shown = text[low:high].lower()
        for marker in markers():
            if not marker.may_be_in(shown):
                continue
            for found in marker.pattern.finditer(text, low, high):
                if not _talked_about(text, found):
                    return _of(text, marker, found)
    return None


def _left_out(text: str) -> Cut | None:
    """Return a marker with a number alone on a line further in: tools that keep both ends write it between them."""
    for line in _ALONE.finditer(text):
        shown = line.group().lower()
        for marker in markers():
            if not marker.may_be_in(shown):
                continue
            found = marker.pattern.match(text, line.start(), line.end())
            if found is not None and line.end() - found.end() <= _CLOSING and not _talked_about(text, found):
                return _of(text, marker, found)
    for marker in markers():
        if marker.anywhere and (found := marker.pattern.search(text)) is not None and not _talked_about(text, found):
            return _of(text, marker, found)
    return None


def _of(text: str, marker: Marker, found: re.Match[str]) -> Cut:
    line_end = text.find("\n", found.end())
    after = text[found.start() : line_end if 0 <= line_end < found.end() + 120 else found.end() + 120]
    offered = marker.offers or _OFFER.search(after) is not None
    return Cut(
        found.start(), found.end(), "marker", "a marker says that the rest was left out", Confidence.HIGH, offered
    )


def _said(text: str) -> Cut | None:
    """Return a field of a JSON object that says so."""
    if text[:1] not in {"{", "["}:
        return None
    found = cut_field().search(text)
    if found is None:
        return None
    return Cut(found.start(), found.end(), "field", "a field says that the text is cut", Confidence.HIGH)


def _open(text: str) -> Cut | None:
    """JSON that stops in the middle."""
    if len(text) <= 20 or not _JSON_START.match(text) or (error := _open_json(text)) is None:
        return None
    end = len(text.rstrip())
    words = f"it begins as JSON and stops in the middle ({error})"
    return Cut(max(0, end - 60), end, "json", words, Confidence.HIGH)


def _sized(text: str) -> Cut | None:
    """Return a text, or one block in tags, that ends inside a sentence or word at exactly a size at which tools cut."""
    for start, end in ((0, len(text)), *_blocks(text)):
        size = end - start
        if size < min(cut_sizes()) or not _ends_inside(text, end):
            continue
        written = size if text.isascii() else len(text[start:end].encode("utf-8", "surrogatepass"))
        found = next((number for number in (size, written) if number in cut_sizes()), None)
        if found is not None:
            unit = "characters" if found == size else "bytes"
            words = f"it is exactly {found:,} {unit} long and ends inside a sentence"
            return Cut(max(start, end - 60), end, "size", words, Confidence.MEDIUM)
    return None


def _ends_inside(text: str, end: int) -> bool:
    """Whether the character before an end is of a word, with no end of a sentence or line behind it."""
    return text[end - 1 : end].isalnum() and text[max(0, end - 40) : end].count("\n") <= 1


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Yield the contents of the first blocks in tags: `<INSTRUCTIONS>…</INSTRUCTIONS>`, without the line breaks at their edges."""
    if len(text) < min(cut_sizes()):
        return
    for number, found in enumerate(_TAG.finditer(text)):
        if number == _MOST_BLOCKS:
            return
        end = text.find(f"</{found[1]}>", found.end())
        if end > found.end():
            yield found.end(), end - (text[end - 1] == "\n")


def _talked_about(text: str, marker: re.Match[str]) -> bool:
    """Return a marker inside a quotation, a string, a comment or a sentence is talked about; one that stands for itself is meant."""
    line_start = text.rfind("\n", 0, marker.start()) + 1
    line_end = text.find("\n", marker.end())
    before = text[line_start : marker.start()]
    after = text[marker.end() : line_end if line_end >= 0 else len(text)]
    if before[-1:] in {'"', "'", "`", "“", "‘", "*"} or after[:1] in {'"', "'", "`", "(", ";", "="}:
        return True
    if _DENIED.search(marker.group()) or _CODE.search(before[-80:]) or before.count('"') % 2 or before.count("`") % 2:
        return True
    bracketed = marker.group()[:1] in "[(<.…"
    return not bracketed and bool(_SENTENCE.search(before[-60:]) or _RUNS_ON.match(after))


_CODE = lazy(
    r"(?://|#|/\*|--|^\s*\*(?!\*)|^\s*\d+[:|→]|[=:(,]\s*[frb]?[\"'`]|\b(?:def|return|if|for|print|const|let|var)\b)"
)
"""What shows that a line is source, a diff or a numbered listing."""
_SENTENCE = lazy(
    r"\b(?:if|when|whether|unless|that|may be|might be|be|not|the|a|an|any|should|would|will|can|long|your|its|some)\s*$",
    re.IGNORECASE,
)
_RUNS_ON = lazy(r"\s+(?:if|when|by|unless|whenever|before|for|in order)\b", re.IGNORECASE)


def _open_json(text: str) -> str | None:
    """Return what was open when the text stopped; None when it is whole, or broken before its end."""
    try:
        json.loads(text)
    except RecursionError:
        return None
    except json.JSONDecodeError as error:
        left = text[error.pos :].strip()
        if "Unterminated string" in error.msg and "\n" not in left and len(left) < 20_000:
            return "inside a string"
        if not left:
            return "inside an object or a list"
    return None
