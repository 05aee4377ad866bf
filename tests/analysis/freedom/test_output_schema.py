from __future__ import annotations

from typing import Any

import pytest

from ctxdebug.analysis.freedom.output_schema import UnboundedSchemaError, breaks


@pytest.mark.parametrize(("joint", "value"), [("anyOf", "x"), ("oneOf", "x")])
def test_doubled_references_are_not_followed_for_ever(joint: str, value: Any) -> None:
    steps = {f"s{at}": {joint: [{"$ref": f"#/$defs/s{at + 1}"}] * 2} for at in range(30)}
    schema = {"$ref": "#/$defs/s0", "$defs": {**steps, "s30": {"type": "number"}}}
    with pytest.raises(UnboundedSchemaError):
        breaks(schema, value)


def test_a_large_answer_under_a_plain_schema_is_checked() -> None:
    schema = {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "number"}}}}
    assert breaks(schema, [{"a": 1}] * 5000) is None
    assert breaks(schema, [{"a": 1}] * 5000 + [{"a": "x"}]) is not None
