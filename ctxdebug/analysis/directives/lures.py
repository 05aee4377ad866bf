"""Links and images that would carry data away if the answer showed them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxdebug.records import record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording


@record(frozen=True, slots=True)
class Lure:
    """Characters `start` to `end`, the address, and what makes it a lure."""

    start: int
    end: int
    url: str
    reason: str


_PLACE = wording("injection_lures", "place")
_OPEN = r"(?:\{\{?\s{0,20}|\$\{\s{0,20}|\[\s{0,20}|<\s{0,20}|%7B|\$\(\s{0,20}|<<\s{0,20})"
_SLOT = wording("injection_lures", "slot", open=_OPEN)
_QUERY_SLOT = lazy(rf"[?&][\w.-]{{1,40}}={_OPEN}[\w -]{{1,60}}", re.IGNORECASE)
_SHOUTED = lazy(
    r"[?&][\w.-]{1,40}=(?:[A-Z][A-Z_]{5,60}|(?:your|the|user|users|insert|put|all|this)[-_+%][\w+%-]{3,80}"
    r"|data|secrets?|conversation|history|password|x{3,}|\.\.\.)(?=[&)\s\"'>#]|$)"
)
_FILL = wording("injection_lures", "fill")
_INTO = wording("injection_lures", "into")
_SHOW = lazy(
    r"\b(?:render|display|show|includ|output|print|open|visit|embed|insert|end|finish|reply|respond|load"
    r"|append|navigate|click|fetch)(?:e?d|e|ing)?\b",
    re.IGNORECASE,
)
_URL = lazy(r"https?://[^\s\"'<>)\]]{4,600}")
_NEAR = 240
_BEFORE, _BEHIND = 700, 1200
"""Characters before and behind the `://` of an address in which its label, its slot and words of filling it are."""
_REACH = 90
"""Characters; how far from an address its slot's filling may be described."""


def lures(text: str) -> Iterator[Lure]:
    """Addresses with a slot for data that the text asks to show or to fill."""
    if "://" not in text:
        return
    taken = -1
    around_addresses = list(_windows(text))
    for match in _within(_PLACE, text, around_addresses):
        url = match[1] or match[2] or match[3]
        around = text[max(0, match.start() - _NEAR) : match.start()] + " " + text[match.end() : match.end() + _NEAR]
        image = match[0].startswith("!") or match[0][:4].lower() == "<img"
        slot = _SLOT.search(match[0]) or _SHOUTED.search(match[0]) or (image and _QUERY_SLOT.search(match[0]))
        if slot and (image or _SHOW.search(around) or _FILL.search(around)):
            taken = match.end()
            yield Lure(match.start(), match.end(), url, "an address with an empty slot for data")
    for match in _within(_FILL, text, around_addresses):
        if match.start() < taken or not _INTO.match(text, match.end(), match.end() + _REACH):
            continue
        near = text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
        if (url_match := _URL.search(near)) and _SHOW.search(near):
            at = max(0, match.start() - _NEAR) + url_match.start()
            start, end = min(at, match.start()), max(match.end(), at + len(url_match[0]))
            taken = end
            yield Lure(start, end, url_match[0], "data is to be put into an address")


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches around addresses, outside which nothing is looked for; those that overlap are one."""
    start = end = -1
    at = text.find("://")
    while at >= 0:
        if at - _BEFORE > end:
            if end > 0:
                yield start, end
            start = max(0, at - _BEFORE)
        end = at + _BEHIND
        at = text.find("://", at + 3)
    if end > 0:
        yield start, end


def _within(pattern: re.Pattern[str], text: str, windows: list[tuple[int, int]]) -> Iterator[re.Match[str]]:
    for start, end in windows:
        yield from pattern.finditer(text, start, end)
