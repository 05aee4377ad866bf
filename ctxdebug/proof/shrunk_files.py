"""What is left of a context as files: a capture, an eval case, and a diff."""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING, Any

from ctxdebug.cases.exchanges import Sender, examine, snapshot_from
from ctxdebug.cases.freeze import FreezeOptions, Frozen, freeze
from ctxdebug.errors import UsageError
from ctxdebug.reports.json_text import safe_json
from ctxdebug.text.printable import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.engine.run import RunOptions
    from ctxdebug.model import Snapshot, ToolCall
    from ctxdebug.proof.shrink import Shrunk
    from ctxdebug.proof.trial import Experiment


def failing_exchange(found: Shrunk, experiment: Experiment) -> dict[str, Any] | None:
    """Return what is left as it was sent, with a reply to it that fails; None where there is none."""
    for answer in experiment.held(found.request):
        if answer.seen.fails:
            body, reply = experiment.reply(found.request, answer.index)
            return {"request": body, "response": reply.body}
    return None


def capture_text(exchange: dict[str, Any]) -> str:
    """Return the exchange as a capture."""
    return safe_json(json.dumps(exchange, ensure_ascii=False, indent=2)) + "\n"


def frozen_case(
    exchange: dict[str, Any],
    experiment: Experiment,
    run: RunOptions,
    name: str,
    good: tuple[str, tuple[ToolCall, ...]] | None,
) -> Frozen | str:
    """Return what is left as an eval case, or why it is none."""
    form = experiment.format
    snapshot = snapshot_from(exchange["request"], exchange["response"], Sender(form), run, f"{name}.json")
    options = FreezeOptions(id=None, parts=(experiment.failure.expectation,), good=good, tags=("shrunk",))
    try:
        return freeze(examine(snapshot, run), options, run)
    except UsageError as error:
        return str(error)


def diff_text(found: Shrunk, run: RunOptions) -> str:
    """Return a unified diff from the whole context to what is left, as lines of messages, tools and settings."""
    before, after = (list(_lines(one.snapshot(run))) for one in (found.original, found.request))
    return "".join(f"{line}\n" for line in difflib.unified_diff(before, after, "whole", "shrunk", n=2, lineterm=""))


def _lines(snapshot: Snapshot) -> Iterator[str]:
    for message in snapshot.messages:
        yield f"[{message.role.value}]"
        for segment in message.segments:
            words = f"calls {segment.call.name} with {segment.text}" if segment.call is not None else segment.text
            yield from clean(words).splitlines()
    for tool in snapshot.tools:
        yield f"[tool] {clean(tool.name)}"
    for name in snapshot.settings_at:
        yield f"[setting] {name}"
