"""The catalogue: one file, one rule; its page, its examples and its check.

A folder is a family, a row of the translation table. A module's docstring is the rule's page.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, TypeAlias

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
    adds: str
    """A plain sentence that settles a finding where it follows the finding's first words; empty where none does."""

    @cached_property
    def page(self) -> Page:
        """The rule's page, read from its module's docstring."""
        return read_page(self.doc)


@dataclass(frozen=True)
class Family:
    """A row of the translation table; it stands on the page of the family's folder."""

    folder: str
    prefix: str
    problem: str
    manifestation: str
    answer: str


_ROW = ("prefix", "old problem", "now", "what helps")


@cache
def families() -> Mapping[str, Family]:
    """The five families by prefix, in the order of the table, read from the pages of their folders."""
    found = [_family(folder) for folder in _ORDER]
    return {family.prefix: family for family in found}


def _family(folder: str) -> Family:
    page = importlib.import_module(f"{__name__}.{folder}").__doc__ or ""
    fields = dict(line.split(": ", 1) for line in page.splitlines() if ": " in line)
    prefix, problem, now, answer = ({key.lower(): text for key, text in fields.items()}[name] for name in _ROW)
    return Family(folder, prefix, problem, now, answer)


_ORDER = (
    "memory_bottleneck",
    "long_range_credit",
    "training_instability",
    "looks_good_on_dataset",
    "sequential_cost_wall",
)
"""The order of the translation table; a sixth folder would be a sixth row."""


FAMILIES: Mapping[str, Family]
"""`families()`, read when it is first asked for."""


def __getattr__(name: str) -> Any:
    if name == "FAMILIES":
        return families()
    raise AttributeError(name)


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
    adds: str = "",
) -> Callable[[Check], Check]:
    """Sign a rule in; its page is the docstring of the module that the check stands in."""

    def sign_in(check: Check) -> Check:
        doc = sys.modules[check.__module__].__doc__ or ""
        family = check.__module__.split(".")[2]
        RULES.add(
            Rule(code, name, family, step, severity, confidence, tags, frozenset(needs), explains, check, doc, adds)
        )
        return check

    return sign_in
