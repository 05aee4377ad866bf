from __future__ import annotations

from typing import Any

import pytest

from ctxdebug.tokens.accounts.typescript import SIZE, Typescript


def declared(properties: dict[str, Any], description: str = "", /, **more: Any) -> str:
    return Typescript().declaration("f", description, {"type": "object", "properties": properties, **more})


def test_no_parameters() -> None:
    assert Typescript().declaration("now", "The time.", {"type": "object", "properties": {}}) == (
        "// The time.\ntype now = () => any;\n\n"
    )


def test_an_object_without_comments_stands_on_one_line() -> None:
    properties = {"city": {"type": "string"}, "days": {"type": "integer"}}
    assert declared(properties, required=["city"]) == "type f = (_: {city: string, days?: number}) => any;\n\n"


def test_comments_break_the_line() -> None:
    properties = {"city": {"type": "string", "description": "Where."}, "days": {"type": "integer"}}
    assert declared(properties, required=["city"]) == (
        "type f = (_: {\n// Where.\ncity: string,\ndays?: number,\n}) => any;\n\n"
    )


def test_titles_stand_above_descriptions() -> None:
    properties = {"a": {"type": "string", "title": "A", "description": "Text."}, "b": {"type": "null", "title": "B"}}
    assert declared(properties) == "type f = (_: {\n// A\n//\n// Text.\na?: string,\n// B\nb?: null,\n}) => any;\n\n"


def test_the_schemas_own_title_stands_before_it() -> None:
    assert declared({"a": {"type": "boolean"}}, title="Args") == "type f = (_: // Args\n{a?: boolean}) => any;\n\n"


def test_lines_of_a_description_lose_their_indentation_and_empty_lines() -> None:
    assert declared({}, "First.\n\n    Second.\n") == "// First.\n// Second.\ntype f = () => any;\n\n"


def test_enums_defaults_and_formats() -> None:
    properties = {
        "unit": {"enum": ["c", "f"], "type": "string", "default": "c"},
        "on": {"type": "string", "format": "date"},
        "note": {"type": "string", "default": None},
    }
    assert declared(properties) == (
        'type f = (_: {\nunit?: "c" | "f", // default: "c"\non?: string, // format: "date"\n'
        "note?: string, // default: null\n}) => any;\n\n"
    )


def test_unions_stay_inline_until_a_member_has_a_comment() -> None:
    either = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    dated = {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}
    assert declared({"a": either}) == "type f = (_: {a?: string | null}) => any;\n\n"
    assert declared({"a": dated}) == ('type f = (_: {\na?:\n | string // format: "date"\n | null\n,\n}) => any;\n\n')


def test_arrays_of_what_has_comments_are_written_out() -> None:
    row = {"type": "object", "properties": {"n": {"type": "number", "description": "N."}}, "required": ["n"]}
    assert declared({"rows": {"type": "array", "items": row}}) == (
        "type f = (_: {\nrows?: Array<\n{\n// N.\nn: number,\n}>,\n}) => any;\n\n"
    )
    assert (
        declared({"tags": {"type": "array", "items": {"type": "string"}}})
        == "type f = (_: {tags?: string[]}) => any;\n\n"
    )


def test_references_are_opened() -> None:
    definitions = {"Point": {"type": "object", "properties": {"x": {"type": "number"}}, "required": ["x"]}}
    assert declared({"at": {"$ref": "#/$defs/Point"}}, **{"$defs": definitions}) == (
        "type f = (_: {at?: {x: number}}) => any;\n\n"
    )


def test_a_recorder_that_sorts_keys_leaves_the_order_to_the_required_names() -> None:
    rendering = Typescript()
    schema = {
        "properties": {"a": {"type": "string"}, "z": {"type": "number"}},
        "required": ["z", "a"],
        "type": "object",
    }
    assert rendering.declaration("f", "", schema) == "type f = (_: {z: number, a: string}) => any;\n\n"
    assert rendering.doubts == 1


def test_unsorted_properties_keep_their_order() -> None:
    rendering = Typescript()
    schema = {
        "properties": {"z": {"type": "number"}, "a": {"type": "string"}},
        "required": ["a", "z"],
        "type": "object",
    }
    assert rendering.declaration("f", "", schema) == "type f = (_: {z: number, a: string}) => any;\n\n"
    assert rendering.doubts == 0


def test_unknown_keywords_are_doubted() -> None:
    rendering = Typescript()
    rendering.declaration("f", "", {"properties": {"n": {"type": "integer", "minimum": 0, "multipleOf": 5}}})
    assert rendering.doubts == 2


def test_recursive_and_exploding_schemas_end() -> None:
    loop = {"Node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}}}
    wide = {f"L{n}": {"properties": {side: {"$ref": f"#/$defs/L{n + 1}"} for side in "abcdef"}} for n in range(40)}
    for definitions, first in ((loop, "Node"), (wide, "L0")):
        text = declared({"root": {"$ref": f"#/$defs/{first}"}}, **{"$defs": definitions})
        assert len(text) < 4 * SIZE


@pytest.mark.parametrize("odd", [None, 7, "x", [], [1], {"type": {"a": 1}}, {"type": 3}, {"anyOf": "x"}, {"items": []}])
def test_odd_schemas_are_any(odd: Any) -> None:
    assert declared({"a": odd}).startswith("type f = (_: {a?: any")
