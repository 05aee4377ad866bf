"""Memories of the user that untrusted text wrote: what is kept for later must come from whom it is about."""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis.directives.action import content_words
from ctxdebug.analysis.directives.known import ReadBefore, TracedValue, place_of
from ctxdebug.analysis.directives.obedience import leaves, warns
from ctxdebug.analysis.directives.side_effects import name_parts
from ctxdebug.model import Authority, Provenance, Role, Segment, ToolCall
from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_length
from ctxdebug.text.wordings import wording

_MEMORY = frozenset(
    "memory memories remember memorize memorise memo preference preferences profile recall erinnerung gedächtnis memoria memoire mémoire".split()
)
_STANDING = wording("injection_provenance", "standing")
_TO_KEEP = wording("injection_provenance", "to keep")
_SENTENCE = lazy(r"[^.!?\n]{1,600}")
_LEAST = 5
"""Words that say something; fewer are the same by chance."""
_SHARED = 0.6
"""The share of a memory's words that one sentence holds."""
_LATELY = 40
"""Segments before a call that are looked at, and characters of each of them below, so that a long session stays linear."""
_LONGEST = 20_000
_OWN = 0.5
"""The share from which on the user said it."""


def remembered(segment: Segment, call: ToolCall, read: ReadBefore) -> Iterator[TracedValue]:
    """Yield a memory about the user that a sentence of untrusted text says, and no request."""
    if _MEMORY.isdisjoint(name_parts(call)) or read.requests.say(_TO_KEEP):
        return
    for leaf in leaves(call):
        kept = set(content_words(leaf))
        asked = not read.requests.looking
        if len(kept) < _LEAST or (asked and _STANDING.search(leaf) is None) or warns(leaf, leaf):
            continue
        lately = read.segments[-_LATELY:]
        said = frozenset[str]().union(
            *(words for one in lately if one.authority > Authority.NONE for _, words in _sentences(one.text))
        )
        if len(kept & said) >= _OWN * len(kept):
            continue
        for source in lately:
            if (
                source.authority > Authority.NONE
                or source.provenance is Provenance.MODEL_OUTPUT
                or source.role is Role.ASSISTANT
            ):
                continue
            for span, words in _sentences(source.text):
                if len(kept & words) >= _SHARED * len(kept):
                    why = f"the call of {call.name} keeps as the user's what only untrusted text said"
                    yield TracedValue(segment, *place_of(segment.text, leaf), leaf, source, *span, why)
                    return


@by_length(6.0)
def _sentences(text: str) -> tuple[tuple[tuple[int, int], frozenset[str]], ...]:
    """Return the sentences of a text with the stems that say something in them."""
    return tuple((match.span(), frozenset(content_words(match[0]))) for match in _SENTENCE.finditer(text, 0, _LONGEST))
