"""The fact that the answer needs is not in the context, or is where models overlook it.

No prompt repairs a fact that was never retrieved, and no index repairs a fact that was retrieved and not used. Name the fact
(`--fact "30 days"`, or a case's expectation), and this rule tells the two apart. Without a fact it only compares words: a
question whose words are in no document, and an answer that declines, point to retrieval, weakly.

With the texts from which the application retrieves (`inspect --corpus docs/`) it looks one step earlier: the fact is not in the
corpus, or it is and was not retrieved (in which file, and which words of the query that passage lacks), or an older version of the
file was retrieved than the corpus has.

## Bad

    system: Answer only from the documents and cite their ids. If they do not hold the answer, say so.
    user: How long is the warranty of the Kestrel kettle?
    tool[search_manuals]: <document id="care">Descale the Otter toaster tray with vinegar twice a year.</document>
    assistant: I could not find any information about that in the documents.

## Good

    system: Answer only from the documents and cite their ids. If they do not hold the answer, say so.
    user: How long is the warranty of the Kestrel kettle?
    tool[search_manuals]: <document id="kettle">The warranty of the Kestrel kettle is three years.</document>
    assistant: The warranty is three years [kettle].

## Fix

If the fact was never retrieved, look at the query, the index and the filter. If it was cut, look at the chunking and the
budget. If it stands in the middle of a long context, send fewer passages or put the best one first or last.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ctxdebug.analysis import Analysis
from ctxdebug.model import Confidence, Demand, Evidence, Finding, Hit, Severity, quote, whole
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule
from ctxdebug.rules.facts import fact_needed
from ctxdebug.text.abstention import abstention

if TYPE_CHECKING:
    from ctxdebug.analysis.sources.corpus_search import CorpusSearch, CorpusVerdict
    from ctxdebug.analysis.sources.localisation import Localisation
    from ctxdebug.analysis.sources.sourced import Sourced

_LEFT = frozenset({"retrieved and never put into the prompt", "cut on the way into the prompt"})
_NEVER, _OVERLOOKED, _PLAIN = "never retrieved", "in the context, overlooked position", "in the context, plainly"
"""Values of `localisation.Place`, named here so that a run without facts does not load that pass."""
_SHOWN = 600
"""Characters of a passage of the corpus that are shown."""
_ADVICE = {
    "NOWHERE": "Add the text that has the fact to what is indexed, or let the answer say that it is not documented.",
    "NOT_RETRIEVED": "Search with the query above until the file is found: other words in the query, synonyms or a hybrid search, other chunks, more "
    "passages, or the filter.",
    "OLDER": "Index the newer version, and take the older one out or filter by its date.",
}
"""What to do, by the verdict on the corpus."""
_COVERED = 0.45
_LONGEST = 14
"""Content words from which a question is a task, whose words no source need hold."""
_BEGINNING = 600
"""Characters of an answer in which it says that it cannot know, where that is what it says."""


@rule("MEM401", "answer-not-in-context", question=Question.FACTS_PRESENT, fallback=Fallback.RETRIEVE, severity=Severity.ERROR, explains=90,
      tags=("TRAIL:poor-retrieval", "OWASP:LLM08"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Look for every expected fact; without one, hold the question's words against the sources."""
    facts = analysis.sourced
    if analysis.options.facts:
        for found in facts.localisations:
            if found.place.value != _PLAIN:
                yield _told(analysis, facts, found)
        return
    if facts.corpus_search is None:
        yield from _weak(analysis, facts)
    else:
        yield from _by_corpus(analysis, facts, facts.corpus_search)


def _told(analysis: Analysis, facts: Sourced, found: Localisation) -> Hit:
    evidence: list[Evidence] = []
    if found.passage is not None:
        read, _ = facts.context
        segment = read[found.passage.source]
        evidence.append(quote(segment, found.passage.start, min(found.passage.end, len(segment.text)), found.note))
    elif analysis.question is not None:
        evidence.append(whole(analysis.question, "the question"))
    if found.place.value == _NEVER and facts.corpus_search is not None:
        verdict = facts.corpus_search.of_fact(found.fact)
        return _searched(facts, f"the expected fact “{found.fact}”", verdict, evidence, {"fact": found.fact})
    side = "a fault of retrieval" if found.retrieval else "a fault of generation"
    if found.place.value in _LEFT:
        side = "a fault of the code that assembles the prompt"
    verb = "was" if found.retrieval else "is"
    told = f"{verb} {found.place.value} ({found.note}): {side}"
    if found.place.value == _NEVER:
        told = f"was never retrieved: {found.note}"
    return Hit(
        f"the expected fact “{found.fact}” {told}",
        tuple(evidence),
        severity=Severity.WARNING if found.place.value == _OVERLOOKED else None,
        confidence=Confidence.MEDIUM if found.place.value == _OVERLOOKED else None,
        facts={"fact": found.fact, "verdict": found.place.value, "position": found.share},
    )  # fmt: skip


def _searched(
    facts: Sourced,
    what: str,
    verdict: CorpusVerdict,
    evidence: list[Evidence],
    more: dict[str, str],
    severity: Severity | None = None,
) -> Hit:
    """Return what the corpus says of something that the prompt lacks."""
    found = list(evidence)
    if verdict.file:
        found.append(Evidence(f"in the corpus: {verdict.file}", text=verdict.words[:_SHOWN]))
    if verdict.older is not None:
        segment = facts.segments[verdict.older]
        if segment is not None:
            found.append(quote(segment, 0, min(len(segment.text), _SHOWN), "the older version, which was retrieved"))
    if verdict.older is not None and not more:
        told = f"is from an older version than {verdict.file} of the corpus"
    else:
        told = f"is {verdict.where.value}" + (f" ({verdict.file})" if verdict.file else "")
    return Hit(
        f"{what} {told}: {verdict.note}",
        tuple(found),
        advice=_ADVICE[verdict.where.name],
        severity=severity,
        confidence=None if severity is None else Confidence.MEDIUM,
        facts={**more, "verdict": verdict.where.value, "file": verdict.file},
    )


def _by_corpus(analysis: Analysis, facts: Sourced, search: CorpusSearch) -> Iterator[Hit]:
    """Without a fact: older versions among what was retrieved; where the answer declines, whether the corpus covers the question."""
    for verdict in search.older_versions():
        what = "what the answer says" if verdict.used else "what was retrieved"
        yield _searched(facts, what, verdict, [], {}, None if verdict.used else Severity.WARNING)
    declined = abstention(analysis.answer[:_BEGINNING])
    if declined is None or analysis.question is None:
        return
    found = search.of_question()
    if found is not None:
        evidence = [whole(analysis.question, "the question"), facts.answered(*declined, "the answer declines")]
        severity = Severity.NOTE if found.where.value == "not in the corpus" else Severity.WARNING
        yield _searched(facts, "what the question asks for", found, evidence, {}, severity)


def _weak(analysis: Analysis, facts: Sourced) -> Iterator[Hit]:
    """Coverage is not presence of the answer, so an answer that declines must agree, and the finding stays a note."""
    question, answer = analysis.question, analysis.answer
    declined = abstention(answer[:_BEGINNING])
    if question is None or not facts.retrieved or declined is None:
        return
    examined = facts.examination
    covered = examined.question_coverage
    if (
        covered is None
        or covered >= _COVERED
        or examined.question is None
        or not 2 <= len(examined.question.stems) <= _LONGEST
    ):
        return
    if any(
        one.way.value != "put into the prompt" and facts.covers(one.passage.text) >= _COVERED for one in facts.passed
    ):
        return  # retrieval found it, and MEM411 tells where it got lost
    missing = sorted(examined.question.stems - examined.corpus.stems)
    yield Hit(
        f"the answer declines, and no source covers the question well (best {covered:.0%} of its words): retrieval "
        f"probably missed; weak evidence, name the fact with --fact to be sure",
        (whole(question, "the question"), facts.answered(*declined, "the answer declines")),
        severity=Severity.NOTE,
        confidence=Confidence.MEDIUM,
        facts={"coverage": round(covered, 2), "missing": missing[:12]},
    )


@check.demands
def demands(finding: Finding, _: Analysis | None) -> Iterator[Demand]:
    """Demand the fact that was asked for with --fact."""
    yield from fact_needed(finding)
