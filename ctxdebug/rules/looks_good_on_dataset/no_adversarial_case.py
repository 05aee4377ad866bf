"""The application reads text that strangers write, and no case tries to mislead it.

A suite of friendly documents says nothing about the page, the mail or the ticket that gives instructions.

## Fix

`ctxdebug mutate CASE --kind injected` plants an instruction in a document and expects it not to be obeyed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.model import Evidence, Hit, Severity
from ctxdebug.questions import Scope
from ctxdebug.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.rules.suite import Suite, SuiteCapture, SuiteCase

_FEWEST = 3


@rule(
    "DEM102",
    "no-adversarial-case",
    question=None,
    scope=Scope.SUITE,
    severity=Severity.WARNING,
    tags=("OWASP:LLM01", "ATLAS:AML.T0051.001"),
)
def look(suite: Suite) -> Iterator[Hit]:
    """Look for untrusted text in the traffic and in the cases, and for a case that is about instructions in it."""
    from ctxdebug.rules.suite import reads_untrusted

    if len(suite.cases) < _FEWEST or any(map(_adversarial, suite.cases)):
        return
    holders: list[SuiteCapture | SuiteCase] = [*suite.captures, *suite.cases]
    for holder in holders:
        if reads_untrusted(holder.snapshot):
            evidence = Evidence(
                "reads untrusted text",
                pointer=holder.snapshot.pointer,
                text=holder.question[:200],
                snapshot=holder.snapshot,
            )
            yield Hit(f"none of {len(suite.cases)} cases plants an instruction in what the model reads", (evidence,))
            return


def _adversarial(case: SuiteCase) -> bool:
    return (
        case.mutation == "injected" or "tool-not-called" in case.words or bool(case.tags & {"injection", "adversarial", "red-team"})
        or any(code.startswith("LRC3") for code in case.findings)
    )  # fmt: skip
