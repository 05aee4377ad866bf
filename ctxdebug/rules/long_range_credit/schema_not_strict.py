"""The output schema is not enforced: it is not strict, or strict mode would refuse it.

Without strict mode the schema is a hint. Strict mode asks for `additionalProperties: false` and all properties required in
every object; a schema without them is refused.

## Fix

Set `strict: true`, `additionalProperties: false` in every object, and list every property under `required`; make a value
optional by allowing `null`.

## Source

OpenAI, structured outputs ("all fields must be required"); google/adk-java#1476.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.freedom.output_schema import faults, loose_objects
from ctxdebug.analysis.freedom.prompt_clauses import provides
from ctxdebug.model import Hit, Repair, Severity, value
from ctxdebug.questions import Question
from ctxdebug.rules import rule
from ctxdebug.rules.repairs import set_to


@rule("LRC404", "schema-not-strict", question=Question.FORMAT_ENFORCED, severity=Severity.NOTE, explains=20)
def check(analysis: Analysis) -> Iterator[Hit]:
    """Check the response schema as strict mode would, where the format has a strict mode."""
    snapshot = analysis.snapshot
    settings = snapshot.settings
    schema = settings.response_schema
    if schema is None:
        return
    pointer = snapshot.settings_at.get(
        "response_schema", snapshot.settings_at.get("response_format", snapshot.request_at)
    )
    broken = faults(schema)
    if broken:
        yield Hit(f"the output schema is not valid: {broken[0]}", (value(pointer, broken[0], "the schema"),),
                  severity=Severity.WARNING, facts={"faults": broken[:10]})  # fmt: skip
        return
    if not provides(analysis, "strict_schema"):
        return
    if settings.strict_schema is not True:
        yield Hit(
            "the output schema is not strict, so it is a hint and no guarantee",
            (value(pointer, "strict: false", "the setting"),),
        )
        return
    loose = loose_objects(schema)
    if loose:
        yield Hit(f"strict mode refuses this schema: {loose[0]}", (value(pointer, loose[0], "the schema"),),
                  severity=Severity.WARNING, facts={"faults": loose[:10]})  # fmt: skip


@check.repairs
def repairs(hit: Hit, _: Analysis) -> Iterator[Repair]:
    """Turn strict mode on."""
    if "faults" not in hit.facts:
        yield set_to("Turn strict mode on", "strict_schema", to=True)
