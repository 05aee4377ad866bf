"""The repairs that rules declare: put into the request, each settles the finding that offers it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ctxdebug.analysis import Analysis
from ctxdebug.decoding.source import Source
from ctxdebug.engine.run import Engine, RunOptions
from ctxdebug.model import Finding, Hit, Repair, Snapshot
from ctxdebug.rules import RULES, Rule
from ctxdebug.segmentation.repaired import repaired
from tests.conversations import of_file, transcribed

FIXTURES = Path(__file__).parent.parent.parent / "fixtures" / "rules"
REPAIRING = [rule for rule in RULES.all().values() if rule.offers_repairs]
SHOWN_BY_REPLAY = {
    "MEM103": "how the answer ended is known of a new answer only",
    "CST104": "how the answer came is known of a new answer only",
}
"""Rules about the answer as it came, whose repairs nothing but a new answer can prove."""


def bad(rule: Rule) -> Iterator[list[Snapshot]]:
    """Yield the conversations of a rule's Bad examples, as its page and its fixtures show them."""
    for example in rule.page.examples:
        if example.bad:
            yield transcribed(example.text)
    for path in sorted((FIXTURES / rule.code).glob("bad*")):
        yield of_file(path)


def examined(conversation: list[Snapshot], rule: Rule) -> Iterator[tuple[Analysis, Finding]]:
    """Yield the findings of a rule, each with the analysis that it is of."""
    engine = Engine(RunOptions(pedantic=True))
    for snapshot in conversation:
        seen = engine.examine(snapshot, Source(snapshot.path))
        yield from ((seen.analysis, finding) for finding in seen.findings if finding.code == rule.code)


def told(rule: Rule, analysis: Analysis) -> list[str]:
    """Return what a rule says of an analysis."""
    return [hit.message for hit in rule.check(analysis) if isinstance(hit, Hit)]


def after(analysis: Analysis, repairs: tuple[Repair, ...]) -> Analysis:
    """Return the request with repairs in it, under the answer that was given to it as it was."""
    was = analysis.snapshot
    edited = replace(
        repaired(was, *repairs),
        answer=was.answer,
        response=was.response,
        has_response=was.has_response,
        finish=was.finish,
    )
    return Analysis(edited, analysis.options, analysis.earlier)


def settles(rule: Rule, analysis: Analysis, finding: Finding, repairs: tuple[Repair, ...]) -> bool:
    """Whether the rule no longer says what it said."""
    before, now = told(rule, analysis), told(rule, after(analysis, repairs))
    return len(now) < len(before) and now.count(finding.message) < before.count(finding.message)


@pytest.mark.parametrize("rule", REPAIRING, ids=[rule.code for rule in REPAIRING])
def test_the_repairs_of_a_rule_settle_its_bad_examples(rule: Rule) -> None:
    offered = 0
    for conversation in bad(rule):
        for analysis, finding in examined(conversation, rule):
            for repair in finding.repairs:
                offered += 1
                assert repair.title[:1].isupper()
                assert not repair.title.endswith(".")
                if rule.code not in SHOWN_BY_REPLAY:
                    assert settles(rule, analysis, finding, (repair,)), (finding.message, repair)
    assert offered, "no Bad example shows what the rule offers"
