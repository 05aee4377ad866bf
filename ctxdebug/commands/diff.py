"""What `diff` does: read two exchanges, compare them, tell."""

from __future__ import annotations

import json

from ctxdebug.analysis.turns.differences import Contrast, contrast
from ctxdebug.commands.delivery import deliver, matched
from ctxdebug.commands.one_exchange import one_snapshot
from ctxdebug.commands.stages import Stages
from ctxdebug.loading.load import LoadOptions
from ctxdebug.model import Snapshot
from ctxdebug.reports import contrasts


def show_difference(
    before: tuple[str, int | None],
    after: tuple[str, int | None],
    formats: tuple[str, ...],
    outputs: tuple[str, ...],
    options: LoadOptions,
) -> int:
    """Compare two (path, exchange number from 1 or the last); 0 when nothing differs, else 1."""
    chosen = matched(formats, outputs, ("text", "json", "html"))
    with Stages("no comparison was written") as stages:
        stages.begin(f"reading {before[0]}")
        old = one_snapshot(*before, options)
        stages.done(f"{before[0]} read")
        stages.begin(f"reading {after[0]}")
        new = one_snapshot(*after, options)
        stages.done(f"{after[0]} read")
        stages.begin("comparing")
        found = contrast(old, new)
    texts = [_FORMATS[name](old, new, found) for name in chosen.formats]
    deliver(texts, chosen.outputs, chosen.formats)
    return 0 if found.empty else 1


def _json(old: Snapshot, new: Snapshot, found: Contrast) -> str:
    return json.dumps(contrasts.values(old, new, found), ensure_ascii=False, indent=1) + "\n"


def _html(old: Snapshot, new: Snapshot, found: Contrast) -> str:
    from ctxdebug.reports.page.contrast import contrast_page

    return contrast_page(old, new, found)


_FORMATS = {"text": contrasts.text, "json": _json, "html": _html}
