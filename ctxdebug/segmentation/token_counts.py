"""Token counts that a provider reports and that can be none: below zero, or beyond what any model reads.

A budget, a cost and a share of the window are made of them, so a hostile figure would lower or break each of these.
"""

from __future__ import annotations

from ctxdebug.model import Usage

_MOST = 10**12
"""Tokens: ten thousand times the largest window."""


def believable(usage: Usage | None) -> tuple[Usage | None, tuple[str, ...]]:
    """Return the usage, without its counts where one of them can be none, and the note that says so."""
    if usage is None:
        return None, ()
    counts = (usage.prompt, usage.cache_read, usage.cache_write, usage.output, usage.reasoning)
    odd = next((count for count in counts if count is not None and not 0 <= count <= _MOST), None)
    if odd is None:
        return usage, ()
    what = "below zero" if odd < 0 else f"above {_MOST:,}"
    return (
        Usage(raw=usage.raw, pointer=usage.pointer, said_cut=usage.said_cut),
        (f"a token count of the response is {what}; its counts are not used",),
    )
