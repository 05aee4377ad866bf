"""What `share` does: choose the exchange and its findings, make the capture, write it, say what still stands."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ctxdebug.commands.delivery import deliver
from ctxdebug.commands.one_exchange import one_examined
from ctxdebug.commands.stages import Stages
from ctxdebug.commands.terminal import say, warn
from ctxdebug.errors import UsageError
from ctxdebug.model import Severity
from ctxdebug.records import record
from ctxdebug.text.plural import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ctxdebug.engine.report import Examined
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.model import Finding
    from ctxdebug.sharing.share import Shared


@record(frozen=True, slots=True)
class ShareCall:
    """One call of `share`."""

    capture: str
    exchange: int | None
    rules: tuple[str, ...]
    """Whose findings the capture is to show; empty for errors and warnings."""
    output: str | None


def share_capture(request: ShareCall, options: RunOptions, patterns: Mapping[str, str]) -> int:
    """Write the capture, and return the exit code: 1 where a finding does not stand in it."""
    from ctxdebug.sharing.share import share

    with Stages("nothing was written") as stages:
        stages.begin(f"reading {request.capture}")
        examined = one_examined(request.capture, request.exchange, options)
        if examined is None:
            return 2
        stages.done("exchange examined")
        stages.begin("looking for the shortest capture in which its findings stand")
        findings = _chosen(examined, request.rules, options)
        shared = share(examined, findings, options, patterns)
        deliver([shared.text], [request.output] if request.output else [])
        stages.lost = "the capture is written"
        for line in _lines(shared, request.output):
            (say if request.output else warn)(line)
    return 0 if shared.stands else 1


def _chosen(examined: Examined, rules: tuple[str, ...], options: RunOptions) -> list[Finding]:
    """Return the findings that were asked for; else errors and warnings; else the notes."""
    from ctxdebug.engine.selection import Selection
    from ctxdebug.rules import catalogue

    findings = list(examined.findings)
    if rules:
        codes = {rule.code for rule in Selection(rules).of(catalogue(options.own_rules))}
        chosen = [finding for finding in findings if finding.code in codes]
        if not chosen:
            found = ", ".join(sorted({finding.code for finding in findings})) or "none"
            raise UsageError(f"no finding of {', '.join(rules)} in this exchange; it has: {found}")
        return chosen
    return [finding for finding in findings if finding.severity > Severity.NOTE] or findings


def _lines(shared: Shared, output: str | None) -> Iterator[str]:
    if output:
        yield f"wrote {output}"
    yield (
        f"  {shared.format}, {shared.before:,} characters before, {shared.after:,} now; "
        f"{shared.shortened} of {plural(shared.blocks, 'block')} shortened"
    )
    if not shared.exact:
        yield "  request      rebuilt from messages; the capture does not contain the request itself"
    if not shared.standings:
        yield "  findings     none, so nothing was shortened; name one with --finding where a rule should have found it"
    for standing in shared.standings:
        count = "" if standing.wanted == 1 else f" {standing.found} of {standing.wanted}"
        if standing.stands:
            yield f"  ✓ {standing.code}     stands{count}  {standing.name}"
        else:
            yield f"  ✗ {standing.code}     does not stand{count}  {standing.name}: {standing.reason}"
    if shared.added:
        yield f"  only here    {', '.join(shared.added)}: found since text is left out"
    kinds = Counter(redaction.kind for redaction in shared.redactions)
    if kinds:
        yield "  hidden       " + ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    yield "  defanged     untrusted text: addresses cannot be followed, injected instructions are marked"
    if output:
        yield f"read it before you send it: names and trade secrets are not found by a program · ctxdebug inspect {output}"
