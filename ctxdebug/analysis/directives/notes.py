"""What the model stores for later as the user's own, though only untrusted text says it."""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis.directives.action import content_words
from ctxdebug.analysis.directives.obedience import leaves
from ctxdebug.analysis.directives.side_effects import name_parts_of
from ctxdebug.analysis.directives.what_was_read import TracedValue, WhatWasRead, place_of
from ctxdebug.model import Authority, Provenance, Role, Segment, ToolCall
from ctxdebug.text.patterns import lazy

_STORES = frozenset("memory memories remember memorize memorise preference preferences profile".split())
"""Words of tools' names that keep something about the user for later conversations."""
_LOOKS = frozenset("get read search list recall find lookup delete forget remove".split())
_OF_THE_USER = lazy(
    r"\b(?:the )?(?:user|customer|household|client)\b|\b(?:they|he|she) (?:prefer|want|like|agree|has|have)", 2
)
_FEWEST = 4
"""Content words of a note that only untrusted text says."""
_SHARE = 0.6
_AROUND = 600


def noted(segment: Segment, call: ToolCall, read: WhatWasRead) -> Iterator[TracedValue]:
    """Yield a note about the user of which most words come from one untrusted text, and none from what the user or the developer said."""
    parts = name_parts_of(call.name)
    if _STORES.isdisjoint(parts) or not _LOOKS.isdisjoint(parts):
        return
    said = {word for one in read.said_with_authority() for word in content_words(one.text)}
    for leaf in leaves(call):
        words = {word for word in content_words(leaf) if word not in said}
        if len(words) < _FEWEST or _OF_THE_USER.search(leaf) is None:
            continue
        for source in read.segments:
            if (
                source.authority > Authority.NONE
                or source.provenance is Provenance.MODEL_OUTPUT
                or source.role is Role.ASSISTANT
            ):
                continue
            held = words & set(content_words(source.text))
            if len(held) >= _FEWEST and len(held) >= _SHARE * len(words):
                place = _densest(source.text, held)
                why = f"the call of {call.name} stores as the user's own what only untrusted text says"
                yield TracedValue(segment, *place_of(segment.text, leaf), leaf, source, *place, why)
                return


def _densest(text: str, words: set[str]) -> tuple[int, int]:
    """Return the line of a text with the most of some words."""
    best, at, most = (0, min(len(text), _AROUND)), 0, 0
    for line in text.splitlines(keepends=True):
        held = len(words.intersection(content_words(line)))
        if held > most:
            best, most = (at, at + len(line.rstrip())), held
        at += len(line)
    return best
