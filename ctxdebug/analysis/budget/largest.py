"""What fills a prompt: its parts by kind, the largest first, so that advice names what to shorten."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ctxdebug.model import Kind, Role

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis
    from ctxdebug.model import Segment

_NAMES = {
    Kind.TOOL_RESULT: "tool results",
    Kind.DOCUMENT: "documents",
    Kind.TOOL_CALL: "tool calls",
    Kind.THINKING: "earlier reasoning",
    Kind.MEDIA: "images and files",
}
_REMEDY = {
    "tool results": "drop or summarise old tool results, or limit what a tool returns",
    "documents": "retrieve fewer and shorter passages",
    "tool calls": "drop old tool calls with their results",
    "earlier reasoning": "leave earlier reasoning out",
    "images and files": "send fewer or smaller images",
    "tool declarations": "declare only the tools that this step can use",
    "system messages": "shorten the system message",
    "the conversation": "summarise the older turns",
}
_MOST = 0.5
"""From this share on, one kind of content is what fills the prompt."""


def filling(analysis: Analysis) -> tuple[str, float] | None:
    """Return the kind of content that takes the most tokens, and its share of the prompt, 0 to 1; None for an empty prompt."""
    sizes: Counter[str] = Counter()
    for segment in analysis.segments:
        sizes[_name(segment)] += analysis.prompt.segments[segment.id].value
    sizes["tool declarations"] += analysis.prompt.tools.value
    whole = sum(sizes.values())
    if not whole:
        return None
    name, most = sizes.most_common(1)[0]
    return name, most / whole


def shortening(analysis: Analysis, size: int | None, reserved: int = 0, limit: int | None = None) -> str | None:
    """Advice that names what fills a window of `limit` tokens: the prompt's largest kind, or what is reserved for output; None when nothing does."""
    if limit and reserved >= _MOST * limit and (size or 0) < limit:
        return f"{reserved:,} tokens reserved for output take {reserved / limit:.0%} of the window: lower the output limit of the request"
    found = filling(analysis)
    if found is None or found[1] < _MOST:
        return None
    name, share = found
    of = f" of {size:,} tokens" if size else ""
    return (
        f"{name} take {share:.0%} of the prompt{of}: {_REMEDY[name]}; or reserve less for output, where that is large"
    )


def _name(segment: Segment) -> str:
    if segment.kind in _NAMES:
        return _NAMES[segment.kind]
    return "system messages" if segment.role in {Role.SYSTEM, Role.DEVELOPER} else "the conversation"
