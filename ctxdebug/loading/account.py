"""An account of every text in a request and a response: read, known to be no content, or not understood.

A reader picks the keys that it knows. What it left is found here, once for all formats: the values are walked beside the
pointers that the reader made, and a text that no pointer leads to is content that nobody looked at, unless its key is
known to hold something else (`metadata.json`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from ctxdebug.exchange import Draft, DraftMessage, Exchange, Stream
from ctxdebug.loading.metadata import Metadata, content_keys, is_sentence, metadata_of
from ctxdebug.model import Decoding, Pointer, pointer_text
from ctxdebug.records import field, record
from ctxdebug.text.patterns import lazy

_SHORTEST = 3
_SHORTEST_PROSE = 8
_TOP = 1
"""How deep the top of a response reaches; a stream's events repeat it one level below, inside `response`."""
_TOLD = 4
_Trie: TypeAlias = dict[Any, Any]
_ALL, _MEDIA, _ASIDE, _COUNTS, _DECLARED = object(), object(), object(), object(), object()
"""Marks in the tree of pointers: everything below was read; below is an image, a sound or a file; below is what a reader left out,
by its type; below are counts and their names; below is a tool or a setting, where no message is."""
_DEEPEST = 150
_LONGEST_REASON = 60
"""Characters of a word that says why an answer ended."""
_FEW = 50
"""Characters in which one byte may be broken, in a body that is text all the same."""
_AHEAD = 200
"""Characters of an answer that may stand between two deltas that follow each other: a break between parts."""


_ENCODED = lazy(r"[A-Za-z0-9+/=\s]+")
"""Encoded bytes, broken into lines."""


class _Booked(NamedTuple):
    """A message, what pointers lead into it, and the characters of it that were read and that are known to be no content."""

    value: Any
    branch: _Trie | None
    read: int
    known: int
    repeats: tuple[str, ...]
    """Texts of it that count as read because the reader has the same words from elsewhere."""
    left: tuple[tuple[Pointer, str], ...]
    """Texts of it that are not understood, by where they are in it."""


@record(slots=True)
class Account:
    """Characters of text leaves by what became of them, and the leaves that nobody understood."""

    read: int = 0
    known: int = 0
    left: list[tuple[Pointer, str]] = field(default_factory=list)
    """The texts that are not understood, by their pointers."""

    def note(self) -> str | None:
        """Return one sentence about the prose that is not understood; None where there is none."""
        prose = [(at, len(text)) for at, text in self.left if _is_prose(text)]
        if not prose:
            return None
        shown = ", ".join(f"{pointer_text(at)} ({size:,} characters)" for at, size in prose[:_TOLD])
        more = len(prose) - _TOLD
        return f"not understood and not shown: {shown}" + (f" and {more:,} more" if more > 0 else "")


def _is_prose(text: str) -> bool:
    """Whether a text may be words for a reader, rather than an id, a label or encoded bytes."""
    held = text.strip()
    words = " " in held or held.startswith(("{", "[")) or ("\n" in held and _ENCODED.fullmatch(held) is None)
    return (words and len(held) >= _SHORTEST_PROSE) or (not held.isascii() and len(held) >= _SHORTEST)


class Resent:
    """The messages of the request before, by their place in it: a turn sends them again.

    What was booked of one holds for an equal one in the same place, of which the reader read the same.
    """

    def __init__(self) -> None:
        self.form = ""
        self.before: dict[Any, _Booked] = {}
        self.now: dict[Any, _Booked] = {}

    def turn(self, form: str) -> None:
        """Begin another exchange; one of another format has nothing in common with those before it."""
        self.before, self.now = ({} if form != self.form else self.now), {}
        self.form = form


def account(draft: Draft, exchange: Exchange, form: str, resent: Resent | None = None) -> Account:
    """Return what a reader of the wire format `form` did with every text of an exchange; `resent`: what the one before sent."""
    book = _Book(draft, metadata_of(form), (exchange.request_at, exchange.response_at), resent or Resent())
    book.resent.turn(form)
    request: Any = exchange.request
    # what an answer repeats of the request is content where the request is there and gave no words
    book.asked = request is None or any(part.text for message in draft.messages for part in message.parts)
    if isinstance(request, dict) and any(message.parts for message in draft.messages):
        # of a request that no message was read from, no unknown key is taken for a parameter
        book.parameters = frozenset(draft.parameters) - content_keys()
    if exchange.order is not None and isinstance(request, list):
        for number in exchange.order:
            at = (*exchange.request_at, number)
            book.message(request[number], at, book.at(at), 1)
    elif not isinstance(request, (str, bytes)):
        book.walk(request, exchange.request_at, book.at(exchange.request_at), 0)
    elif not any(part.text for message in draft.messages for part in message.parts):
        book.account.left.append((exchange.request_at, _characters_of(request)))
    book.walk(exchange.beside, exchange.pointer, None, 1)
    if isinstance(exchange.response, Stream):
        book.answered = book.streamed = True
        for event in exchange.response.events:
            book.walk(event.data, event.pointer, book.at(event.pointer), 1)
    elif isinstance(exchange.response, (str, bytes)):
        if not any(part.text for message in draft.answer for part in message.parts) and draft.error is None:
            book.account.left.append((exchange.response_at, _characters_of(exchange.response)))
    else:
        book.answered = True
        book.walk(exchange.response, exchange.response_at, book.at(exchange.response_at), 1)
    return book.account


class _Book:
    def __init__(self, draft: Draft, metadata: Metadata, roots: tuple[Pointer, Pointer], resent: Resent) -> None:
        self.account = Account()
        self.resent = resent
        self._repeats: list[str] = []
        """As `_Booked.repeats`."""
        self.answered = False
        self.parameters: frozenset[str] = frozenset()
        self.streamed = False
        self._at = 0
        self._media = False
        self._trie: _Trie = {}
        self._texts: set[str] = set()
        self._metadata, self._anywhere = metadata, metadata_of("")
        self.asked = True
        for pointer, mark, vouched in _pointers(draft):
            if not any(pointer == root[: len(pointer)] for root in roots):  # a pointer to all of it vouches for nothing
                self._mark(pointer, mark=mark if vouched else None, size=vouched)
        for part in (part for message in _messages(draft) for part in message.parts):
            for piece in part.pieces:
                if piece.rendered and not part.text:
                    self._mark(piece.pointer, mark=_MEDIA, size=1)
        for part in (part for message in _messages(draft) for part in message.parts):
            self._texts.add(part.text.strip())
        self._joined = "\n".join(part.text for message in draft.answer for part in message.parts)

    def _mark(self, pointer: Pointer, *, mark: object | None, size: float) -> None:
        node = self._trie
        for step in pointer:
            node = node.setdefault(step, {})
        if mark is not None:
            node[mark] = node.get(mark, 0) + size

    def at(self, pointer: Pointer) -> _Trie | None:
        """Return the branch at a pointer; None where no pointer of the reader's leads through it."""
        node: _Trie | None = self._trie
        for step in pointer:
            node = node.get(step) if node is not None else None
        return node

    def _follows(self, delta: str) -> bool:
        """Whether a delta is what comes next in the answer, which some readers take from a later event that repeats it."""
        found = self._joined.find(delta, self._at, self._at + len(delta) + _AHEAD)
        if found < 0 and self._joined.startswith(delta):
            found = 0
        if found >= 0:
            self._at = found + len(delta)
        return found >= 0

    def walk(self, value: Any, at: Pointer, branch: _Trie | None, depth: int) -> None:
        """Book every text inside a value."""
        if branch is not None and self._vouched(value, at, branch, depth):
            return
        if branch is not None and _COUNTS in branch and isinstance(value, (str, dict, list)):
            self._labels(value, at, depth)
        elif branch is not None and _MEDIA in branch and not self._media:
            self._media = True  # bytes and addresses of an image or a file; words beside them are still to be read
            self.walk(value, at, branch, depth)
            self._media = False
        elif isinstance(value, str):
            inner = _decoded(value, branch)
            if inner is None:
                self._text(value, at, branch)
            else:
                self.walk(inner, (*at, Decoding.JSON), branch and branch[Decoding.JSON], depth + 1)
        elif isinstance(value, dict) and depth < _DEEPEST:
            self._members(value, at, branch, depth)
        elif isinstance(value, (dict, list)) and depth >= _DEEPEST:
            self.account.left.extend((at, text) for text in texts_below(value))
        elif isinstance(value, list):
            walk = self.message if depth <= 1 and not self.answered else self.walk
            for index, inner in enumerate(value):
                if isinstance(inner, (str, dict, list)):
                    walk(inner, (*at, index), None if branch is None else branch.get(index), depth + 1)

    def message(self, value: Any, at: Pointer, branch: _Trie | None, depth: int) -> None:
        """Book every text inside a member of one of the request's lists, as it was booked before where it is sent again."""
        place = at[-2:]
        booked = self.resent.before.get(place)
        if (
            booked is not None
            and booked.value == value
            and booked.branch == branch
            and self._texts.issuperset(booked.repeats)
            and not any(text.strip() in self._texts for _, text in booked.left)
        ):
            self.account.read += booked.read
            self.account.known += booked.known
            self.account.left.extend([((*at, *below), text) for below, text in booked.left])
        else:
            read, known = self.account.read, self.account.known
            left, repeats = len(self.account.left), len(self._repeats)
            self.walk(value, at, branch, depth)
            booked = _Booked(
                value,
                branch,
                self.account.read - read,
                self.account.known - known,
                tuple(self._repeats[repeats:]),
                tuple((where[len(at) :], text) for where, text in self.account.left[left:]),
            )
        self.resent.now[place] = booked

    def _vouched(self, value: Any, at: Pointer, branch: _Trie, depth: int) -> bool:
        """Book all of a value that the reader vouches for; whether it does."""
        if _ASIDE in branch and not _lost_its_type(value):
            self._aside(value, at, depth)
        elif _DECLARED in branch:
            self._declared(value, at)
        elif _was_looked_at(value, branch):
            self.account.read += _size(value)
        else:
            return False
        return True

    def _text(self, value: str, at: Pointer, branch: _Trie | None) -> None:
        known = branch is not None
        if not known and (value.strip() in self._texts or (self.streamed and self._follows(value))):
            known = True
            self._repeats.append(value.strip())
        if known or (self._media and not _is_prose(value)):
            self.account.read += len(value)
        elif len(value.strip()) >= _SHORTEST:
            self.account.left.append((at, value))

    def _members(self, value: dict[str, Any], at: Pointer, branch: _Trie | None, depth: int) -> None:
        # a format's own keys mean something beside what its reader read; in an object that it did not look at they do not
        metadata = self._metadata if branch is not None or depth <= self.answered else self._anywhere
        top = self.answered and depth <= _TOP + self.streamed
        for key, inner in value.items():
            lower = None if branch is None else branch.get(key)
            parameter = depth == 0 and key in self.parameters
            repeated = top and (self.asked or not metadata.echoes(key))
            if lower is None and (parameter or metadata.holds(key, answered=repeated)):
                if repeated and isinstance(inner, str) and metadata.echoes(key):
                    self._text(inner, (*at, key), None)  # an echo of what the request does not have is no echo
                elif repeated and isinstance(inner, list) and metadata.echoes(key):
                    self._declared(inner, (*at, key))
                elif metadata.holds_words(key, answered=repeated):
                    self.account.known += _size(inner)
                else:
                    self._labels(inner, (*at, key), depth + 1)
            elif isinstance(inner, (str, dict, list)):
                self.walk(inner, (*at, key), lower, depth + 1)

    def _aside(self, value: Any, at: Pointer, depth: int) -> None:
        """Book what a reader left out for what it is: all of it, but for the id and the type of an object, which are no sentences."""
        for key, inner in value.items() if isinstance(value, dict) else ():
            if self._metadata.identifies(key):
                self._labels(inner, (*at, key), depth + 1)
        self.account.read += _size(value)

    def _declared(self, value: Any, at: Pointer) -> None:
        """Book a tool, a setting or an echo of them as read; a message among its parts is in an odd place, and not understood."""
        self.account.read += _size(value)
        below: list[tuple[Pointer, Any]] = [(at, value)]
        while below:
            where, held = below.pop()
            if isinstance(held, dict):
                if isinstance(held.get("role"), str) and isinstance(held.get("content"), str):
                    self._text(held["content"], (*where, "content"), None)
                if held.get("type") in ("output_text", "input_text", "text") and isinstance(held.get("text"), str):
                    self._text(held["text"], (*where, "text"), None)
                below.extend(
                    ((*where, key), inner) for key, inner in held.items() if not self._metadata.exemplifies(key)
                )
            elif isinstance(held, list):
                below.extend(((*where, index), inner) for index, inner in enumerate(held))

    def _labels(self, value: Any, at: Pointer, depth: int) -> None:
        """Book the labels inside a value that is no content; a sentence in the place of a label is not understood."""
        if isinstance(value, str):
            if is_sentence(value):
                self._text(value, at, None)
            else:
                self.account.known += len(value)
        elif isinstance(value, (dict, list)) and depth >= _DEEPEST:
            self.account.left.extend((at, text) for text in texts_below(value) if is_sentence(text))
        elif isinstance(value, (dict, list)):
            for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
                if isinstance(step, str) and (self._metadata.describes(step) or self._metadata.exemplifies(step)):
                    self.account.known += _size(inner)
                elif isinstance(inner, (str, dict, list)):
                    self._labels(inner, (*at, step), depth + 1)


def _characters_of(body: str | bytes) -> str:
    """Return the text of a body that is none of any format; nothing of what is no text, such as a sound."""
    if isinstance(body, str):
        return body
    text = body.decode("utf-8", "replace")
    return text if text.count("\ufffd") * _FEW <= len(text) else ""


def _decoded(text: str, branch: _Trie | None) -> Any:
    """Return the JSON value in a text that a reader looked into; None where it looked at the text itself, or at nothing."""
    if branch is None or _ALL in branch or Decoding.JSON not in branch:
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, (dict, list)) else None


def _was_looked_at(value: Any, branch: _Trie) -> bool:
    """Whether a reader knows all of a value: it showed as many characters as there are, or left it out for what it is."""
    return _ALL in branch and _characters(value, branch[_ALL]) <= branch[_ALL]


def _lost_its_type(value: Any) -> bool:
    """Whether an object's type or role is no text, so that no reader can have left it out for what it is."""
    return isinstance(value, dict) and any(not isinstance(value.get(key, ""), str) for key in ("type", "role"))


def _size(value: Any) -> int:
    """Characters of text in a value; only its own and those one level below, since this is a measure, not a proof."""
    if isinstance(value, str):
        return len(value)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sum(len(item) for item in inner if isinstance(item, str))


def texts_below(value: Any) -> Iterator[str]:
    """Every text inside a value, however deep."""
    below = [value]
    while below:
        inner = below.pop()
        if isinstance(inner, str):
            yield inner
        else:
            below.extend(inner.values() if isinstance(inner, dict) else inner if isinstance(inner, list) else ())


def _characters(value: Any, limit: float) -> int:
    """Characters of the texts inside a value; counted only as far as `limit`."""
    if limit == math.inf:
        return 0
    size = 0
    for text in texts_below(value):
        size += len(text)
        if size > limit:
            break
    return size


def _messages(draft: Draft) -> Iterator[DraftMessage]:
    yield from draft.messages
    yield from draft.answer


def _pointers(draft: Draft) -> Iterator[tuple[Pointer, object, float]]:
    """Yield the pointers that a reader made, how each vouches, and for how many characters of text below it."""
    for message in _messages(draft):
        for part in message.parts:
            for piece in part.pieces:
                yield piece.pointer, _ALL, piece.end - piece.start if piece.rendered else 0
    for tool in draft.tools:
        yield tool.pointer, _DECLARED, math.inf
    for unseen in draft.unseen:
        if unseen.pointer and not isinstance(unseen.pointer[-1], Decoding):
            yield unseen.pointer, _ALL, 0
    for pointer in draft.settings_at.values():
        yield pointer, _DECLARED, math.inf
    for pointer in draft.left_out:
        yield pointer, _ASIDE, math.inf
    if draft.usage is not None:
        yield draft.usage.pointer, _COUNTS, math.inf
    if draft.finish is not None and not is_sentence(draft.finish.captured):
        yield draft.finish.pointer, _ALL, _LONGEST_REASON
    if draft.error is not None:
        yield draft.error.pointer, _ALL, 0
