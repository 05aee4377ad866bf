"""Where an expected fact is: never retrieved, retrieved but cut, in an overlooked place, or plainly there.

The first two are faults of retrieval and assembly, the last two of generation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from ctxdebug.analysis.claims.comparison import Relation, compare
from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.claims.words import STEM
from ctxdebug.analysis.sources.corpus import Corpus, folded
from ctxdebug.analysis.sources.source import Passage
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

_CUT_MARK = lazy(
    r"(?:\[?\.{3}\s?(?:truncated|omitted|\d+ (?:more|chars|characters|lines|tokens))|\[(?:truncated|cut|snip|"
    r"output truncated)[^\]]{0,40}\]|<truncated|…\s*$|\.{3}\s*$)", re.IGNORECASE)  # fmt: skip
MIDDLE = (0.25, 0.75)
"""Shares of the context between which a fact is read least (reference `sources.md`, position)."""
LONG = 16_000
"""Characters of context (about 4,000 tokens) from which a place in the middle counts as overlooked."""


class Place(StrEnum):
    """Where a fact is."""

    NEVER = "never retrieved"
    CUT = "retrieved but cut"
    LEFT = "retrieved and never put into the prompt"
    SHORTENED = "cut on the way into the prompt"
    OVERLOOKED = "in the context, overlooked position"
    PLAIN = "in the context, plainly"


@record(frozen=True, slots=True)
class Localisation:
    """The verdict on one expected fact: where, how it is written there, its share of the context from the front (0 to 1)."""

    fact: str
    place: Place
    passage: Passage | None
    share: float | None
    note: str

    @property
    def retrieval(self) -> bool:
        """Whether it is a fault of retrieval (and not of generation)."""
        return self.place in {Place.NEVER, Place.CUT, Place.LEFT, Place.SHORTENED}


def localise(
    fact: str,
    corpus: Corpus,
    offsets: Sequence[int] = (),
    total: int = 0,
    cut: Corpus | None = None,
    beside: Corpus | None = None,
    shortened: frozenset[int] = frozenset(),
) -> Localisation:
    """Find a fact in a context of `total` characters; `offsets[i]` is where source `i` begins.

    `cut` holds what was removed before sending, `beside` what was retrieved beside the call, and
    `shortened` which of these texts came into the prompt in part.
    """
    found = list(places(fact, corpus))
    if found:
        sizes = [len(source.text) for source in corpus.sources]
        starts = offsets or [sum(sizes[:at]) for at in range(len(sizes))]
        whole = total or sum(sizes) or 1
        share, passage, how = _plainest(found, starts, whole)
        middle = MIDDLE[0] < share < MIDDLE[1]
        if whole >= LONG and middle:
            return Localisation(fact, Place.OVERLOOKED, passage, share, f"{how}, {share:.0%} into {whole:,} characters")
        return Localisation(fact, Place.PLAIN, passage, share, how)
    if cut is not None:
        gone = next(iter(places(fact, cut)), None)
        if gone:
            return Localisation(
                fact,
                Place.CUT,
                None,
                None,
                f"it was in {cut.sources[gone[0].source].id or 'an earlier text'}, which was not sent in full",
            )
    begun = _begun(fact, corpus)
    if begun is not None:
        return Localisation(fact, Place.CUT, begun, None, "a source breaks off inside it")
    left = next(iter(places(fact, beside)), None) if beside is not None else None
    if beside is not None and left and left[0].source in shortened:
        note = f"a retriever returned it in {beside.sources[left[0].source].id or 'a passage'}, of which the prompt has another part"
        return Localisation(fact, Place.SHORTENED, None, None, note)
    if beside is not None and left:
        note = f"a retriever returned it in {beside.sources[left[0].source].id or 'a passage'}, and the prompt does not contain it"
        return Localisation(fact, Place.LEFT, None, None, note)
    return Localisation(fact, Place.NEVER, None, None, "in no source, in no form that was tried")


def _plainest(places: Sequence[tuple[Passage, str]], starts: Sequence[int], whole: int) -> tuple[float, Passage, str]:
    """Return the occurrence nearest to either end of the context."""
    shares = [((starts[passage.source] + passage.start) / whole, passage, how) for passage, how in places]
    return min(shares, key=lambda row: min(row[0], 1 - row[0]))


def places(fact: str, corpus: Corpus) -> Iterator[tuple[Passage, str]]:
    """Literal occurrences after folding; else statements that hold equal values and the fact's words."""
    needle = folded(fact).strip(" .,;:!?")
    if not needle:
        return
    any_literal = False
    for number, text in enumerate(corpus.folds):
        if not _bordered(needle, text):
            continue
        any_literal = True
        spot = next((one for one in corpus.of(number) if _bordered(needle, folded(one.text))), None)
        whole = corpus.of(number)
        if spot is not None or whole:
            yield corpus.passage(spot or whole[0]), "as written"
    if any_literal:
        return
    wanted = statement(fact)
    if wanted.values:
        for found in _with_values(wanted, corpus):
            yield corpus.passage(found), "in another form"


def _bordered(needle: str, text: str) -> bool:
    at = text.find(needle)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(needle) : at + len(needle) + 1]
        if (
            not (before.isalnum() and needle[0].isalnum())
            and not (after.isalnum() and needle[-1].isalnum())
            and not (before in {".", ","} and needle[0].isdigit() and text[at - 2 : at - 1].isdigit())
        ):
            return True
        at = text.find(needle, at + 1)
    return False


def _with_values(wanted: Statement, corpus: Corpus) -> Iterator[Statement]:
    rest = {STEM[word] for word in re.findall(r"[^\W\d_]+", wanted.outside)} - {""}
    for found in corpus.statements:
        if rest and not rest <= found.stems:
            continue
        if all(
            any(compare(value, other).relation is Relation.EQUAL for other in found.values) for value in wanted.values
        ):
            yield found


def _begun(fact: str, corpus: Corpus) -> Passage | None:
    """Return a source that ends, or shows a truncation mark, inside the fact's own words."""
    words = folded(fact).split()
    if len(words) < 3:
        return None
    for number, source in enumerate(corpus.sources):
        text = corpus.folds[number]
        ends = [len(text), *(match.start() for match in _CUT_MARK.finditer(text))]
        for end in ends[:20]:
            tail = text[max(0, end - 400) : end].rstrip(" .[…")
            for length in range(len(words) - 1, 1, -1):
                if tail.endswith(" ".join(words[:length])):
                    return Passage(number, max(0, len(source.text) - 80), len(source.text))
    return None
