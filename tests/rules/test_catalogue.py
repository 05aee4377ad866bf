"""The pages are the tests: every Bad example gives exactly its rule's code, every Good one gives nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ctxdebug.analysis import Analysis
from ctxdebug.model import Confidence, Severity
from ctxdebug.rules import FAMILIES, RULES, Rule, suite_rules
from ctxdebug.rules.page import Example
from tests.conversations import examined, fixture

CATALOGUE = RULES.all()
EXAMPLES = [
    pytest.param(rule, example, id=f"{code}-{'bad' if example.bad else 'good'}-{number}")
    for code, rule in CATALOGUE.items()
    for number, example in enumerate(rule.page.examples, 1)
]
FIXTURES = Path(__file__).parent.parent.parent / "fixtures" / "rules"
SHOWN = [
    pytest.param(CATALOGUE[path.parent.name], path, id=f"{path.parent.name}-{path.name}")
    for path in sorted(FIXTURES.rglob("*.*"))
    if path.name.startswith(("bad", "good")) and path.parent.name in CATALOGUE
]
"""What the notation cannot show, or what is too long for a page: `bad*` and `good*` captures in `fixtures/rules/<CODE>`."""
SUITE_RULES = frozenset(suite_rules())
"""Rules that look at a whole folder; their examples are in their own tests."""


def codes_in(example: Example, tmp_path: Path) -> dict[str, Severity]:
    path = tmp_path / "example.txt"
    path.write_text(example.text, encoding="utf-8")
    return codes_of(path)


def codes_of(path: Path) -> dict[str, Severity]:
    return {finding.code: finding.severity for one in examined(path) for finding in one.findings}


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_an_example_shows_what_its_page_says(rule: Rule, example: Example, tmp_path: Path) -> None:
    found = codes_in(example, tmp_path)
    if example.bad:
        assert rule.code in found
        assert set(found) <= {rule.code} | example.also
    else:
        assert not found


@pytest.mark.parametrize(("rule", "path"), SHOWN)
def test_a_fixture_shows_what_its_name_says(rule: Rule, path: Path) -> None:
    found = codes_of(path)
    assert (rule.code in found) == path.name.startswith("bad")
    if path.name.startswith("good"):
        assert not found


@pytest.mark.parametrize("rule", CATALOGUE.values(), ids=CATALOGUE)
def test_a_rule_has_a_page(rule: Rule) -> None:
    page = rule.page
    assert page.title.endswith(".")
    assert page.why
    assert page.fix
    if rule.code not in SUITE_RULES:
        assert any(example.bad for example in page.examples) or fixture_of(rule).exists()
        assert any(not example.bad for example in page.examples) or fixture_of(rule).exists()


def fixture_of(rule: Rule) -> Path:
    return FIXTURES / rule.code


@pytest.mark.parametrize("rule", CATALOGUE.values(), ids=CATALOGUE)
def test_a_rule_is_named_as_the_catalogue_wants(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z]{3}[1-9]\d\d", rule.code)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
    assert rule.family == FAMILIES[rule.code[:3]].folder
    assert 0 <= rule.explains <= 100


def test_names_are_unique() -> None:
    names = [rule.name for rule in CATALOGUE.values()]
    assert len(names) == len(set(names))


def test_advice_is_never_an_error() -> None:
    advice = [rule for code, rule in CATALOGUE.items() if code.startswith(("LRC4", "LRC5"))]
    assert [rule.code for rule in advice if rule.severity is Severity.ERROR] == []


def test_an_error_is_sure_of_itself() -> None:
    assert [
        rule.code
        for rule in CATALOGUE.values()
        if rule.severity is Severity.ERROR and rule.confidence is Confidence.LOW
    ] == []


def test_an_analysis_computes_a_fact_once() -> None:
    analysis = Analysis(fixture("openai.chat/leave-bot.json"))
    assert analysis.prompt is analysis.prompt
