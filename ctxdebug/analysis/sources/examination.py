"""The whole pass over a list of sources, a question and an answer: conflicts, support, quotations, citations, waste.

Pure text in, plain facts out; everything is worked out when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from ctxdebug.analysis.claims.readable_text import read
from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.sources.answer_part import Given
from ctxdebug.analysis.sources.citations import Citation, citations
from ctxdebug.analysis.sources.claim import Claim, Origin
from ctxdebug.analysis.sources.conflict import Conflict, Side, taken
from ctxdebug.analysis.sources.conflicts import Scan, scan
from ctxdebug.analysis.sources.corpus import Corpus
from ctxdebug.analysis.sources.dating import Dating, dating, older
from ctxdebug.analysis.sources.grounding import Support, ground
from ctxdebug.analysis.sources.question import Asked, UserQuestion, ask, coverage, is_worked_out
from ctxdebug.analysis.sources.quotations import Quotation, quotations
from ctxdebug.analysis.sources.reliance import Reliance
from ctxdebug.analysis.sources.source import Source
from ctxdebug.analysis.sources.waste import Waste, waste
from ctxdebug.records import record
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from ctxdebug.analysis.sources.evidence import Evidence

_CITE = wording("prompt_clauses", "cite")
NOT_CHECKED: tuple[str, ...] = (
    "conflicts that follow only by reasoning (yes/no questions, several steps)",
    "contradictions in other words, without a shared value or name",
    "whether two names mean the same thing, or one name two things",
    "roles swapped with the source's own words",
    "which of two sources is right",
)
"""What no offline check here can tell (reference `sources.md`, section 10)."""


@record(frozen=True, slots=True)
class Superseded:
    """A conflict whose sources show their age, and whose older side the answer took."""

    conflict: Conflict
    older: int
    newer: int
    older_dating: Dating
    newer_dating: Dating


class Examination:
    """Facts about some sources, a question, an answer, and what else was given."""

    def __init__(
        self,
        sources: Sequence[Source],
        question: str = "",
        answer: str = "",
        *,
        developer: Sequence[str] = (),
        user: Sequence[str] = (),
        earlier: Sequence[str] = (),
        hidden: str = "",
        reliance: Reliance = Reliance.FREE,
    ) -> None:
        self.sources = tuple(sources)
        self.question_text = question
        self.answer = answer
        self._datings: dict[int, Dating] = {}
        self._hidden = hidden
        self.reliance = reliance
        self._given = (tuple(developer), tuple(user), tuple(earlier))

    @cached_property
    def corpus(self) -> Corpus:
        """The sources, read and indexed."""
        return Corpus(self.sources)

    @cached_property
    def given(self) -> Given:
        """The developer's and the user's own statements."""
        developer, user, earlier = (Corpus([Source("", text) for text in texts]) for texts in self._given)
        return Given(developer, user, earlier)

    @cached_property
    def question(self) -> UserQuestion | None:
        """The question, read; None if there is none."""
        return ask(self.question_text) if self.question_text.strip() else None

    @cached_property
    def answered(self) -> tuple[Statement, ...]:
        """The answer's sentences."""
        reading = read(self.answer)
        return tuple(statement(reading.text[start:end], -1, start) for start, end in reading.spans)

    @cached_property
    def scan(self) -> Scan:
        """Conflicts between the sources, with the side that the answer took."""
        found = scan(self.corpus, self.question)
        if not self.answer:
            return found
        return Scan(tuple(taken(conflict, self.answered) for conflict in found.conflicts), found.notes)

    @property
    def undecided(self) -> tuple[Conflict, ...]:
        """Pairs that words alone do not settle, best first: what a model would be asked about."""
        return tuple(conflict for conflict in self.conflicts if not conflict.sure)

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Conflicts, those that matter for the question first."""
        return self.scan.conflicts

    def dating(self, number: int) -> Dating:
        """Return what a source shows of its age."""
        if number not in self._datings:
            self._datings[number] = dating(self.sources[number])
        return self._datings[number]

    @cached_property
    def superseded(self) -> tuple[Superseded, ...]:
        """Conflicts in which the answer took the older side."""
        found = []
        for conflict in self.conflicts:
            left, right = conflict.left.source, conflict.right.source
            order = older(self.dating(left), self.dating(right))
            if order == -1 and conflict.used is Side.LEFT:
                found.append(Superseded(conflict, left, right, self.dating(left), self.dating(right)))
            elif order == 1 and conflict.used is Side.RIGHT:
                found.append(Superseded(conflict, right, left, self.dating(right), self.dating(left)))
        return tuple(found)

    @cached_property
    def supports(self) -> tuple[Support, ...]:
        """The answer, sentence by sentence."""
        return ground(self.answer, self.corpus, self.given) if self.answer else ()

    @cached_property
    def evidence(self) -> Evidence:
        """Everything that was given as text, the sources first."""
        from ctxdebug.analysis.sources.evidence import Evidence

        developer, user, earlier = self._given
        given = [
            *((Origin.USER, text) for text in user),
            *((Origin.DEVELOPER, text) for text in developer),
            *((Origin.EARLIER, text) for text in earlier),
        ]
        texts = [*self.sources, *(Source("", text) for _, text in given)]
        return Evidence(Corpus(texts), (*(Origin.SOURCE for _ in self.sources), *(origin for origin, _ in given)))

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """The answer, claim by claim, each with its verdict."""
        from ctxdebug.analysis.sources.claim_verdicts import claims

        return claims(self.answer, self.supports, self.evidence, self.question, self._hidden, self.reliance)

    @property
    def asks_for_what_is_said(self) -> bool:
        """Whether there is a question, and it asks for what a text may say as such: no sum, no difference, no comparison."""
        asked = self.question
        return asked is not None and asked.text.endswith("?") and not is_worked_out(asked.text)

    @staticmethod
    def has_one_value(claim: Claim) -> bool:
        """Whether a claim has one value only, so that it is not worked out from another one of its own."""
        return len(statement(claim.text).values) == 1

    def relevance(self, claim: Claim) -> float:
        """Share of the question's content that a claim and its evidence contain, 0 to 1; 0 without a question."""
        if self.question is None or not self.question.stems:
            return 0.0
        words = self.evidence.corpus.words(claim.passage) if claim.passage is not None else ""
        return coverage(self.question, statement(f"{claim.text}\n{words}").stems)

    @cached_property
    def quotations(self) -> tuple[Quotation, ...]:
        """Quotations in the answer, looked up."""
        return quotations(self.answer, self.corpus, *(facts for _, facts in self.given.told()))

    @cached_property
    def citations(self) -> tuple[Citation, ...]:
        """Citations in the answer, resolved and checked."""
        developer, user, _ = self._given
        asked = any(_CITE.search(text) for text in (*developer, *user))
        return citations(self.answer, self.corpus, (*developer, *user), asked=asked)

    @cached_property
    def waste(self) -> Waste:
        """Duplicates and unrelated passages."""
        return waste(self.corpus, self.question, self.answer)

    @cached_property
    def question_coverage(self) -> float | None:
        """The most of the question that one source covers: weak evidence, for coverage is not presence of the answer."""
        if self.question is None or not self.question.stems or not self.sources:
            return None
        best = 0.0
        for number in range(len(self.sources)):
            stems: frozenset[str] = frozenset().union(*(one.stems for one in self.corpus.of(number)))
            best = max(best, coverage(self.question, stems))
        return best

    @cached_property
    def used(self) -> frozenset[int]:
        """Numbers of the sources that the answer stands on: nearest passages of supported sentences, citations, quotations."""
        found = {citation.source for citation in self.citations} | {
            quotation.source for quotation in self.quotations if quotation.exact
        }
        for support in self.supports:
            if support.verdict.value in {"supported", "contradicted"}:
                found.update(passage.source for passage in support.passages[:1])
                found.update(part.passage.source for part in support.parts if part.passage)
        return frozenset(number for number in found if number is not None)

    @cached_property
    def not_checked(self) -> tuple[str, ...]:
        """What could not be looked at, and why."""
        notes = list(self.scan.notes)
        if len(self.corpus.retrieved) > 1:
            notes += NOT_CHECKED
            if self.question is None:
                notes.append(
                    "conflicts in the light of a question: there is none, so only typed values and near-duplicates were compared"
                )
            elif self.question.asked is Asked.YES_NO:
                notes.append("the question pass: a yes/no question names no type of answer to compare")
        return tuple(notes)
