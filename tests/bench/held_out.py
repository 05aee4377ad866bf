"""Recorded prompts, each estimated by weights and bands that were fitted without its own source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from ctxdebug.tokens.accounts import estimated
from scripts.estimates import families_of, rows_in
from tests.bench.recorded import Recorded, recorded


def held_out(folder: Path) -> Iterator[Recorded]:
    """Every distinct recorded prompt, counted as if its source had never been seen."""
    rows = rows_in(folder)
    sources = sorted(
        {json.loads(line)["source"] for line in (folder / "token_truth.jsonl").read_text(encoding="utf-8").splitlines()}
    )
    for source in sources:
        table = {"families": families_of([row for row in rows if row.source != source])}
        estimated._TEXTS.clear()
        with patch.object(estimated, "table", lambda table=table: table):
            yield from recorded(folder, source)
    estimated._TEXTS.clear()
