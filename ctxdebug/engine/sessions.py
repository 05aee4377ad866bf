"""Conversations: which exchanges go on from which, whatever files they stand in.

An exchange joins a session when the capture names one, when it goes on from a response by its id, when
the answer of an earlier exchange comes back in its messages, or when an earlier request is the beginning
of this one. Only digests are kept, and the oldest are forgotten, so that a folder of any size can pass.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ctxdebug.model import Kind, Message, Role, Snapshot, ToolCall

_KEPT = 20_000
_TELLING = 80
"""Characters of an answer that two conversations do not share by chance."""
_CANDIDATES = 16
_HIDDEN = frozenset({Kind.THINKING, Kind.OPAQUE, Kind.MEDIA})
_SPOKEN_TO = frozenset({Role.SYSTEM, Role.DEVELOPER})


@dataclass(frozen=True, slots=True)
class _Turn:
    """What is remembered of an exchange: its session, its trace, and the digests of its request and answer."""

    session: str
    path: str
    trace: str | None
    messages: bytes
    answer: bytes | None


class _Memory:
    """Turns by key; the keys that were not asked for the longest are forgotten first."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._turns: OrderedDict[bytes, tuple[_Turn, ...]] = OrderedDict()

    def add(self, key: bytes, turn: _Turn) -> None:
        """Remember a turn under a key, the latest of its kind first."""
        self._turns[key] = (turn, *self._turns.pop(key, ()))[:_CANDIDATES]
        while len(self._turns) > self._kept:
            self._turns.popitem(last=False)

    def get(self, key: bytes) -> tuple[_Turn, ...]:
        """The turns under a key."""
        found = self._turns.get(key, ())
        if found:
            self._turns.move_to_end(key)
        return found


class Sessions:
    """Gives every exchange the name of its session, one exchange after the other."""

    def __init__(self, kept: int = _KEPT) -> None:
        self._memory = _Memory(kept)
        self._made = 0

    def joined(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot with the session that it belongs to; a name of our own (`c1`) where the capture has none."""
        history = _History([message for message in snapshot.messages if message.role not in _SPOKEN_TO])
        session = snapshot.session or self._found(snapshot, history)
        if session is None:
            self._made += 1
            session = f"c{self._made}"
        self._remember(snapshot, session, history)
        return snapshot if session == snapshot.session else replace(snapshot, session=session)

    def _remember(self, snapshot: Snapshot, session: str, history: _History) -> None:
        said = [_words(message) for message in snapshot.answer]
        answer = next((_digest(words) for words in said if words), None)
        turn = _Turn(session, snapshot.path, _trace(snapshot), history.whole, answer)
        if snapshot.id:
            self._memory.add(b"id:" + snapshot.id.encode("utf-8", "surrogatepass"), turn)
        for call in _call_ids(snapshot.answer):
            self._memory.add(b"call:" + call, turn)
        if answer is not None and any(len(words) >= _TELLING for words in said):
            self._memory.add(b"answer:" + answer, turn)
        if history.chain:
            self._memory.add(b"request:" + history.whole, turn)

    def _found(self, snapshot: Snapshot, history: _History) -> str | None:
        if snapshot.previous:
            for turn in self._memory.get(b"id:" + snapshot.previous.encode("utf-8", "surrogatepass")):
                return turn.session
        trace = _trace(snapshot)
        return self._by_answer(history, trace) or self._by_beginning(snapshot.path, history, trace)

    def _by_answer(self, history: _History, trace: str | None) -> str | None:
        """The session whose last answer, or whose call, comes back in the messages; the latest one first."""
        for message, words in zip(reversed(history.messages), reversed(history.words), strict=True):
            if message.role is not Role.ASSISTANT:
                continue
            keys = [b"call:" + call for call in _call_ids((message,))]
            if len(words) >= _TELLING:
                keys.append(b"answer:" + _digest(words))
            turns = [turn for key in keys for turn in self._memory.get(key) if turn.trace == trace]
            chosen = next((turn for turn in turns if turn.messages in history.beginnings), turns[0] if turns else None)
            if chosen is not None:
                return chosen.session
        return None

    def _by_beginning(self, path: str, history: _History, trace: str | None) -> str | None:
        """The session of the longest request that this one begins with and goes on from.

        In another file a greeting and its answer are no sign of the same conversation.
        """
        for length in range(len(history.messages) - 1, 0, -1):
            if history.messages[length].role is not Role.ASSISTANT:
                continue
            found = self._memory.get(b"request:" + history.chain[length - 1])
            turns = [turn for turn in found if turn.trace == trace]
            if not turns:
                continue
            said = _digest(history.words[length])
            telling = sum(map(len, history.words[: length + 1])) >= _TELLING
            for turn in turns:
                if turn.answer in {None, said} and (telling or turn.path == path):
                    return turn.session
            if telling and len(turns) == 1 and turns[0].path == path:
                return turns[0].session  # an application may change an answer before it sends it back
        return None


class _History:
    """The messages of a request without its system texts, what each says, and a digest of every beginning."""

    def __init__(self, messages: list[Message]) -> None:
        self.messages = messages
        self.words = [_words(message) for message in messages]
        self.chain: list[bytes] = []
        held = hashlib.blake2b(digest_size=12)
        for message, words in zip(messages, self.words, strict=True):
            held.update(f"{message.role}\x1e{words}\x1d".encode("utf-8", "surrogatepass"))
            self.chain.append(held.copy().digest())
        self.beginnings = frozenset(self.chain)
        self.whole = self.chain[-1] if self.chain else b""


def _trace(snapshot: Snapshot) -> str | None:
    trace = snapshot.labels.get("trace")
    return trace if isinstance(trace, str) else None


def _words(message: Message) -> str:
    """What a message says and calls, without thoughts, and without the space around it."""
    said = "".join(segment.text for segment in message.segments if segment.kind not in _HIDDEN and segment.call is None)
    calls = [_called(segment.call) for segment in message.segments if segment.call is not None]
    return "\x1f".join([said.strip(), *calls]) if calls else said.strip()


def _called(call: ToolCall) -> str:
    """A call by name and arguments; ids and the order of keys change on the way."""
    arguments = call.arguments if call.parsed is None else json.dumps(call.parsed, sort_keys=True)
    return f"{call.name}({arguments})"


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).digest()


def _call_ids(messages: Iterable[Message]) -> Iterator[bytes]:
    """Ids of calls that a provider made up; ours hold a `#` and say nothing."""
    for message in messages:
        for segment in message.segments:
            identifier = segment.call.id if segment.call is not None else None
            if identifier and len(identifier) >= 8 and "#" not in identifier:
                yield identifier.encode("utf-8", "surrogatepass")
