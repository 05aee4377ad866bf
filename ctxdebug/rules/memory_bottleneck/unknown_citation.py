"""The answer cites a source that is not in the context, or one that does not say it.

A made-up id looks like proof and leads nowhere; an id of the wrong document is worse, because it opens.

## Bad

    system: Answer only from the documents and cite their ids. If they do not hold the answer, say so.
    user: How long is the warranty of the Kestrel kettle?
    tool[search_manuals]: <document id="kettle-1">The warranty of the Kestrel kettle is three years.</document>
    <document id="toaster-1">The warranty of the Otter toaster is five years.</document>
    assistant: The warranty of the Kestrel kettle is three years [kettle-7].

## Bad

    system: Answer only from the documents and cite their ids. If they do not hold the answer, say so.
    user: How do I clean the Kestrel kettle?
    tool[search_manuals]: <document id="kettle-1">Descale the Kestrel kettle with vinegar twice a year, and rinse it with cold water.</document>
    <document id="toaster-1">Empty the crumb tray of the Otter toaster once a week.</document>
    assistant: Descale the Kestrel kettle with vinegar twice a year and rinse it with cold water [toaster-1].

## Bad

    system: House rules, cite the paragraph.
    § 1 Members pay a yearly fee of 30 euros.
    § 2 Members leave by written notice to the board at the end of a year.
    user: How do I leave?
    assistant: Send a written notice to the board; you leave at the end of the year (§ 9).

## Good

    system: House rules, cite the paragraph.
    § 1 Members pay a yearly fee of 30 euros.
    § 2 Members leave by written notice to the board at the end of a year.
    user: How do I leave?
    assistant: Send a written notice to the board; you leave at the end of the year (§ 2).

## Good

    system: Answer only from the documents and cite their ids. If they do not hold the answer, say so.
    user: How long is the warranty of the Kestrel kettle?
    tool[search_manuals]: <document id="kettle-1">The warranty of the Kestrel kettle is three years.</document>
    <document id="toaster-1">The warranty of the Otter toaster is five years.</document>
    assistant: The warranty of the Kestrel kettle is three years [kettle-1].

## Fix

Give the documents short ids, show them next to the text, and check the cited ids before the answer is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ctxdebug.analysis import Analysis
from ctxdebug.model import Confidence, Evidence, Hit, Need, Severity
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule

if TYPE_CHECKING:
    from ctxdebug.analysis.sources.citations import Citation
    from ctxdebug.analysis.sources.returned import CheckedCitation
    from ctxdebug.analysis.sources.sourced import Sourced

_SAYS = 0.35
"""A cited source that holds a larger share of the sentence's words is believed."""


@rule("MEM405", "unknown-citation", question=Question.ANSWER_SUPPORTED, fallback=Fallback.ABSTAIN, severity=Severity.WARNING, explains=50,
      needs=(Need.RESPONSE,), tags=("ATLAS:AML.T0067.000", "OWASP:LLM09"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Resolve every citation, and hold the cited sentence against the source it leads to."""
    facts = analysis.sourced
    if analysis.snapshot.citations:
        yield from _returned(facts)
    if not analysis.answer:
        return
    unknown: dict[str, list[Citation]] = {}
    for citation in facts.citations:
        if not citation.known:
            unknown.setdefault(citation.label, []).append(citation)
        elif citation.better and citation.share < _SAYS:
            yield _misplaced(facts, citation)
    for label, uses in unknown.items():
        yield _unknown(facts, label, uses)


def _returned(facts: Sourced) -> Iterator[Hit]:
    """Yield what is wrong with citations that the provider returned beside the answer."""
    missing: dict[str, list[CheckedCitation]] = {}
    for citation in facts.citations_returned:
        if citation.captured.missing:
            missing.setdefault(citation.captured.missing, []).append(citation)
        elif citation.misplaced:
            yield _not_said(facts, citation)
    for label, uses in missing.items():
        yield Hit(
            f"the answer cites “{label}”, and the provider returned no such source",
            tuple(facts.answered(use.start, use.end, "cites a source that is not there") for use in uses[:3]),
            facts={"label": label, "times": len(uses), "returned": True},
        )


def _not_said(facts: Sourced, citation: CheckedCitation) -> Hit:
    assert citation.better is not None
    cited, better = ", ".join(facts.name(number) for number in citation.sources[:3]), facts.name(citation.better)
    evidence = [facts.answered(citation.start, citation.end, f"the provider cites {cited}")]
    if citation.passage is not None:
        evidence.append(facts.evidence(citation.passage, f"the nearest that {cited} says"))
    return Hit(
        f"the provider cites {cited}, which does not say it ({citation.share:.0%} of the sentence's words); {better} does "
        f"({citation.better_share:.0%})",
        tuple(evidence),
        confidence=Confidence.MEDIUM,
        facts={
            "cited": cited,
            "better": better,
            "cited_share": round(citation.share, 2),
            "better_share": round(citation.better_share, 2),
            "returned": True,
        },
    )


def _unknown(facts: Sourced, label: str, uses: list[Citation]) -> Hit:
    known = [facts.name(number) for number in facts.examination.corpus.retrieved]
    shown = ", ".join(known[:5]) + (f" and {len(known) - 5} more" if len(known) > 5 else "")
    what = {"§": "section of a text", "row": "row of a table"}.get(label.split(maxsplit=1)[0], "source")
    return Hit(
        f"the answer cites “{label}”, which is no {what} in the context"
        + (f" (they are: {shown})" if what == "source" and shown else ""),
        tuple(facts.answered(use.start, use.end, "cites a source that is not there") for use in uses[:3]),
        facts={"label": label, "times": len(uses), "known": known[:50]},
    )


def _misplaced(facts: Sourced, citation: Citation) -> Hit:
    cited, better = (name or "the cited source" for name in (citation.name, citation.better))
    evidence: list[Evidence] = [facts.answered(citation.start, citation.end, f"cites {cited}")]
    if citation.passage is not None:
        evidence.append(facts.evidence(citation.passage, f"the nearest that {cited} says"))
    return Hit(
        f"the answer cites {cited}, which does not say it ({citation.share:.0%} of the sentence's words); {better} does "
        f"({citation.better_share:.0%})",
        tuple(evidence),
        confidence=Confidence.MEDIUM,
        facts={
            "label": citation.label,
            "cited": cited,
            "better": better,
            "cited_share": round(citation.share, 2),
            "better_share": round(citation.better_share, 2),
        },
    )
