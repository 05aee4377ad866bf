"""JSON lines for data stores: `id`, `input`, `expected`, `metadata`, which Braintrust reads as they are.

LangSmith's keys are `id, inputs, outputs, metadata`, Langfuse's `id, input, expectedOutput, metadata`;
`cases.jsonl` serves the first, the other files the others.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

from ctxdebug.cases.export import Exported, exporter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ctxdebug.cases.store import StoredCase

_KEYS = {
    "cases.jsonl": ("id", "input", "expected", "metadata"),
    "langsmith.jsonl": ("id", "inputs", "outputs", "metadata"),
    "langfuse.jsonl": ("id", "input", "expectedOutput", "metadata"),
}


@exporter("jsonl", "JSON lines, with the keys of Braintrust, LangSmith and Langfuse")
def export(cases: Sequence[StoredCase]) -> Exported:
    """Write one line per case for each key map."""
    rows = [_row(stored) for stored in cases]
    files = {
        name: "".join(json.dumps(dict(zip(keys, row, strict=True)), ensure_ascii=True) + "\n" for row in rows)
        for name, keys in _KEYS.items()
    }
    return Exported(files)


def _row(stored: StoredCase) -> tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]:
    case = stored.case
    good = stored.answer(case.good)[0] if case.good is not None else None
    expected = {"expect": msgspec.to_builtins(case.expect), "good": good}
    metadata = {"title": case.title, "format": case.request.format, "recorded": stored.answer(case.recorded)[0],
                "rules": [explanation.code for explanation in case.findings]}  # fmt: skip
    return case.id, stored.body(), expected, metadata
