"""Each report of 5,000 findings, against `json.dumps` of the same: `python -m tests.bench.reports`. The bar is 5 ×."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from ctxdebug.engine.report import Report
from ctxdebug.model import Exhibit, Finding, Place
from ctxdebug.reports import REPORT_FORMATS
from tests.findings import finding_of

NAMES = ("text", "json", "sarif", "junit", "github", "gitlab", "markdown")
FINDINGS = 5_000


def finding(line: int) -> Finding:
    """A finding that is like no other."""
    place = Place(line, 9, line, 22)
    exhibit = Exhibit("a/b.json", "/messages/2", place, "m2.s0", 8, 21, f"evidence {line}", "what the answer took")
    return finding_of(
        "MEM103",
        message=f"cut at {line}",
        evidence=(exhibit,),
        tags=("OWASP:LLM10",),
        fingerprint=f"{line:032x}",
        path="a/b.json",
    )


def cheapest(call: Callable[[], object]) -> float:
    """CPU seconds of the best of three runs."""

    def once() -> float:
        started = time.process_time()
        call()
        return time.process_time() - started

    return min(once() for _ in range(3))


def main() -> None:
    report = Report(checked=("MEM103",), findings=[finding(line) for line in range(1, FINDINGS + 1)])
    values = [
        json.loads(line.rstrip(","))
        for line in REPORT_FORMATS.all()["json"].render(report).splitlines()
        if line.startswith("  {")
    ]
    base = cheapest(lambda: json.dumps(values))
    for name in NAMES:

        def rendered(name: str = name) -> str:
            return REPORT_FORMATS.all()[name].render(report)

        print(f"{name:<10} {cheapest(rendered) / base:5.2f} x json.dumps")


if __name__ == "__main__":
    main()
