"""`--what-if`: the same exchange under another model, in another window, or without a block."""

from __future__ import annotations

from ctxdebug.analysis import Analysis, AnalysisOptions
from ctxdebug.analysis.token_table import budget
from ctxdebug.commands.run_options import check_model
from ctxdebug.errors import UsageError
from ctxdebug.model import Snapshot
from ctxdebug.records import replace
from ctxdebug.reports.token_table import Scenario
from ctxdebug.segmentation.block_names import block_names, message_name
from ctxdebug.text.nearest import did_you_mean


def scenario(text: str, snapshot: Snapshot, options: AnalysisOptions) -> Scenario:
    """Return the table under `model=…`, `window=…`, `drop=…`, alone or joined by commas."""
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
    dropped = _meant(snapshot, block)
    messages = tuple(
        replace(message, segments=tuple(part for part in message.segments if part.id not in dropped))
        for message in snapshot.messages
    )
    return replace(snapshot, messages=tuple(message for message in messages if message.segments))


def _meant(snapshot: Snapshot, block: str) -> set[str]:
    """Return the segments that a name means: a message's, a block's, or the only one that the name begins; raises `UsageError`."""
    named = _named(snapshot)
    if block in named:
        return named[block]
    if by_id := {part.id for part in snapshot.segments() if block in {part.id, part.id.partition(".")[0]}}:
        return by_id
    lowered = block.lower()
    begun = {name: parts for name, parts in named.items() if name.lower().startswith(lowered)}
    if len(begun) == 1 or len({frozenset(parts) for parts in begun.values()}) == 1:
        return next(iter(begun.values()))
    if begun:
        raise UsageError(f"drop={block} could be any of {', '.join(list(begun)[:10])}")
    raise UsageError(
        f"no block is called {block!r}{did_you_mean(block, named)}; `ctxdebug budget` without --what-if lists them"
    )


def _named(snapshot: Snapshot) -> dict[str, set[str]]:
    """Return the segments of the prompt by every name that a person may call them: the message's, their own, the document's."""
    own = block_names(snapshot)
    found: dict[str, set[str]] = {}
    for message in snapshot.messages:
        for part in message.segments:
            document = part.document
            told = (document.id, document.title) if document is not None else ()
            for name in filter(None, (message_name(message), own[part.id], *told)):
                found.setdefault(name, set()).add(part.id)
    return found
