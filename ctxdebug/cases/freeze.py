"""Freeze one examined exchange into a case: redacted, proven, and exact.

Everything that will be written is redacted first, the detectors run again on the redacted exchange,
and the case is written only when their verdict is the same and the expectation tells bad from good.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ctxdebug.cases.blobs import Blobs, reader, unpacked
from ctxdebug.cases.case import Case, Runs, case_from
from ctxdebug.cases.content import Writer, case_content_of, writable
from ctxdebug.cases.exchanges import examine
from ctxdebug.cases.expectation import Expectation
from ctxdebug.cases.proof import Proof, constructed_good, prove, with_answer
from ctxdebug.cases.proposal import Proposal, joined, propose
from ctxdebug.cases.standalone import StandaloneExchange, standalone
from ctxdebug.errors import UsageError
from ctxdebug.records import field, record, replace
from ctxdebug.redaction.learned import LearnedSecrets
from ctxdebug.redaction.redactor import Redaction, Redactor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ctxdebug.engine.report import Examined
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.model import ToolCall


@record(frozen=True, slots=True)
class FreezeOptions:
    """What the user says of the case. `parts` are demands of the user's own; `accept` takes the proposal too."""

    id: str | None = None
    title: str | None = None
    tags: tuple[str, ...] = ()
    parts: tuple[Expectation, ...] = ()
    accept: bool = False
    good: tuple[str, tuple[ToolCall, ...]] | None = None
    """The words and the tool calls of an answer that must pass."""
    runs: Runs = field(default_factory=Runs)
    patterns: Mapping[str, str] = field(default_factory=dict)
    allow_change: bool = False
    """Write although redaction changes what the detectors say."""


@record(frozen=True, slots=True)
class Frozen:
    """A case that may be written, with its texts and what was done to it."""

    case: Case
    blobs: Blobs
    proof: Proof
    redactions: tuple[Redaction, ...]
    changes: tuple[str, ...]
    """What redaction changed in the verdict; empty unless that was allowed."""


def proposal_for(examined: Examined, options: RunOptions) -> Proposal:
    """Return what `freeze` proposes to demand; a demand that quotes a secret is none, for the case will not hold it."""
    proposal = propose(examined.findings, options.analysis.facts, examined, options.own_rules)
    learned = _learned(standalone(examined.snapshot)) if proposal.parts else LearnedSecrets()
    parts = [
        part for part in proposal.parts if learned.hide(repr(msgspec.to_builtins(part.expectation)))[1].total() == 0
    ]
    return replace(proposal, parts=tuple(parts))


def _learned(exchange: StandaloneExchange) -> LearnedSecrets:
    """Return the secrets of an exchange, of which no stretch may be written."""
    learned = LearnedSecrets()
    learned.learn([exchange.body, exchange.response])
    return learned


def freeze(examined: Examined, options: FreezeOptions, run: RunOptions) -> Frozen:
    """Make a case of an exchange; raises `UsageError` with the reason where it would be no proof of anything."""
    try:
        return _frozen(examined, options, run)
    except RecursionError:
        raise UsageError("nothing was written: the exchange is nested too deeply for a case") from None


def _frozen(examined: Examined, options: FreezeOptions, run: RunOptions) -> Frozen:
    snapshot = examined.snapshot
    if not snapshot.has_response or not (snapshot.answer or snapshot.finish):
        raise UsageError("the exchange contains no answer, so there is nothing that a case could detect")
    original = standalone(snapshot)
    redactor = Redactor(options.patterns)
    demanded = _demanded(examined, options, run)
    redactor.learn(
        [original.body, original.response, snapshot.path, [finding.message for finding in examined.findings]]
    )
    good = options.good or (constructed_good(demanded) or "", ())
    redactor.learn([msgspec.to_builtins(demanded), good[0], [call.arguments for call in good[1]], options.title])
    hidden = _redacted(original, redactor)
    changes = _changes(original, hidden, run)
    if changes and not options.allow_change:
        raise UsageError(
            f"redaction changes the verdict: {'; '.join(changes)}; give --allow-change to freeze it all the same"
        )
    expectation: Expectation = msgspec.convert(redactor.apply(msgspec.to_builtins(demanded)), Expectation)
    bad = hidden.snapshot(run)
    shown = _shown_good(options, expectation, good, redactor)
    alone = examine(bad, run)
    proof = prove(expectation, bad, with_answer(bad, *shown) if shown else None, run, alone.findings)
    if not proof.holds:
        hint = "; give a good answer with --good" if options.good is None and _about_good(proof) else ""
        raise UsageError(f"nothing was written, the case would prove nothing: {'; '.join(proof.flaws)}{hint}")
    blobs = Blobs()
    writer = Writer(redactor, blobs, _learned(original))
    content = case_content_of(examined, alone, expectation, shown, writer)
    content |= {
        "id": options.id or content["id"],
        "tags": list(options.tags),
        "runs": msgspec.to_builtins(options.runs),
    }
    if options.title:
        content["title"] = writer.line(options.title)
    content["request"] = {
        "format": hidden.sender.format, "exact": hidden.exact, "model": hidden.sender.model and writable(hidden.sender.model),
        "provider": hidden.sender.provider, "body": blobs.packed(hidden.body),
    }  # fmt: skip
    content["recorded"]["response"] = blobs.packed_whole(hidden.response)
    _prove_exact(content["request"]["body"], hidden.body, blobs)
    return Frozen(case_from(content), blobs, proof, redactor.redactions, changes)


def _about_good(proof: Proof) -> bool:
    return proof.bad.passed is False and (proof.good is None or not proof.good.passed)


def _shown_good(
    options: FreezeOptions, expectation: Expectation, good: tuple[str, tuple[ToolCall, ...]], redactor: Redactor
) -> tuple[str, tuple[ToolCall, ...]] | None:
    if options.good is None and constructed_good(expectation) is None:
        return None
    calls = tuple(
        replace(call, arguments=redactor.apply(call.arguments), parsed=redactor.apply(call.parsed)) for call in good[1]
    )
    return redactor.apply(good[0]), calls


def _prove_exact(packed: Any, body: dict[str, Any], blobs: Blobs) -> None:
    back = unpacked(packed, reader(Path(), blobs.texts))
    if json.dumps(back, sort_keys=True) != json.dumps(body, sort_keys=True):
        raise AssertionError("the request does not come back as it was; please report this")


def _redacted(original: StandaloneExchange, redactor: Redactor) -> StandaloneExchange:
    return StandaloneExchange(
        redactor.apply(original.body), redactor.apply(original.response), original.exact, original.sender
    )


def _changes(original: StandaloneExchange, hidden: StandaloneExchange, run: RunOptions) -> tuple[str, ...]:
    """Return what the detectors say of the redacted exchange and not of the original, and the other way round."""
    if original == hidden:
        return ()
    before = _verdict(examine(original.snapshot(run), run))
    after = _verdict(examine(hidden.snapshot(run), run))
    lost = [f"{code} is no longer found" for code in sorted((before - after).elements())]
    return tuple(lost + [f"{code} is found only now" for code in sorted((after - before).elements())])


def _verdict(examined: Examined) -> Counter[str]:
    return Counter(finding.code for finding in examined.findings)


def _demanded(examined: Examined, options: FreezeOptions, run: RunOptions) -> Expectation:
    parts = list(options.parts)
    if options.accept or not parts:
        parts += [part.expectation for part in proposal_for(examined, run).parts]
    expectation = joined(parts)
    if expectation is None:
        raise UsageError(
            "the findings propose no expectation; say what the answer must contain with --expect or --forbid"
        )
    return expectation
