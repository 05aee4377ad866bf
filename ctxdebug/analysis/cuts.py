"""Signs that a text was cut before it reached the model: markers, open JSON, open fences."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from ctxdebug.model import Confidence, Segment

_MARKER = re.compile(
    r"[\[(<]?\.{0,3} ?[\[(<]?\b(?:output|content|text|message|response|file|result|log|input|data|document|lines?) (?:was |has been |is )?"
    r"(?:truncated|clipped|cut off|shortened)\b[^\n\])>]{0,80}[\])>]?"
    r"|[\[(<]\.{0,3} ?(?:truncated|clipped)\b[^\n\])>]{0,80}[\])>]"
    r"|\.{3} ?[\[(]?\d[\d,]{0,12} (?:more )?(?:characters|chars|lines|bytes|tokens|rows) (?:omitted|truncated|elided|skipped|not shown)[^\n]{0,20}"
    r"|<response clipped>|\[\.\.\. ?truncated ?\.\.\.\]",
    re.IGNORECASE,
)
_TAIL = 400
_JSON_START = re.compile(r'\s*(?:\{\s*"[^"\n]{1,80}"\s*:|\[\s*(?:\{|"|\d|\]))')


@dataclass(frozen=True, slots=True)
class Cut:
    """A sign of a cut: characters `start` to `end` of the segment."""

    start: int
    end: int
    sign: str
    words: str
    confidence: Confidence


def cut_in(segment: Segment) -> Cut | None:
    """The first sign of a cut in a segment, or None."""
    text = segment.text
    end = len(text.rstrip())
    marker = _MARKER.search(text, max(0, end - _TAIL)) or _MARKER.search(text, 0, min(end, 200))
    if marker is not None and not _quoted(text, marker):
        return Cut(marker.start(), marker.end(), "marker", "a marker says that the rest was left out", Confidence.HIGH)
    if _JSON_START.match(text) and len(text) > 20 and (error := _open_json(text)) is not None:
        start = max(0, end - 60)
        return Cut(start, end, "json", f"it begins as JSON and stops in the middle ({error})", Confidence.HIGH)
    return None


def _quoted(text: str, marker: re.Match[str]) -> bool:
    """A marker inside quotation marks or code is talked about, not meant."""
    before = text[max(0, marker.start() - 1) : marker.start()]
    return before in {'"', "'", "`"}


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
