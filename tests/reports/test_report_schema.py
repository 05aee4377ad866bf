"""The JSON report and its schema say the same: nothing is written that the schema does not name, and nothing named is never written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ctxdebug.engine.run import RunOptions, run
from ctxdebug.model import RepairKind
from ctxdebug.reports import REPORT_FORMATS

ROOT = Path(__file__).parents[2]
SCHEMA: dict[str, Any] = json.loads((ROOT / "ctxdebug" / "reports" / "report.schema.json").read_text("utf-8"))
CAPTURES = ("rules/LRC206", "captures/litellm", "formats", "captures/openai.chat")
"""Few captures whose reports together have all that a report can have."""
NOT_SHOWN = {"report.snapshots.answer": {"document", "media", "tool"}}
"""What an answer may have, and no fixture shows."""


@pytest.fixture(scope="module")
def report() -> Any:
    folders = [str(ROOT / "fixtures" / name) for name in CAPTURES]
    return json.loads(REPORT_FORMATS.all()["json"].render(run(folders, RunOptions(), keep=True)))


def objects(schema: Any, value: Any, name: str = "report") -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Yield every object of a value with the name and the schema that describe it."""
    schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    for choice in schema.get("anyOf", ()):
        yield from objects(choice, value, name)
    if isinstance(value, dict) and "properties" in schema:
        yield name, schema, value
        for key, inner in value.items():
            yield from objects(schema["properties"].get(key, {}), inner, f"{name}.{key}")
    elif isinstance(value, list) and "items" in schema:
        for inner in value:
            yield from objects(schema["items"], inner, name)


def test_the_report_follows_its_schema(report: Any) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(report)


def test_every_object_is_closed_and_all_it_may_have_is_written_somewhere(report: Any) -> None:
    named: dict[str, set[str]] = {}
    written: dict[str, set[str]] = {}
    for name, schema, value in objects(SCHEMA, report):
        assert schema.get("additionalProperties") is False, name
        named.setdefault(name, set()).update(schema["properties"])
        written.setdefault(name, set()).update(value)
    assert {name: held | NOT_SHOWN.get(name, set()) for name, held in written.items()} == named


def test_the_schema_names_every_kind_of_repair() -> None:
    held = SCHEMA["$defs"]["finding"]["properties"]["repairs"]["items"]["properties"]["kind"]
    assert held == {"enum": [kind.value for kind in RepairKind]}
