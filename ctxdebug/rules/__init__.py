"""The catalogue: one file, one rule; its page, its examples and its check.

A folder is a family, a row of the translation table. A module's docstring is the rule's page.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from ctxdebug.analysis import Analysis
from ctxdebug.model import Confidence, Hit, Need, NotChecked, Severity, Step
from ctxdebug.registry import Registry
from ctxdebug.rules.page import Page, read_page

Check: TypeAlias = Callable[[Analysis], Iterator[Hit | NotChecked]]


@dataclass(frozen=True)
class Rule:
    """One entry of the catalogue."""

    code: str
    name: str
    family: str
    step: Step
    severity: Severity
    confidence: Confidence
    tags: tuple[str, ...]
    needs: frozenset[Need]
    explains: int
    """How well this fault explains a wrong answer, 0 (not at all) to 100; the likely cause is chosen by it."""
    check: Check
    doc: str

    @cached_property
    def page(self) -> Page:
        """The rule's page, read from its module's docstring."""
        return read_page(self.doc)


@dataclass(frozen=True)
class Family:
    """A row of the translation table."""

    folder: str
    prefix: str
    problem: str
    manifestation: str
    answer: str


FAMILIES = {
    family.prefix: family
    for family in (
        Family("memory_bottleneck", "MEM", "memory bottleneck", "context-window limits, recency effects",
               "retrieval + context budgeting + summarization discipline"),
        Family("long_range_credit", "LRC", "weak long-range credit", "the model ignores earlier constraints",
               "strong system prompts + structure + tool constraints + verification"),
        Family("training_instability", "INS", "training instability", "unstable behaviour across versions",
               "evals + canary rollouts + regression suites"),
        Family("looks_good_on_dataset", "DEM", "“looks good on dataset”", "“worked in a demo” but fails live",
               "realistic eval sets + adversarial prompts + telemetry"),
        Family("sequential_cost_wall", "CST", "sequential cost wall", "token cost + latency budgets",
               "streaming, caching, smaller models, routing policies"),
    )
}  # fmt: skip

RULES: Registry[Rule] = Registry("ctxdebug.rules", lambda entry: entry.code)


def rule(
    code: str,
    name: str,
    *,
    step: Step,
    severity: Severity,
    confidence: Confidence = Confidence.HIGH,
    tags: tuple[str, ...] = (),
    needs: tuple[Need, ...] = (),
    explains: int = 0,
) -> Callable[[Check], Check]:
    """Sign a rule in; its page is the docstring of the module that the check stands in."""

    def sign_in(check: Check) -> Check:
        doc = sys.modules[check.__module__].__doc__ or ""
        family = FAMILIES[code[:3]].folder
        RULES.add(Rule(code, name, family, step, severity, confidence, tags, frozenset(needs), explains, check, doc))
        return check

    return sign_in
