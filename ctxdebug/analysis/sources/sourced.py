"""The sources of a snapshot: which segments they are, what was asked, what was answered, and where each word stands.

Documents, look-up results, other tool results and provider citation blocks are sources; the developer's and the user's own
statements, and what the model said in earlier turns, are given facts and told apart.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ctxdebug.analysis.sources.reliance import Reliance, is_generative, reliance, states_facts, tells_of_user
from ctxdebug.analysis.sources.source import Passage, Source
from ctxdebug.analysis.sources.source_segments import (
    cited_passages,
    is_one_word,
    is_record,
    is_said,
    source_segments,
)
from ctxdebug.analysis.sources.stated import before_question, states_something, what_is_hidden
from ctxdebug.model import Evidence, Kind, Role, Segment
from ctxdebug.records import record

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis
    from ctxdebug.analysis.sources.citations import Citation
    from ctxdebug.analysis.sources.claim import Claim
    from ctxdebug.analysis.sources.corpus import Corpus
    from ctxdebug.analysis.sources.corpus_search import CorpusSearch
    from ctxdebug.analysis.sources.examination import Examination
    from ctxdebug.analysis.sources.localisation import Localisation
    from ctxdebug.analysis.sources.remembered import Remembered
    from ctxdebug.analysis.sources.retrieval import Passed
    from ctxdebug.analysis.sources.returned import CheckedCitation

_SHORT_TALK = 6_000
"""Characters of a request in which a user still sees what was told."""
_CITES = '[](){}【】†§^"¹²³#:'
"""Marks of which a citation has one, where nothing was given that a title in words could name."""
_SAID_BEFORE = frozenset({Kind.TEXT, Kind.TOOL_CALL})


@record(frozen=True)
class Sourced:
    """A snapshot's sources, examined. `segments[i]` is the segment of source `i`; None where the provider only cites it."""

    analysis: Analysis
    segments: tuple[Segment | None, ...]
    sources: tuple[Source, ...]
    answers: tuple[tuple[int, Segment], ...]
    """Where each answer segment begins in the answer text."""

    @cached_property
    def examination(self) -> Examination:
        """The pass over the texts; reading them begins here."""
        from ctxdebug.analysis.sources.examination import Examination

        analysis = self.analysis
        read = analysis.segments
        question = analysis.question
        rules = [one.text for one in read if one.role in {Role.SYSTEM, Role.DEVELOPER} and one.kind is Kind.TEXT]
        return Examination(
            self.sources,
            question.text if question is not None else "",
            analysis.answer,
            developer=[*rules, *(tool.text for tool in analysis.snapshot.tools)],
            user=[one.text for one in read if one.role is Role.USER and is_said(one)],
            earlier=[one.text for one in read if one.role is Role.ASSISTANT and one.kind in _SAID_BEFORE],
            hidden=self.hidden,
            reliance=self.reliance,
        )

    @cached_property
    def reliance(self) -> Reliance:
        """How far the answer has to keep to what was given."""
        return reliance(self.analysis, looked_up=self.retrieved, stated=lambda: self.stated)

    @property
    def generative(self) -> bool:
        """Whether a text of the model's own is asked for, of which nothing given needs to say anything."""
        return is_generative(self.analysis, looked_up=self.retrieved)

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Every sentence of the answer with its verdict: supported, contradicted, unsupported, or not examined and why."""
        if not self.analysis.answer:
            return ()
        found = self.examination.claims
        if self.remembered.denied:
            from ctxdebug.analysis.sources.remembered_claims import with_memories

            found = with_memories(self, found)
        options = self.analysis.options
        if options.nli is not None and not self.hidden:
            from ctxdebug.analysis.sources.entailment import decided, entailment

            found = decided(found, self.examination, entailment(options.nli), options.nli_threshold)
        if not self.hidden or not self.citations_returned:
            return found
        from ctxdebug.analysis.sources.returned import decided_by_cited

        return decided_by_cited(self, found)

    @cached_property
    def citations_returned(self) -> tuple[CheckedCitation, ...]:
        """The citations that the provider returned beside the answer, checked."""
        if not self.analysis.snapshot.citations or not self.analysis.answer:
            return ()
        from ctxdebug.analysis.sources.returned import checked_citations

        return tuple(checked_citations(self))

    @cached_property
    def citations(self) -> tuple[Citation, ...]:
        """The citations in the answer's text; those that the provider resolves itself are in `citations_returned`."""
        if not self.examinable and not any(mark in self.analysis.answer for mark in _CITES):
            return ()
        resolved = [(one.start, one.end) for one in self.citations_returned]
        return tuple(
            one
            for one in self.examination.citations
            if not any(start < one.end and one.start < end for start, end in resolved)
        )

    @cached_property
    def competing(self) -> int:
        """How many sources were looked up to answer from."""
        return sum(source.retrieved for source in self.sources)

    @property
    def retrieved(self) -> bool:
        """Whether anything was looked up to answer from."""
        return self.competing > 0

    @property
    def informed(self) -> bool:
        """Whether anything was looked up, or a tool returned facts to answer from: more than one word, `Mexico`."""
        return self.retrieved or any(
            segment is not None and is_record(segment.tool) and not is_one_word(segment.text)
            for segment in self.segments
        )

    @cached_property
    def stated(self) -> bool:
        """Whether the user or the developer states something about what was asked."""
        return states_something(self.analysis.question, self.analysis.segments)

    @property
    def examinable(self) -> bool:
        """Whether the answer can be held against something: what was looked up, what was stated or told, or a list of its own."""
        return self.informed or self.stated or self.reliance is not Reliance.FREE or self._short

    @property
    def _short(self) -> bool:
        """Whether all that was said is short, and something besides the question says how things are: what was told is in view."""
        read, asked = self.analysis.segments, self.analysis.question
        if sum(len(one.text) for one in read) > _SHORT_TALK:
            return False
        said = [one for one in read if one.kind is Kind.TEXT and one.role is not Role.ASSISTANT]
        texts = [(one, before_question(one.text) if one is asked else one.text) for one in said]
        return any(
            states_facts(text, least=1) or (one.role is Role.USER and tells_of_user(text)) for one, text in texts
        )

    @cached_property
    def hidden(self) -> str:
        """Why the capture does not hold all that the model read as sources; empty if it does."""
        return what_is_hidden(self.analysis.snapshot, self.analysis.segments)

    def name(self, source: int) -> str:
        """How a message calls a source: its id, title, tool, or its number."""
        one = self.sources[source]
        segment = self.segments[source]
        plain = one.id or one.title or (segment.tool if segment is not None and segment.tool else "")
        if not plain:
            return f"source {source + 1}"
        return plain if len(plain) <= 60 else plain[:57] + "…"

    def evidence(self, passage: Passage, note: str) -> Evidence:
        """Return a passage of a source."""
        segment = self.segments[passage.source]
        if segment is None:
            return Evidence(note, text=self.examination.corpus.words(passage))
        return Evidence(note, segment, passage.start, min(passage.end, len(segment.text)))

    @cached_property
    def _given_segments(self) -> tuple[Segment | None, ...]:
        """The segment of every text of `Examination.evidence`, None for a declaration of a tool and for what is cited only."""
        read = self.analysis.segments
        said = [one for one in read if one.role is Role.USER and is_said(one)]
        rules = [one for one in read if one.role in {Role.SYSTEM, Role.DEVELOPER} and one.kind is Kind.TEXT]
        earlier = [one for one in read if one.role is Role.ASSISTANT and one.kind in _SAID_BEFORE]
        return (*self.segments, *said, *rules, *(None for _ in self.analysis.snapshot.tools), *earlier)

    def given_number(self, segment: Segment) -> int | None:
        """Return the number of a segment among the texts of `Examination.evidence`; None where it is none of them."""
        return next((number for number, one in enumerate(self._given_segments) if one is segment), None)

    def given(self, passage: Passage, note: str) -> Evidence:
        """Return a passage of the evidence: of a source, or of what the user, the developer or an earlier turn says."""
        segment = self._given_segments[passage.source]
        if segment is None:
            return Evidence(note, text=self.examination.evidence.corpus.words(passage))
        return Evidence(note, segment, passage.start, min(passage.end, len(segment.text)))

    def evidence_name(self, passage: Passage) -> str:
        """How a message calls the text that a passage is of."""
        if passage.source < len(self.sources):
            return self.name(passage.source)
        origin = self.examination.evidence.origins[passage.source].value
        return {"user": "the user's message", "earlier turn": "an earlier turn"}.get(origin, f"the {origin}")

    def answered(self, start: int, end: int, note: str) -> Evidence:
        """Characters of the answer text."""
        for begin, segment in reversed(self.answers):
            if start >= begin:
                return Evidence(note, segment, start - begin, min(end - begin, len(segment.text)))
        return Evidence(note, text=self.analysis.answer[start:end])

    @cached_property
    def passed(self) -> tuple[Passed, ...]:
        """How far each passage that was retrieved beside the call came into the prompt."""
        from ctxdebug.analysis.sources.retrieval import passed

        return passed(self.analysis.beside, self.analysis.segments)

    def covers(self, text: str) -> float:
        """Return the share of the question's words that a text has, 0 to 1; 0 without a question."""
        from ctxdebug.analysis.claims.words import stems_of
        from ctxdebug.analysis.sources.question import coverage

        question = self.examination.question
        return coverage(question, stems_of(text)) if question is not None else 0.0

    @cached_property
    def remembered(self) -> Remembered:
        """What the prompt lists as remembered of the user, and how the answer used it."""
        from ctxdebug.analysis.sources.remembered import Remembered

        return Remembered(self)

    @cached_property
    def localisations(self) -> tuple[Localisation, ...]:
        """Every expected fact (`--fact`), looked for in the whole context."""
        return tuple(self._localised(fact) for fact in self.analysis.options.facts)

    @cached_property
    def corpus_search(self) -> CorpusSearch | None:
        """The corpus that the user names (`--corpus`), to be searched for what was not retrieved."""
        folder = self.analysis.options.corpus
        if folder is None:
            return None
        from ctxdebug.analysis.sources.corpus_search import CorpusSearch

        return CorpusSearch(folder, self)

    @cached_property
    def context(self) -> tuple[tuple[Segment, ...], Corpus]:
        """Everything that the model read as text, as one corpus."""
        from ctxdebug.analysis.sources.corpus import Corpus

        read = tuple(
            segment
            for segment in self.analysis.segments
            if segment.kind not in {Kind.MEDIA, Kind.OPAQUE, Kind.TOOL_CALL} and segment.text
        )
        return read, Corpus([Source(segment.id, segment.text) for segment in read])

    def _localised(self, fact: str) -> Localisation:
        from ctxdebug.analysis.sources.corpus import Corpus
        from ctxdebug.analysis.sources.localisation import localise

        read, corpus = self.context
        offsets, total = [], 0
        for segment in read:
            offsets.append(total)
            total += len(segment.text)
        history = self.analysis.history
        gone = list(history.dropped) + [before for before, _ in history.cut] if history else []
        cut = Corpus([Source(segment.id, segment.text) for segment in gone]) if gone else None
        beside = Corpus([Source(one.id, one.text) for one in self.analysis.beside]) if self.analysis.beside else None
        shortened = frozenset(number for number, one in enumerate(self.passed) if one.way.name == "CUT")
        return localise(fact, corpus, offsets, total, cut, beside, shortened)


def sourced(analysis: Analysis) -> Sourced:
    """Gather the sources of a snapshot; nothing is compared before it is asked for."""
    found = list(source_segments(analysis))
    shown = "\n".join(source.text for _, source in found)
    cited: list[tuple[None, Source]] = []
    if not analysis.snapshot.returned:  # of formats whose reader resolves no citations
        passages = cited_passages(analysis.snapshot.response)
        cited = [(None, source) for source in passages if source.text.strip() not in shown]
    answers: list[tuple[int, Segment]] = []
    total = 0
    for segment in analysis.snapshot.answer_segments():
        if segment.kind is Kind.TEXT:
            answers.append((total, segment))
            total += len(segment.text) + 1
    every = (*found, *cited)
    return Sourced(
        analysis, tuple(segment for segment, _ in every), tuple(source for _, source in every), tuple(answers)
    )
