"""Everything that the model was given as text, as one corpus, with who gave each text."""

from __future__ import annotations

from functools import cached_property

from ctxdebug.analysis.claims.words import stems_of
from ctxdebug.analysis.sources.claim import Origin
from ctxdebug.analysis.sources.corpus import Corpus
from ctxdebug.records import record


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
    def stated(self) -> frozenset[str]:
        """The content stems of everything but questions, titles included."""
        statements = (one.stems for one in self.corpus.statements if not one.text.rstrip().endswith("?"))
        return frozenset(stems_of(self.titles)).union(*statements)
