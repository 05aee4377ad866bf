"""Orders in what a text only pretends: that the task is over and the next one begins, or that the user said so in a turn of a dialogue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ctxdebug.analysis.directives.addressing import acts_on, is_demand
from ctxdebug.analysis.directives.vocabulary import Word, tokens, vocabularies
from ctxdebug.text.languages import languages
from ctxdebug.text.patterns import lazy

_DONE = lazy(
    r"\b(?:complete|completed|done|finished|answered|closed|resolved|fulfilled|handled|erledigt|abgeschlossen|beantwortet"
    r"|terminée?|traitée?|completad[ao]|terminad[ao]|respondida|resuelta|completat[ao]|conclusa|evasa|concluíd[ao]|afgerond"
    r"|voltooid|beantwoord|afgehandeld)[.!;,]",
)
OPEN_TURN = lazy(r"\n[ \t]*(?:Assistant|AI|Agent|Bot|Assistent|Asistente|Assistente|助手|アシスタント)[:：][ \t]*\Z")
_TURN = lazy(r"\n[ \t]*(?:User|Human|Customer|Nutzer|Benutzer|Usuario|Utente|Utilisateur|用户|ユーザー)[:：]")
_REACH = 320
"""Characters behind the end of the task in which the next one stands."""
_BEFORE = 60
"""Characters before the word that says that it is over."""
_OVER = 6
"""Words between the task and that it is over."""


class Pretended(NamedTuple):
    """Characters `start` to `end`, the label of the phrases that say the same, and the language."""

    start: int
    end: int
    label: str
    language: str


def pretended(text: str) -> Iterator[Pretended]:
    """Yield the false ends of a task, and the false turns at the end of a text."""
    for match in _DONE.finditer(text.lower() if len(text.lower()) == len(text) else text):
        yield from _completion(text, match.start(), match.end())
    if turn := OPEN_TURN.search(text[-60:]):
        yield from _turns(text, max(0, len(text) - 60) + turn.start())


def _completion(text: str, start: int, end: int) -> Iterator[Pretended]:
    begin, last = max(0, start - _BEFORE, text.rfind("\n", 0, start) + 1), text.find("\n", end, end + _REACH)
    last = last if last >= 0 else min(len(text), end + _REACH)
    for language in languages(text[begin:last]):
        known = vocabularies().get(language)
        if known is None:
            continue
        row = known.words(text, tokens(text, begin, last))
        done = next((at for at, word in enumerate(row) if word.start >= start and "done" in word.does), None)
        if done is None or not any("job" in word.does for word in row[max(0, done - _OVER) : done]):
            continue
        following = next((at for at in range(done + 1, len(row)) if "next" in row[at].does), None)
        if following is None:
            continue
        deeds = (at for at in range(following + 1, len(row)) if "deed" in row[at].does)
        deed = next((at for at in deeds if is_demand(row, at, done, language)), None)
        if deed is not None and _weighs(text, row[following:], last):
            yield Pretended(row[done].start, row[deed].end, "completion", language)


def _weighs(text: str, row: list[Word], last: int) -> bool:
    """Whether the next task has what a log or a guide does not ask of its reader."""
    does = frozenset[str]().union(*(word.does for word in row))
    aim = acts_on(text[row[0].start : last])
    return aim and not does.isdisjoint({"secret", "hush", "settled", "answer"})


def _turns(text: str, end: int) -> Iterator[Pretended]:
    """Yield the user's turns before an open one of the assistant, in a text that is no conversation from its beginning on."""
    turns = list(_TURN.finditer(text, 0, end + 1))
    if not turns or not text[: turns[0].start()].strip():
        return
    stretch = text[turns[0].start() : end]
    for language in languages(stretch):
        known = vocabularies().get(language)
        row = known.words(text, tokens(text, turns[0].start(), end)) if known is not None else []
        does = frozenset[str]().union(*(word.does for word in row))
        if "deed" in does and not does.isdisjoint({"hush", "settled", "secret"}):
            yield Pretended(turns[0].start() + 1, end, "role", language)
