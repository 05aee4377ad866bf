"""The result for CI servers: JUnit XML, with every character that XML forbids made visible."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from ctxdebug.evals.reports import eval_format
from ctxdebug.evals.statistics import Decision
from ctxdebug.text.patterns import lazy
from ctxdebug.text.printable import clean, clean_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.evals.comparison import Comparison
    from ctxdebug.evals.trials import CaseResult, Evaluation

_FORBIDDEN = lazy(r"[\ufffe\uffff]")
_LONGEST_ANSWER = 2000


@eval_format("junit", "JUnit XML for CI servers")
def junit(found: Evaluation, comparison: Comparison | None) -> str:
    """Render the XML; undecided cases and faults are errors, not failures."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    failures, total = found.count(Decision.FAIL), len(found.results) + (comparison is not None)
    errors = found.count(Decision.UNDECIDED) + len(found.unreadable)
    failed_canary = comparison is not None and comparison.exit_code() == 1
    lines.append(
        f'<testsuite name="ctxdebug" tests="{total + len(found.unreadable)}" failures="{failures + failed_canary}" '
        f'errors="{errors}" time="{found.seconds:.3f}">'
    )
    for result in found.results:
        lines += _case(result)
    for message in found.unreadable:
        lines.append(
            f'<testcase classname="ctxdebug" name={_attribute(message[:80])}>{_element("error", message, "")}</testcase>'
        )
    if comparison is not None:
        body = ""
        if comparison.regressions:
            names = ", ".join(change.case for change in comparison.regressions)
            body = _element("failure" if failed_canary else "system-out", f"worse: {names}", f"p = {comparison.p:.3g}")
        lines.append(f'<testcase classname="ctxdebug" name="canary">{body}</testcase>')
    lines.append("</testsuite>")
    return "\n".join(lines) + "\n"


def _case(result: CaseResult) -> Iterator[str]:
    seconds = sum(trial.seconds for trial in result.trials)
    yield f'<testcase classname="ctxdebug" name={_attribute(result.case)} time="{seconds:.3f}">'
    if result.verdict is not Decision.PASS:
        wanted = next((trial for trial in result.trials if trial.outcome.passed is False), None)
        answer = f"answer: {clean_line(wanted.answer[:_LONGEST_ANSWER])}" if wanted else ""
        kind = "failure" if result.verdict is Decision.FAIL else "error"
        yield _element(
            kind,
            f"{result.verdict.value}: {result.reason}",
            f"title: {clean_line(result.title)}\n{result.proves}\n{answer}",
        )
    yield "</testcase>"


def _element(kind: str, message: str, text: str) -> str:
    if kind == "system-out":
        return f"<system-out>{_text(f'{message} {text}')}</system-out>"
    return f"<{kind} message={_attribute(message)}>{_text(text)}</{kind}>"


def _attribute(text: str) -> str:
    return quoteattr(_FORBIDDEN.sub("?", clean_line(text)))


def _text(text: str) -> str:
    return escape(_FORBIDDEN.sub("?", clean(text)))
