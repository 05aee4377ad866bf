"""`--what-if`: the same exchange under another model, in another window, or without a block."""

from __future__ import annotations

from dataclasses import replace

from ctxdebug.analysis import Analysis, AnalysisOptions
from ctxdebug.analysis.token_table import budget
from ctxdebug.errors import UsageError
from ctxdebug.model import Segment, Snapshot
from ctxdebug.reports.token_table import Scenario


def scenario(text: str, snapshot: Snapshot, options: AnalysisOptions) -> Scenario:
    """The ledger under `model=…`, `window=…`, `drop=…`, alone or joined by commas."""
    changed, asked = replace(snapshot, usage=None), options
    for part in text.split(","):
        key, _, given = part.strip().partition("=")
        if key == "model" and given:
            asked = replace(asked, model=given)
        elif key == "window" and given.isdigit():
            asked = replace(asked, window=int(given))
        elif key == "drop" and given:
            changed = _without(changed, given)
        else:
            raise UsageError(f"--what-if takes model=NAME, window=N or drop=BLOCK, not {part!r}")
    return Scenario(text, budget(Analysis(changed, asked)))


def _without(snapshot: Snapshot, block: str) -> Snapshot:
    if block == "tools":
        return replace(snapshot, tools=())
    if not any(_is(segment, block) for segment in snapshot.segments()):
        raise UsageError(f"no block is called {block!r}; `ctxdebug budget` without --what-if lists them")
    messages = tuple(
        replace(message, segments=tuple(segment for segment in message.segments if not _is(segment, block)))
        for message in snapshot.messages
    )
    return replace(snapshot, messages=tuple(message for message in messages if message.segments))


def _is(segment: Segment, block: str) -> bool:
    document = segment.document
    return block in {segment.id, segment.id.partition(".")[0]} or (
        document is not None and block in {document.id, document.title}
    )
