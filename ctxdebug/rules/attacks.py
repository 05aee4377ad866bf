"""What the rules about disguised injected instructions share: a hit for each attack that was found in one way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.model import Confidence, Hit, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.analysis import Analysis
    from ctxdebug.analysis.directives import Found

_SHOWN = 160
"""Characters of the decoded text that are shown."""


def decoded_attacks(analysis: Analysis, found: Found, message: str, note: str) -> Iterator[Hit]:
    """Yield a hit for each attack of a kind; `message` and `note` name `{how}` it is disguised and what the `{text}` says."""
    from ctxdebug.analysis.directives.passages import shown

    for attack in analysis.attacks:
        one = attack.lead
        if one.passage.found is found:
            text = shown(one.passage.decoded or "", _SHOWN)
            yield Hit(
                message.format(how=one.passage.how, text=text),
                (quote(one.segment, one.passage.start, one.passage.end, note.format(text=text)),),
                confidence=Confidence.LOW if one.reason else None,
                facts=one.facts(),
            )
