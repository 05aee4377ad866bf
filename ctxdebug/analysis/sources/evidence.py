"""Everything that the model was given as text, as one corpus, with who gave each text."""

from __future__ import annotations

from functools import cached_property

from ctxdebug.analysis.claims.spoken import SPOKEN
from ctxdebug.analysis.claims.statement import Statement
from ctxdebug.analysis.claims.words import stems_of
from ctxdebug.analysis.sources.claim import Origin
from ctxdebug.analysis.sources.corpus import Corpus
from ctxdebug.records import record
from ctxdebug.text.languages import languages


@record(frozen=True)
class Evidence:
    """Everything that the model was given as text, the sources first; `origins[i]` says who gave text `i`."""

    corpus: Corpus
    origins: tuple[Origin, ...]

    @cached_property
    def titles(self) -> str:
        """The titles and ids of the texts, lower-cased: the subject of a text is often named there only."""
        return "\n".join(f"{source.title}\n{source.id}" for source in self.corpus.sources).lower()

    @cached_property
    def language(self) -> str:
        """The language that most of it is in, where it is one of those whose sentences are compared as spoken."""
        return next((one for one in languages(self.corpus.text) if one in SPOKEN), "")

    @cached_property
    def stated(self) -> frozenset[str]:
        """The content stems of everything but questions, titles included."""
        asking = self._last_said
        statements = (
            one.stems for one in self.corpus.statements if one is not asking and not one.text.rstrip().endswith("?")
        )
        return frozenset(stems_of(self.titles)).union(*statements)

    def is_withdrawn(self, one: Statement) -> bool:
        """Whether a statement is in a part of its text that says of itself that it no longer holds."""
        from ctxdebug.analysis.sources.withdrawn import withdrawn

        return any(start <= one.start < end for start, end in withdrawn(self.corpus.sources[one.source].text))

    @cached_property
    def roles(self) -> dict[str, str]:
        """The names to which the texts give a role (`Dorn Castings Ltd (Seller)`), with the role."""
        from ctxdebug.analysis.sources.parties import roles_of

        return roles_of(self)

    @cached_property
    def parallel_rules(self) -> tuple[tuple[Statement, Statement], ...]:
        """The rules that the texts state for two parties in like words, each with the other one."""
        from ctxdebug.analysis.sources.parties import parallel_rules

        return tuple(parallel_rules(self))

    @cached_property
    def _last_said(self) -> Statement | None:
        """The user's last sentence, which asks where none has a question mark."""
        said = [number for number, origin in enumerate(self.origins) if origin is Origin.USER]
        rows = self.corpus.of(said[-1]) if said else []
        return rows[-1] if rows and not any(one.text.rstrip().endswith("?") for one in rows) else None
