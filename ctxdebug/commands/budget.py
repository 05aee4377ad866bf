"""What `budget` does: read one exchange, count its blocks, try the scenarios, tell."""

from __future__ import annotations

import json

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.token_table import budget
from ctxdebug.commands.delivery import deliver, matched
from ctxdebug.commands.one_exchange import one_snapshot
from ctxdebug.commands.stages import Stages
from ctxdebug.commands.what_if import scenario
from ctxdebug.engine.run import RunOptions
from ctxdebug.errors import UsageError
from ctxdebug.model import Snapshot, pointer_text
from ctxdebug.records import record
from ctxdebug.reports import token_table
from ctxdebug.reports.json_text import safe_json
from ctxdebug.text.plural import plural


@record(frozen=True, slots=True)
class BudgetCall:
    """One call of `budget`."""

    capture: str
    exchange: int | None
    what_if: tuple[str, ...]
    count_with: str | None
    endpoint: str | None
    formats: tuple[str, ...]
    outputs: tuple[str, ...]


def show_budget(request: BudgetCall, options: RunOptions) -> None:
    """Count one exchange and tell."""
    chosen = matched(request.formats, request.outputs, ("text", "json"))
    with Stages("no table was written") as stages:
        stages.begin(f"reading {request.capture}")
        snapshot = one_snapshot(request.capture, request.exchange, options.load)
        stages.done(f"{request.capture} read")
        stages.begin(f"counting {plural(len(snapshot.messages), 'message')}")
        base = budget(Analysis(snapshot, options.analysis))
        stages.done("prompt counted")
        scenarios = [
            scenario(text, snapshot, options.analysis) for text in stages.each("counting --what-if", request.what_if)
        ]
        stages.begin("waiting for the server's count")
        counted = _counted(snapshot, request.count_with, request.endpoint)
    if options.analysis.memo is not None:
        options.analysis.memo.flush()
    title = f"{snapshot.path}   {snapshot.format} · {snapshot.model or 'model not named'}"
    values = token_table.values(snapshot.path, pointer_text(snapshot.pointer), base, scenarios, counted)
    texts = [
        safe_json(json.dumps(values, ensure_ascii=False, indent=1)) + "\n"
        if name == "json"
        else token_table.text(title, base, scenarios, counted)
        for name in chosen.formats
    ]
    deliver(texts, chosen.outputs, chosen.formats)


def _counted(snapshot: Snapshot, count_with: str | None, endpoint: str | None) -> int | None:
    """Return the server's own count, when it was asked for."""
    if count_with is None:
        return None
    if count_with != "provider" or endpoint is None:
        raise UsageError("--count-with provider needs --endpoint URL")
    from ctxdebug.evals.provider_counts import provider_count

    return provider_count(snapshot, endpoint)
