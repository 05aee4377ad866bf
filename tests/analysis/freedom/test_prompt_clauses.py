from __future__ import annotations

from typing import Any

import pytest

from ctxdebug.analysis.freedom.output_schema import UnboundedSchemaError, breaks, faults, loose_objects
from ctxdebug.analysis.freedom.prompt_clauses import call_forced, calls_forbidden
from ctxdebug.engine.fallback import recommend
from ctxdebug.questions import Fallback, Question
from ctxdebug.text.abstention import declines, is_empty
from tests.findings import finding_of


@pytest.mark.parametrize(
    "answer",
    [
        "I do not know.",
        "The documents do not say when it opens.",
        "There is no information about it.",
        "I couldn't find that in the files.",
    ],
)
def test_an_answer_that_declines(answer: str) -> None:
    assert declines(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "It opens at nine.",
        "No, the shop is closed.",
        "I know the place well.",
        "The key is not in the box; it hangs by the door.",
    ],
)
def test_an_answer_that_answers(answer: str) -> None:
    assert declines(answer) is None


@pytest.mark.parametrize("result", ["", "[]", "{}", '{"results": []}', "No results found.", "null", "0 results"])
def test_an_empty_result(result: str) -> None:
    assert is_empty(result)


@pytest.mark.parametrize(
    "result", ['{"results": [{"id": 1}]}', "The results are in.", "Nothing is sold before noon at the pier."]
)
def test_a_result_with_something_in_it(result: str) -> None:
    assert not is_empty(result)


@pytest.mark.parametrize(
    ("choice", "forced", "forbidden"),
    [
        (None, False, False),
        ("auto", False, False),
        ("none", False, True),
        ("required", True, False),
        ({"type": "auto"}, False, False),
        ({"type": "tool", "name": "f"}, True, False),
        ({"type": "function", "function": {"name": "f"}}, True, False),
        ({"functionCallingConfig": {"mode": "AUTO"}}, False, False),
        ({"functionCallingConfig": {"mode": "ANY"}}, True, False),
        ({"any": {}}, True, False),
    ],
)
def test_tool_choices_of_every_provider(choice: Any, forced: bool, forbidden: bool) -> None:
    assert (call_forced(choice), calls_forbidden(choice)) == (forced, forbidden)


STRICT: dict[str, Any] = {
    "type": "object",
    "properties": {"a": {"type": "string"}},
    "required": ["a"],
    "additionalProperties": False,
}


def test_a_strict_schema_is_sound() -> None:
    assert (faults(STRICT), loose_objects(STRICT)) == ([], [])


def test_an_open_object_deep_inside_is_loose() -> None:
    schema = {
        **STRICT,
        "properties": {"a": {"type": "array", "items": {"type": "object", "properties": {"b": {"type": "string"}}}}},
    }
    assert loose_objects(schema) == [
        "/a/items does not set additionalProperties to false",
        "/a/items does not require 'b'",
    ]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "objekt"},
        {"properties": {}, "required": ["a"]},
        {"enum": []},
        {"properties": {"a": {"$ref": "#/$defs/x"}}},
    ],
)
def test_a_broken_schema_is_told(schema: dict[str, Any]) -> None:
    assert faults(schema)


def test_the_strongest_finding_chooses_the_fallback() -> None:
    found = recommend([finding_of("MEM404", question=Question.FACTS_PRESENT), finding_of("MEM401")])
    assert found is not None
    assert (found.action, found.codes) == (Fallback.RETRIEVE, ("MEM401", "MEM404"))


def test_without_doubt_nothing_is_recommended() -> None:
    assert recommend([finding_of("LRC405")]) is None


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ({"a": "x"}, None),
        ({}, "$: 'a' is required and missing"),
        ({"a": 1}, "$.a: int, declared string"),
        ({"a": "x", "b": 1}, "$: 'b' is not declared"),
        ([], "$: list, declared object"),
    ],
)
def test_an_answer_is_held_against_the_schema(value: Any, fault: str | None) -> None:
    assert breaks(STRICT, value) == fault


def test_alternatives_and_references_are_followed() -> None:
    schema = {
        "$defs": {"n": {"type": "integer"}},
        "type": "array",
        "items": {"anyOf": [{"$ref": "#/$defs/n"}, {"type": "null"}]},
    }
    assert breaks(schema, [1, None, 2.0]) is None
    assert breaks(schema, [1, "x"]) == "$[1]: none of 2 alternatives fits"


def test_a_schema_that_refers_to_itself_ends_without_a_verdict() -> None:
    with pytest.raises(UnboundedSchemaError):
        breaks({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}}, 1)
