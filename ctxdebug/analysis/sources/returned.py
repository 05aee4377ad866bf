"""Citations that the provider returned beside the answer, held against the sources that they name, as those in its text are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ctxdebug.analysis.claims.statement import statement
from ctxdebug.analysis.claims.words import weight_of
from ctxdebug.analysis.sources.citations import shares_of, uncited
from ctxdebug.analysis.sources.claim import Claim, ClaimVerdict
from ctxdebug.analysis.sources.corpus import Corpus, folded
from ctxdebug.analysis.sources.examination import Examination
from ctxdebug.analysis.sources.quotations import holds
from ctxdebug.analysis.sources.source import Passage
from ctxdebug.records import record, replace
from ctxdebug.text.entities import unescaped
from ctxdebug.text.sentences import sentence_spans

if TYPE_CHECKING:
    from ctxdebug.analysis.sources.sourced import Sourced
    from ctxdebug.model import ReturnedCitation

_SAYS = 0.35
"""A cited source that has a larger share of the sentence's words is believed (as in MEM405)."""
_BETTER = 0.6
_CLEARLY = 0.3
"""Another source says it better with this share of the words, and by this much more."""
_LONGEST = 400
"""Characters of a cited stretch that is one statement; of a longer one no single source need have the words."""
_FEWEST = 2
"""Weight of the content words below which a sentence tells no source from another."""
_QUOTE = 12
"""Folded characters from which repeated words are a quotation."""


@record(frozen=True, slots=True)
class CheckedCitation:
    """A citation that the provider returned, checked. `start` and `end` count characters of the answer."""

    captured: ReturnedCitation
    start: int
    end: int
    sources: tuple[int, ...] = ()
    """The cited sources whose text is known, by their number in `Sourced.sources`."""
    share: float = 0.0
    """Share of the sentence's words that the best of them has."""
    passage: Passage | None = None
    better: int | None = None
    """Another source that says it clearly better."""
    better_share: float = 0.0
    altered: bool = False
    """Whether the words that it repeats are in no cited source, though all of their text is known."""

    @property
    def misplaced(self) -> bool:
        """Whether another source says the sentence, and the cited ones do not."""
        return self.better is not None and self.share < _SAYS


def checked_citations(facts: Sourced) -> Iterator[CheckedCitation]:
    """Yield what the provider cites, checked as far as the text of the cited sources is known."""
    snapshot = facts.analysis.snapshot
    answer = facts.analysis.answer
    begins = {segment.id: start for start, segment in facts.answers}
    numbers = {segment.id: number for number, segment in enumerate(facts.segments) if segment is not None}
    spans = sentence_spans(answer)
    for one in snapshot.citations:
        if one.segment not in begins:
            continue
        start, end = begins[one.segment] + one.start, begins[one.segment] + one.end
        named = [snapshot.returned[number] for number in one.sources if number < len(snapshot.returned)]
        known = tuple(dict.fromkeys(numbers[name] for source in named for name in source.segments if name in numbers))
        checked = CheckedCitation(one, start, end, known)
        if known and all(source.segments and not source.excerpt for source in named):
            checked = replace(checked, altered=_altered(one.quote, known, facts.examination.corpus))
            checked = _held(checked, _sentence(answer, spans, start, end), facts.examination.corpus)
        yield checked


def decided_by_cited(facts: Sourced, claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Return the claims, those decided that the cited sources alone say or contradict.

    Where the capture does not hold all that the model read, no claim is compared with the rest; with what the provider
    says it stands on it can be.
    """
    by_sentence: dict[int, list[int]] = {}
    for one in facts.citations_returned:
        complete = all(not facts.analysis.snapshot.returned[number].excerpt for number in one.captured.sources)
        for at, claim in enumerate(claims) if one.sources and complete else ():
            if claim.start <= one.start < claim.end and claim.verdict is ClaimVerdict.NOT_EXAMINED and claim.asserts:
                by_sentence.setdefault(at, []).extend(one.sources)
    if not by_sentence:
        return tuple(claims)
    found = list(claims)
    for at, sources in by_sentence.items():
        found[at] = _alone(claims[at], tuple(dict.fromkeys(sources)), facts)
    return tuple(found)


def _alone(claim: Claim, sources: tuple[int, ...], facts: Sourced) -> Claim:
    alone = Examination([facts.sources[number] for number in sources], facts.examination.question_text, claim.text)
    told = next(iter(alone.claims), None)
    decided = told is not None and told.verdict in {ClaimVerdict.CONTRADICTED, ClaimVerdict.SUPPORTED}
    if told is None or told.passage is None or not decided or len(alone.claims) > 1:
        return claim

    def moved(place: Passage | None) -> Passage | None:
        return (
            replace(place, source=sources[place.source]) if place is not None and place.source < len(sources) else None
        )

    differences = tuple(
        replace(one, start=claim.start + one.start, end=claim.start + one.end, spot=moved(one.spot))
        for one in told.differences
    )
    return replace(
        told, text=claim.text, start=claim.start, end=claim.end, passage=moved(told.passage), differences=differences
    )


def _held(checked: CheckedCitation, sentence: str, corpus: Corpus) -> CheckedCitation:
    claim = statement(uncited(sentence))
    if len(sentence) > _LONGEST or weight_of(claim.stems) < _FEWEST:
        return checked
    shares = shares_of(claim, corpus)
    share, passage = max(
        (shares[number] for number in checked.sources if number in shares), key=_share, default=(0.0, None)
    )
    others = [number for number in shares if number not in checked.sources]
    better = max(others, key=lambda number: shares[number][0], default=None)
    if better is None or shares[better][0] < _BETTER or shares[better][0] < share + _CLEARLY:
        return replace(checked, share=share, passage=passage)
    return replace(checked, share=share, passage=passage, better=better, better_share=shares[better][0])


def _share(row: tuple[float, Passage | None]) -> float:
    return row[0]


def _sentence(answer: str, spans: Sequence[tuple[int, int]], start: int, end: int) -> str:
    """Return the statement that a citation stands by: the stretch it covers, or the sentence in which that is."""
    around = [(left, right) for left, right in spans if left < end and start < right]
    return answer[min(start, around[0][0]) : max(end, around[-1][1])] if around else answer[start:end]


def _altered(quote: str, sources: Sequence[int], corpus: Corpus) -> bool:
    words = unescaped(quote)
    if len(folded(words)) < _QUOTE:
        return False
    texts = [corpus.folds[number] for number in sources]
    return not any(holds(words, text) for text in (*texts, " ".join(texts), "".join(texts)))
