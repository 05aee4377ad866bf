from __future__ import annotations

import json
import time
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctxdebug.cases.assertion import ASSERTIONS
from ctxdebug.cases.expectation import Expectation, content, evaluate, expect, leaves
from ctxdebug.cases.json_schema import UnboundedSchemaError, schema_flaw, violations
from ctxdebug.cases.observation import Checked, Observation, Outcome
from ctxdebug.errors import UsageError
from ctxdebug.model import ToolCall
from ctxdebug.redaction.bounded_regex import search


def passed(word: str, value: Any, answer: str = "", **rest: Any) -> bool | None:
    return evaluate(expect(word, value), Observation(answer, **rest)).passed


@pytest.mark.parametrize(
    ("word", "value", "answer", "expected"),
    [
        ("contains", "5 days", "You may carry over 5 days.", True),
        ("contains", "5 days", "You may carry over 15 days.", False),
        ("contains", "5 days", "You may carry over 2.5 days.", False),
        ("contains", "5 days", "up to 5\u00a0days", True),
        ("contains", "5 days", "up to 5\ndays", True),
        ("contains", "60", "the limit is 600", False),
        ("contains", "60", "the limit is 60.", True),
        ("contains", "60", "the limit is 60.5", False),
        ("contains", "don't", "we don\u2019t", True),
        ("contains", "well-known", "a well\u2011known fact", True),
        ("contains", "Paris", "paris", False),
        ("contains", "10", "100, then 10", True),
        ("icontains", "PARIS", "in paris", True),
        ("icontains", "rome", "in paris", False),
        ("not-contains", "10 days", "5 days", True),
        ("not-contains", "10 days", "it was 10 days", False),
        ("not-contains", "0 days", "it was 10 days", True),
        ("not-icontains", "SECRET", "the secret is", False),
        ("contains-any", ["a1", "b2"], "b2", True),
        ("contains-any", ["a1", "b2"], "c3", False),
        ("contains-all", ["a1", "b2"], "a1 b2", True),
        ("contains-all", ["a1", "b2"], "a1", False),
        ("starts-with", "Dear", "  Dear Anna", True),
        ("starts-with", "Dear", "Oh Dear", False),
        ("equals", "42", " 42\n", True),
        ("equals", "42", "42.", False),
        ("regex", r"\b\d{4}-\d\d\b", "on 2024-05", True),
        ("regex", r"^yes", "no\nyes", False),
        ("not-regex", r"https?://", "no link", True),
        ("not-regex", r"https?://", "see http://x", False),
        ("is-json", True, ' {"a": 1} ', True),
        ("is-json", True, '```json\n{"a": 1}\n```', False),
        ("is-json", True, '{"a": NaN}', False),
        ("is-json", True, "[" * 100_000, False),
        ("is-json", {"type": "object", "required": ["a"]}, '{"a": 1}', True),
        ("is-json", {"type": "object", "required": ["a"]}, '{"b": 1}', False),
        ("max-words", 3, "one two three", True),
        ("max-words", 3, "one two three four", False),
        ("max-words", 3, "one - two - three", True),
        ("max-words", 4, "我不知道", True),
        ("max-words", 3, "我不知道", False),
        ("language", "de", "Sie können bis zu fünf Tage in das nächste Jahr übertragen, wenn der Vorgesetzte zustimmt.", True),
        ("language", "en", "Sie können bis zu fünf Tage in das nächste Jahr übertragen, wenn der Vorgesetzte zustimmt.", False),
        ("language", "en", "You can carry over up to five days into the next year if your manager agrees.", True),
        ("language", "fr", "Vous pouvez reporter jusqu'à cinq jours sur l'année suivante avec l'accord de votre responsable.", True),
        ("language", "es", "Puede trasladar hasta cinco días al año siguiente si su responsable está de acuerdo.", True),
        ("language", "ja", "翌年に五日まで繰り越すことができます。", True),
        ("language", "zh", "您最多可以将五天结转到下一年。", True),
        ("language", "ru", "Вы можете перенести до пяти дней на следующий год, если начальник согласен.", True),
        ("language", "en", "OK", None),
        ("language", "en", "`der die das und`", None),
        ("abstains", True, "I don't know.", True),
        ("abstains", True, "I couldn\u2019t find the carry-over rule.", True),
        ("abstains", True, "The documents do not mention a carry-over limit.", True),
        ("abstains", True, "That is not specified in the provided sources.", True),
        ("abstains", True, "There is no information about that.", True),
        ("abstains", True, "Leider kann ich das nicht beantworten.", True),
        ("abstains", True, "Cette information n'est pas précisée dans le document ; je ne sais pas.", True),
        ("abstains", True, "You may carry over 5 days.", False),
        ("abstains", True, "You do not need approval for up to 5 days.", False),
        ("abstains", True, "I know this: the policy states 5 days.", False),
        ("abstains", True, "The service does not support refunds after 30 days.", False),
        ("abstains", False, "You may carry over 5 days.", True),
        ("abstains", False, "I don't know.", False),
        ("asks-clarification", True, "Which policy do you mean, the one for Berlin or for Munich?", True),
        ("asks-clarification", True, "Could you please tell me your order number?", True),
        ("asks-clarification", True, "Please specify the year.", True),
        ("asks-clarification", True, "It is 5 days.", False),
        ("asks-clarification", True, "It is 5 days. If you need more, please let me know!", False),
        ("asks-clarification", True, "It is 5 days. Please let me know if that helps.", False),
        ("language", "pt", "Olá! Como posso ajudar você hoje?", True),
        ("language", "en", "The Llama 4 Maverick model has 128 experts in it.", True),
        ("language", "pt", "A blank white PDF document with a picture of a cat.", False),
        ("asks-clarification", True, "It is 5 days. Is there anything else I can help with?", False),
        ("asks-clarification", False, "It is 5 days.", True),
    ],
)  # fmt: skip
def test_word_judges_answer(word: str, value: Any, answer: str, expected: bool | None) -> None:
    assert passed(word, value, answer) is expected


CALLS = (
    ToolCall("1", "send_mail", '{"to": "a@b", "body": {"text": "hi", "n": 1}, "cc": []}'),
    ToolCall("2", "search", "not json"),
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("send_mail", True),
        ("delete", False),
        ({"name": "send_mail"}, True),
        ({"name": "send_mail", "arguments": {"to": "a@b"}}, True),
        ({"name": "send_mail", "arguments": {"body": {"n": 1}}}, True),
        ({"name": "send_mail", "arguments": {"body": {"n": True}}}, False),
        ({"name": "send_mail", "arguments": {"to": "x"}}, False),
        ({"name": "search", "arguments": {"q": "x"}}, False),
        ({"name": "search", "arguments": {}}, True),
    ],
)
def test_tool_called_and_its_opposite(value: Any, expected: bool) -> None:
    assert passed("tool-called", value, calls=CALLS) is expected
    assert passed("tool-not-called", value, calls=CALLS) is not expected


@pytest.mark.parametrize(
    ("value", "answer", "expected"),
    [
        ("policy-2025", "as policy-2025 says", True),
        ("policy-2025", "as policy-20251 says", False),
        (["policy-2025", "faq"], "[policy-2025] and [FAQ]", True),
        (["policy-2025", "faq"], "[policy-2025]", False),
        (True, "see [2]", True),
        (True, "see [3]", False),
        (True, "see the faq", True),
        (True, "nothing", False),
    ],
)
def test_cites(value: Any, answer: str, expected: bool) -> None:
    assert passed("cites", value, answer, sources=("policy-2025", "faq")) is expected


def test_no_finding_reads_the_detectors() -> None:
    checked = Checked({"MEM402": "two sources disagree"}, {"MEM101": "the window is not known"})
    assert passed("no-finding", "MEM402", detect=lambda: checked) is False
    assert passed("no-finding", "MEM4", detect=lambda: checked) is False
    assert passed("no-finding", "LRC301", detect=lambda: checked) is True
    assert passed("no-finding", "MEM101", detect=lambda: checked) is None
    assert passed("no-finding", "LRC301") is None


def test_judge_is_undecided_unless_configured() -> None:
    assert passed("judge", "polite") is None
    assert passed("judge", "polite", judge=lambda *asked: Outcome(asked[0] == "polite", "")) is True


@pytest.mark.parametrize(
    ("value", "answer", "expected"),
    [
        ({"all": [{"contains": "a"}, {"contains": "b"}]}, "a b", True),
        ({"all": [{"contains": "a"}, {"contains": "b"}]}, "a", False),
        ({"all": [{"contains": "a"}, {"judge": "x"}]}, "a", None),
        ({"all": [{"contains": "z"}, {"judge": "x"}]}, "a", False),
        ({"any": [{"contains": "z"}, {"contains": "a"}]}, "a", True),
        ({"any": [{"contains": "z"}, {"judge": "x"}]}, "a", None),
        ({"any": [{"contains": "a"}, {"judge": "x"}]}, "a", True),
        ({"not": {"contains": "a"}}, "a", False),
        ({"not": {"judge": "x"}}, "a", None),
        ({"not": {"any": [{"contains": "a"}, {"contains": "b"}]}}, "c", True),
    ],
)
def test_joints(value: Any, answer: str, expected: bool | None) -> None:
    expectation = msgspec.convert(value, Expectation)
    assert evaluate(expectation, Observation(answer)).passed is expected


def test_reason_and_span_show_the_words_that_decided() -> None:
    outcome = evaluate(expect("not-contains", "10 days"), Observation("it is 10 days"))
    assert outcome == Outcome(False, "the answer says '10 days'", ((6, 13),))


def test_leaves_know_their_negation() -> None:
    expectation = msgspec.convert({"all": [{"contains": "a"}, {"not": {"any": [{"regex": "b"}]}}]}, Expectation)
    assert list(leaves(expectation)) == [("contains", "a", False), ("regex", "b", True)]
    assert content(expectation)[0] == "all"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"contians": "a"}, "contians"),
        ({}, "exactly one word"),
        ({"contains": "a", "regex": "b"}, "exactly one word"),
        ({"contains": ""}, "length"),
        ({"contains": "  "}, "only spaces"),
        ({"contains": 5}, "Expected `str`"),
        ({"contains-any": []}, "length"),
        ({"regex": "("}, "cannot be read"),
        ({"regex": "x*"}, "empty text"),
        ({"is-json": False}, "says nothing"),
        ({"is-json": {"typo": 1}}, "not supported"),
        ({"max-words": 0}, ">= 1"),
        ({"language": "xx"}, "cannot be told"),
        ({"language": "english please"}, "matching"),
        ({"no-finding": "mem4"}, "matching"),
        ({"tool-called": {"name": "a", "argumets": {}}}, "argumets"),
        ({"cites": False}, "nothing to look for"),
        ({"all": []}, "at least one"),
        ({"all": [{"contains": "a", "regex": "b"}]}, r"\$\.all\[0\]"),
    ],
)  # fmt: skip
def test_unusable_expectations_are_refused(value: Any, words: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=words):
        msgspec.convert(value, Expectation)


def test_round_trip() -> None:
    value = {
        "all": [{"contains": "a"}, {"not": {"tool-called": {"name": "x", "arguments": {"a": [1]}}}}, {"abstains": True}]
    }
    assert msgspec.to_builtins(msgspec.convert(value, Expectation)) == value


@pytest.mark.parametrize(
    ("pattern", "text"), [("(a+)+$", "a" * 40 + "!"), ("(a|aa)+$", "a" * 60 + "!"), (r"(.*,){20}x$", "1," * 40)]
)
def test_catastrophic_pattern_is_an_error_and_soon(pattern: str, text: str) -> None:
    start = time.monotonic()
    with pytest.raises(UsageError, match="took longer"):
        search(pattern, text, timeout=0.3)
    assert time.monotonic() - start < 5
    assert search("b+", "abbb") == (1, 4)


@pytest.mark.parametrize("text", ["\ud83d lone", "line\u2028sep\x00nul", "\r\nx"])
def test_regex_takes_any_text(text: str) -> None:
    assert passed("regex", "(?s).", text) is True


def test_every_assertion_has_a_summary_and_a_test() -> None:
    source = __import__("pathlib").Path(__file__).read_text()
    for name, entry in ASSERTIONS.all().items():
        assert entry.summary.startswith("Expect ")
        assert f'"{name}"' in source


SCHEMAS: list[Any] = [
    {
        "type": "object",
        "properties": {"a": {"type": "integer", "minimum": 0}},
        "required": ["a"],
        "additionalProperties": False,
    },
    {"type": ["array", "null"], "items": {"enum": [1, "x", None, True]}, "minItems": 1, "uniqueItems": True},
    {"anyOf": [{"type": "string", "minLength": 2}, {"type": "number", "exclusiveMaximum": 3}]},
    {"oneOf": [{"type": "number"}, {"type": "integer"}]},
    {"allOf": [{"type": "object"}, {"maxProperties": 1}], "additionalProperties": {"type": "boolean"}},
    {"not": {"const": 1}},
    {
        "$ref": "#/$defs/n",
        "$defs": {"n": {"type": "object", "properties": {"next": {"$ref": "#/$defs/n"}}, "required": ["v"]}},
    },
    {"if": {"type": "array"}, "then": {"contains": {"type": "null"}}, "else": {"type": "object"}},
    {"prefixItems": [{"type": "string"}], "items": {"type": "boolean"}, "maxItems": 2},
    {"type": "integer", "multipleOf": 2, "maximum": 10},
    {"type": "string", "maxLength": 2},
    True,
    False,
]
VALUES = st.recursive(
    st.sampled_from([None, True, False, 0, 1, 2, 1.0, 2.5, "", "x", "xyz"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "v", "next"]), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SCHEMAS), VALUES)
def test_schema_check_agrees_with_jsonschema(schema: Any, value: Any) -> None:
    assert (violations(value, schema) == []) == jsonschema.Draft202012Validator(schema).is_valid(value)


@pytest.mark.parametrize(
    "schema",
    [{"$dynamicRef": "#x"}, {"properties": {"a": {"minimun": 1}}}, {"$ref": "http://x/y"}, {"pattern": "("}, 3],
)
def test_schema_that_cannot_be_checked_is_refused(schema: Any) -> None:
    assert schema_flaw(schema)


def doubled(depth: int, joint: str, also: Any = None) -> dict[str, Any]:
    """A schema that is small, and exponential for who follows every reference."""
    steps = {f"s{at}": {**(also or {}), joint: [{"$ref": f"#/$defs/s{at + 1}"}] * 2} for at in range(depth)}
    return {"$ref": "#/$defs/s0", "$defs": {**steps, f"s{depth}": {"type": "number"}}}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (doubled(30, "allOf"), 1),
        (doubled(30, "anyOf"), "x"),
        (doubled(30, "oneOf"), 1),
        ({"$ref": "#"}, 1),
        ({"$schema": "https://json-schema.org/draft/2020-12/schema", **doubled(30, "allOf")}, 1),
        (doubled(30, "allOf", {"$schema": "http://json-schema.org/draft-07/schema#"}), 1),
        ({"anyOf": [{"maxLength": 1}] * 2000}, "x" * 500_000),
    ],
)
def test_a_schema_that_takes_for_ever_is_no_verdict(schema: Any, value: Any) -> None:
    with pytest.raises(UnboundedSchemaError):
        violations(value, schema)
    outcome = evaluate(expect("is-json", schema), Observation(json.dumps(value)))
    assert outcome.passed is None
    assert "was not checked" in outcome.reason


@pytest.mark.parametrize(
    "schema",
    [
        {"pattern": "(a+)+$"},
        {"items": {"pattern": "(a|aa)+$"}},
        {"patternProperties": {"(a+)+$": {"type": "null"}}},
        {"patternProperties": {"(a+)+$": {}}, "additionalProperties": False},
    ],
)
def test_a_pattern_that_takes_for_ever_is_no_verdict(schema: Any) -> None:
    text = "a" * 40 + "!"
    value = {text: 1} if "patternProperties" in schema else [text] if "items" in schema else text
    outcome = evaluate(expect("is-json", schema), Observation(json.dumps(value)))
    assert outcome.passed is None


@pytest.mark.parametrize("reference", ["http://127.0.0.1:9/x.json", "file:///etc/passwd", "other.json", "//host/x"])
def test_no_reference_leads_outside(reference: str) -> None:
    assert "outside" in str(schema_flaw({"$ref": reference}))
    assert violations(1, {"$ref": reference})[0].startswith("$: the schema refers to")


def test_a_misspelt_keyword_is_named() -> None:
    assert schema_flaw({"minimun": 1}) == "the schema keyword 'minimun' is not supported; did you mean 'minimum'?"


def test_a_schema_nested_without_measure_is_refused() -> None:
    schema: dict[str, Any] = {}
    for _ in range(5000):
        schema = {"not": schema}
    assert schema_flaw(schema) == "the schema is nested too deep"


def test_schema_violation_names_the_place() -> None:
    assert violations(
        json.loads('{"a": {"b": "x"}}'), {"properties": {"a": {"properties": {"b": {"type": "number"}}}}}
    ) == ["$.a.b: expected number"]
