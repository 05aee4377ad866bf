"""`--what-if`: the same exchange under another model, in another window, or without a block."""

from __future__ import annotations

from dataclasses import replace

from ctxdebug.analysis import Analysis, AnalysisOptions
from ctxdebug.analysis.token_table import budget
from ctxdebug.commands.run_options import check_model
from ctxdebug.errors import UsageError
from ctxdebug.model import Segment, Snapshot
from ctxdebug.reports.token_table import Scenario
from ctxdebug.text.nearest import did_you_mean


def scenario(text: str, snapshot: Snapshot, options: AnalysisOptions) -> Scenario:
    """The ledger under `model=…`, `window=…`, `drop=…`, alone or joined by commas."""
    changed, asked = replace(snapshot, usage=None), options
    for part in text.split(","):
        key, _, given = part.strip().partition("=")
        if key == "model" and given:
            check_model(given, options.models)
            asked = replace(asked, model=given)
        elif key == "window" and given.isascii() and given.isdigit() and int(given[:13]) > 0 and len(given) < 13:
            asked = replace(asked, window=int(given))
        elif key == "drop" and given:
            changed = _without(changed, given)
        else:
            raise UsageError(f"--what-if takes model=NAME, window=N or drop=BLOCK, not {part!r}")
    return Scenario(text, budget(Analysis(changed, asked)))


def _without(snapshot: Snapshot, block: str) -> Snapshot:
    if block == "tools":
        return replace(snapshot, tools=())
    block = _meant(snapshot, block)
    messages = tuple(
        replace(message, segments=tuple(segment for segment in message.segments if not _is(segment, block)))
        for message in snapshot.messages
    )
    return replace(snapshot, messages=tuple(message for message in messages if message.segments))


def _meant(snapshot: Snapshot, block: str) -> str:
    """Return the block that a name means: its own, or the only one whose name begins with it; raises `UsageError`."""
    names = dict.fromkeys(name for segment in snapshot.segments() for name in _names(segment))
    if block in names:
        return block
    lowered = block.lower()
    documents = dict.fromkeys(
        name
        for segment in snapshot.segments()
        if segment.document is not None
        for name in (segment.document.id, segment.document.title)
        if name and name.lower().startswith(lowered)
    )
    if len(documents) == 1:
        return next(iter(documents))
    if documents:
        raise UsageError(f"drop={block} could be any of {', '.join(list(documents)[:10])}")
    raise UsageError(
        f"no block is called {block!r}{did_you_mean(block, names)}; `ctxdebug budget` without --what-if lists them"
    )


def _names(segment: Segment) -> list[str]:
    """Return the names that a person may call a segment by: the message's, its own, its document's."""
    document = segment.document
    told = (document.id, document.title) if document is not None else ()
    return [segment.id.partition(".")[0], segment.id, *(name for name in told if name)]


def _is(segment: Segment, block: str) -> bool:
    return block in _names(segment)
