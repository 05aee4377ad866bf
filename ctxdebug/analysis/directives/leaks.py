"""Private words that a call carries outside: of the system prompt, of a source that is for the house only, and secrets."""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis.directives.side_effects import name_parts_of
from ctxdebug.analysis.directives.what_was_read import TracedValue, WhatWasRead
from ctxdebug.model import Segment
from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_length, by_text
from ctxdebug.text.wordings import wording

RUN = 8
"""Words in a row that two texts do not share by chance."""
LONGEST = 20_000
"""Characters of a private text that are compared."""
_WORD = lazy(r"[^\W_]+")
_SECRET = lazy(
    r"\b(?:sk[-_]|pk[-_]|ghp_|gho_|xox[bap]-|AKIA|AIza)(?=[-_A-Za-z]{0,60}\d)[-_A-Za-z0-9]{12,80}|-----BEGIN [A-Z ]{2,30}KEY-----"
    r"|\b[A-Z][A-Z0-9_]{2,40}(?:KEY|TOKEN|SECRET|PASSWORD)\s{0,2}[=:]\s{0,2}([^\s'\"]{6,120})"
)
_LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
_TOLD = tuple(wording("injection_provenance", "told", language=language) for language in _LANGUAGES)
_PRIVATE = tuple(wording("injection_provenance", "private", language=language) for language in _LANGUAGES)
_PRIVATE_TOOLS = frozenset(
    "internal private confidential secret secrets vault intern interne interno privat privado".split()
)
_PUBLIC = frozenset("public forum comment community blog tweet social wiki review gist paste publish post".split())
"""Words of tools' names that put something where anybody reads it."""


class Words:
    """A text's words with their places, and where each run of `RUN` words begins."""

    def __init__(self, text: str) -> None:
        found = list(_WORD.finditer(text))
        self.places = [match.span() for match in found]
        words = [match[0].lower() for match in found]
        self.runs: dict[tuple[str, ...], int] = {}
        for index in range(len(words) - RUN + 1):
            self.runs.setdefault(tuple(words[index : index + RUN]), index)

    def span(self, run: tuple[str, ...]) -> tuple[int, int]:
        """Return the characters of a run."""
        at = self.runs[run]
        return self.places[at][0], self.places[at + RUN - 1][1]


@by_length(20.0)
def _words(text: str) -> Words:
    return Words(text[:LONGEST])


@by_text
def _secrets(text: str) -> tuple[tuple[int, int], ...]:
    matches = _SECRET.finditer(text[:LONGEST])
    return tuple(match.span(1 if match[1] else 0) for match in matches)


def leaks(segment: Segment, read: WhatWasRead) -> Iterator[TracedValue]:
    """Yield the private words that a call carries outside."""
    mine = Words(segment.text[:LONGEST])
    found = next(_of_prompts(segment, mine, read), None) or next(_of_secrets(segment, read), None)
    found = found or next(_of_private_sources(segment, mine, read), None)
    if found is not None:
        yield found


def _of_prompts(segment: Segment, mine: Words, read: WhatWasRead) -> Iterator[TracedValue]:
    for source in read.prompts:
        theirs = _words(source.text)
        for run in mine.runs:
            if run in theirs.runs and _to_model(source.text, theirs.span(run)):
                yield _carried(
                    segment, mine.span(run), source, theirs.span(run), "it carries words of the system prompt"
                )
                break


def _of_private_sources(segment: Segment, mine: Words, read: WhatWasRead) -> Iterator[TracedValue]:
    """Yield words of what a tool read and what is for the house only, where a call puts them in a public place."""
    if segment.call is None or _PUBLIC.isdisjoint(name_parts_of(segment.call.name)):
        return
    for source in read.results:
        private = not _PRIVATE_TOOLS.isdisjoint(name_parts_of(source.tool or "")) or any(
            one.search(source.text[:LONGEST]) for one in _PRIVATE
        )
        theirs = _words(source.text) if private else None
        run = next((run for run in mine.runs if run in theirs.runs), None) if theirs is not None else None
        if theirs is not None and run is not None:
            why = "it puts words of a private source in a public place"
            yield _carried(segment, mine.span(run), source, theirs.span(run), why)


def _of_secrets(segment: Segment, read: WhatWasRead) -> Iterator[TracedValue]:
    for source in read.results:
        for at, stop in _secrets(source.text):
            value = source.text[at:stop]
            start = segment.text.find(value)
            if start >= 0 and not any(value in one.text for one in read.said_with_authority()):
                yield _carried(
                    segment, (start, start + len(value)), source, (at, stop), "it carries a secret that a tool read"
                )


def _carried(segment: Segment, here: tuple[int, int], source: Segment, there: tuple[int, int], why: str) -> TracedValue:
    return TracedValue(segment, *here, segment.text[slice(*here)], source, *there, why)


def _to_model(text: str, place: tuple[int, int]) -> bool:
    """Whether words of the system prompt tell the model something; what the prompt knows of the world is there to be told."""
    start = max(text.rfind(". ", 0, place[0]), text.rfind("\n", 0, place[0]), 0)
    return any(one.search(text, start, place[1]) is not None for one in _TOLD)
