"""The one place where a hit becomes a finding: what the catalogue knows of the rule is added, evidence gets its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ctxdebug.decoding.source import Source
from ctxdebug.digests import blake2b
from ctxdebug.errors import CtxdebugError
from ctxdebug.locate import Locator
from ctxdebug.model import Confidence, Evidence, Exhibit, Finding, Hit, NotChecked, Problem, Snapshot, pointer_text

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis
    from ctxdebug.rules import Rule
    from ctxdebug.rules.suite import Suite


class Stamper:
    """Stamps the hits of a run; keeps a locator for each file that evidence stands in."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._locators: dict[str, Locator] = {}

    def locator(self, source: Source) -> Locator:
        """Return the locator of a file that is being read."""
        return self._locators.setdefault(source.path, Locator(source))

    def finding(self, rule: Rule, hit: Hit, snapshot: Snapshot, analysis: Analysis | None = None) -> Finding:
        """Return the finding that a hit in `snapshot` makes; repairs need its analysis."""
        return Finding(
            code=rule.code,
            name=rule.name,
            family=rule.family,
            question=rule.question,
            severity=rule.severity if hit.severity is None else hit.severity,
            confidence=confidence_of(rule, hit),
            message=hit.message,
            evidence=tuple(self._exhibit(evidence, snapshot) for evidence in hit.evidence),
            fix=hit.advice or rule.page.fix,
            tags=rule.tags,
            fingerprint=fingerprint(rule.code, hit),
            path=snapshot.path,
            pointer=pointer_text(snapshot.pointer),
            facts=hit.facts,
            repairs=rule.repairs_of(hit, analysis) if analysis is not None else (),
            why=rule.page.why.split("\n\n")[0].replace("\n", " "),
            explains=rule.explains,
            fallback=rule.fallback,
        )

    def _exhibit(self, evidence: Evidence, snapshot: Snapshot) -> Exhibit:
        stands_in = evidence.snapshot or snapshot
        if stands_in.path not in self._locators:
            self._locators[stands_in.path] = Locator(Source(stands_in.path, self._max_bytes))
        locator = self._locators[stands_in.path]
        pointer = evidence.pointer
        if evidence.segment is not None:
            pointer = evidence.segment.pieces[0].pointer if evidence.segment.pieces else stands_in.pointer
        return Exhibit(
            path=stands_in.path,
            pointer=pointer_text(pointer or stands_in.pointer),
            place=locator.evidence(evidence),
            segment=evidence.segment.id if evidence.segment else None,
            start=evidence.start,
            end=evidence.end,
            text=evidence.quote,
            note=evidence.note,
        )


def confidence_of(rule: Rule, hit: Hit) -> Confidence:
    """Return the hit's own confidence, or its rule's."""
    return rule.confidence if hit.confidence is None else hit.confidence


def fingerprint(code: str, hit: Hit) -> str:
    """Stable under moves: the rule and its subject, else the text it stands on, or the message where there is none."""
    if hit.subject:
        return _digest(f"{code}\x1f{hit.subject}")
    words = [" ".join(evidence.quote.split()) for evidence in hit.evidence if evidence.segment is not None]
    basis = "\x1f".join([code, *sorted(set(words))] if words else [code, hit.message])
    return _digest(basis)


def _digest(basis: str) -> str:
    return blake2b(basis.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def guarded(
    rule: Rule, subject: Analysis | Suite, problems: list[Problem], path: str, pointer: str
) -> Iterator[Hit | NotChecked]:
    """Yield what a rule sees; a rule that breaks becomes a problem with its name, and the run goes on."""
    try:
        yield from rule.check(subject)
    except CtxdebugError:  # the user's to mend: an endpoint, a guard model
        raise
    except Exception as error:  # noqa: BLE001 - one broken rule must not hide what the others see
        problems.append(
            Problem(
                path,
                f"rule {rule.code} broke ({type(error).__name__}: {error}); the others ran; {_whose(rule)}",
                pointer,
                ours=True,
            )
        )


def _whose(rule: Rule) -> str:
    return "please report it" if rule.origin is None else f"it stands in {rule.origin.path}"
