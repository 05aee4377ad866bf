"""The catalogue: one file, one rule; its page, its examples and its check.

A folder is a family, a row of the translation table. A module's docstring is the rule's page.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from ctxdebug.model import Confidence, Hit, Need, NotChecked, Severity
from ctxdebug.questions import Fallback, Question, Scope, Step
from ctxdebug.records import record
from ctxdebug.registry import Registry
from ctxdebug.rules.page import Page, read_page

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis
    from ctxdebug.model import Demand, Finding, Repair
    from ctxdebug.rules.suite import Suite

Found: TypeAlias = Iterator[Hit | NotChecked]


class Rule:
    """One entry of the catalogue: what the rule means, what it looks at, and its check.

    Everything that a report, a screen, a case or a repair needs to know of a rule stands here, and nowhere else.
    """

    def __init__(
        self,
        code: str,
        name: str,
        about: RuleData,
        check: Callable[[Any], Found],
        *,
        family: str,
        page: str | Page,
    ) -> None:
        self.code = code
        self.name = name
        self.family = family
        self._page = page
        self.origin: Origin | None = None
        self.question = about.question
        self.scope = about.scope
        self.severity = about.severity
        self.confidence = about.confidence
        self.fallback = about.fallback
        self.tags = about.tags
        self.needs = frozenset(about.needs)
        self.explains = about.explains
        self.looks = check
        self._demands: Callable[[Finding, Analysis | None], Iterable[Demand]] | None = None
        self._repairs: Callable[[Hit, Analysis], Iterable[Repair]] | None = None

    def __reduce__(self) -> tuple[Callable[[str], Rule], tuple[str]]:
        """Name the rule instead of taking it apart: another process has the catalogue, and the files of a project."""
        return (_of_catalogue if self.origin is None else self.origin.again), (self.code,)

    def check(self, subject: Analysis | Suite) -> Found:
        """Yield what the rule sees in an exchange, or in a suite for a rule of that scope."""
        return self.looks(subject)

    def demands(self, of: Demands) -> Demands:
        """Register what an eval case should demand after a finding of this rule; a decorator."""
        self._demands = of
        return of

    def repairs(self, of: Repairs) -> Repairs:
        """Register the edits of the assembled request that could settle a hit of this rule; a decorator."""
        self._repairs = of
        return of

    def demands_after(self, finding: Finding, analysis: Analysis | None) -> tuple[Demand, ...] | None:
        """Return what a case should demand; None where the rule does not say, an empty tuple where it demands nothing."""
        return None if self._demands is None else tuple(self._demands(finding, analysis))

    @property
    def offers_repairs(self) -> bool:
        """Whether the rule declares edits of the assembled request."""
        return self._repairs is not None

    def repairs_of(self, hit: Hit, analysis: Analysis) -> tuple[Repair, ...]:
        """Return the edits of the assembled request that could settle a hit."""
        return () if self._repairs is None else tuple(self._repairs(hit, analysis))

    @cached_property
    def page(self) -> Page:
        """The rule's page: as it was given, or read from the docstring of the rule's module."""
        return self._page if isinstance(self._page, Page) else read_page(self._page)

    @property
    def step(self) -> Step:
        """The debugging step that the rule serves; a rule for suites serves the eval case."""
        return self.question.step if self.question is not None else Step.CASE


Demands: TypeAlias = "Callable[[Finding, Analysis | None], Iterable[Demand]]"
Repairs: TypeAlias = "Callable[[Hit, Analysis], Iterable[Repair]]"


@record(frozen=True, slots=True)
class RuleData:
    """What a rule says of itself beside its code and its page."""

    question: Question | None
    severity: Severity
    scope: Scope
    confidence: Confidence
    fallback: Fallback | None
    tags: tuple[str, ...]
    needs: tuple[Need, ...]
    explains: int


@record(frozen=True, slots=True)
class Origin:
    """Where a project's own rule stands: its file, as people write it, and how to read it again by its code."""

    path: str
    again: Callable[[str], Rule]


def _of_catalogue(code: str) -> Rule:
    return RULES.all()[code]


OWN = "own_rules"
"""The family of a project's own rules, which have no row in the translation table."""


@record(frozen=True)
class Family:
    """A row of the translation table; it stands on the page of the family's folder."""

    folder: str
    prefix: str
    problem: str
    manifestation: str
    answer: str


def family_row(rule: Rule | Finding) -> str:
    """Return the row of the translation table that a rule or a finding belongs to, as people read it."""
    family = families().get(rule.code[:3])
    return "the project's own rules" if family is None else f"{family.problem} → {family.manifestation}"


_ROW = ("prefix", "old problem", "now", "what helps")


@cache
def families() -> Mapping[str, Family]:
    """Return the five families by prefix, in the order of the table, read from the pages of their folders."""
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
    question: Question | None,
    severity: Severity,
    scope: Scope = Scope.EXCHANGE,
    confidence: Confidence = Confidence.HIGH,
    fallback: Fallback | None = None,
    tags: tuple[str, ...] = (),
    needs: tuple[Need, ...] = (),
    explains: int = 0,
) -> Callable[[Callable[[Any], Found]], Rule]:
    """Make a rule, and register it where it stands in the catalogue; its page is the docstring of the check's module.

    `question` is what a finding answers; None for a rule over whole suites, and for a project's own rule that answers
    none. `fallback` is the way out that a finding calls for. `explains` says how well the fault explains a wrong answer,
    0 (not at all) to 100: the likely cause is chosen by it.
    """

    def register(check: Callable[[Any], Found]) -> Rule:
        about = RuleData(question, severity, scope, confidence, fallback, tags, needs, explains)
        module = check.__module__
        page = sys.modules[module].__doc__ or ""
        if not module.startswith(f"{__name__}."):
            return Rule(code, name, about, check, family=OWN, page=page)
        return RULES.add(Rule(code, name, about, check, family=module.split(".")[2], page=page))

    return register


def catalogue(own: Iterable[Rule] = ()) -> dict[str, Rule]:
    """Return every rule by code: those of ctxdebug, and a project's own ones after them."""
    return {**RULES.all(), **{rule.code: rule for rule in own}}


def exchange_rules(own: Iterable[Rule] = ()) -> dict[str, Rule]:
    """Return the rules that look at one exchange, by code."""
    return {code: rule for code, rule in catalogue(own).items() if rule.scope is Scope.EXCHANGE}


def suite_rules(own: Iterable[Rule] = ()) -> dict[str, Rule]:
    """Return the rules that look at a whole suite, by code."""
    return {code: rule for code, rule in catalogue(own).items() if rule.scope is Scope.SUITE}
