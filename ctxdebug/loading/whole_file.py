"""An account of a file: the sentences that no exchange of it shows, and that nobody knows to be something else.

A container picks records out of a file, and a request and an answer out of a record. Where it passes over a place (a line of a type
that nobody knows, a message under another key, an answer one level too deep), the words there would be lost without a word.
The account of an exchange (`account.py`) covers its two sides; this one covers what is around them, once for all containers whose
files are JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Draft, Exchange
from ctxdebug.loading.account import Account, Resent, texts_below
from ctxdebug.loading.metadata import Metadata, is_sentence, metadata_of
from ctxdebug.model import Decoding, Pointer, Problem

_DEEPEST = 150
_SHAPES = ("json", "json lines")


class FileAccount:
    """What the exchanges of one file show, and which places of it were looked at."""

    def __init__(self, source: Source, container: str) -> None:
        self._source, self._container = source, container
        self.resent = Resent()
        self._shown: set[int] = set()
        self._counted: set[int] = set()
        self._places: set[Pointer] = set()
        self._json = False
        self._formats: set[str] = set()
        self._metadata: list[Metadata] = []

    def shows(self, draft: Draft, exchange: Exchange, form: str) -> None:
        """Note what a draft shows of an exchange, and the places that its account covers."""
        self._formats.add(form)
        for part in (part for message in (*draft.messages, *draft.answer) for part in message.parts):
            self._show(part.text)
        for tool in draft.tools:
            self._show(tool.text)
        if draft.error is not None:
            self._show(draft.error.message or "")
        for row in exchange.labels.get("retrieved", ()):  # what a retriever returned beside the call
            self._show(row["text"])
        for query in exchange.labels.get("queries", ()):
            self._show(query)
        self._uncover(exchange.pointer)
        for pointer in _covered(exchange):
            self._cover(pointer)

    def tells(self, pointer: Pointer) -> None:
        """Note a place of which a problem tells, unless an exchange that is there is shown."""
        self._cover(pointer)

    def problems(self) -> Iterator[Problem]:
        """Yield one problem, not fatal, about all that nobody shows; none where there is nothing."""
        if (told := Account(left=list(self._left())).note()) is not None:
            yield Problem(self._source.path, told, fatal=False)

    def _show(self, text: str) -> None:
        if hash(text) in self._counted:
            return
        self._counted.add(hash(text))
        self._shown.update(hash(line.strip()) for line in text.splitlines() if is_sentence(line))

    def _cover(self, pointer: Pointer) -> None:
        if (place := self._place(pointer)) is not None:
            self._places.add(place)

    def _uncover(self, pointer: Pointer) -> None:
        if (place := self._place(pointer)) is not None:
            self._places.discard(place)

    def _place(self, pointer: Pointer) -> Pointer | None:
        """Return the keys that lead into the JSON of the file; None for a place in a file of another kind."""
        steps = [step for step in pointer if step is not Decoding.GZIP]
        if steps[:1] == [Decoding.JSON]:
            steps = steps[1:]
        elif steps[:1] == [Decoding.LINES]:
            steps = [step for at, step in enumerate(steps[1:]) if not (at == 1 and step is Decoding.JSON)]
        else:
            return None
        self._json = True
        opaque = (at for at, step in enumerate(steps) if isinstance(step, Decoding) and step is not Decoding.JSON)
        return tuple(steps[: next(opaque, len(steps))])

    def _left(self) -> Iterator[tuple[Pointer, str]]:
        """Yield the sentences that nobody shows, with their places."""
        if not self._json or self._source.shape not in _SHAPES or not self._formats or () in self._places:
            return
        self._metadata = [metadata_of(form, self._container) for form in sorted(self._formats)]
        if self._source.shape == "json":
            yield from self._walk(self._source.document, (), 0)
            return
        for number, line in self._source.lines():
            if (number,) not in self._places and line.strip():
                yield from self._walk(_json(line), (number,), 1)

    def _walk(self, value: Any, at: Pointer, depth: int) -> Iterator[tuple[Pointer, str]]:
        if at in self._places:
            return
        if depth > _DEEPEST:
            yield from ((at, text) for text in texts_below(value) if self._is_lost(text))
        elif isinstance(value, str):
            yield from self._text(value, at, depth)
        elif isinstance(value, dict):
            for key, inner in value.items():
                if not any(known.holds_words(key, answered=False) for known in self._metadata):
                    yield from self._walk(inner, (*at, key), depth + 1)
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                yield from self._walk(inner, (*at, index), depth + 1)

    def _text(self, value: str, at: Pointer, depth: int) -> Iterator[tuple[Pointer, str]]:
        if not self._is_lost(value):
            return
        if value.lstrip().startswith(("{", "[", '"')):
            inner = _json(value)
            if isinstance(inner, (dict, list, str)):
                yield from self._walk(inner, (*at, Decoding.JSON), depth + 1)
                return
        yield at, value

    def _is_lost(self, text: str) -> bool:
        """Whether a text is a sentence, or holds one in a line, that nobody shows."""
        if not is_sentence(text):
            return False
        lines = [line for line in text.splitlines() if is_sentence(line)] or [text]
        return any(hash(line.strip()) not in self._shown for line in lines)


def _json(text: str) -> Any:
    """Return the value of a JSON text; None for what is none, of which the reader of the file tells."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _covered(exchange: Exchange) -> Iterator[Pointer]:
    """Yield the places of an exchange that its own account covers."""
    yield from ((*exchange.pointer, key) for key in exchange.beside)
    yield from exchange.origins.values()
    if exchange.order is not None:
        yield from ((*exchange.request_at, number) for number in exchange.order)
    elif isinstance(exchange.request, dict) and (exchange.origins or exchange.request_at == exchange.pointer):
        # put together by the container from several places, or from some keys of the record
        yield from ((*exchange.request_at, key) for key in exchange.request)
    elif exchange.request is not None:
        yield exchange.request_at
    if exchange.response is not None:
        yield exchange.response_at
        for body, pointer in exchange.bodies():
            if body is not None:
                yield pointer
