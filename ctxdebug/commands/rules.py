"""What `rules` does: list the catalogue and the project's own rules, and run the examples of these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ctxdebug.commands.terminal import say, write
from ctxdebug.records import record, replace
from ctxdebug.rules import RULES, families
from ctxdebug.text.plural import plural
from ctxdebug.text.printable import clean_line

if TYPE_CHECKING:
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.rules import Rule
    from ctxdebug.rules.page import Example


def list_rules(own: Sequence[Rule]) -> int:
    """Print every rule by family, the project's own ones last by their prefix."""
    lines: list[str] = []
    for family in families().values():
        lines += [f"{family.prefix}  {family.problem} → {family.manifestation}", f"     what helps: {family.answer}"]
        lines += _lines(rule for rule in RULES.all().values() if rule.family == family.folder)
    for prefix in sorted({rule.code[:3] for rule in own}):
        lines.append(f"{prefix}  the project's own rules")
        lines += _lines(rule for rule in own if rule.code.startswith(prefix))
    write("\n".join([*lines, "ctxdebug explain CODE prints a rule's page"]) + "\n")
    return 0


def _lines(rules: Iterator[Rule]) -> list[str]:
    return [
        *(clean_line(f"  {rule.code}  {rule.severity.word:<8} {rule.name:<34} {rule.page.title}") for rule in rules),
        "",
    ]


@record(frozen=True, slots=True)
class _Outcome:
    """What came of an own rule's examples: faults, or why they were not run; neither where all is well."""

    rule: Rule
    faults: tuple[str, ...] = ()
    untested: str = ""


def try_examples(options: RunOptions) -> int:
    """Run the examples of the project's own rules; 1 when one does not show what it says, 4 when some could not be run."""
    if not options.own_rules:
        say('no rules of the project\'s own: rules = ["folder/"] in the configuration names where they stand')
        return 0
    outcomes = [_tested(rule, options) for rule in options.own_rules]
    for one in outcomes:
        where = one.rule.origin.path if one.rule.origin is not None else ""
        for fault in one.faults:
            say(f"{where}: {one.rule.code}: {fault}")
        if one.untested:
            say(f"{where}: {one.rule.code}: not tested: {one.untested}")
    failed, untested = sum(bool(one.faults) for one in outcomes), sum(bool(one.untested) for one in outcomes)
    shown = len(outcomes) - failed - untested
    rest = f" · {untested} not tested" if untested else ""
    say(f"{plural(shown, 'rule')} of {len(outcomes)} find what their examples show{rest}")
    return 1 if failed else 4 if untested else 0


def _tested(rule: Rule, options: RunOptions) -> _Outcome:
    from ctxdebug.own_rules.python_rules import NOT_RUN, is_not_run
    from ctxdebug.own_rules.toml_rules import needs_examples
    from ctxdebug.questions import Scope

    if rule.scope is Scope.SUITE:
        return _Outcome(rule, untested="its examples are whole suites of cases")
    if is_not_run(rule):
        return _Outcome(rule, untested=NOT_RUN)
    faults: list[str] = []
    for bad, word in ((True, "Bad"), (False, "Good")):
        examples = [example for example in rule.page.examples if example.bad is bad]
        if not examples and needs_examples(rule):
            faults.append(f"its page has no {word} example")
        for number, example in enumerate(examples, 1):
            faults += (f"{word} example {number}: {fault}" for fault in _faults(rule, example, options))
    return _Outcome(rule, tuple(faults))


def _faults(rule: Rule, example: Example, options: RunOptions) -> Iterator[str]:
    """Yield what the rule should find in an example and does not, or finds and should not, and what broke."""
    from ctxdebug.decoding.source import Source
    from ctxdebug.engine.run import run_source
    from ctxdebug.engine.selection import Selection

    asked = replace(options, selection=Selection((rule.code,)), pedantic=True)
    source = Source("example", held=example.text.encode("utf-8"))
    report = run_source(source, asked)
    yield from (problem.message for problem in report.problems if problem.fatal)
    if example.bad and not report.findings:
        reasons = [reason for reasons in report.not_checked.values() for reason in reasons]
        yield f"nothing is found{f' (not checked: {reasons[0]})' if reasons else ''}"
    elif not example.bad:
        yield from (f"is found: {finding.message}" for finding in report.findings[:1])
