"""The result for a person: one line a case, then what the runs prove."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.evals.reports import eval_format
from ctxdebug.evals.statistics import Decision, runs_needed
from ctxdebug.text.plural import plural
from ctxdebug.text.printable import clean_line, excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.evals.comparison import Comparison
    from ctxdebug.evals.trials import CaseResult, Evaluation

_LONGEST_NAME = 40
_LONGEST_REASON = 110


@eval_format("text", "a table for people")
def table(found: Evaluation, comparison: Comparison | None) -> str:
    """Render the table."""
    lines = list(_cases(found))
    lines += _summary(found)
    if comparison is not None:
        lines += _comparison(comparison)
    return "\n".join(clean_line(line).rstrip() for line in lines) + "\n"


def _cases(found: Evaluation) -> Iterator[str]:
    width = min(_LONGEST_NAME, max((len(result.case) for result in found.results), default=4))
    for result in sorted(found.results, key=lambda result: (result.verdict is Decision.PASS, result.case)):
        yield f" {result.verdict:<9}  {_cut(result.case, width):<{width}}  {_rate(result):<22}  {excerpt(_why(result), _LONGEST_REASON)}"
    for message in found.unreadable:
        yield f" not read   {excerpt(message, 160)}"


def _rate(result: CaseResult) -> str:
    if result.recorded:
        return ""
    if not result.runs:
        return "no answer"
    interval = result.interval
    return f"{result.passes}/{result.runs}  {interval.low * 100:.0f}–{interval.high * 100:.0f} %{' partial' if result.partial else ''}"


def _why(result: CaseResult) -> str:
    if result.recorded or result.verdict is not Decision.UNDECIDED:
        return result.reason
    if result.fault:
        return result.fault
    if not result.runs:
        return result.reason
    failures = result.runs - result.passes
    needed = runs_needed(result.target.rate, failures, result.target.confidence)
    wanted = (
        f"; {_counted(needed, 'run')} with {_counted(failures, 'failure')} prove {result.target.rate * 100:.0f} %"
        if needed
        else ""
    )
    reason = f" · {result.reason}" if failures else ""
    return f"{result.proves}{wanted}{reason}"


def _counted(count: int, word: str) -> str:
    return plural(count, word) if count else f"no {word}s"


def _summary(found: Evaluation) -> Iterator[str]:
    yield ""
    counts = [f"{found.count(verdict)} {verdict.value.lower()}" for verdict in Decision if found.count(verdict)]
    if found.unreadable:
        counts.append(f"{len(found.unreadable)} not read")
    total = len(found.results)
    parts = [plural(total, "case"), *counts]
    if found.mode == "live":
        parts.append(f"{plural(found.calls, 'call')} to {found.model or 'the models of the cases'}")
        if found.cost is not None:
            parts.append(f"{found.cost:.4f} USD")
    parts.append(f"{found.seconds:.1f} s")
    yield " · ".join(parts)
    if found.mode != "recorded":
        yield from _repeated(found)
    if found.stopped:
        yield f"stopped early: {found.stopped}; the results are partial"
    yield from found.notes
    if found.run and found.mode == "live":
        yield f"answers kept as {found.run}: replay with --recorded {found.run}{f', go on with --resume {found.run}' if found.stopped else ''}"


def _repeated(found: Evaluation) -> Iterator[str]:
    least = min((result.runs for result in found.results if result.runs), default=0)
    for k in (3, 5, 10):
        if least >= k:
            ever = [result.pass_at(k) or 0.0 for result in found.results if result.runs]
            always = [result.pass_all(k) or 0.0 for result in found.results if result.runs]
            yield f"pass@{k} {sum(ever) / len(ever):.2f} · pass^{k} {sum(always) / len(always):.2f} (means over cases)"
            return


def _comparison(comparison: Comparison) -> Iterator[str]:
    yield ""
    total = len(comparison.changes)
    yield (
        f"{comparison.candidate} against {comparison.baseline}: {comparison.worse} worse, {comparison.better} better, "
        f"{total - comparison.worse - comparison.better} the same; mean {comparison.mean * 100:+.1f} points; "
        f"p = {comparison.p:.3g} ({comparison.method})"
    )
    for change in comparison.regressions:
        sure = "a regression" if change.p <= 0.05 else "not significant by itself"
        yield f"  worse  {change.case}  {_share(change.before)} → {_share(change.after)}  p = {change.p:.3g}, {sure}"
    if comparison.unpaired:
        yield f"  not compared, answered on one side only: {', '.join(comparison.unpaired[:8])}{' …' if len(comparison.unpaired) > 8 else ''}"
    said = {
        0: "no regression was found",
        1: "the canary fails",
        4: "undecided: worse, and the runs do not suffice to be sure",
    }
    yield said[comparison.exit_code()]


def _share(pair: tuple[int, int]) -> str:
    return f"{pair[0]}/{pair[1]}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"
