"""What `report --freeze-sample` does: representative failures of a lake become eval cases, each proven like any other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.commands.captured_secrets import hide_secrets_of_exchange
from ctxdebug.commands.terminal import say
from ctxdebug.errors import CtxdebugError
from ctxdebug.text.plural import plural

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ctxdebug.engine.run import RunOptions


def freeze_sample(findings: Path, most: int, folder: str, options: RunOptions, patterns: Mapping[str, str]) -> None:
    """Freeze up to `most` failures, and say for each what became of it; one that would prove nothing is not written."""
    from ctxdebug.cases.freeze import FreezeOptions, freeze
    from ctxdebug.cases.store import save_case
    from ctxdebug.lake.columns import Columns
    from ctxdebug.lake.merge import about
    from ctxdebug.lake.sample import chosen, examined

    columns = Columns(*about(findings).get("columns", ()))
    written = 0
    for one in chosen(findings, most * 4):
        if written == most:
            break
        try:
            seen = examined(one, columns, options)
            hide_secrets_of_exchange(seen.snapshot)
            frozen = freeze(
                seen, FreezeOptions(accept=True, tags=("lake", one.code.lower()), patterns=patterns), options
            )
            path = save_case(frozen.case, frozen.blobs, Path(folder))
        except CtxdebugError as error:
            say(f"not frozen: {one.code} in {one.capture}: {error}")
            continue
        written += 1
        say(f"wrote {path}: {one.code} in {one.capture}")
    say(f"{plural(written, 'case')} written to {folder}" + (f"; next: ctxdebug eval {folder}" if written else ""))
