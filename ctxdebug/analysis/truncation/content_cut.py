"""Signs that a text was cut before it reached the model: markers, open JSON.

A marker counts at the edge of a text, or alone on a line; in running prose, code and quotations it is talked about, not meant.
A tool that shows a page and says how to read on has offered the rest; where the call itself asked for a page, nothing was cut.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from ctxdebug.model import Confidence, Kind, Provenance, Role, Segment, ToolCall
from ctxdebug.text.patterns import lazy

_WHAT = r"(?:output|content|text|message|response|file|results?|logs?|input|data|document|observation|page|lines?|rows|value|string)"
_HOW = r"(?:truncated|clipped|cut off|shortened|abbreviated|elided)"
_GONE = r"(?:omitted|truncated|elided|skipped|hidden|left|remaining|not shown)"
_BE = r"(?:was|is|has been|have been|were)"
_UNIT = r"(?:characters|chars|lines|bytes|tokens|rows|items|entries|results|words|matches|KB|MB|kB)"
_MARKER = lazy(
    rf"[\[(<]?(?:\.{{3}}|…)? ?[\[(<]?\b{_WHAT} (?:{_BE} )?(?:too (?:long|large)[^\n\])>]{{0,40}} )?{_HOW}\b[^\n\])>]{{0,80}}[\])>]?"
    rf"|[\[(<](?:\.{{3}}|…)? ?{_HOW}\b[^\n\])>]{{0,80}}[\])>]"
    rf"|(?:\.{{3}}|…)[ \[(]{{0,2}}\+?\d[\d,]{{0,12}} (?:more )?{_UNIT} (?:were )?{_GONE}[^\n]{{0,80}}"
    rf"|[\[(<](?:\.{{3}}|…)? ?(?:omitted|truncated|skipped|elided) (?:the )?(?:remaining |last |first )?\d[^\n\])>]{{0,60}}[\])>]"
    rf"|[\[(<](?:\.{{3}}|…)? ?\d[\d,]{{0,12}} (?:more )?{_UNIT} (?:were )?(?:omitted|truncated|elided|skipped|not shown)[^\n\])>]{{0,40}}[\])>]"
    rf"|\b{_WHAT}(?: of [^\n]{{1,40}})? (?:was|is|were) too (?:long|large) to (?:be )?(?:displayed?|shown?|included?|returned?|fit)[^\n]{{0,40}}"
    r"|\b(?:here is|showing|below is) a truncated version\b[^\n]{0,20}"
    r"|<response clipped>|<truncated>|(?:\.{3}|…) ?\(truncated\)",
    re.IGNORECASE,
)
_SAYS = ("truncated", "clipped", "cut off", "shortened", "abbreviated", "elided", "omitted", "skipped", "hidden", "left", "remaining",
    "not shown", "too long", "too large")  # fmt: skip
"""Every marker has one of these words; looking for them first costs a tenth of looking for markers."""
_TAIL = 400
_HEAD = 200
_OFFER = lazy(
    r"\b(?:use|pass|set|call|with|increase|specify|provide|see|read)\b[^\n]{0,60}"
    r"\b(?:offset|page|cursor|limit|start|line|range|next|skip|view_range|head_limit|full output|file)\b"
    r"|\bto (?:continue|see more|read more)\b",
    re.IGNORECASE,
)
_PAGED = frozenset({
    "offset", "limit", "page", "page_size", "pagesize", "per_page", "start", "end", "start_line", "end_line", "line_start", "line_end", "from",
    "to", "max_lines", "max_chars", "max_length", "max_results", "max_tokens", "num_results", "top_k", "k", "n", "head", "tail", "head_limit",
    "lines", "count", "view_range", "range", "cursor", "skip", "take",
})  # fmt: skip
_SLICED = lazy(
    r"\b(?:head|tail)\b\s+-|\bsed -n\b|\b--(?:max-count|tail|lines|limit)\b|\bcut -c|\bLIMIT \d", re.IGNORECASE
)
_JSON_START = lazy(r'\s*(?:\{\s*"[^"\n]{1,80}"\s*:|\[\s*(?:\{|"|\d|\]))')


@dataclass(frozen=True, slots=True)
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
    """The first sign of a cut in a segment, or None; `call` is the call that it answers, where that is known."""
    cut = _cut(segment.text)
    if cut is None or cut.sign == "json" or call is None or not asked_for_part(call):
        return cut
    return None


def asked_for_part(call: ToolCall) -> bool:
    """Whether the call itself asked for a page, a range or a first few."""
    if isinstance(call.parsed, Mapping):
        if any(str(name).lower() in _PAGED and given not in (None, "", 0) for name, given in call.parsed.items()):
            return True
        return any(isinstance(given, str) and _SLICED.search(given[:2000]) for given in call.parsed.values())
    return _SLICED.search(call.arguments[:2000]) is not None


@lru_cache(maxsize=4096)
def _cut(text: str) -> Cut | None:
    end = len(text.rstrip())
    for low, high in ((max(0, end - _TAIL), end), (0, min(end, _HEAD))):
        shown = text[low:high].casefold()
        if not any(word in shown for word in _SAYS):
            continue
        for marker in _MARKER.finditer(text, low, high):
            if not _talked_about(text, marker):
                line_end = text.find("\n", marker.end())
                after = text[marker.start() : line_end if 0 <= line_end < marker.end() + 120 else marker.end() + 120]
                words = "a marker says that the rest was left out"
                offered = _OFFER.search(after) is not None
                return Cut(marker.start(), marker.end(), "marker", words, Confidence.HIGH, offered)
    if _JSON_START.match(text) and len(text) > 20 and (error := _open_json(text)) is not None:
        return Cut(
            max(0, end - 60), end, "json", f"it begins as JSON and stops in the middle ({error})", Confidence.HIGH
        )
    return None


def _talked_about(text: str, marker: re.Match[str]) -> bool:
    """A marker inside a quotation, a string, a comment or a sentence is talked about; one that stands for itself is meant."""
    line_start = text.rfind("\n", 0, marker.start()) + 1
    line_end = text.find("\n", marker.end())
    before = text[line_start : marker.start()]
    after = text[marker.end() : line_end if line_end >= 0 else len(text)]
    if before[-1:] in {'"', "'", "`", "“", "‘", "*"} or after[:1] in {'"', "'", "`", "(", ";", "="}:
        return True
    if _CODE.search(before[-80:]) or before.count('"') % 2 or before.count("`") % 2:
        return True
    bracketed = marker.group()[:1] in "[(<.…"
    return not bracketed and bool(_SENTENCE.search(before[-60:]) or _RUNS_ON.match(after))


_CODE = lazy(r"(?://|#|/\*|--|^\s*\*|^\s*\d+[:|→]|[=:(,]\s*[frb]?[\"'`]|\b(?:def|return|if|for|print|const|let|var)\b)")
"""What shows that a line is source, a diff or a numbered listing."""
_SENTENCE = lazy(
    r"\b(?:if|when|whether|unless|that|may be|might be|be|not|the|a|an|any|should|would|will|can|long|your|its|some)\s*$",
    re.IGNORECASE,
)
_RUNS_ON = lazy(r"\s+(?:if|when|by|unless|whenever|before|for|in order)\b", re.IGNORECASE)


def _open_json(text: str) -> str | None:
    """What was open when the text stopped; None when it is whole, or broken before its end."""
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
