"""Links and images that would carry data away if the answer showed them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ctxdebug.text.patterns import lazy


@dataclass(frozen=True, slots=True)
class Lure:
    """Characters `start` to `end`, the address, and what makes it a lure."""

    start: int
    end: int
    url: str
    reason: str


_PLACE = lazy(
    r"!?\[[^\]\n]{0,200}\]\(\s*<?(https?://[^\s)>]{4,600}(?:\s*[{\[<][^)\n]{1,120}[}\]>])?[^\s)]{0,200})"
    r"|<(?:img|a|iframe|link|source|video|script)\b[^<>]{0,200}?(?:src"
    r"|href)\s*=\s*[\"']?(https?://[^\s\"'>]{4,600})"
    r"|(https?://[^\s\"'<>){\[$(]{4,300}[{\[<$(][^\n{\[<$(]{1,80}[}\]>)])",
    re.IGNORECASE,
)
_OPEN = r"(?:\{\{?\s*|\$\{\s*|\[\s*|<\s*|%7B|\$\(\s*|<<\s*)"
_SLOT = lazy(
    rf"[?&/#=][\w.-]{{0,40}}=?{_OPEN}[\w -]{{0,30}}?(?:conversation|history|chat|prompt|secret|password"
    rf"|passwd|token|api_?key|summary|context|message|answer|"
    r"user_?data|e-?mail|credential|credit|card|balance|session|cookie|memory|encoded|base64|insert"
    r"|private|system|content|personal|data)[\w -]{0,60}",
    re.IGNORECASE,
)
_QUERY_SLOT = lazy(rf"[?&][\w.-]{{1,40}}={_OPEN}[\w -]{{1,60}}", re.IGNORECASE)
_SHOUTED = lazy(
    r"[?&][\w.-]{1,40}=(?:[A-Z][A-Z_]{5,60}|(?:your|the|user|users|insert|put|all|this)[-_+%][\w+%-]{3,80}"
    r"|data|secrets?|conversation|history|password|x{3,}|\.\.\.)(?=[&)\s\"'>#]|$)"
)
_FILL = lazy(
    r"\b(?:append|add|attach|put|insert|include|encode|replace|substitute|concatenat\w+|place|embed|pass"
    r"|interpolate)\b[^.!?\n]{0,80}?"
    r"\b(?:conversation|chat|history|message|prompt|context|secret|data|password|token|key|answer|summary"
    r"|user|email|content|details|instructions|it|them|this)\b",
    re.IGNORECASE,
)
_INTO = lazy(
    r"[^.!?\n]{0,60}?\b(?:to|in|into|as|at|of|onto|within)\s+(?:(?:the|this|that|a|an|its|following|image"
    r"|query|end|each|any)\s+){0,4}(?:of\s+(?:the|this)\s+)?"
    r"(?:(?:image|markdown|query|tracking)\s+)?(?:url|link|query|string|parameters?|image|src|address|https?://)",
    re.IGNORECASE,
)
_SHOW = lazy(
    r"\b(?:render|display|show|includ|output|print|open|visit|embed|insert|end|finish|reply|respond|load"
    r"|append|navigate|click|fetch)(?:e?d|e|ing)?\b",
    re.IGNORECASE,
)
_URL = lazy(r"https?://[^\s\"'<>)\]]{4,600}")
_NEAR = 240
_REACH = 90
"""Characters; how far from an address its slot's filling may be described."""


def lures(text: str) -> Iterator[Lure]:
    """Addresses with a slot for data that the text asks to show or to fill."""
    if "://" not in text:
        return
    taken = -1
    for match in _PLACE.finditer(text):
        url = match[1] or match[2] or match[3]
        around = text[max(0, match.start() - _NEAR) : match.start()] + " " + text[match.end() : match.end() + _NEAR]
        image = match[0].startswith("!") or match[0][:4].lower() == "<img"
        slot = _SLOT.search(match[0]) or _SHOUTED.search(match[0]) or (image and _QUERY_SLOT.search(match[0]))
        if slot and (image or _SHOW.search(around) or _FILL.search(around)):
            taken = match.end()
            yield Lure(match.start(), match.end(), url, "an address with an empty slot for data")
    for match in _FILL.finditer(text):
        if match.start() < taken or not _INTO.match(text, match.end(), match.end() + _REACH):
            continue
        near = text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
        if (url_match := _URL.search(near)) and _SHOW.search(near):
            at = max(0, match.start() - _NEAR) + url_match.start()
            start, end = min(at, match.start()), max(match.end(), at + len(url_match[0]))
            taken = end
            yield Lure(start, end, url_match[0], "data is to be put into an address")
