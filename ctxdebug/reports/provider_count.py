"""What the provider says that it counted, beside our own account of the prompt."""

from __future__ import annotations

from ctxdebug.engine.report import Examined


def provider_count(examined: Examined) -> str:
    """Return how many prompt tokens the provider counted, and how that compares with what the capture explains."""
    usage, prompt = examined.snapshot.usage, examined.analysis.prompt
    if usage is None or usage.prompt is None:
        return "the provider reports no prompt tokens" if examined.snapshot.has_response else "no response recorded"
    if not prompt.estimable:
        return f"provider counted {usage.prompt:,}, not comparable"
    slack = max(4, usage.prompt // 100)
    if usage.prompt > prompt.total.high + slack:
        return (
            f"provider counted {usage.prompt:,}, {usage.prompt - prompt.total.value:,} more than the capture explains"
        )
    lost = any(finding.code == "MEM101" for finding in examined.findings)
    inside = prompt.total.low - slack <= usage.prompt
    return f"provider counted {usage.prompt:,}" + (" ✗" if lost else " ✓" if inside else "")
