"""A tool is declared otherwise live than in the frozen cases.

A case freezes the tools as they were. When the live declaration has moved on, the case tests a call that nobody makes any more.

## Fix

Freeze the case again from a current capture, or put the declaration back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.model import Evidence, Hit, Severity
from ctxdebug.questions import Scope
from ctxdebug.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.model import Snapshot, Tool
    from ctxdebug.rules.suite import Suite


@rule("INS105", "tool-schema-drift", question=None, scope=Scope.SUITE, severity=Severity.WARNING)
def look(suite: Suite) -> Iterator[Hit]:
    """Compare the declarations of equal names where the same instructions stand in front of them."""
    live: dict[tuple[str, str], dict[str, tuple[Tool, Snapshot]]] = {}
    for capture in suite.captures:
        for tool in capture.snapshot.tools:
            live.setdefault((_instructions(capture.snapshot), tool.name), {})[tool.text] = (tool, capture.snapshot)
    told: set[str] = set()
    for case in suite.cases:
        for tool in case.snapshot.tools:
            declared = live.get((_instructions(case.snapshot), tool.name), {})
            if declared and tool.text not in declared and tool.name not in told:
                told.add(tool.name)
                other, snapshot = next(iter(declared.values()))
                evidence = (
                    Evidence("as it is frozen", pointer=tool.pointer, text=tool.text[:400], snapshot=case.snapshot),
                    Evidence("as it is live", pointer=other.pointer, text=other.text[:400], snapshot=snapshot),
                )
                yield Hit(
                    f"{tool.name} is declared otherwise live than in {case.id}",
                    evidence,
                    facts={"tool": tool.name, "case": case.id},
                )


def _instructions(snapshot: Snapshot) -> str:
    """Return the words by which one feature of an application is known: the start of its instructions."""
    first = snapshot.messages[0].text if snapshot.messages else ""
    return " ".join(first.split())[:80]
