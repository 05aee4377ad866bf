"""What `report --survey` does: hold the frozen cases against a sample of a lake's traffic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.commands.captured_secrets import hide_secrets_of_exchange
from ctxdebug.errors import UsageError
from ctxdebug.lake.survey import Surveyed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ctxdebug.engine.run import RunOptions


def survey_traffic(scans: Sequence[Path], most: int, folder: str, options: RunOptions) -> Surveyed:
    """Draw up to `most` exchanges, in equal parts from each scan, read them again, and hold the cases of a folder against them."""
    from ctxdebug.cases.lint import loaded
    from ctxdebug.cases.store import find_cases
    from ctxdebug.cases.survey import survey
    from ctxdebug.evals import RUNS
    from ctxdebug.evals.recording import models_asked
    from ctxdebug.lake.columns import Columns
    from ctxdebug.lake.merge import about
    from ctxdebug.lake.sample import again, drawn, exchanges

    cases, flaws = loaded(find_cases([Path(folder)]) if Path(folder).exists() else [])
    unread = [f"{flaw.path}: {flaw.message}" for flaw in flaws]
    seen = []
    for scan in scans:
        columns = Columns(*about(scan).get("columns", ()))
        try:
            for one in again(drawn(scan, max(1, most // len(scans))), columns, options):
                hide_secrets_of_exchange(one.snapshot)
                seen.append(one)
        except UsageError as error:
            unread.append(str(error))
    findings = survey(cases, seen, options, models_asked(RUNS))
    return Surveyed(len(cases), len(seen), sum(map(exchanges, scans)), tuple(findings), tuple(unread))
