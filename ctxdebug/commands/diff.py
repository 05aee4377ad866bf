"""What `diff` does: read two exchanges, compare them, tell."""

from __future__ import annotations

import json

from ctxdebug.analysis.turns.differences import contrast
from ctxdebug.commands.delivery import deliver, matched
from ctxdebug.commands.one_exchange import one_snapshot
from ctxdebug.loading.load import LoadOptions
from ctxdebug.reports import contrasts


def show_difference(
    before: tuple[str, int | None],
    after: tuple[str, int | None],
    formats: tuple[str, ...],
    outputs: tuple[str, ...],
    options: LoadOptions,
) -> int:
    """Compare two (path, exchange number from 1 or the last); 0 when nothing differs, else 1."""
    chosen = matched(formats, outputs, ("text", "json"))
    old, new = one_snapshot(*before, options), one_snapshot(*after, options)
    found = contrast(old, new)
    texts = [
        json.dumps(contrasts.values(old, new, found), ensure_ascii=False, indent=1) + "\n"
        if name == "json"
        else contrasts.text(old, new, found)
        for name in chosen.formats
    ]
    deliver(texts, chosen.outputs, chosen.formats)
    return 0 if found.empty else 1
