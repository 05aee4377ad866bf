"""What an answer says it was not told, though the user told it: `you haven't given me a date`, after `landing on 19 September`.

The thing is named by its words (`budget`), which a sentence of the user's has beside a value, or by its kind (`date`, `time`), of which
the user gave one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.claims.values import ValueKind
from ctxdebug.analysis.claims.words import STEM, stems_of
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.sentences import sentence_spans
from ctxdebug.text.wordings import wording

_UNTOLD = tuple(wording("source_untold", "untold", language=language) for language in ("en", "de", "fr", "es", "it"))
_BETWEEN = lazy(r"\s*[,/]\s*|\s(?:or|and|nor|oder|und|ou|et|o|e|y)\s", re.IGNORECASE)
_KINDS: dict[str, frozenset[ValueKind]] = {
    **dict.fromkeys("date dates datum fecha fechas data".split(), frozenset({ValueKind.DATE})),
    **dict.fromkeys("time uhrzeit heure hora orario".split(), frozenset({ValueKind.CLOCK})),
    **dict.fromkeys("email e-mail".split(), frozenset({ValueKind.EMAIL})),
}
"""Words that name a kind of value, told by any value of it."""
_SAYS_LITTLE = frozenset(
    "number numbers detail details information exact specific any your travel other yet so far kind type "
    "nummer angabe angaben genaue kein keine keinen noch ihr ihre dein deine numéro votre vos ton ta tes un une le la les "
    "número tu tus su sus el los las una numero il tuo tua tuoi lo gli".split()
)
_FIGURE = lazy(r"\d")


@record(frozen=True, slots=True)
class Untold:
    """A thing that the answer says it was not told: its words in the answer, and the user's text and sentence that tells it."""

    start: int
    end: int
    text: int
    told: tuple[int, int]


def untold(answer: str, said: Sequence[str]) -> Iterator[Untold]:
    """Yield what an answer says it was not told and one of the texts that the user `said` tells."""
    sentences: list[tuple[int, Statement]] | None = None
    for pattern in _UNTOLD:
        for match in pattern.finditer(answer):
            if sentences is None:
                sentences = list(_told(said))
            group = next(name for name, text in match.groupdict().items() if text is not None)
            at = match.start(group)
            for start, end in _things(match[group]):
                found = _teller(match[group][start:end], sentences)
                if found is not None:
                    number, one = found
                    yield Untold(at + start, at + end, number, (one.start, one.start + len(one.text)))


def _told(said: Sequence[str]) -> Iterator[tuple[int, Statement]]:
    for number, text in enumerate(said):
        for start, end in sentence_spans(text):
            if not text[start:end].rstrip().endswith("?"):
                yield number, statement(text[start:end], start=start)


def _things(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for border in (*_BETWEEN.finditer(text), None):
        end = border.start() if border else len(text)
        if text[at:end].strip():
            yield at, end
        at = border.end() if border else end


def _teller(thing: str, sentences: Sequence[tuple[int, Statement]]) -> tuple[int, Statement] | None:
    words = [word for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", thing.lower()) if word not in _SAYS_LITTLE]
    kinds = frozenset[ValueKind]().union(*(_KINDS.get(word, frozenset()) for word in words))
    if kinds:
        return next((row for row in sentences if any(value.kind in kinds for value in row[1].values)), None)
    stems = {stem for word in words if (stem := STEM[word])}
    for number, one in sentences:
        if stems and stems <= stems_of(one.text) and _FIGURE.search(one.text):
            return number, one
    return None
