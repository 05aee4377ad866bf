"""What a record holds around the request and the answer, where one of the two was not found in it.

A container picks a request and an answer out of a record. Where it finds no words of one of them, they may be in the record all
the same: under another key, or in a shape that the container does not know. Whole sentences that nothing shows are told then.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ctxdebug.decoding.source import Source
from ctxdebug.decoding.strict_json import JsonReader
from ctxdebug.errors import LoadError
from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.loading.account import texts_below
from ctxdebug.loading.metadata import Metadata, is_sentence, metadata_of
from ctxdebug.model import Decoding, Pointer

_DEEPEST = 150


def around(draft: Draft, exchange: Exchange, form: str, source: Source) -> Iterator[tuple[Pointer, str]]:
    """Yield the sentences of an exchange's record that neither side shows, with their places; none where both sides have words.

    Only a record of a file that is one JSON document is looked at.
    """
    steps = _steps(exchange.pointer)
    if steps is None or draft.error is not None or (_says(draft.messages) and _says(draft.answer)):
        return
    record = source.document
    for step in steps:
        try:
            record = record[step]
        except (LookupError, TypeError):
            return
    shown = "\n".join(part.text for message in (*draft.messages, *draft.answer) for part in message.parts)
    yield from _Record(_read(exchange), shown, metadata_of(form)).walk(record, exchange.pointer, 0)


def _steps(pointer: Pointer) -> list[Any] | None:
    """Return the keys that lead into a file's own JSON document; None for a place that more than JSON leads to."""
    if pointer[:1] != (Decoding.JSON,) or any(isinstance(step, Decoding) for step in pointer[1:]):
        return None
    return list(pointer[1:])


def _says(messages: list[DraftMessage]) -> bool:
    return any(part.text or part.media is not None or part.call is not None for one in messages for part in one.parts)


def _read(exchange: Exchange) -> set[Pointer]:
    """Return the places of what the account of the exchange walks anyway."""
    places = {(*exchange.pointer, key) for key in exchange.beside}
    moved = set(exchange.origins.values())
    if isinstance(exchange.request, dict) and moved:  # put together by the container from several places
        places.update((*exchange.request_at, key) for key in exchange.request)
    elif exchange.request is not None:
        places.add(exchange.request_at)
    if exchange.response is not None:
        places.add(exchange.response_at)
    return places | moved


class _Record:
    def __init__(self, read: set[Pointer], shown: str, metadata: Metadata) -> None:
        # what a text was decoded to is read where the text is
        self._read = {pointer[: _first_decoding(pointer)] for pointer in read}
        self._shown, self._metadata = shown, metadata

    def walk(self, value: Any, at: Pointer, depth: int) -> Iterator[tuple[Pointer, str]]:
        if at in self._read:
            return
        if depth > _DEEPEST:
            yield from (
                (at, text) for text in texts_below(value) if is_sentence(text) and text.strip() not in self._shown
            )
            return
        if isinstance(value, str):
            yield from self._text(value, at, depth)
        elif isinstance(value, dict):
            for key, inner in value.items():
                if not self._metadata.holds_words(key, inner, answered=False):
                    yield from self.walk(inner, (*at, key), depth + 1)
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                yield from self.walk(inner, (*at, index), depth + 1)

    def _text(self, value: str, at: Pointer, depth: int) -> Iterator[tuple[Pointer, str]]:
        if not is_sentence(value) or value.strip() in self._shown:
            return
        if value.lstrip().startswith(("{", "[")):
            try:
                inner = JsonReader().value(value)
            except LoadError:
                inner = None
            if isinstance(inner, (dict, list)):
                yield from self.walk(inner, (*at, Decoding.JSON), depth + 1)
                return
        yield at, value


def _first_decoding(pointer: Pointer) -> int:
    """Return how many steps lead to the text in which another format begins."""
    steps = (number for number, step in enumerate(pointer) if number and isinstance(step, Decoding))
    return next(steps, len(pointer))
